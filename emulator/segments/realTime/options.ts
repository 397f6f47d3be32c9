/** Names, option sets and limits of the real-time system (generated table references of 2024-07-24 and later metadata). */

export const DEFINITION_TABLE = 'msdynmkt_segmentdefinition';
export const DEFINITION_KEY = 'msdynmkt_segmentdefinitionid';
export const SEGMENT_TABLE = 'msdynmkt_segment';
export const SEGMENT_KEY = 'msdynmkt_segmentid';
export const EXECUTION_TABLE = 'msdynmkt_segmentexecution';
export const JOURNEY_TABLE = 'msdynmkt_journey';
export const USAGE_TABLE = 'msdynmkt_segmentusage';

export const definitionStatus = {
	live: 723270000,
	draft: 723270001,
	goingLive: 723270002,
	deleted: 723270003,
	liveWithWarnings: 723270004,
	stopping: 723270005,
	stopped: 723270006,
} as const;

export const computation = {
	running: 723270000,
	finished: 723270001,
	error: 723270002,
	notStarted: 723270003,
} as const;

export const segmentStatus = {
	active: 1,
	inactive: 2,
	error: 3,
	deleted: 4,
	exporting: 5,
	computing: 6,
	computedWithWarnings: 7,
	stopping: 8,
	stopped: 9,
	/** In no published list; see the switch `realTimeExpiredStatus`. */
	expired: 10,
	faulted: 11,
} as const;

export const segmentType = { static: 10, dynamic: 11, expansion: 12 } as const;
export const segmentSource = { marketing: 10, customerInsights: 11, realTimeJourneys: 12 } as const;
export const scope = { organization: 270100000, businessUnit: 270100001 } as const;

export const executionType = { onDemand: 723270000, scheduled: 723270001 } as const;
export const executionStatus = {
	notStarted: 723270000,
	inProgress: 723270001,
	succeeded: 723270002,
	failed: 723270003,
	timedOut: 723270004,
	skipped: 723270005,
	inactive: 2,
} as const;

/** Table reference of msdynmkt_journey (2024-07-24); live ones hold segments. */
export const journeyStatus = {
	draft: 1,
	live: 2,
	stopped: 3,
	publishing: 4,
	draining: 5,
	deleted: 6,
	completing: 7,
	completed: 8,
} as const;

/** `msdynmkt_usage` of msdynmkt_segmentusage (table reference of 2024-07-24). */
export const segmentUse = {
	notApplicable: 0,
	audience: 1,
	suppression: 2,
	exclusion: 3,
	branch: 4,
	content: 5,
} as const;

/** "Static groups" of the real-time segment API page. */
export const MAX_GROUPS = 10;
export const MAX_GROUP_MEMBERS = 200_000;
export const IDS_PER_CALL = 1000;

/** What one answer about members holds at most, where it is paged. */
export const MEMBERS_PER_PAGE = 5000;

/** Virtual milliseconds. Publishing was seen to take 60 to 90 seconds. */
export const COMPUTING_MS = 75_000;
export const STOPPING_MS = 5000;
const DAY = 86_400_000;
/** "Unused segments expire" (automatic segment management, since May 2026). */
export const EXPIRY_MS = 120 * DAY;
export const REFRESH_MS = {
	young: 30 * 60_000,
	used: 30 * 60_000,
	usedWithInteraction: 60 * 60_000,
	unused: DAY,
};
/** How long a published segment counts as young. */
export const YOUNG_MS = DAY;

const QUERY_NAME_PREFIX = 'SEGMENT_CJO_ID_';

/** Name by which queries refer to a segment: the id of `msdynmkt_segment`, not of its definition. */
export function queryNameOf(segmentId: string): string {
	return QUERY_NAME_PREFIX + segmentId.replaceAll('-', '');
}

/** Id of the segment that a name in a query stands for; undefined when the name has another form. */
export function segmentIdOf(queryName: string): string | undefined {
	const digits = /^SEGMENT_CJO_ID_([0-9a-f]{32})$/i.exec(queryName)?.[1]?.toLowerCase();
	return digits?.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
