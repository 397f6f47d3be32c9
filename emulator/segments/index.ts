import { consentModule } from '../consent';
import type { SegmentModule } from '../contracts';
import { createEnvironmentModule } from '../environment/module';
import { outboundModule } from './outbound/module';
import { realTimeModule } from './realTime/module';

export { fetchLinks } from './outbound/links';
export { outboundModule, realTimeModule };

/** The systems of segments of one emulator. They keep what they know beside the store, so that stores never mix. */
export function createSegmentModules(): readonly SegmentModule[] {
	const systems = [outboundModule, realTimeModule];
	return [...systems, createEnvironmentModule([...systems, consentModule])];
}
