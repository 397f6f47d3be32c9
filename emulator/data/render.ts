/** Stored rows to the JSON form of the Web API, with the annotations that were asked for. */

import type { ColumnDefinition, Row, ServiceContext } from '../contracts';
import { type Render, expandInto } from './expand';
import type { ExpandTerm } from './expandSyntax';
import type { Preferences } from './preferences';
import { associatedNavigation, formattedValue, lookupLogicalName } from './preferences';
import { lookupTarget, selectedProperties } from './properties';
import { type Property, type TableSchema, isLookup, navigationName } from './schema';
import { findTable } from './store';
import { isEmpty } from './values';

type StoredRow = Readonly<Row>;

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
	const { preferences } = options;
	const render: Render = (target, found, { select, expand }) =>
		renderRow(
			target,
			found,
			{ properties: selectedProperties(target, select), preferences, expand },
			context,
		);
	for (const term of options.expand ?? []) expandInto(printed, schema, row, term, render, context);
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
