/**
 * Names, option values and limits of the two real-time tables, once. Sources: table references of 2024-07-24, newer
 * metadata in generated typings (Stopping, Stopped), "Segment API" of 2026-04-21. A code that is known only from
 * other people's notes is marked; an unknown code is read as `unknown`.
 */

import type { SegmentStatus } from '../../status';
import type { RawStatus, Segment, SegmentType } from '../../types';

export const SEGMENT_SET = 'msdynmkt_segments';
export const SEGMENT_TABLE = 'msdynmkt_segment';
export const SEGMENT_KEY = 'msdynmkt_segmentid';
export const DEFINITION_SET = 'msdynmkt_segmentdefinitions';
export const DEFINITION_TABLE = 'msdynmkt_segmentdefinition';
export const DEFINITION_KEY = 'msdynmkt_segmentdefinitionid';
/** Text column of the segment that holds the id of its definition. */
export const DEFINITION_LINK = 'msdynmkt_sourcesegmentuid';
export const EXECUTION_SET = 'msdynmkt_segmentexecutions';

/** `msdynmkt_type`. A segment created as static was seen to read back as dynamic, so the definition decides. */
export const SEGMENT_TYPE = { static: 10, dynamic: 11, expansion: 12 } as const;
export const SEGMENT_SOURCE = { outbound: 10, customerInsightsData: 11, realTime: 12 } as const;
export type SegmentSource = keyof typeof SEGMENT_SOURCE | 'unknown';
export const SEGMENT_SCOPE = { organization: 270100000, businessUnit: 270100001 } as const;
export type RealTimeScope = keyof typeof SEGMENT_SCOPE;
/** The business unit of a row, as the Web API prints the column. */
export const UNIT = '_owningbusinessunit_value';

export const SEGMENT_STATUS = {
	active: 1,
	inactive: 2,
	error: 3,
	deleted: 4,
	exporting: 5,
	computing: 6,
	computedWithWarnings: 7,
	stopping: 8,
	stopped: 9,
	/** Documented nowhere; the one number between those that are known, and expiry needs one. */
	expired: 10,
	/** Known from the field only. */
	faulted: 11,
} as const;

export const DEFINITION_STATUS = {
	live: 723270000,
	draft: 723270001,
	goingLive: 723270002,
	deleted: 723270003,
	liveWithWarnings: 723270004,
	stopping: 723270005,
	stopped: 723270006,
} as const;

export const EXECUTION_STATUS: ReadonlyMap<number, string> = new Map([
	[723270000, 'NotStarted'],
	[723270001, 'InProgress'],
	[723270002, 'Succeeded'],
	[723270003, 'Failed'],
	[723270004, 'TimedOut'],
	[723270005, 'Skipped'],
]);

/** Most ids that one add call takes; for remove no limit is stated and the same is kept. Assumption: realTimeRemoveLimit */
export const IDS_PER_CALL = 1_000;
/**
 * Groups of a segment, and people that each of them holds: 2,000,000 in all.
 * https://learn.microsoft.com/dynamics365/customer-insights/journeys/real-time-marketing-build-segments
 */
export const GROUP_LIMIT = 10;
export const GROUP_SIZE_LIMIT = 200_000;
/** Longest texts. The query's column was enlarged in February 2026, by how much is unpublished: beyond it the service decides. */
export const TEXT_LIMIT = { name: 100, description: 1000, query: 4000 } as const;

type Facts = { readonly label: string; readonly status: SegmentStatus };

const SEGMENT_FACTS: ReadonlyMap<number, Facts> = new Map<number, Facts>([
	[SEGMENT_STATUS.active, { label: 'Active', status: 'live' }],
	[SEGMENT_STATUS.inactive, { label: 'Inactive', status: 'draft' }],
	[SEGMENT_STATUS.error, { label: 'Error', status: 'error' }],
	[SEGMENT_STATUS.deleted, { label: 'Deleted', status: 'unknown' }],
	[SEGMENT_STATUS.exporting, { label: 'Exporting', status: 'goingLive' }],
	[SEGMENT_STATUS.computing, { label: 'Computing', status: 'computing' }],
	[SEGMENT_STATUS.computedWithWarnings, { label: 'Computed with warnings', status: 'liveWithWarnings' }],
	[SEGMENT_STATUS.stopping, { label: 'Stopping', status: 'stopping' }],
	[SEGMENT_STATUS.stopped, { label: 'Stopped', status: 'stopped' }],
	[SEGMENT_STATUS.expired, { label: 'Expired (10, not documented)', status: 'expired' }],
	[SEGMENT_STATUS.faulted, { label: 'Faulted', status: 'error' }],
]);

const DEFINITION_FACTS: ReadonlyMap<number, Facts> = new Map<number, Facts>([
	[DEFINITION_STATUS.live, { label: 'Live', status: 'live' }],
	[DEFINITION_STATUS.draft, { label: 'Draft', status: 'draft' }],
	[DEFINITION_STATUS.goingLive, { label: 'Going live', status: 'goingLive' }],
	[DEFINITION_STATUS.deleted, { label: 'Deleted', status: 'unknown' }],
	[DEFINITION_STATUS.liveWithWarnings, { label: 'Live with warnings', status: 'liveWithWarnings' }],
	[DEFINITION_STATUS.stopping, { label: 'Stopping', status: 'stopping' }],
	[DEFINITION_STATUS.stopped, { label: 'Stopped', status: 'stopped' }],
]);

export interface StatusCodes {
	readonly statecode?: number;
	readonly statuscode?: number;
}

/**
 * The status as Microsoft's screens and choices call it, e.g. `Ready to use`; for one that no document names its number.
 * https://learn.microsoft.com/dynamics365/customer-insights/journeys/real-time-marketing-build-segments
 */
export function statusLabel({ rawStatus, status }: Pick<Segment, 'rawStatus' | 'status'>): string {
	return SCREEN_WORDS[status] ?? rawStatus.label;
}

/** Errors and what is not documented are called by their own choice. */
const SCREEN_WORDS: Readonly<Partial<Record<SegmentStatus, string>>> = {
	computing: 'Computing',
	draft: 'Draft',
	expired: 'Expired',
	goingLive: 'Going live',
	live: 'Ready to use',
	liveWithWarnings: 'Live with warnings',
	stopped: 'Stopped',
	stopping: 'Stopping',
};

/** Whether a document names the code; 10 is the guess for Expired. */
export function isPublishedStatus(code: number): boolean {
	return code !== SEGMENT_STATUS.expired && SEGMENT_FACTS.has(code);
}

/**
 * One status out of the two rows. The segment's row leads: it follows the evaluation. Its Inactive says only "not in
 * use", so there the definition tells drafts, stopped segments and those on their way apart. A definition that is live
 * beside an inactive segment was live and no longer is: that reads as expired, which needs the same remedy.
 * @param expired the code of Expired as the environment tells it
 */
export function realTimeStatus(
	segment: StatusCodes | undefined,
	definition: StatusCodes | undefined,
	expired?: number,
): { readonly status: SegmentStatus; readonly rawStatus: RawStatus } {
	const own = segmentFacts(segment, expired);
	const defined = definition === undefined ? undefined : facts(DEFINITION_FACTS, definition);
	if (segment === undefined && defined !== undefined) {
		return { status: defined.status, rawStatus: { ...definition, label: `Definition: ${defined.label}` } };
	}
	const label =
		defined === undefined || defined.label === own.label
			? own.label
			: `${own.label}, definition: ${defined.label}`;
	return {
		status: defined === undefined ? own.status : combined(own.status, segment?.statuscode, defined.status),
		rawStatus: { statecode: segment?.statecode, statuscode: segment?.statuscode, label },
	};
}

function combined(own: SegmentStatus, statuscode: number | undefined, defined: SegmentStatus): SegmentStatus {
	if (statuscode === SEGMENT_STATUS.inactive) {
		return defined === 'live' || defined === 'liveWithWarnings' ? 'expired' : defined;
	}
	if (own !== 'live') return own;
	switch (defined) {
		case 'goingLive':
			return 'computing';
		case 'liveWithWarnings':
		case 'stopping':
			return defined;
		case 'stopped':
			return 'stopping';
		default:
			return own;
	}
}

function segmentFacts(codes: StatusCodes | undefined, expired: number | undefined): Facts {
	const code = codes?.statuscode;
	if (expired === undefined || code === undefined || isPublishedStatus(code)) {
		return facts(SEGMENT_FACTS, codes);
	}
	if (code === expired) return { label: 'Expired', status: 'expired' };
	return facts(new Map(), codes);
}

function facts(table: ReadonlyMap<number, Facts>, codes: StatusCodes | undefined): Facts {
	const code = codes?.statuscode;
	const known = code === undefined ? undefined : table.get(code);
	return known ?? { label: `Undocumented (${code ?? 'none'})`, status: 'unknown' };
}

/**
 * Every `statuscode` of the segment that may read as one of the statuses, whatever its definition says; undefined when
 * that cannot be said beforehand (`unknown` stands for every other code).
 */
export function possibleStatusCodes(
	statuses: readonly SegmentStatus[],
	expired?: number,
): readonly number[] | undefined {
	if (statuses.includes('unknown')) return undefined;
	const codes = new Set<number>();
	if (expired !== undefined && statuses.includes('expired')) codes.add(expired);
	for (const [code, { status }] of SEGMENT_FACTS) if (statuses.includes(status)) codes.add(code);
	if (statuses.some((status) => ['expired', 'goingLive', 'stopped', 'stopping'].includes(status))) {
		codes.add(SEGMENT_STATUS.inactive);
	}
	if (statuses.some((status) => ['computing', 'liveWithWarnings', 'stopping'].includes(status))) {
		codes.add(SEGMENT_STATUS.active);
	}
	return [...codes];
}

/** Where a segment comes from, by the number in its source column. */
export function segmentSource(value: unknown): SegmentSource {
	switch (value) {
		case SEGMENT_SOURCE.outbound:
			return 'outbound';
		case SEGMENT_SOURCE.customerInsightsData:
			return 'customerInsightsData';
		case SEGMENT_SOURCE.realTime:
			return 'realTime';
		default:
			return 'unknown';
	}
}

/** The type as the segment's row alone tells it. */
export function declaredType(value: unknown): SegmentType {
	switch (value) {
		case SEGMENT_TYPE.static:
			return 'static';
		case SEGMENT_TYPE.dynamic:
			return 'dynamic';
		case SEGMENT_TYPE.expansion:
			return 'expansion';
		default:
			return 'unknown';
	}
}
