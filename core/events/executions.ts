/** Which evaluations have ended since the last poll, and which are hung: rows of msdynmkt_segmentexecution in a time window. */

import { EXECUTION_SET } from '../segments/realTime/rows/optionSets';
import * as odata from '../dataverse/text/odata';
import { readNewest, readWindow, serviceSeconds, type Reader, type WindowRead } from './reading';
import {
	EXECUTION_CODE,
	EXECUTION_COLUMNS,
	EXECUTION_DEFINITION,
	instantOf,
	readExecution,
	seconds,
	type ExecutionRow,
} from './rows';
import { advance, cursorAfter, OVERLAP_S, windowStart, type WindowCursor } from './window';

export interface ExecutionCursor extends WindowCursor {
	/** Time of the service at the last look. */
	readonly time?: number;
	/** Executions that began until then have been judged whether they hang. */
	readonly hungTo?: number;
}

export interface ExecutionWatch {
	/** Status codes that are events. */
	readonly codes: readonly number[];
	/** Ids of definitions; absent: those of all segments. */
	readonly definitions?: readonly string[];
	/** An execution that has not ended after this many seconds hangs; absent: hung ones are not looked for. */
	readonly hungAfter?: number;
}

export interface ExecutionStep {
	/** Executions with one of the codes that did not come before. */
	readonly fresh: readonly ExecutionRow[];
	/** Executions that have not ended in time, unless an evaluation of the same segment has since. */
	readonly late: readonly ExecutionRow[];
	readonly next: ExecutionCursor;
}

/** A workflow that was off for longer hears of the executions of the last days only. */
const LONGEST_LOOK_BACK_S = 7 * 86_400;

const OPEN: ReadonlySet<number> = new Set([EXECUTION_CODE.notStarted, EXECUTION_CODE.inProgress]);
/** Executions that have ended, whatever came of them. */
export const ENDED: readonly number[] = [
	EXECUTION_CODE.succeeded,
	EXECUTION_CODE.failed,
	EXECUTION_CODE.timedOut,
	EXECUTION_CODE.skipped,
];

/** The first cursor: nothing that has happened so far is new. Two requests. */
export async function seedExecutions(reader: Reader, watch: ExecutionWatch): Promise<ExecutionCursor> {
	const query = { set: EXECUTION_SET, select: EXECUTION_COLUMNS, read: readExecution };
	const newest = await readNewest(reader, { ...query, filter: ofWatch(watch, anyCode(watch.codes)) });
	const since = newest === undefined ? 0 : Math.max(0, newest.modifiedOn - OVERLAP_S);
	const filter = odata.and(modifiedSince(since), anyCode(watch.codes));
	const { rows, serviceTime } =
		newest === undefined
			? { rows: [], serviceTime: undefined }
			: await readWindow({ ...reader, isTimeUp: () => false }, { ...query, filter: ofWatch(watch, filter) });
	const time = serviceTime ?? serviceSeconds(reader.client);
	const hungTo = watch.hungAfter === undefined || time === undefined ? undefined : time - watch.hungAfter;
	return { ...cursorAfter(rows, time), time, hungTo };
}

/** One look: one request unless there are more than a page. */
export async function readExecutions(
	reader: Reader,
	cursor: ExecutionCursor,
	watch: ExecutionWatch,
	most: number,
): Promise<WindowRead<ExecutionRow>> {
	return await readWindow(reader, {
		set: EXECUTION_SET,
		select: EXECUTION_COLUMNS,
		filter: executionFilter(cursor, watch),
		read: readExecution,
		isEnough: (rows) => rows.filter(({ code }) => !OPEN.has(code)).length > cursor.seen.length + most,
	});
}

/** What the cursor asks for. */
function executionFilter(cursor: ExecutionCursor, watch: ExecutionWatch): odata.Filter {
	const ended = odata.and(
		anyCode(watch.codes),
		odata.or(
			modifiedSince(windowStart(cursor)),
			odata.gt('versionnumber', odata.literal.integer(cursor.version)),
		),
	);
	const range = hungRange(cursor, watch);
	return ofWatch(watch, range === undefined ? ended : odata.or(ended, openBetween(range)));
}

/** (cursor, answer) → (what is new, next cursor). */
export function stepExecutions(
	cursor: ExecutionCursor,
	answer: WindowRead<ExecutionRow>,
	watch: ExecutionWatch,
	most: number,
): ExecutionStep {
	const codes = new Set(watch.codes);
	const rows = answer.rows.filter(({ code }) => codes.has(code));
	const { fresh, isCaughtUp, next } = advance(cursor, { ...answer, rows }, most);
	const range = hungRange(cursor, watch);
	const late =
		range === undefined || !isCaughtUp
			? []
			: answer.rows.filter((row) => OPEN.has(row.code) && isWithin(begunAt(row), range));
	const hungTo = isCaughtUp ? (hungLimit(cursor, watch) ?? cursor.hungTo) : cursor.hungTo;
	return { fresh, late, next: { ...next, time: answer.serviceTime ?? cursor.time, hungTo } };
}

interface Range {
	readonly after: number;
	readonly until: number;
}

/**
 * The beginnings that are due to be judged. The limit follows from the service's time at the look before: this look's is
 * known only afterwards. A limit that goes back, with the clock or because the user waits longer now, is followed.
 */
function hungRange(cursor: ExecutionCursor, watch: ExecutionWatch): Range | undefined {
	const until = hungLimit(cursor, watch);
	if (until === undefined || cursor.hungTo === undefined || until <= cursor.hungTo) return undefined;
	return { after: Math.max(cursor.hungTo, until - LONGEST_LOOK_BACK_S), until };
}

function hungLimit({ time }: ExecutionCursor, { hungAfter }: ExecutionWatch): number | undefined {
	return time === undefined || hungAfter === undefined ? undefined : time - hungAfter;
}

/** When an execution began: one that waits to be started has no other time than that of its row. */
export function begunAt({ startedOn, createdOn }: ExecutionRow): number | undefined {
	return seconds(startedOn) ?? seconds(createdOn);
}

function isWithin(time: number | undefined, { after, until }: Range): boolean {
	return time !== undefined && time > after && time <= until;
}

function openBetween({ after, until }: Range): odata.Filter {
	const between = (column: string) =>
		odata.and(
			odata.gt(column, odata.literal.date(instantOf(after))),
			odata.le(column, odata.literal.date(instantOf(until))),
		);
	const waiting = odata.and(odata.eq('msdynmkt_startedon', odata.literal.null), between('createdon'));
	return odata.and(anyCode([...OPEN]), odata.or(between('msdynmkt_startedon'), waiting));
}

function ofWatch({ definitions }: ExecutionWatch, filter: odata.Filter): odata.Filter {
	if (definitions === undefined) return filter;
	return odata.and(odata.or(...definitions.map(ofDefinition)), filter);
}

/** Executions of the segment with this definition (GUID). */
export function ofDefinition(id: string): odata.Filter {
	return odata.eq(EXECUTION_DEFINITION, odata.literal.guid(id));
}

/** Executions with one of these values of `statuscode`; at least one is needed. */
export function anyCode(codes: readonly number[]): odata.Filter {
	return odata.or(...codes.map((code) => odata.eq('statuscode', odata.literal.integer(code))));
}

function modifiedSince(since: number): odata.Filter {
	return odata.ge('modifiedon', odata.literal.date(instantOf(since)));
}
