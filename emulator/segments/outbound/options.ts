/** Option sets of `msdyncrm_segment` (generated table reference of 2024-07-24). */

export const segmentType = { dynamic: 192350000, static: 192350001, compound: 192350002 } as const;

export const scope = { organization: 270100000, businessUnit: 270100001 } as const;

export const status = {
	draft: 192350000,
	live: 192350001,
	stopped: 192350002,
	liveEditable: 192350003,
	expired: 192350004,
	error: 192350005,
	goingLive: 192350006,
	stopping: 192350007,
} as const;

/** Allowed changes of statuscode (TransitionData of the same reference). */
const transitions: ReadonlyMap<number, readonly number[]> = new Map<number, readonly number[]>([
	[status.draft, [status.goingLive, status.live, status.expired]],
	[status.live, [status.stopping, status.stopped, status.goingLive, status.liveEditable, status.error]],
	[status.stopped, [status.expired, status.goingLive]],
	[status.liveEditable, [status.live, status.error, status.goingLive]],
	[status.expired, []],
	[status.error, [status.goingLive, status.stopping]],
	[status.goingLive, [status.live, status.error]],
	[status.stopping, [status.stopped, status.error]],
]);

export function transitionsFrom(value: number): readonly number[] {
	return transitions.get(value) ?? [];
}

/** Staying is always allowed. */
export function mayChange(from: number, to: number): boolean {
	return from === to || (transitions.get(from)?.includes(to) ?? false);
}

export const SEGMENT_TABLE = 'msdyncrm_segment';
export const SEGMENT_KEY = 'msdyncrm_segmentid';
export const QUERY_NAME_PREFIX = 'SEGMENT_CRM_ID_';

/** Name of a segment in the backend, by which queries refer to it. */
export function queryNameOf(segmentId: string): string {
	return QUERY_NAME_PREFIX + segmentId.replaceAll('-', '');
}

export const MAX_QUERY_LENGTH = 4000;
