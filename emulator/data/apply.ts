/**
 * `$apply`: `filter(…)/groupby((a,b),aggregate(x with sum as y))` and its parts.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/aggregate-data
 */

import type { Row, ServiceContext } from '../contracts';
import { type GroupKey, type Measure, type MeasureKind, aggregate } from './aggregate';
import { selectByFilter, tableScope } from './candidates';
import { badUri } from './faults';
import type { FilterScope } from './filterScope';
import { reachOf } from './privileges';
import type { QueryOptions } from './queryOptions';
import { type DataResponse, json } from './responses';
import { apiRoot, schemaOf } from './schema';
import { findTable } from './store';
import type { TableStore } from './tableStore';

type StoredRow = Readonly<Row>;

const methods: Readonly<Record<string, MeasureKind>> = {
	average: 'average',
	countdistinct: 'countDistinct',
	max: 'max',
	min: 'min',
	sum: 'sum',
};

/** Rows of groups have no etag and no id. Throws 400 for text that is none of the documented forms. */
export function answerApply(
	table: TableStore,
	text: string,
	options: QueryOptions,
	context: ServiceContext,
): DataResponse {
	if (options.orderBy.length > 0) {
		throw badUri('The query node SingleValueOpenPropertyAccess is not supported.');
	}
	const scope = tableScope(schemaOf(table.definition), context, options.aliases);
	const { filter, transformation } = splitFilter(text.trim());
	const { keys, measures } = readTransformation(transformation, scope, table, context);
	const rows = aggregate(sourceRows(table, [filter, options.filter], scope, context), keys, measures);
	return json(200, {
		'@odata.context': `${apiRoot(context)}$metadata#${table.definition.entitySetName}`,
		value: rows.map(({ values }) => values).slice(0, options.top ?? rows.length),
	});
}

function* sourceRows(
	table: TableStore,
	filters: ReadonlyArray<string | undefined>,
	scope: FilterScope,
	context: ServiceContext,
): Generator<StoredRow> {
	const tests = filters.flatMap((filter) =>
		filter === undefined ? [] : [selectByFilter(filter, table, scope).test],
	);
	const reach = reachOf('Read', table.definition, context);
	for (const row of table.rows()) {
		if ((reach?.(row) ?? true) && tests.every((test) => test(row))) yield row;
	}
}

function splitFilter(text: string): { readonly filter?: string; readonly transformation: string } {
	if (!text.startsWith('filter(')) return { transformation: text };
	const end = closing(text, 'filter'.length);
	if (text[end + 1] !== '/') throw badUri("A 'filter' in $apply is followed by 'groupby' or 'aggregate'.");
	return { filter: text.slice('filter('.length, end), transformation: text.slice(end + 2) };
}

/** Where the parenthesis at this place is closed. */
function closing(text: string, open: number): number {
	let depth = 0;
	let quoted = false;
	for (let at = open; at < text.length; at += 1) {
		const character = text[at];
		if (character === "'") quoted = !quoted;
		else if (quoted) continue;
		else if (character === '(') depth += 1;
		else if (character === ')' && --depth === 0) return at;
	}
	throw badUri(`Syntax error in the query option '$apply': '${text}'.`);
}

interface Transformation {
	readonly keys: readonly GroupKey<StoredRow>[];
	readonly measures: readonly Measure<StoredRow>[];
}

function readTransformation(
	text: string,
	scope: FilterScope,
	table: TableStore,
	context: ServiceContext,
): Transformation {
	const alone = /^aggregate\((.*)\)$/s.exec(text)?.[1];
	if (alone !== undefined) return { keys: [], measures: readMeasures(alone, scope) };
	const grouped = /^groupby\(\(([^()]*)\)(?:\s*,\s*aggregate\((.*)\))?\s*\)$/s.exec(text);
	if (grouped?.[1] === undefined) throw badUri(`Syntax error in the query option '$apply': '${text}'.`);
	const keys = grouped[1].split(',').map((path) => readKey(path.trim(), scope, table, context));
	return { keys, measures: grouped[2] === undefined ? [] : readMeasures(grouped[2], scope) };
}

/** A path prints as the table it leads to and the column: `contact_fullname`. */
function readKey(
	path: string,
	scope: FilterScope,
	table: TableStore,
	context: ServiceContext,
): GroupKey<StoredRow> {
	const steps = path.split('/');
	const resolved = scope.resolve(steps);
	if (resolved.type === 'datetime') throw badUri(`Grouping by the date '${path}' is not supported.`);
	const [first = '', last] = steps;
	const target = schemaOf(table.definition).navigations.get(first)?.[0]?.target;
	const alias = last === undefined || target === undefined ? path : `${target}_${last}`;
	if (target !== undefined && findTable(context.store, target) === undefined) throw badUri(`No ${target}.`);
	return { alias, read: (row) => resolved.read(row) };
}

function readMeasures(text: string, scope: FilterScope): readonly Measure<StoredRow>[] {
	return text.split(',').map((part): Measure<StoredRow> => {
		const counted = /^\s*\$count\s+as\s+(\w+)\s*$/.exec(part)?.[1];
		if (counted !== undefined) return { alias: counted, kind: 'count', read: () => undefined };
		const [, path = '', method = '', alias = ''] =
			/^\s*([\w/]+)\s+with\s+(\w+)\s+as\s+(\w+)\s*$/.exec(part) ?? [];
		const kind = Object.hasOwn(methods, method) ? methods[method] : undefined;
		if (kind === undefined) throw badUri(`Syntax error in the query option '$apply': '${part.trim()}'.`);
		const resolved = scope.resolve(path.split('/'));
		return { alias, kind, read: (row) => resolved.read(row) };
	});
}
