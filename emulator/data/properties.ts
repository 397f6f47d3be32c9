/** Which properties of a row are printed, and where its lookups lead. */

import type { ColumnDefinition, Row } from '../contracts';
import { unknownProperty } from './faults';
import type { Property, TableSchema } from './schema';

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

/** Logical name of the table that the row's lookup points at. */
export function lookupTarget(row: Readonly<Row>, column: ColumnDefinition): string {
	return String(row[`${column.name}@table`] ?? column.targets?.[0] ?? '');
}
