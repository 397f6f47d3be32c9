/** Equality indexes of one table: built when first asked for, kept up with every write. */

import type { Row } from '../contracts';

type Index = Map<unknown, number[]>;
type StoredRow = Readonly<Row> | undefined;

export class EqualityIndexes {
	private readonly byColumn = new Map<string, Index>();

	/** Places of the rows whose column equals the value, ascending; text without regard to case. */
	find(
		column: string,
		value: unknown,
		everyRow: () => Iterable<readonly [number, Readonly<Row>]>,
	): readonly number[] {
		let index = this.byColumn.get(column);
		if (index === undefined) {
			index = new Map();
			for (const [ordinal, row] of everyRow()) add(index, keyOf(row[column]), ordinal);
			this.byColumn.set(column, index);
		}
		return index.get(keyOf(value)) ?? [];
	}

	/** Tells all indexes that the row at this place has become another one. */
	replace(ordinal: number, from: StoredRow, to: StoredRow): void {
		for (const [column, index] of this.byColumn) {
			const before = keyOf(from?.[column]);
			const after = keyOf(to?.[column]);
			if (before === after) continue;
			remove(index, before, ordinal);
			add(index, after, ordinal);
		}
	}
}

/** Empty columns are not indexed. */
function keyOf(value: unknown): unknown {
	if (value === null) return undefined;
	return typeof value === 'string' ? value.toLowerCase() : value;
}

function remove(index: Index, key: unknown, ordinal: number): void {
	const left = (index.get(key) ?? []).filter((other) => other !== ordinal);
	if (left.length === 0) index.delete(key);
	else index.set(key, left);
}

function add(index: Index, key: unknown, ordinal: number): void {
	if (key === undefined) return;
	const entries = index.get(key);
	if (entries === undefined) {
		index.set(key, [ordinal]);
		return;
	}
	entries.push(ordinal);
	const previous = entries[entries.length - 2];
	if (previous !== undefined && previous > ordinal) entries.sort((a, b) => a - b);
}
