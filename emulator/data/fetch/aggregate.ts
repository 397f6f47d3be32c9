/**
 * `<fetch aggregate="true">`: numbers over rows, in groups.
 * https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/aggregate-data
 */

import type { Row, ServiceContext } from '../../contracts';
import { type Aggregated, type GroupKey, type Measure, type MeasureKind, aggregate } from '../aggregate';
import { codes } from '../faults';
import { formattedValue, type Preferences } from '../preferences';
import { annotate } from '../render';
import type { Property } from '../schema';
import { compareValues, isEmpty } from '../values';
import { type FetchAttribute, type FetchEntity, type FetchQuery, fetchFault } from './parse';
import { type FetchPlan, type Joined, type PlannedLink, columnOf } from './plan';

const kinds: Readonly<Record<string, MeasureKind>> = {
	avg: 'average',
	count: 'count',
	countcolumn: 'countColumn',
	max: 'max',
	min: 'min',
	sum: 'sum',
};

interface Term {
	readonly attribute: FetchAttribute;
	readonly alias: string;
	readonly property: Property;
	readonly rowOf: (joined: Joined) => Readonly<Row> | undefined;
}

/** Throws 400 0x8004111C when an attribute is neither a group nor a number, or has no alias. */
export function aggregateRows(
	query: FetchQuery,
	plan: FetchPlan,
	results: Iterable<Joined>,
	preferences: Preferences,
	context: ServiceContext,
): readonly Row[] {
	const terms = termsOf(query.entity, plan);
	const keys = terms.filter(({ attribute }) => attribute.groupBy);
	const measures = terms.filter(({ attribute }) => !attribute.groupBy).map(asMeasure);
	const rows = aggregate(results, keys.map(asKey), measures);
	return ordered(rows, query).map((row) => printed(row, keys, preferences, context));
}

function termsOf({ attributes, links }: FetchEntity, plan: FetchPlan): readonly Term[] {
	const own = attributes.map((attribute) =>
		term(attribute, columnOf(attribute.name, plan.schema), ({ root }) => root),
	);
	return [...own, ...linkedTerms(links, plan.links)];
}

function linkedTerms(links: FetchEntity['links'], planned: readonly PlannedLink[]): readonly Term[] {
	return links.flatMap((link) => {
		const plan = planned.find(({ alias }) => alias === link.alias);
		if (plan === undefined) return [];
		const own = link.attributes.map((attribute) =>
			term(attribute, columnOf(attribute.name, plan.schema), ({ linked }) => linked.get(link.alias)),
		);
		return [...own, ...linkedTerms(link.links, plan.links)];
	});
}

function term(attribute: FetchAttribute, property: Property, rowOf: Term['rowOf']): Term {
	const { alias, aggregate: kind, groupBy } = attribute;
	if (alias === undefined || (kind === undefined) === !groupBy) {
		throw fetchFault(
			codes.fetchElement,
			`Invalid XML in FetchXML: in an aggregate query the attribute '${attribute.name}' needs an alias, and either 'aggregate' or 'groupby'.`,
		);
	}
	return { attribute, alias, property, rowOf };
}

function asKey({ alias, attribute, property, rowOf }: Term): GroupKey<Joined> {
	const read = (joined: Joined) => rowOf(joined)?.[property.column.name];
	return { alias, read: (joined) => grouped(read(joined), attribute.dateGrouping) };
}

function asMeasure({ alias, attribute, property, rowOf }: Term): Measure<Joined> {
	const name = attribute.aggregate ?? '';
	const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
	if (kind === undefined) throw fetchFault(codes.fetchElement, `The aggregate '${name}' is not known.`);
	const distinct = kind === 'countColumn' && attribute.distinct;
	return {
		alias,
		kind: distinct ? 'countDistinct' : kind,
		read: (joined) => rowOf(joined)?.[property.column.name],
	};
}

/** The part of a date that groups, as a number. */
function grouped(value: unknown, part: string | undefined): unknown {
	if (part === undefined || typeof value !== 'string') return value;
	const date = new Date(value);
	const quarter = Math.floor(date.getUTCMonth() / 3) + 1;
	switch (part) {
		case 'day':
			return date.getUTCDate();
		case 'week':
			return weekOf(date);
		case 'month':
			return date.getUTCMonth() + 1;
		case 'quarter':
		case 'fiscal-period':
			return quarter;
		case 'year':
		case 'fiscal-year':
			return date.getUTCFullYear();
		default:
			throw fetchFault(codes.fetchElement, `The dategrouping '${part}' is not known.`);
	}
}

/** Weeks begin on Sunday; the first one has the first of January. */
function weekOf(date: Date): number {
	const first = Date.UTC(date.getUTCFullYear(), 0, 1);
	const days = Math.floor((date.getTime() - first) / 86_400_000);
	return Math.floor((days + new Date(first).getUTCDay()) / 7) + 1;
}

function ordered<T>(rows: readonly Aggregated<T>[], { entity }: FetchQuery): readonly Aggregated<T>[] {
	return [...rows].sort((a, b) => {
		for (const { attribute, descending } of entity.orders) {
			const sign = compareValues(a.values[attribute], b.values[attribute]);
			if (sign !== 0) return descending ? -sign : sign;
		}
		return 0;
	});
}

function printed(
	{ values, sample }: Aggregated<Joined>,
	keys: readonly Term[],
	preferences: Preferences,
	context: ServiceContext,
): Row {
	const row: Row = {};
	for (const [alias, value] of Object.entries(values)) {
		const key = keys.find((candidate) => candidate.alias === alias);
		const source = key && sample && key.rowOf(sample);
		if (key !== undefined && source !== undefined && key.attribute.dateGrouping === undefined) {
			annotate(row, alias, key.property.column, source, preferences, context);
		} else if (preferences.wants(formattedValue) && typeof value === 'number') {
			row[`${alias}@${formattedValue}`] = value.toLocaleString('en-US');
		}
		if (!isEmpty(value)) row[alias] = value;
	}
	return row;
}
