/** Rows of executions and segments as events need them. Times are seconds since the epoch, by the service. */

import { unexpectedReply } from '../dataverse/errors/decodeError';
import { ownNumber, ownString } from '../dataverse/http/json';
import { parseGuid } from '../dataverse/text/guid';
import type { EntityRow } from '../dataverse/types';
import {
	EXECUTION_SET,
	EXECUTION_STATUS,
	SEGMENT_KEY,
	SEGMENT_SET,
	realTimeStatus,
	segmentSource,
	type SegmentSource,
} from '../segments/realTime/rows/optionSets';
import { definitionIdOf } from '../segments/realTime/rows/row';
import { packId } from './packed';
import type { WindowRow } from './window';

export const EXECUTION_KEY = 'msdynmkt_segmentexecutionid';
export const EXECUTION_DEFINITION = '_msdynmkt_segmentdefinitionid_value';

/** `statuscode` of an execution, table reference of 2024-07-24. */
export const EXECUTION_CODE = {
	notStarted: 723270000,
	inProgress: 723270001,
	succeeded: 723270002,
	failed: 723270003,
	timedOut: 723270004,
	skipped: 723270005,
} as const;

/** `msdynmkt_type` of an execution. */
const ON_DEMAND = 723270000;

export const EXECUTION_COLUMNS: readonly string[] = [
	EXECUTION_KEY,
	EXECUTION_DEFINITION,
	'statuscode',
	'msdynmkt_startedon',
	'msdynmkt_finishedon',
	'msdynmkt_membershipcount',
	'msdynmkt_type',
	'createdon',
	'modifiedon',
	'versionnumber',
];

export interface ExecutionRow extends WindowRow {
	readonly id: string;
	readonly definitionId?: string;
	readonly code: number;
	/** As the table's choices are called. */
	readonly status: string;
	readonly type: 'onDemand' | 'scheduled';
	readonly memberCount?: number;
	/** As the service prints them. */
	readonly startedOn?: string;
	readonly finishedOn?: string;
	readonly createdOn?: string;
}

/** @throws DataverseError `unexpectedReply` for a row without id, status, time or version: nobody could say whether it is new. */
export function readExecution(row: EntityRow): ExecutionRow {
	const id = parseGuid(ownString(row, EXECUTION_KEY) ?? '');
	const code = ownNumber(row, 'statuscode');
	if (id === undefined || code === undefined) throw unreadable(EXECUTION_SET);
	return {
		id,
		code,
		key: `${packId(id)}${code % 1000}`,
		...stamps(row, EXECUTION_SET),
		definitionId: parseGuid(ownString(row, EXECUTION_DEFINITION) ?? ''),
		status: EXECUTION_STATUS.get(code) ?? `Undocumented (${code})`,
		type: ownNumber(row, 'msdynmkt_type') === ON_DEMAND ? 'onDemand' : 'scheduled',
		memberCount: ownNumber(row, 'msdynmkt_membershipcount'),
		startedOn: ownString(row, 'msdynmkt_startedon'),
		finishedOn: ownString(row, 'msdynmkt_finishedon'),
		createdOn: ownString(row, 'createdon'),
	};
}

export const SEGMENT_EVENT_COLUMNS: readonly string[] = [
	SEGMENT_KEY,
	'msdynmkt_sourcesegmentuid',
	'msdynmkt_displayname',
	'msdynmkt_source',
	'msdynmkt_membercount',
	'statuscode',
	'modifiedon',
	'versionnumber',
];

export interface SegmentRow extends WindowRow {
	readonly id: string;
	readonly definitionId?: string;
	readonly name: string;
	readonly source: SegmentSource;
	readonly code: number;
	readonly memberCount?: number;
	/** As the service prints it. */
	readonly modifiedText: string;
}

/** @throws DataverseError `unexpectedReply` as `readExecution` does. */
export function readSegmentRow(row: EntityRow): SegmentRow {
	const id = parseGuid(ownString(row, SEGMENT_KEY) ?? '');
	const code = ownNumber(row, 'statuscode');
	if (id === undefined || code === undefined) throw unreadable(SEGMENT_SET);
	return {
		id,
		code,
		key: packId(id),
		...stamps(row, SEGMENT_SET),
		definitionId: definitionIdOf(row),
		name: ownString(row, 'msdynmkt_displayname') ?? id,
		source: segmentSource(row.msdynmkt_source),
		memberCount: ownNumber(row, 'msdynmkt_membercount'),
		modifiedText: ownString(row, 'modifiedon') ?? '',
	};
}

/** Statuses by the row of the segment alone; only its definition says which of the unpublished statuses it is. */
export const SEGMENT_ROW_STATUSES = [
	'computing',
	'deleted',
	'error',
	'expired',
	'exporting',
	'faulted',
	'inactive',
	'live',
	'liveWithWarnings',
	'stopped',
	'stopping',
] as const;
export type SegmentRowStatus = (typeof SEGMENT_ROW_STATUSES)[number] | 'unknown';

/** The status in one word, and as the service's choice is called. */
export function segmentRowStatus(code: number): {
	readonly status: SegmentRowStatus;
	readonly label: string;
} {
	const { label } = realTimeStatus({ statuscode: code }, undefined).rawStatus;
	return { status: ROW_WORDS.get(code) ?? 'unknown', label };
}

const ROW_WORDS: ReadonlyMap<number, SegmentRowStatus> = new Map<number, SegmentRowStatus>([
	[1, 'live'],
	[2, 'inactive'],
	[3, 'error'],
	[4, 'deleted'],
	[5, 'exporting'],
	[6, 'computing'],
	[7, 'liveWithWarnings'],
	[8, 'stopping'],
	[9, 'stopped'],
	[10, 'expired'],
	[11, 'faulted'],
]);

/** Seconds since the epoch; undefined for what is no time. */
export function seconds(text: string | undefined): number | undefined {
	const ms = text === undefined ? Number.NaN : Date.parse(text);
	return Number.isNaN(ms) ? undefined : Math.floor(ms / 1000);
}

/** ISO 8601 in UTC. */
export function instantOf(secondsSinceEpoch: number): string {
	return new Date(secondsSinceEpoch * 1000).toISOString();
}

function stamps(row: EntityRow, set: string): { readonly modifiedOn: number; readonly version: number } {
	const modifiedOn = seconds(ownString(row, 'modifiedon'));
	const version = ownNumber(row, 'versionnumber') ?? Number(ownString(row, 'versionnumber'));
	if (modifiedOn === undefined || !Number.isSafeInteger(version)) throw unreadable(set);
	return { modifiedOn, version };
}

function unreadable(set: string) {
	return unexpectedReply(
		'The environment answered with a row without an ID, a status, a time or a version number, so it is not known whether it is new.',
		{ method: 'GET', path: set },
	);
}
