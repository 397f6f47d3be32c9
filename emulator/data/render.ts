/** Stored rows to the JSON form of the Web API, with the annotations that were asked for. */

import type { ColumnDefinition, Row, ServiceContext } from '../contracts';
import { unknownProperty } from './faults';
import { manyToManyOf, rowsAcross } from './manyToMany';
import type { Preferences } from './preferences';
import { associatedNavigation, formattedValue, lookupLogicalName } from './preferences';
import { requireVerb } from './privileges';
import type { ExpandTerm } from './queryOptions';
import {
	type Property,
	type TableSchema,
	apiRoot,
	collectionName,
	collectionsOf,
	isLookup,
	navigationName,
	schemaOf,
} from './schema';
import { findTable } from './store';
import type { TableStore } from './tableStore';
import { isEmpty } from './values';

type StoredRow = Readonly<Row>;

/** Properties to print: the selected ones and those that come along unasked (primary key, currency of money). */
export function selectedProperties(schema: TableSchema, select?: readonly string[]): readonly Property[] {
	if (select === undefined || select.includes('*')) return [...schema.properties.values()];
	const chosen = new Set<Property>();
	const { definition } = schema;
	for (const name of [...select, definition.primaryKey]) {
		const property = schema.properties.get(name);
		if (property === undefined) throw unknownProperty(name, definition.logicalName);
		chosen.add(property);
	}
	const currency = schema.properties.get('_transactioncurrencyid_value');
	if (currency && [...chosen].some(({ column }) => column.type === 'money')) chosen.add(currency);
	return [...chosen];
}

export function etagOf(row: StoredRow): string {
	return `W/"${String(row.versionnumber)}"`;
}

export interface RenderOptions {
	readonly properties: readonly Property[];
	readonly preferences: Preferences;
	readonly expand?: readonly ExpandTerm[];
	/** FetchXML answers leave empty columns out. */
	readonly omitEmpty?: boolean;
}

/** One row with its etag. Key order is that of the service: annotations stand before their value. */
export function renderRow(
	schema: TableSchema,
	row: StoredRow,
	options: RenderOptions,
	context: ServiceContext,
): Row {
	const printed: Row = { '@odata.etag': etagOf(row) };
	for (const { name, column } of options.properties) {
		const value = row[column.name];
		if (isEmpty(value)) {
			if (!options.omitEmpty) printed[name] = null;
			continue;
		}
		annotate(printed, name, column, row, options.preferences, context);
		printed[name] = value;
	}
	for (const term of options.expand ?? []) expandInto(printed, schema, row, term, options, context);
	return printed;
}

/** Writes the wanted annotations of one value under `<name>@…`. */
export function annotate(
	printed: Row,
	name: string,
	column: ColumnDefinition,
	row: StoredRow,
	preferences: Preferences,
	context: ServiceContext,
): void {
	if (!preferences.anyAnnotations) return;
	if (isLookup(column)) {
		const target = lookupTarget(row, column);
		if (preferences.wants(associatedNavigation)) {
			printed[`${name}@${associatedNavigation}`] = navigationName(column, target);
		}
		if (preferences.wants(lookupLogicalName)) printed[`${name}@${lookupLogicalName}`] = target;
	}
	if (!preferences.wants(formattedValue)) return;
	const text = formatted(row[column.name], column, row, context);
	if (text !== undefined) printed[`${name}@${formattedValue}`] = text;
}

/** Logical name of the table that the row's lookup points at. */
export function lookupTarget(row: StoredRow, column: ColumnDefinition): string {
	return String(row[`${column.name}@table`] ?? column.targets?.[0] ?? '');
}

function formatted(
	value: unknown,
	column: ColumnDefinition,
	row: StoredRow,
	context: ServiceContext,
): string | undefined {
	switch (column.type) {
		case 'boolean':
			return value === true ? 'Yes' : 'No';
		case 'choice':
		case 'state':
		case 'status':
			return column.options?.find((option) => option.value === value)?.label;
		case 'multichoice':
			return multichoiceLabels(String(value), column);
		case 'lookup':
		case 'owner':
			return nameOf(lookupTarget(row, column), String(value), context);
		case 'money':
			return (
				currencySymbol(row, context) + Number(value).toLocaleString('en-US', { minimumFractionDigits: 2 })
			);
		case 'bigint':
		case 'decimal':
		case 'double':
		case 'integer':
			return Number(value).toLocaleString('en-US');
		case 'datetime':
			return formattedDate(String(value));
		case 'file':
		case 'guid':
		case 'image':
		case 'memo':
		case 'string':
			return undefined;
	}
}

function multichoiceLabels(value: string, column: ColumnDefinition): string {
	const label = (text: string) =>
		column.options?.find((option) => option.value === Number(text))?.label ?? text;
	return value.split(',').map(label).join('; ');
}

function nameOf(logicalName: string, id: string, context: ServiceContext): string | undefined {
	const table = findTable(context.store, logicalName);
	const name = table?.get(id)?.[table.definition.primaryName];
	return isEmpty(name) ? undefined : String(name);
}

function currencySymbol(row: StoredRow, context: ServiceContext): string {
	const currency = findTable(context.store, 'transactioncurrency')?.get(String(row.transactioncurrencyid));
	return isEmpty(currency?.currencysymbol) ? '' : String(currency?.currencysymbol);
}

/** In the zone and language of a user who has set neither: UTC, US English. */
function formattedDate(value: string): string {
	const date = new Date(value);
	const day = date.toLocaleDateString('en-US', { timeZone: 'UTC' });
	if (value.length === 10) return day;
	return `${day} ${date.toLocaleTimeString('en-US', { timeZone: 'UTC', hour: 'numeric', minute: '2-digit' })}`;
}

function expandInto(
	printed: Row,
	schema: TableSchema,
	row: StoredRow,
	{ navigation: name, select }: ExpandTerm,
	options: RenderOptions,
	context: ServiceContext,
): void {
	const navigations = schema.navigations.get(name);
	if (navigations === undefined) {
		expandCollection(printed, schema, row, { navigation: name, select }, options, context);
		return;
	}
	const navigation = navigations.find(({ column, target }) => lookupTarget(row, column) === target);
	const table = navigation && findTable(context.store, navigation.target);
	const found = navigation && table?.get(String(row[navigation.column.name]));
	if (table === undefined || !found) {
		printed[name] = null;
		return;
	}
	const target = schemaOf(table.definition);
	const properties = selectedProperties(target, select);
	printed[name] = renderRow(target, found, { properties, preferences: options.preferences }, context);
}

/** The rows that point at this one. The service prints a link to the next page also where there is none. */
function expandCollection(
	printed: Row,
	schema: TableSchema,
	row: StoredRow,
	{ navigation: name, select }: ExpandTerm,
	options: RenderOptions,
	context: ServiceContext,
): void {
	const { entitySetName, logicalName, primaryKey } = schema.definition;
	const id = String(row[primaryKey]);
	const { table, rows } = rowsBehind(name, id, logicalName, context);
	const target = schemaOf(table.definition);
	const properties = selectedProperties(target, select);
	printed[name] = rows.map((found) =>
		renderRow(target, found, { properties, preferences: options.preferences }, context),
	);
	const query = select === undefined ? '' : `?$select=${select.join()}`;
	printed[`${name}@odata.nextLink`] = `${apiRoot(context)}${entitySetName}(${id})/${name}${query}`;
}

/** Rows that point at this one, or those across a many-to-many relationship. */
function rowsBehind(
	name: string,
	id: string,
	logicalName: string,
	context: ServiceContext,
): { readonly table: TableStore; readonly rows: readonly StoredRow[] } {
	const across = manyToManyOf(context.store, logicalName, name);
	if (across !== undefined) return { table: across.target, rows: rowsAcross(context.store, id, across) };
	const relationship = collectionOf(name, logicalName, context);
	const table = relationship && findTable(context.store, relationship.referencingTable);
	if (relationship === undefined || table === undefined) throw unknownProperty(name, logicalName);
	const rows = table
		.equalTo(relationship.referencingColumn, id)
		.map((ordinal) => table.at(ordinal))
		.filter((found) => found?.[relationship.referencingColumn] === id)
		.filter((found) => found !== undefined);
	return { table, rows };
}

function collectionOf(name: string, logicalName: string, { store }: ServiceContext) {
	return collectionsOf(store, logicalName).find((candidate) => collectionName(candidate) === name);
}

/** Refuses what cannot be expanded, also when there is no row to expand. */
export function checkExpand(
	schema: TableSchema,
	expand: readonly ExpandTerm[],
	context: ServiceContext,
): void {
	for (const { navigation, select } of expand) {
		const navigations = schema.navigations.get(navigation);
		if (navigations === undefined) {
			checkCollection(schema, navigation, select, context);
			continue;
		}
		for (const { target } of navigations) {
			const table = findTable(context.store, target);
			if (table !== undefined) selectedProperties(schemaOf(table.definition), select);
		}
	}
}

function checkCollection(
	{ definition }: TableSchema,
	name: string,
	select: readonly string[] | undefined,
	context: ServiceContext,
): void {
	const across = manyToManyOf(context.store, definition.logicalName, name)?.target.definition;
	const relationship = collectionOf(name, definition.logicalName, context);
	if (relationship === undefined && across === undefined) throw unknownProperty(name, definition.logicalName);
	definition.hooks?.beforeExpand?.(context);
	const target = across ?? context.store.table(relationship?.referencingTable ?? '').definition;
	requireVerb('Read', target, context);
	selectedProperties(schemaOf(target), select);
}
