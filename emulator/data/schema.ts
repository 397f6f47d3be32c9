/** What a table looks like on the wire: property names, navigation properties, value types. */

import type { ColumnDefinition, RelationshipDefinition, Store, TableDefinition } from '../contracts';

export type ValueType = 'any' | 'boolean' | 'datetime' | 'guid' | 'number' | 'string';

/** A property of the JSON form: `x`, or `_x_value` for a lookup. */
export interface Property {
	readonly name: string;
	readonly column: ColumnDefinition;
	readonly type: ValueType;
}

/** Single-valued navigation property: one target of a lookup. */
export interface Navigation {
	readonly name: string;
	readonly column: ColumnDefinition;
	readonly target: string;
}

export interface TableSchema {
	readonly definition: TableDefinition;
	/** What can be read. */
	readonly properties: ReadonlyMap<string, Property>;
	/** What can be written: also the columns that only take values. */
	readonly writable: ReadonlyMap<string, Property>;
	/** By name of navigation property; one name may lead to several tables (`ownerid`). */
	readonly navigations: ReadonlyMap<string, readonly Navigation[]>;
	readonly columns: ReadonlyMap<string, Property>;
}

const schemas = new WeakMap<TableDefinition, TableSchema>();

export function schemaOf(definition: TableDefinition): TableSchema {
	const known = schemas.get(definition);
	if (known !== undefined) return known;
	const list = definition.columns.map(toProperty);
	const readable = list.filter(({ column }) => !column.writeOnly);
	const schema: TableSchema = {
		definition,
		properties: new Map(readable.map((property) => [property.name, property])),
		writable: new Map(list.map((property) => [property.name, property])),
		columns: new Map(readable.map((property) => [property.column.name, property])),
		navigations: navigationsOf(definition),
	};
	schemas.set(definition, schema);
	return schema;
}

export function isLookup(column: ColumnDefinition): boolean {
	return column.type === 'lookup' || column.type === 'owner';
}

/** Navigation property through which a lookup reaches a table. */
export function navigationName(column: ColumnDefinition, target: string): string {
	return column.navigation?.[target] ?? column.name;
}

/** Navigation property from the "one" side to the many. */
export function collectionName({ collection, schemaName }: RelationshipDefinition): string {
	return collection ?? schemaName;
}

/** One-to-many relationships whose "one" side is this table; their schema names are collection navigation properties. */
export function collectionsOf(store: Store, logicalName: string): readonly RelationshipDefinition[] {
	return allRelationships(store.definitions).filter(({ referencedTable }) => referencedTable === logicalName);
}

/** Relationships of all tables whose both ends exist, each once. */
export function allRelationships(definitions: readonly TableDefinition[]): readonly RelationshipDefinition[] {
	const tables = new Set(definitions.map(({ logicalName }) => logicalName));
	const byName = new Map<string, RelationshipDefinition>();
	for (const { relationships = [] } of definitions) {
		for (const relationship of relationships) {
			if (!tables.has(relationship.referencedTable) || !tables.has(relationship.referencingTable)) continue;
			byName.set(relationship.schemaName, relationship);
		}
	}
	return [...byName.values()];
}

export { apiRoot } from '../contracts';

function toProperty(column: ColumnDefinition): Property {
	return { name: isLookup(column) ? `_${column.name}_value` : column.name, column, type: valueType(column) };
}

function valueType({ type }: ColumnDefinition): ValueType {
	switch (type) {
		case 'boolean':
		case 'datetime':
		case 'guid':
			return type;
		case 'lookup':
		case 'owner':
			return 'guid';
		case 'choice':
		case 'bigint':
		case 'decimal':
		case 'double':
		case 'integer':
		case 'money':
		case 'state':
		case 'status':
			return 'number';
		case 'file':
		case 'image':
		case 'memo':
		case 'multichoice':
		case 'string':
			return 'string';
	}
}

function navigationsOf(definition: TableDefinition): ReadonlyMap<string, readonly Navigation[]> {
	const navigations = new Map<string, Navigation[]>();
	for (const column of definition.columns.filter(isLookup)) {
		for (const target of column.targets ?? []) {
			const name = navigationName(column, target);
			navigations.set(name, [...(navigations.get(name) ?? []), { name, column, target }]);
		}
	}
	return navigations;
}

/** The columns that the table shows: those that only take values are part of no answer and no metadata. */
export function readableColumns(definition: TableDefinition): readonly ColumnDefinition[] {
	return definition.columns.filter(({ writeOnly }) => !writeOnly);
}

/** The columns that the metadata has: also those that are only written, where they are described. */
export function describedColumns(definition: TableDefinition): readonly ColumnDefinition[] {
	return definition.columns.filter(({ described, writeOnly }) => !writeOnly || described === true);
}
