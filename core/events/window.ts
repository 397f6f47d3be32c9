/**
 * What is new in a table, judged by the rows themselves. Two marks are kept, because neither is enough alone:
 *
 * - `versionnumber` rises over the whole database with every write, but transactions commit out of its order, and it falls
 *   when a database is restored.
 * - `modifiedon` has whole seconds, and a clock can be set back.
 *
 * So rows are asked for that were modified after the mark less an overlap, *or* whose version is above the highest one
 * seen; those that came before are known by their key. Times are seconds since the epoch, always by the clock of
 * the service, never by that of this machine.
 */

/**
 * Seconds that are looked at again. A transaction may commit that much later than the times it wrote, less the time for
 * which the clocks of the web server and the database differ. Assumption: lateCommits
 */
export const OVERLAP_S = 600;

/** A clock that is this far behind a row was set back after the row was written. */
const CLOCK_SKEW_S = 60;

export interface WindowCursor {
	/** `modifiedon` of the row with the highest version looked at. */
	readonly mark: number;
	/** The highest version looked at. */
	readonly version: number;
	/** Keys of the rows that may be returned again. */
	readonly seen: readonly string[];
}

export interface WindowRow {
	/** The same for the same event. */
	readonly key: string;
	readonly modifiedOn: number;
	readonly version: number;
}

export interface WindowAnswer<R extends WindowRow> {
	/** Rows of the window from the lowest version on. */
	readonly rows: readonly R[];
	/** Whether these are all rows of the window. */
	readonly isComplete: boolean;
	/** Time of the service when it answered, where it said so. */
	readonly serviceTime?: number;
}

export interface WindowStep<R> {
	/** Rows that were not returned before, from the lowest version on; at most `most`. */
	readonly fresh: readonly R[];
	/** Whether everything in the window has been looked at. */
	readonly isCaughtUp: boolean;
	readonly next: WindowCursor;
}

/** The oldest `modifiedon` to ask for. */
export function windowStart(cursor: WindowCursor): number {
	return Math.max(0, cursor.mark - OVERLAP_S);
}

/** The cursor from which nothing of the rows is new. */
export function cursorAfter<R extends WindowRow>(
	rows: readonly R[],
	serviceTime: number | undefined,
): WindowCursor {
	const nothing: WindowCursor = { mark: serviceTime ?? 0, version: 0, seen: [] };
	return nextCursor(nothing, rows, { isCaughtUp: true, fresh: rows, serviceTime });
}

/**
 * One step through the window.
 * @param most rows to hand out; the others come with the next step.
 */
export function advance<R extends WindowRow>(
	cursor: WindowCursor,
	{ rows, isComplete, serviceTime }: WindowAnswer<R>,
	most: number,
): WindowStep<R> {
	const seen = new Set(cursor.seen);
	const fresh: R[] = [];
	const passed: R[] = [];
	for (const row of rows) {
		if (!seen.has(row.key)) {
			if (fresh.length >= most) break;
			seen.add(row.key);
			fresh.push(row);
		}
		passed.push(row);
	}
	const isCaughtUp = isComplete && passed.length === rows.length;
	return { fresh, isCaughtUp, next: nextCursor(cursor, passed, { isCaughtUp, fresh, serviceTime }) };
}

/** The cursor after rows were looked at, from the lowest version on. */
export function nextCursor<R extends WindowRow>(
	cursor: WindowCursor,
	passed: readonly R[],
	{
		isCaughtUp,
		fresh,
		serviceTime,
	}: { readonly isCaughtUp: boolean; readonly fresh: readonly R[]; readonly serviceTime?: number },
): WindowCursor {
	const last = passed.at(-1);
	if (last === undefined) return { ...cursor, mark: heldBack(cursor.mark, serviceTime) };
	// Not all known rows have been passed yet: the window stays, and the returned rows are remembered.
	if (!isCaughtUp && last.version < cursor.version) {
		return { ...cursor, seen: [...new Set([...cursor.seen, ...fresh.map(({ key }) => key)])] };
	}
	// Where all rows are below the version seen last, the database was restored: its versions count from there.
	const mark = heldBack(last.modifiedOn, serviceTime);
	const seen = passed.filter(({ modifiedOn }) => modifiedOn >= mark - OVERLAP_S).map(({ key }) => key);
	return { mark, version: last.version, seen: [...new Set(seen)] };
}

/** A mark in the service's future would hide everything until then. */
function heldBack(mark: number, serviceTime: number | undefined): number {
	return serviceTime !== undefined && mark > serviceTime + CLOCK_SKEW_S ? serviceTime : mark;
}
