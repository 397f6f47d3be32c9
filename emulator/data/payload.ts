/** The body of a create or update to stored columns: declared properties only, of the declared types. */

import type { ColumnDefinition, Row, ServiceContext, TableDefinition } from '../contracts';
import { ServiceFault } from '../contracts';
import { badPayload, codes } from './faults';
import { keptValue } from './keeping';
import { requireVerb } from './privileges';
import { type TableSchema, isLookup } from './schema';
import { resolveReference } from './target';
import { instant, isDateText, isGuid, isRecord } from './values';

export interface PayloadOptions {
	readonly contentIds: ReadonlyMap<string, string>;
	readonly context: ServiceContext;
	readonly write: 'create' | 'update';
}

const bindSuffix = '@odata.bind';

/**
 * Columns to write. Read-only columns are left out, as the service leaves them out. Throws 400 for an undeclared
 * property (0x80048d19), a value of the wrong type, a text that is too long or a choice that is not one.
 */
export function readPayload(body: unknown, schema: TableSchema, options: PayloadOptions): Row {
	if (!isRecord(body)) throw badPayload('The request body must be a JSON object.');
	const row: Row = {};
	for (const [key, value] of Object.entries(body)) {
		if (key.endsWith(bindSuffix)) bind(row, key.slice(0, -bindSuffix.length), value, schema, options);
		else if (!key.includes('@')) assign(row, key, stored(value, options.context), schema, options);
	}
	return row;
}

/** Dataverse keeps no empty texts: they read back as null (switch `emptyText`). */
function stored(value: unknown, context: ServiceContext): unknown {
	return value === '' && context.assumption('emptyText') === 'null' ? null : value;
}

/** A column that is not valid for the operation is left out without a word (entity-attribute-metadata). */
function taken(column: ColumnDefinition, { write }: PayloadOptions): boolean {
	if (column.readOnly) return false;
	return (write === 'create' ? column.validForCreate : column.validForUpdate) !== false;
}

function assign(row: Row, name: string, value: unknown, schema: TableSchema, options: PayloadOptions): void {
	const property = schema.writable.get(name);
	if (property === undefined) {
		if (value === null && schema.navigations.has(name)) {
			clear(row, name, schema);
			return;
		}
		throw undeclared(name, schema);
	}
	const { column } = property;
	if (isLookup(column)) {
		throw badPayload(
			`Property '${name}' cannot be written. Use the navigation property with '@odata.bind' instead.`,
		);
	}
	if (!taken(column, options)) return;
	const checked = checkValue(value, column, schema.definition.logicalName);
	row[column.name] = keptValue(checked, column, options.context);
}

function undeclared(name: string, schema: TableSchema): ServiceFault {
	return badPayload(
		`An error occurred while validating input parameters: The property '${name}' does not exist on type ` +
			`'Microsoft.Dynamics.CRM.${schema.definition.logicalName}'. Make sure to only use property names that are defined by the type.`,
	);
}

function clear(row: Row, name: string, schema: TableSchema): void {
	for (const { column } of schema.navigations.get(name) ?? []) {
		row[column.name] = null;
		row[`${column.name}@table`] = null;
	}
}

function bind(row: Row, name: string, value: unknown, schema: TableSchema, options: PayloadOptions): void {
	const navigations = schema.navigations.get(name);
	if (navigations === undefined) throw undeclared(name, schema);
	if (value === null) {
		clear(row, name, schema);
		return;
	}
	if (typeof value !== 'string')
		throw badPayload(`The value of '${name}${bindSuffix}' must be the address of a row.`);
	const { table, id } = resolveReference(value, options.context, options.contentIds);
	const target = table.definition.logicalName;
	const navigation = navigations.find((candidate) => candidate.target === target);
	if (navigation === undefined) {
		throw badPayload(`A row of '${target}' cannot be bound to the navigation property '${name}'.`);
	}
	if (!taken(navigation.column, options)) return;
	requireLinkRights(navigation.column, table.definition, schema, id, options.context);
	row[navigation.column.name] = id;
	row[`${navigation.column.name}@table`] = target;
}

/** Append on the row and AppendTo on the target for every lookup that is set; Assign for another owner. */
function requireLinkRights(
	column: ColumnDefinition,
	target: TableDefinition,
	{ definition }: TableSchema,
	id: string,
	context: ServiceContext,
): void {
	if (column.type === 'owner') {
		if (id !== context.user.userId) requireVerb('Assign', definition, context);
		return;
	}
	requireVerb('Append', definition, context);
	requireVerb('AppendTo', target, context);
}

function checkValue(value: unknown, column: ColumnDefinition, table: string): unknown {
	if (value === null) {
		if (!column.systemRequired) return null;
		throw badPayload(`The property '${column.name}' of '${table}' is required and cannot be set to null.`);
	}
	switch (column.type) {
		case 'boolean':
			return expectType(typeof value === 'boolean', value, column, 'Edm.Boolean');
		case 'bigint':
			return checkRange(expectType(Number.isSafeInteger(value), value, column, 'Edm.Int64'), column, table);
		case 'double':
			return checkRange(expectType(typeof value === 'number', value, column, 'Edm.Double'), column, table);
		case 'decimal':
		case 'money':
			return checkRange(expectType(typeof value === 'number', value, column, 'Edm.Decimal'), column, table);
		case 'integer':
			return checkRange(expectType(isInt32(value), value, column, 'Edm.Int32'), column, table);
		case 'image':
			return expectType(typeof value === 'string', value, column, 'Edm.Binary');
		case 'file':
			throw badPayload(`The file column '${column.name}' is not written with the row.`);
		case 'choice':
		case 'state':
		case 'status':
			return checkChoice(expectType(isInt32(value), value, column, 'Edm.Int32'), column, table);
		case 'multichoice':
			return checkMultichoice(
				expectType(typeof value === 'string', value, column, 'Edm.String'),
				column,
				table,
			);
		case 'datetime':
			return checkDate(value, column, table);
		case 'guid':
			return String(
				expectType(typeof value === 'string' && isGuid(value), value, column, 'Edm.Guid'),
			).toLowerCase();
		case 'memo':
		case 'string':
			return checkLength(expectType(typeof value === 'string', value, column, 'Edm.String'), column, table);
		case 'lookup':
		case 'owner':
			throw badPayload(`The lookup '${column.name}' is written with '@odata.bind'.`);
	}
}

function isInt32(value: unknown): boolean {
	return Number.isInteger(value) && Math.abs(Number(value)) <= 0x7fff_ffff;
}

function expectType(fits: boolean, value: unknown, column: ColumnDefinition, edm: string): unknown {
	if (fits) return value;
	throw badPayload(
		`Error identified in Payload provided by the user: Cannot convert the value of property '${column.name}' to the expected type '${edm}'.`,
	);
}

/** Dates are whole days, or moments that are kept in UTC ("Behavior and format of the date and time column"). */
function checkDate(value: unknown, column: ColumnDefinition, table: string): unknown {
	const dateOnly = column.behavior === 'DateOnly';
	const edm = dateOnly ? 'Edm.Date' : 'Edm.DateTimeOffset';
	const fits = typeof value === 'string' && isDateText(value) && !(dateOnly && value.length > 10);
	const text = String(expectType(fits, value, column, edm));
	if (Date.parse(text) < earliest) {
		throw outOfRange(text, column, table, 'a date from 1/1/1753 on');
	}
	return dateOnly || column.behavior === undefined ? text : instant(Date.parse(text));
}

const earliest = Date.UTC(1753, 0, 1);

function checkRange(value: unknown, column: ColumnDefinition, table: string): unknown {
	const { range } = column;
	if (range === undefined || (Number(value) >= range[0] && Number(value) <= range[1])) return value;
	throw outOfRange(String(value), column, table, `${range[0]} to ${range[1]}`);
}

function outOfRange(value: string, column: ColumnDefinition, table: string, accepted: string): ServiceFault {
	return new ServiceFault(
		400,
		codes.invalidArgument,
		`A validation error occurred. The value ${value} of '${column.name}' on record of type '${table}' is outside the valid range. Accepted Values: ${accepted}`,
	);
}

function checkLength(value: unknown, column: ColumnDefinition, table: string): unknown {
	const { maxLength = Infinity } = column;
	if (String(value).length <= maxLength) return value;
	throw new ServiceFault(
		400,
		codes.tooLong,
		`A validation error occurred. The length of the '${column.name}' attribute of the '${table}' entity exceeded the maximum allowed length of '${maxLength}'.`,
	);
}

function checkChoice(value: unknown, column: ColumnDefinition, table: string): unknown {
	if (column.options?.some((option) => option.value === value)) return value;
	throw new ServiceFault(
		400,
		codes.choiceRange,
		`A validation error occurred. The value ${String(value)} of '${column.name}' on record of type '${table}' is outside the valid range.`,
	);
}

const mostChoices = 150;

function checkMultichoice(value: unknown, column: ColumnDefinition, table: string): unknown {
	const parts = String(value).split(',');
	if (parts.length > mostChoices) throw outOfRange(`of ${parts.length} choices`, column, table, 'up to 150');
	for (const part of parts) checkChoice(Number(part), column, table);
	return parts.map((part) => part.trim()).join();
}
