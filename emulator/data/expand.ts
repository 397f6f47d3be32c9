/** `$expand`: rows behind navigation properties inside of the rows that lead to them. */

import type { Row, ServiceContext } from '../contracts';
import { selectByFilter, tableScope } from './candidates';
import { type Collection, collectionOf, rowsOf } from './collections';
import type { ExpandTerm, OrderTerm } from './expandSyntax';
import { badUri, unknownProperty } from './faults';
import { reachOf, requireVerb } from './privileges';
import { lookupTarget, selectedProperties } from './properties';
import { type TableSchema, apiRoot, schemaOf } from './schema';
import { findTable } from './store';
import { compareValues } from './values';

type StoredRow = Readonly<Row>;

/** Prints a row of the table with what the term selects and expands. */
export type Render = (schema: TableSchema, row: StoredRow, term: ExpandTerm) => Row;

/** Writes the rows behind one navigation property into the printed row. */
export function expandInto(
	printed: Row,
	schema: TableSchema,
	row: StoredRow,
	term: ExpandTerm,
	render: Render,
	context: ServiceContext,
): void {
	const { navigation: name } = term;
	const navigations = schema.navigations.get(name);
	if (navigations === undefined) {
		expandCollection(printed, schema, row, term, render, context);
		return;
	}
	const navigation = navigations.find(({ column, target }) => lookupTarget(row, column) === target);
	const table = navigation && findTable(context.store, navigation.target);
	const found = navigation && table?.get(String(row[navigation.column.name]));
	if (table === undefined || !found) {
		printed[name] = null;
		return;
	}
	const { entitySetName, primaryKey } = table.definition;
	printed[name] = term.ref
		? { '@odata.id': `${apiRoot(context)}${entitySetName}(${String(found[primaryKey])})` }
		: render(schemaOf(table.definition), found, term);
}

/** The service prints a link to the next page also where there is none. */
function expandCollection(
	printed: Row,
	schema: TableSchema,
	row: StoredRow,
	term: ExpandTerm,
	render: Render,
	context: ServiceContext,
): void {
	const { entitySetName, logicalName, primaryKey } = schema.definition;
	const { navigation: name, top = Infinity } = term;
	const collection = collectionOf(name, logicalName, context);
	if (collection === undefined) throw unknownProperty(name, logicalName);
	const id = String(row[primaryKey]);
	const rows = ordered(filtered(collection, id, term, context), term.orderBy, collection);
	const target = schemaOf(collection.table.definition);
	printed[name] = rows.slice(0, top).map((found) => render(target, found, term));
	printed[`${name}@odata.nextLink`] = `${apiRoot(context)}${entitySetName}(${id})/${name}${queryOf(term)}`;
}

function filtered(
	collection: Collection,
	id: string,
	{ filter }: ExpandTerm,
	context: ServiceContext,
): readonly StoredRow[] {
	const { table } = collection;
	const scope = tableScope(schemaOf(table.definition), context);
	const test = filter === undefined ? undefined : selectByFilter(filter, table, scope).test;
	const reach = reachOf('Read', table.definition, context);
	return rowsOf(collection, id).filter((found) => (test?.(found) ?? true) && (reach?.(found) ?? true));
}

function ordered(
	rows: readonly StoredRow[],
	orderBy: readonly OrderTerm[],
	{ table }: Collection,
): readonly StoredRow[] {
	const { properties } = schemaOf(table.definition);
	return [...rows].sort((a, b) => {
		for (const { property, descending } of orderBy) {
			const name = properties.get(property)?.column.name ?? property;
			const sign = compareValues(a[name], b[name]);
			if (sign !== 0) return descending ? -sign : sign;
		}
		return 0;
	});
}

function queryOf({ select, filter, orderBy }: ExpandTerm): string {
	const order = orderBy.map(({ property, descending }) => (descending ? `${property} desc` : property));
	const options = [
		...(select === undefined ? [] : [`$select=${select.join()}`]),
		...(filter === undefined ? [] : [`$filter=${encodeURIComponent(filter)}`]),
		...(order.length === 0 ? [] : [`$orderby=${encodeURIComponent(order.join())}`]),
	];
	return options.length === 0 ? '' : `?${options.join('&')}`;
}

/**
 * Refuses what cannot be expanded, also when there is no row to expand.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/join-tables
 */
export function checkExpand(
	schema: TableSchema,
	expand: readonly ExpandTerm[],
	context: ServiceContext,
	depth = 0,
): void {
	for (const term of expand) {
		const targets = expandTargets(schema, term, context);
		const single = schema.navigations.has(term.navigation);
		if ((single || depth > 0) && (term.orderBy.length > 0 || term.top !== undefined)) {
			throw badUri(
				'Only $select and $filter clause can be provided while doing $expand on many-to-one relationship or nested one-to-many relationship.',
			);
		}
		if (!single && term.ref)
			throw badUri('Expand with $ref is only supported on lookup type navigation property.');
		for (const target of targets) {
			selectedProperties(target, term.select);
			for (const { property } of term.orderBy) {
				if (!target.properties.has(property)) throw unknownProperty(property, target.definition.logicalName);
			}
			if (term.filter !== undefined) {
				const table = findTable(context.store, target.definition.logicalName);
				if (table) selectByFilter(term.filter, table, tableScope(target, context));
			}
			checkExpand(target, term.expand, context, depth + 1);
		}
	}
}

function expandTargets(
	{ definition, navigations }: TableSchema,
	{ navigation: name }: ExpandTerm,
	context: ServiceContext,
): readonly TableSchema[] {
	const single = navigations.get(name);
	if (single !== undefined) {
		return single.flatMap(({ target }) => {
			const table = findTable(context.store, target);
			if (table === undefined) return [];
			requireVerb('Read', table.definition, context);
			return [schemaOf(table.definition)];
		});
	}
	const collection = collectionOf(name, definition.logicalName, context);
	if (collection === undefined) throw unknownProperty(name, definition.logicalName);
	definition.hooks?.beforeExpand?.(context);
	requireVerb('Read', collection.table.definition, context);
	return [schemaOf(collection.table.definition)];
}

/** `accounts(name,primarycontactid(fullname))`: the part of a context that says what is expanded. */
export function expandContext(expand: readonly ExpandTerm[]): readonly string[] {
	return expand.map(
		({ navigation, select = [], expand: inner }) =>
			`${navigation}(${[...select, ...expandContext(inner)].join()})`,
	);
}
