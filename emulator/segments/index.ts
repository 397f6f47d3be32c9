import type { SegmentModule } from '../contracts';
import { outboundModule } from './outbound/module';
import { realTimeModule } from './realTime/module';

export { fetchLinks, type FetchLink, type FetchLinkCondition } from './outbound/links';
export { outboundModule, realTimeModule };

/** The systems of segments of one emulator. They keep what they know beside the store, so that stores never mix. */
export function createSegmentModules(): readonly SegmentModule[] {
	return [outboundModule, realTimeModule];
}
