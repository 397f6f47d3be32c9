/** Which rows match, in which order, and where a page begins: shared by OData lists and FetchXML. */

import type { Row, Table } from '../contracts';
import type { RowTest } from './filterScope';
import { tableStore } from './store';
import type { TableStore } from './tableStore';
import { compareValues } from './values';

export interface SortKey {
	readonly column: string;
	readonly descending: boolean;
}

export interface Selection {
	readonly test?: RowTest;
	/** Places that can match, ascending; undefined = all. */
	readonly candidates?: readonly number[];
	readonly order: readonly SortKey[];
	/**
	 * Two selections with the same key match the same rows as long as the table does not change. Absent when that
	 * cannot be said: the answer depends on the time or on other tables.
	 */
	readonly key?: string;
}

/** Place of the last row of the page before, and its sort values as they were when it was printed. */
export interface Position {
	readonly ordinal: number;
	readonly values: readonly unknown[];
}

export interface PlacedRow {
	readonly ordinal: number;
	readonly row: Readonly<Row>;
}

/** Matching rows in order, from just after `after`. Lazy: reading one page costs one page. */
export function* walk(table: TableStore, selection: Selection, after?: Position): Generator<PlacedRow> {
	if (selection.order.length > 0) {
		yield* walkSorted(table, selection, after);
		return;
	}
	for (const ordinal of places(table, selection.candidates, after?.ordinal)) {
		const row = table.at(ordinal);
		if (row !== undefined && (selection.test?.(row) ?? true)) yield { ordinal, row };
	}
}

function* places(table: TableStore, candidates?: readonly number[], after = -1): Generator<number> {
	if (candidates === undefined) {
		for (let ordinal = after + 1; ordinal < table.end; ordinal += 1) yield ordinal;
		return;
	}
	for (const ordinal of candidates) if (ordinal > after) yield ordinal;
}

interface Sorted {
	readonly version: number;
	readonly ordinals: readonly number[];
}

const sortedCache = new WeakMap<TableStore, Map<string, Sorted>>();
const sortedKept = 4;

/** Sorting is done once for all pages of a query, as long as nobody writes to the table. */
function sorted(table: TableStore, selection: Selection): readonly number[] {
	const cache = sortedCache.get(table) ?? new Map<string, Sorted>();
	sortedCache.set(table, cache);
	const known = selection.key === undefined ? undefined : cache.get(selection.key);
	if (known?.version === table.version) return known.ordinals;
	const rows = [...walk(table, { ...selection, order: [] })].map(({ ordinal, row }) => ({
		ordinal,
		values: sortValues(row, selection.order),
	}));
	rows.sort((a, b) => comparePositions(a, b, selection.order));
	const ordinals = rows.map(({ ordinal }) => ordinal);
	if (selection.key === undefined) return ordinals;
	cache.delete(selection.key);
	cache.set(selection.key, { version: table.version, ordinals });
	for (const oldest of cache.keys()) {
		if (cache.size <= sortedKept) break;
		cache.delete(oldest);
	}
	return ordinals;
}

function sortValues(row: Readonly<Row>, order: readonly SortKey[]): readonly unknown[] {
	return order.map(({ column }) => row[column] ?? null);
}

function comparePositions(a: Position, b: Position, order: readonly SortKey[]): number {
	for (const [at, { descending }] of order.entries()) {
		const sign = compareValues(a.values[at], b.values[at]);
		if (sign !== 0) return descending ? -sign : sign;
	}
	return a.ordinal - b.ordinal;
}

function* walkSorted(table: TableStore, selection: Selection, after?: Position): Generator<PlacedRow> {
	const ordinals = sorted(table, selection);
	const { order } = selection;
	let low = 0;
	let high = after === undefined ? 0 : ordinals.length;
	while (after !== undefined && low < high) {
		const middle = (low + high) >> 1;
		const ordinal = ordinals[middle] ?? 0;
		const row = table.at(ordinal) ?? {};
		if (comparePositions({ ordinal, values: sortValues(row, order) }, after, order) <= 0) low = middle + 1;
		else high = middle;
	}
	for (let at = low; at < ordinals.length; at += 1) {
		const ordinal = ordinals[at] ?? 0;
		const row = table.at(ordinal);
		if (row !== undefined) yield { ordinal, row };
	}
}

/** Number of matches, counted no further than `limit`. */
export function countMatches(table: TableStore, selection: Selection, limit: number): number {
	if (selection.test === undefined && selection.candidates === undefined) return Math.min(table.size, limit);
	const matches = walk(table, { ...selection, order: [] });
	let count = 0;
	while (count < limit && !matches.next().done) count += 1;
	return count;
}

/** Rows whose column equals the value, by index; text without regard to case. */
export function rowsEqualTo(table: Table, column: string, value: unknown): readonly Readonly<Row>[] {
	const store = tableStore(table);
	return store
		.equalTo(column, value)
		.map((ordinal) => store.at(ordinal))
		.filter((row) => row !== undefined);
}
