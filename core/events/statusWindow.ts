/** Which segments have changed their status since the last poll: rows of msdynmkt_segment, compared with the stored ones. */

import * as odata from '../dataverse/text/odata';
import { SEGMENT_SET, SEGMENT_SOURCE } from '../segments/realTime/rows/optionSets';
import { packId, splitPacked, unpackId } from './packed';
import { readWindow, type Reader, type WindowRead } from './reading';
import { instantOf, readSegmentRow, SEGMENT_EVENT_COLUMNS, type SegmentRow } from './rows';
import { nextCursor, windowStart, type WindowCursor } from './window';

/** Deletions leave no trace, so all segments are read at this interval. */
const FULL_READ_S = 86_400;

/** The status of one segment, and the version of its row when it was first seen in it. */
export interface KnownStatus {
	readonly code: number;
	readonly since: number;
}

export interface StatusCursor extends WindowCursor {
	/** Packed ids by `code.since`. */
	readonly known: Readonly<Record<string, string>>;
	/** Time of the service when all segments were last read. */
	readonly fullAt: number;
	readonly time?: number;
}

export interface StatusChange {
	readonly row: SegmentRow;
	/** Undefined: the segment was not there at the last look. */
	readonly from?: KnownStatus;
}

export interface StatusStep {
	readonly changes: readonly StatusChange[];
	/** Segments that were there and are not among all rows now, as their ids. */
	readonly missing: readonly string[];
	readonly next: StatusCursor;
}

/** The stored statuses by packed id; undefined when they are damaged. */
export function readKnown(known: Readonly<Record<string, string>>): Map<string, KnownStatus> | undefined {
	const statuses = new Map<string, KnownStatus>();
	for (const [key, packed] of Object.entries(known)) {
		const [code, since] = key.split('.').map(Number);
		const ids = typeof packed === 'string' ? splitPacked(packed) : undefined;
		if (ids === undefined || code === undefined || since === undefined) return undefined;
		if (!Number.isSafeInteger(code) || !Number.isSafeInteger(since)) return undefined;
		for (const id of ids) statuses.set(id, { code, since });
	}
	return statuses;
}

function writeKnown(statuses: ReadonlyMap<string, KnownStatus>): Record<string, string> {
	const groups = new Map<string, string[]>();
	for (const [id, { code, since }] of statuses) {
		const key = `${code}.${since}`;
		const group = groups.get(key);
		if (group === undefined) groups.set(key, [id]);
		else group.push(id);
	}
	return Object.fromEntries([...groups].map(([key, ids]) => [key, ids.join('')]));
}

/** The cursor to begin with: every segment has the status it has. */
export function seedStatuses({ rows, serviceTime }: WindowRead<SegmentRow>): StatusCursor {
	// One stamp for all of them: the state stays small until something changes.
	const since = Math.max(0, ...rows.map(({ version }) => version));
	const statuses = new Map(rows.map(({ id, code }) => [packId(id), { code, since }] as const));
	const start: WindowCursor = { mark: serviceTime ?? 0, version: 0, seen: [] };
	const window = nextCursor(start, rows, { isCaughtUp: true, fresh: [], serviceTime });
	return {
		...window,
		seen: [],
		known: writeKnown(statuses),
		fullAt: serviceTime ?? window.mark,
		time: serviceTime,
	};
}

/** Whether the next look reads all segments. */
function isFullReadDue({ fullAt, time }: StatusCursor): boolean {
	// A clock that was set back by more than a day must not put it off for as long.
	return time !== undefined && Math.abs(time - fullAt) >= FULL_READ_S;
}

/** All segments, or those that may have changed. One request for 5000 of them. */
export async function readStatuses(
	reader: Reader,
	cursor: StatusCursor | undefined,
): Promise<WindowRead<SegmentRow> & { readonly isFull: boolean }> {
	const isFull = cursor === undefined || isFullReadDue(cursor);
	const read = await readWindow(reader, {
		set: SEGMENT_SET,
		select: SEGMENT_EVENT_COLUMNS,
		filter: isFull ? ofRealTime : changedSince(cursor),
		read: readSegmentRow,
		pageSize: 5000,
	});
	return { ...read, isFull };
}

const ofRealTime = odata.eq('msdynmkt_source', odata.literal.integer(SEGMENT_SOURCE.realTime));

/** Whether an evaluation moves `modifiedon` is not said; it always raises the version. Assumption: segmentTouchedByRefresh */
function changedSince(cursor: StatusCursor): odata.Filter {
	const since = odata.literal.date(instantOf(windowStart(cursor)));
	const version = odata.literal.integer(cursor.version);
	return odata.and(ofRealTime, odata.or(odata.ge('modifiedon', since), odata.gt('versionnumber', version)));
}

/**
 * (cursor, answer) → (changes, next cursor).
 * @param wanted which changes are events; the others are noted silently.
 * @param most events to hand out; the others come with the next step.
 */
export function stepStatuses(
	cursor: StatusCursor,
	answer: WindowRead<SegmentRow> & { readonly isFull: boolean },
	wanted: (change: StatusChange) => boolean,
	most: number,
): StatusStep {
	const statuses = readKnown(cursor.known) ?? new Map<string, KnownStatus>();
	const changes: StatusChange[] = [];
	const passed: SegmentRow[] = [];
	let isChanged = false;
	for (const row of answer.rows) {
		const packed = packId(row.id);
		const from = statuses.get(packed);
		if (from?.code !== row.code) {
			const change = { row, from };
			if (wanted(change)) {
				if (changes.length >= most) break;
				changes.push(change);
			}
			statuses.set(packed, { code: row.code, since: row.version });
			isChanged = true;
		}
		passed.push(row);
	}
	const isCaughtUp = answer.isComplete && passed.length === answer.rows.length;
	const isWhole = answer.isFull && isCaughtUp;
	const present = isWhole ? new Set(passed.map(({ id }) => packId(id))) : undefined;
	const missing =
		present === undefined ? [] : [...statuses.keys()].filter((id) => !present.has(id)).map(unpackId);
	const window = nextCursor(cursor, passed, { isCaughtUp, fresh: [], serviceTime: answer.serviceTime });
	const time = answer.serviceTime ?? cursor.time;
	const fullAt = isWhole ? (time ?? cursor.fullAt) : cursor.fullAt;
	const known = isChanged ? writeKnown(statuses) : cursor.known;
	return { changes, missing, next: { ...window, seen: [], known, fullAt, time } };
}

/** The cursor without segments that are gone. */
export function forget(cursor: StatusCursor, ids: readonly string[]): StatusCursor {
	if (ids.length === 0) return cursor;
	const statuses = readKnown(cursor.known) ?? new Map<string, KnownStatus>();
	for (const id of ids) statuses.delete(packId(id));
	return { ...cursor, known: writeKnown(statuses) };
}
