/**
 * One vocabulary for the status of a segment, whichever of the two systems it lives in. The raw option values stay with
 * each system (`outbound/optionSets.ts`).
 */

export type SegmentStatus =
	| 'computing'
	| 'draft'
	| 'error'
	| 'expired'
	| 'goingLive'
	| 'live'
	| 'liveWithWarnings'
	| 'stopped'
	| 'stopping'
	| 'unknown';

/** How a status reads in the middle of a sentence. */
export const STATUS_WORDS: Readonly<Record<SegmentStatus, string>> = {
	computing: 'being computed',
	draft: 'a draft',
	error: 'in the Error status',
	expired: 'expired',
	goingLive: 'going live',
	live: 'live',
	liveWithWarnings: 'live with warnings',
	stopped: 'stopped',
	stopping: 'stopping',
	unknown: 'in a status that is not documented',
};

/** The status change that a user asks for. */
export type LifecycleRequest = 'goLive' | 'stop';

/** Whether journeys may be using the segment in this status, so that deleting it needs a stop first. */
export function isInUse(status: SegmentStatus): boolean {
	return (
		status === 'computing' ||
		status === 'goingLive' ||
		status === 'live' ||
		status === 'liveWithWarnings' ||
		status === 'stopping'
	);
}

/** Whether the members of a segment in this status can be read by the service. */
export function hasPublishedMembers(status: SegmentStatus): boolean {
	return status === 'live' || status === 'liveWithWarnings' || status === 'computing';
}
