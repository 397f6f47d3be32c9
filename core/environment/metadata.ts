/**
 * Paths of table and column definitions.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query-metadata-web-api
 */

import { checkedName, queryString, type QueryOptions } from '../dataverse/text/odata';

/** Column types whose choices are read through a cast; the common base type cannot be cast to. */
export type ChoiceColumnType = 'Boolean' | 'MultiSelectPicklist' | 'Picklist' | 'State' | 'Status';

export type MetadataQuery = Pick<QueryOptions, 'expand' | 'filter' | 'select'>;

/** One table, by its logical name. */
export function tableDefinitionPath(table: string, query: MetadataQuery = {}): string {
	return `${tableKey(table)}${queryString(query)}`;
}

/** All tables that match. Never paged by the service. */
export function tableDefinitionsPath(query: MetadataQuery = {}): string {
	return `EntityDefinitions${queryString(query)}`;
}

/** The columns of a table, with the properties that all types share. */
export function columnDefinitionsPath(table: string, query: MetadataQuery = {}): string {
	return `${tableKey(table)}/Attributes${queryString(query)}`;
}

/** The columns of one type, with the properties that only this type has. */
export function castColumnsPath(table: string, type: string, query: MetadataQuery = {}): string {
	const cast = `Microsoft.Dynamics.CRM.${checkedName(type, 'type')}AttributeMetadata`;
	return `${tableKey(table)}/Attributes/${cast}${queryString(query)}`;
}

/** The choices of one column, in `OptionSet` and `GlobalOptionSet`. */
export function choicesPath(table: string, column: string, type: ChoiceColumnType): string {
	const options = type === 'Boolean' ? ['OptionSet'] : ['OptionSet', 'GlobalOptionSet'];
	const expand = options.map((property) => ({ property }));
	const cast = `Microsoft.Dynamics.CRM.${checkedName(type, 'type')}AttributeMetadata`;
	return `${columnKey(table, column)}/${cast}${queryString({ select: ['LogicalName'], expand })}`;
}

/** The longest text that a memo column holds. */
export function memoPath(table: string, column: string): string {
	const cast = 'Microsoft.Dynamics.CRM.MemoAttributeMetadata';
	return `${columnKey(table, column)}/${cast}${queryString({ select: ['LogicalName', 'MaxLength'] })}`;
}

/** The alternate keys of a table. */
export function keysPath(table: string): string {
	const select = ['LogicalName', 'KeyAttributes', 'EntityKeyIndexStatus'];
	return `${tableKey(table)}/Keys${queryString({ select })}`;
}

/** Relationships of a table, seen from it. */
export function relationshipsPath(
	table: string,
	kind: 'ManyToMany' | 'ManyToOne' | 'OneToMany',
	query: MetadataQuery = {},
): string {
	return `${tableKey(table)}/${checkedName(kind, 'relationship')}Relationships${queryString(query)}`;
}

function tableKey(table: string): string {
	return `EntityDefinitions(LogicalName='${checkedName(table, 'table')}')`;
}

function columnKey(table: string, column: string): string {
	return `${tableKey(table)}/Attributes(LogicalName='${checkedName(column, 'column')}')`;
}
