/** The resources of the nodes: the two systems of segments, which both have, the environment, and consent. */

import { RESOURCE } from './names';

export const REAL_TIME_RESOURCE = {
	value: RESOURCE.realTime,
	name: 'Real-Time Segment',
	description: 'Segments of real-time journeys, the system that Microsoft runs today',
} as const;

export const ENVIRONMENT_RESOURCE = {
	value: RESOURCE.environment,
	name: 'Environment',
	description: 'What the environment has and what this credential may do in it',
} as const;

export const OUTBOUND_RESOURCE = {
	value: RESOURCE.outbound,
	name: 'Outbound Segment (Retired)',
	isRetired: true,
	description: 'Segments of outbound marketing, which Microsoft removed in May 2026',
	notice:
		'Microsoft removed outbound marketing in May 2026. Old segments can be read and deleted everywhere; the rest works only where the outbound service still runs.',
} as const;

export const CONSENT_RESOURCE = {
	value: RESOURCE.consent,
	name: 'Consent',
	description: 'Consent to messages, as real-time journeys record it',
} as const;
