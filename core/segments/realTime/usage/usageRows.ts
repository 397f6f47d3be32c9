/**
 * Who uses segments: the rows of msdynmkt_segmentusage with the journeys and segments behind them. Table references of
 * 2024-07-24: https://learn.microsoft.com/dynamics365/customer-insights/journeys/developer/entity-reference
 */

import { ownNumber, ownString, ownValue } from '../../../dataverse/http/json';
import { parseGuid } from '../../../dataverse/text/guid';
import type { EntityRow } from '../../../dataverse/types';

export const USAGE_SET = 'msdynmkt_segmentusages';
export const USAGE_TARGET = '_msdynmkt_targetsegmentid_value';
export const USAGE_TEXT = 'msdynmkt_segmentid';
const DEPENDENT = '_msdynmkt_dependententityid_value';
const JOURNEY = '_msdynmkt_journeyid_value';
const JOURNEY_ROW = 'msdynmkt_JourneyId';
const DEPENDENT_JOURNEY_ROW = 'msdynmkt_DependentEntityId_msdynmkt_journey';
const DEPENDENT_SEGMENT_ROW = 'msdynmkt_DependentEntityId_msdynmkt_segment';
const LOOKUP_TABLE = 'Microsoft.Dynamics.CRM.lookuplogicalname';

export const USAGE_QUERY = {
	select: ['msdynmkt_usage', USAGE_TEXT, USAGE_TARGET, JOURNEY, DEPENDENT, 'statecode', 'createdon'],
	annotations: LOOKUP_TABLE,
} as const;

const JOURNEY_COLUMNS = ['msdynmkt_name', 'statuscode', 'msdynmkt_issupersededbylaterversion'];

/** The rows behind the lookups; needs the right to read them. */
export const USAGE_EXPAND = [
	{ property: JOURNEY_ROW, select: JOURNEY_COLUMNS },
	{ property: DEPENDENT_JOURNEY_ROW, select: JOURNEY_COLUMNS },
	{ property: DEPENDENT_SEGMENT_ROW, select: ['msdynmkt_displayname', 'statuscode'] },
];

/** How a segment is used, by `msdynmkt_usage`. */
const USES: ReadonlyMap<number, string> = new Map([
	[0, 'not applicable'],
	[1, 'audience'],
	[2, 'suppression segment'],
	[3, 'exclusion segment'],
	[4, 'branch'],
	[5, 'content'],
]);
const CONTENT = 5;

/** `statuscode` of msdynmkt_journey. A journey that is published, drained or completed at this moment still has people in it. */
const JOURNEY_STATUS: ReadonlyMap<number, { readonly label: string; readonly isRunning: boolean }> = new Map([
	[1, { label: 'Draft', isRunning: false }],
	[2, { label: 'Live', isRunning: true }],
	[3, { label: 'Stopped', isRunning: false }],
	[4, { label: 'Publishing', isRunning: true }],
	[5, { label: 'Draining', isRunning: true }],
	[6, { label: 'Deleted', isRunning: false }],
	[7, { label: 'Completing', isRunning: true }],
	[8, { label: 'Completed', isRunning: false }],
]);
const DELETED_SEGMENT = 4;

export interface JourneyUser {
	readonly kind: 'journey';
	readonly id: string;
	/** Absent where the journey may not be read. */
	readonly name?: string;
	/** Absent where the journey may not be read, or has a status that no document names. */
	readonly status?: string;
	/** Undefined where nobody can say. */
	readonly isRunning?: boolean;
	readonly isSuperseded: boolean;
}

export interface SegmentUser {
	readonly kind: 'segment';
	readonly id: string;
	readonly name?: string;
}

export interface SegmentUse {
	/** Lower-case ids under which the row names the segment: of the segment, or of its definition. */
	readonly targets: readonly string[];
	/** In words, e.g. `exclusion segment`. */
	readonly how: string;
	/** When the row was made; ISO 8601. */
	readonly since?: string;
	/** `unknown`: a row that names neither, as rows of what was deleted do. */
	readonly by: JourneyUser | SegmentUser | { readonly kind: 'content' } | { readonly kind: 'unknown' };
}

/**
 * A row in words; undefined for one that is not active, or whose user was deleted.
 * The lookup leads. Where it is empty the text names the segment, or its definition: only one of the two fits an id.
 * Assumption: usageTarget, usageSegmentId, usageRows
 */
export function readUse(row: EntityRow): SegmentUse | undefined {
	if (ownNumber(row, 'statecode') === 1) return undefined;
	const target = guidOf(row, USAGE_TARGET);
	const text = guidOf(row, USAGE_TEXT);
	const targets = target === undefined ? (text === undefined ? [] : [text]) : [target];
	const code = ownNumber(row, 'msdynmkt_usage');
	const by = userOf(row, code);
	if (by === undefined || targets.length === 0) return undefined;
	const how = (code === undefined ? undefined : USES.get(code)) ?? `not documented (${code ?? 'none'})`;
	return { targets, how, since: ownString(row, 'createdon'), by };
}

function userOf(row: EntityRow, code: number | undefined): SegmentUse['by'] | undefined {
	const dependent = guidOf(row, DEPENDENT);
	const table = ownString(row, `${DEPENDENT}@${LOOKUP_TABLE}`)?.toLowerCase();
	const segmentRow = ownValue(row, DEPENDENT_SEGMENT_ROW);
	if (dependent !== undefined && (table === 'msdynmkt_segment' || isRow(segmentRow))) {
		if (ownNumber(segmentRow, 'statuscode') === DELETED_SEGMENT) return undefined;
		return { kind: 'segment', id: dependent, name: textOf(segmentRow, 'msdynmkt_displayname') };
	}
	const journey = guidOf(row, JOURNEY) ?? dependent;
	if (journey !== undefined) {
		return journeyOf(journey, [ownValue(row, JOURNEY_ROW), ownValue(row, DEPENDENT_JOURNEY_ROW)].find(isRow));
	}
	return { kind: code === CONTENT ? 'content' : 'unknown' };
}

function journeyOf(id: string, row: unknown): JourneyUser {
	const code = ownNumber(row, 'statuscode');
	const status = code === undefined ? undefined : JOURNEY_STATUS.get(code);
	return {
		kind: 'journey',
		id,
		name: textOf(row, 'msdynmkt_name'),
		status: status?.label,
		isRunning: status?.isRunning,
		isSuperseded: ownValue(row, 'msdynmkt_issupersededbylaterversion') === true,
	};
}

function isRow(value: unknown): boolean {
	return typeof value === 'object' && value !== null;
}

function textOf(row: unknown, column: string): string | undefined {
	const text = ownString(row, column)?.trim();
	return text === '' ? undefined : text;
}

function guidOf(row: EntityRow, column: string): string | undefined {
	return parseGuid(ownString(row, column) ?? '');
}
