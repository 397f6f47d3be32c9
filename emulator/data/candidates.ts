/** A filter text over a table: its test and, where an index can tell, the only places that can pass it. */

import type { Row, ServiceContext } from '../contracts';
import { collectionOf, rowsOf } from './collections';
import { convert, equalTextsOf } from './conditions';
import { unknownProperty } from './faults';
import { hierarchyTest } from './hierarchy';
import { compileFilter } from './filterCompile';
import type { FilterScope, RelatedRows, ResolvedPath, RowTest } from './filterScope';
import { queryTest } from './queryFunctions';
import { type FilterTree, parseFilter } from './filterSyntax';
import { reachOf, requireVerb } from './privileges';
import { type TableSchema, schemaOf } from './schema';
import { findTable } from './store';
import type { TableStore } from './tableStore';
import { isEmpty } from './values';

/** How properties of a table's rows are reached in a filter, also through single-valued navigation properties. */
export function tableScope(
	schema: TableSchema,
	context: ServiceContext,
	aliases: ReadonlyMap<string, string> = new Map(),
): FilterScope {
	return {
		aliases,
		now: context.clock.now(),
		userId: context.user.userId,
		businessUnitId: context.user.businessUnitId,
		equalTexts: equalTextsOf(context),
		inHierarchy: (operator, id) => hierarchyTest(operator, id, schema.definition.logicalName, context),
		resolve: (steps) => resolvePath(schema, steps, context),
		collection: (steps) => relatedRows(schema, steps, context, aliases),
	};
}

function relatedRows(
	schema: TableSchema,
	steps: readonly string[],
	context: ServiceContext,
	aliases: ReadonlyMap<string, string>,
): RelatedRows {
	const { logicalName, primaryKey } = schema.definition;
	const [name = '', ...rest] = steps;
	const collection = rest.length > 0 ? undefined : collectionOf(name, logicalName, context);
	if (collection === undefined) throw unknownProperty(steps.join('/'), logicalName);
	const { definition } = collection.table;
	requireVerb('Read', definition, context);
	const reach = reachOf('Read', definition, context);
	return {
		scope: tableScope(schemaOf(definition), context, aliases),
		of: (row) => rowsOf(collection, String(row[primaryKey])).filter((found) => reach?.(found) ?? true),
	};
}

function resolvePath(schema: TableSchema, steps: readonly string[], context: ServiceContext): ResolvedPath {
	const [first = '', ...rest] = steps;
	if (rest.length === 0) {
		// Query functions name a lookup by its column, comparisons by its property.
		const property = schema.properties.get(first) ?? schema.columns.get(first);
		if (property === undefined) throw unknownProperty(first, schema.definition.logicalName);
		const { name } = property.column;
		return { type: property.type, column: name, read: (row) => row[name] };
	}
	const navigations = schema.navigations.get(first) ?? [];
	for (const { column, target } of navigations) {
		const table = findTable(context.store, target);
		if (table === undefined) continue;
		const inner = resolvePath(schemaOf(table.definition), rest, context);
		const read = (row: Readonly<Row>) => {
			const id = row[column.name];
			const found = isEmpty(id) ? undefined : table.get(String(id));
			return found && inner.read(found);
		};
		return { type: inner.type, read };
	}
	throw unknownProperty(first, schema.definition.logicalName);
}

/** Whether a filter looks at nothing but the row itself. */
export function dependsOnRowOnly(filter: string): boolean {
	return !/Microsoft\.Dynamics\.CRM\.|\w\//.test(filter);
}

/** The test of a filter text and, where an index can tell, the only places that can pass it. */
export function selectByFilter(
	text: string,
	table: TableStore,
	scope: FilterScope,
): { test: RowTest; candidates?: readonly number[] } {
	const tree = parseFilter(text);
	const test = compileFilter(tree, scope);
	return { test, candidates: candidatesOf(tree, table, scope) };
}

function candidatesOf(
	tree: FilterTree,
	table: TableStore,
	scope: FilterScope,
): readonly number[] | undefined {
	switch (tree.kind) {
		case 'and':
			return smallest(tree.terms.map((term) => candidatesOf(term, table, scope)));
		case 'or':
			return union(tree.terms.map((term) => candidatesOf(term, table, scope)));
		case 'compare': {
			if (tree.operator !== 'eq' || tree.left.kind !== 'path' || tree.right.kind !== 'literal')
				return undefined;
			return equalCandidates(
				scope.resolve(tree.left.steps),
				[tree.right.value],
				table,
				scope.equalTexts === 'literal',
			);
		}
		case 'query': {
			if (tree.name !== 'In') return undefined;
			const { path, texts } = queryTest(tree, scope);
			return equalCandidates(
				path,
				texts.map((value) => convert(value, path.type)),
				table,
				true,
			);
		}
		default:
			return undefined;
	}
}

/** Places by index. Only texts and ids have enough different values for an index to pay. */
function equalCandidates(
	path: ResolvedPath,
	values: readonly unknown[],
	table: TableStore,
	literal = false,
): readonly number[] | undefined {
	const { column, type } = path;
	if (column === undefined || (type !== 'guid' && type !== 'string')) return undefined;
	const places = new Set<number>();
	for (const value of values) {
		if (typeof value !== 'string') return undefined;
		if (type === 'string' && !literal && /[%_[]/.test(value)) return undefined;
		for (const place of placesOf(table, column, value)) places.add(place);
	}
	return ascending(places);
}

export function placesOf(table: TableStore, column: string, value: string): readonly number[] {
	if (column !== table.definition.primaryKey) return table.equalTo(column, value);
	const place = table.ordinalOf(value.toLowerCase());
	return place === undefined ? [] : [place];
}

export function ascending(places: Iterable<number>): readonly number[] {
	return [...places].sort((a, b) => a - b);
}

function smallest(lists: ReadonlyArray<readonly number[] | undefined>): readonly number[] | undefined {
	const known = lists.filter((list) => list !== undefined);
	return known.sort((a, b) => a.length - b.length)[0];
}

function union(lists: ReadonlyArray<readonly number[] | undefined>): readonly number[] | undefined {
	const places = new Set<number>();
	for (const list of lists) {
		if (list === undefined) return undefined;
		for (const place of list) places.add(place);
	}
	return ascending(places);
}
