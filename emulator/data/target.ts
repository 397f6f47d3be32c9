/** From an address to a table and a row. */

import { randomUUID } from 'node:crypto';
import type { Row, ServiceContext } from '../contracts';
import { ServiceFault } from '../contracts';
import { compareTyped, convert } from './conditions';
import { badUri, codes, rowNotFound, unknownProperty, unknownResource } from './faults';
import { type PathSegment, type RowKey, parseKey } from './path';
import { requireReach, requireVerb, type Verb } from './privileges';
import { type Property, isLookup, schemaOf } from './schema';
import { tableStore } from './store';
import type { TableStore } from './tableStore';

/** Throws 403 when the user lacks the privilege on the table, or when it does not reach the row. */
export function requirePrivilege(
	verb: Verb,
	table: TableStore,
	context: ServiceContext,
	row?: Readonly<Row>,
): void {
	requireVerb(verb, table.definition, context);
	if (row !== undefined) requireReach(verb, table.definition, row, context);
}

/** Throws 404 for a set that this environment does not have. */
export function tableOfSet(name: string, context: ServiceContext): TableStore {
	const table = context.store.bySet(name);
	if (table === undefined) throw unknownResource(name);
	return tableStore(table);
}

/** What a key segment names: an id (whether or not there is such a row) or the row that the alternate key finds. */
export interface Addressed {
	readonly table: TableStore;
	readonly id: string;
	readonly row?: Readonly<Row>;
	/** Where an alternate key finds no row: its columns, as an upsert stores them. */
	readonly missingKey?: Row;
}

/** Throws 400 when the table has no such key. */
export function address(table: TableStore, segment: PathSegment): Addressed {
	const key = parseKey(segment.inside ?? '');
	if (key.kind === 'id') return { table, id: key.id, row: table.get(key.id) };
	const single = key.parts.get(table.definition.primaryKey);
	if (single !== undefined && key.parts.size === 1) {
		return { table, id: single.toLowerCase(), row: table.get(single) };
	}
	const wanted = alternateKey(table, key);
	const row = findByKey(table, wanted);
	if (row === undefined) return { table, id: randomUUID(), missingKey: keyColumns(wanted) };
	return { table, id: String(row[table.definition.primaryKey]), row };
}

interface KeyPart {
	readonly property: Property;
	readonly value: unknown;
}

function keyColumns(parts: readonly KeyPart[]): Row {
	const columns = parts.flatMap(({ property: { column }, value }) => [
		[column.name, value],
		...(isLookup(column) ? [[`${column.name}@table`, column.targets?.[0]]] : []),
	]);
	return Object.fromEntries(columns) as Row;
}

function alternateKey(table: TableStore, { parts }: RowKey & { kind: 'alternate' }): readonly KeyPart[] {
	const schema = schemaOf(table.definition);
	const wanted = [...parts].map(([name, text]) => {
		const property = schema.properties.get(name);
		if (property === undefined) throw unknownProperty(name, table.definition.logicalName);
		return { property, value: convert(text, property.type) };
	});
	const names = wanted.map(({ property }) => property.column.name).sort();
	const declared = (table.definition.alternateKeys ?? []).some(
		(key) => [...key].sort().join() === names.join(),
	);
	if (!declared) throw badUri('The specified key properties are not a declared key of the entity.');
	return wanted;
}

function findByKey(table: TableStore, wanted: readonly KeyPart[]): Readonly<Row> | undefined {
	const [first] = wanted;
	if (first === undefined) return undefined;
	for (const ordinal of table.equalTo(first.property.column.name, first.value)) {
		const row = table.at(ordinal);
		const fits = ({ property, value }: KeyPart) =>
			compareTyped(row?.[property.column.name], value, property.type) === 0;
		if (row !== undefined && wanted.every(fits)) return row;
	}
	return undefined;
}

/** Throws 404 when there is no row: 0x80040217 for an id, 0x80060891 for an alternate key. */
export function existing({ table, id, row, missingKey }: Addressed): Readonly<Row> {
	if (row !== undefined) return row;
	const { logicalName } = table.definition;
	if (missingKey === undefined) throw rowNotFound(logicalName, id);
	throw new ServiceFault(
		404,
		codes.keyNotFound,
		`A record with the specified key values does not exist in ${logicalName} entity`,
	);
}

/** `/contacts(<guid>)`, without the first slash, or as an absolute address; `$1` through the content ids of a change set. */
export function resolveReference(
	text: string,
	context: ServiceContext,
	contentIds: ReadonlyMap<string, string>,
): { readonly table: TableStore; readonly id: string } {
	const reference = /^\$[\w-]+/.exec(text);
	const key = reference?.[0].slice(1) ?? '';
	const known = contentIds.get(key) ?? contentIds.get(`$${key}`);
	if (reference && known === undefined) {
		const message = `Content-ID Reference: '${text}' does not exist in the batch context.`;
		throw new ServiceFault(400, codes.uri, message);
	}
	const path = (known ?? text).replace(/^.*\/api\/data\/v\d+\.\d+\//, '').replace(/^\//, '');
	const match = /^([A-Za-z_]\w*)(\(.+\))$/.exec(path);
	if (match?.[1] === undefined || match[2] === undefined) {
		throw badUri(`Resource not found for the segment '${path}'.`);
	}
	const addressed = address(tableOfSet(match[1], context), { name: match[1], inside: match[2].slice(1, -1) });
	existing(addressed);
	return { table: addressed.table, id: addressed.id };
}
