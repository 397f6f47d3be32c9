/**
 * Names and option values of the outbound table `msdyncrm_segment`, once. Source: table reference of 2024-07-24 and the
 * how-to "Extend segments using code" (retired 2026-03).
 */

import type { SegmentStatus } from '../status';
import type { SegmentType } from '../types';

export { OUTBOUND_KEY, OUTBOUND_SET, OUTBOUND_TABLE } from '../outboundTable';

export const OUTBOUND_TYPE = { dynamic: 192350000, static: 192350001, compound: 192350002 } as const;
export type OutboundType = keyof typeof OUTBOUND_TYPE;

export const OUTBOUND_STATUS = {
	draft: 192350000,
	live: 192350001,
	stopped: 192350002,
	liveEditable: 192350003,
	expired: 192350004,
	error: 192350005,
	goingLive: 192350006,
	stopping: 192350007,
} as const;

export const OUTBOUND_SCOPE = { organization: 270100000, businessUnit: 270100001 } as const;
export type OutboundScope = keyof typeof OUTBOUND_SCOPE;

/** Longest texts that the columns take. */
export const OUTBOUND_LENGTH = { name: 100, query: 4000, description: 2000, memberIds: 1_000_000 } as const;

interface StatusFacts {
	readonly label: string;
	readonly status: SegmentStatus;
}

const STATUS_FACTS: ReadonlyMap<number, StatusFacts> = new Map([
	[OUTBOUND_STATUS.draft, { label: 'Draft', status: 'draft' }],
	[OUTBOUND_STATUS.live, { label: 'Live', status: 'live' }],
	[OUTBOUND_STATUS.stopped, { label: 'Stopped', status: 'stopped' }],
	[OUTBOUND_STATUS.liveEditable, { label: 'Live, editable', status: 'live' }],
	[OUTBOUND_STATUS.expired, { label: 'Expired', status: 'expired' }],
	[OUTBOUND_STATUS.error, { label: 'Error', status: 'error' }],
	[OUTBOUND_STATUS.goingLive, { label: 'Going live', status: 'goingLive' }],
	[OUTBOUND_STATUS.stopping, { label: 'Stopping', status: 'stopping' }],
]);

/** The label and the normalized status of a `statuscode`. */
export function outboundStatus(statuscode: number | undefined): StatusFacts {
	const facts = statuscode === undefined ? undefined : STATUS_FACTS.get(statuscode);
	return facts ?? { label: `Undocumented (${statuscode ?? 'none'})`, status: 'unknown' };
}

/** Every `statuscode` that reads as one of the given statuses. */
export function outboundStatusCodes(statuses: readonly SegmentStatus[]): readonly number[] {
	return [...STATUS_FACTS].filter(([, facts]) => statuses.includes(facts.status)).map(([code]) => code);
}

/** The type behind `msdyncrm_segmenttype`. */
export function outboundType(value: unknown): SegmentType {
	for (const [name, code] of Object.entries(OUTBOUND_TYPE)) {
		if (code === value) return name as OutboundType;
	}
	return 'unknown';
}
