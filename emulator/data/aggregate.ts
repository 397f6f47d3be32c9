/** Sums, averages, least and greatest values and numbers of rows, in groups. */

import type { Row } from '../contracts';
import { ServiceFault } from '../contracts';
import { codes } from './faults';
import { compareValues, isEmpty } from './values';

export type MeasureKind = 'average' | 'count' | 'countColumn' | 'countDistinct' | 'max' | 'min' | 'sum';

export interface GroupKey<T> {
	readonly alias: string;
	readonly read: (row: T) => unknown;
}

export interface Measure<T> extends GroupKey<T> {
	readonly kind: MeasureKind;
}

export interface Aggregated<T> {
	/** By alias; empty values are left out. */
	readonly values: Row;
	/** One of the rows of the group; absent when there was none at all. */
	readonly sample?: T;
}

/** "AggregateQueryRecordLimit": https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/aggregate-data */
const mostRows = 50_000;

/** Throws 400 0x8004E023 for more than 50,000 rows. Without keys there is one group, also of no rows. */
export function aggregate<T>(
	rows: Iterable<T>,
	keys: readonly GroupKey<T>[],
	measures: readonly Measure<T>[],
): readonly Aggregated<T>[] {
	const groups = new Map<string, T[]>();
	let seen = 0;
	for (const row of rows) {
		seen += 1;
		if (seen > mostRows) {
			throw new ServiceFault(
				400,
				codes.aggregateLimit,
				'AggregateQueryRecordLimit exceeded. Cannot perform this operation.',
			);
		}
		const key = JSON.stringify(keys.map(({ read }) => comparable(read(row)) ?? null));
		const known = groups.get(key);
		if (known === undefined) groups.set(key, [row]);
		else known.push(row);
	}
	if (keys.length === 0 && groups.size === 0) groups.set('', []);
	return [...groups.values()].map((members) => {
		const [sample] = members;
		const values: Row = {};
		for (const { alias, read } of keys) if (sample !== undefined) enter(values, alias, read(sample));
		for (const measure of measures) enter(values, measure.alias, measured(measure, members));
		return { values, ...(sample !== undefined && { sample }) };
	});
}

function enter(values: Row, alias: string, value: unknown): void {
	if (!isEmpty(value)) values[alias] = value;
}

/** Texts group without regard to case. */
function comparable(value: unknown): unknown {
	return typeof value === 'string' ? value.toLowerCase() : value;
}

function measured<T>({ kind, read }: Measure<T>, members: readonly T[]): unknown {
	if (kind === 'count') return members.length;
	const values = members.map((row) => read(row)).filter((value) => !isEmpty(value));
	switch (kind) {
		case 'countColumn':
			return values.length;
		case 'countDistinct':
			return new Set(values.map(comparable)).size;
		case 'min':
			return values.reduce((least, value) => (compareValues(value, least) < 0 ? value : least), values[0]);
		case 'max':
			return values.reduce((most, value) => (compareValues(value, most) > 0 ? value : most), values[0]);
		default:
			break;
	}
	if (values.length === 0) return undefined;
	const sum = values.reduce<number>((total, value) => total + Number(value), 0);
	return kind === 'sum' ? sum : sum / values.length;
}
