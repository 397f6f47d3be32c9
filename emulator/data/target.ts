/** From an address to a table and a row. */

import type { Row, ServiceContext } from '../contracts';
import { ServiceFault } from '../contracts';
import { compareTyped, convert } from './conditions';
import { badUri, codes, rowNotFound, unknownProperty, unknownResource } from './faults';
import { type PathSegment, type RowKey, parseKey } from './path';
import { requireReach, requireVerb, type Verb } from './privileges';
import { schemaOf } from './schema';
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
}

/** Throws 404 0x80060891 when no row has the alternate key, 400 when the table has no such key. */
export function address(table: TableStore, segment: PathSegment): Addressed {
	const key = parseKey(segment.inside ?? '');
	if (key.kind === 'id') return { table, id: key.id, row: table.get(key.id) };
	const single = key.parts.get(table.definition.primaryKey);
	if (single !== undefined && key.parts.size === 1) {
		return { table, id: single.toLowerCase(), row: table.get(single) };
	}
	const row = findByAlternateKey(table, key);
	if (row === undefined) {
		throw new ServiceFault(
			404,
			codes.keyNotFound,
			`A record with the specified key values does not exist in ${table.definition.logicalName} entity`,
		);
	}
	return { table, id: String(row[table.definition.primaryKey]), row };
}

function findByAlternateKey(
	table: TableStore,
	{ parts }: RowKey & { kind: 'alternate' },
): Readonly<Row> | undefined {
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
	const [first] = wanted;
	if (first === undefined) return undefined;
	for (const ordinal of table.equalTo(first.property.column.name, first.value)) {
		const row = table.at(ordinal);
		const fits = ({ property, value }: (typeof wanted)[number]) =>
			compareTyped(row?.[property.column.name], value, property.type) === 0;
		if (row !== undefined && wanted.every(fits)) return row;
	}
	return undefined;
}

/** Throws 404 0x80040217 when the id has no row. */
export function existing({ table, id, row }: Addressed): Readonly<Row> {
	if (row === undefined) throw rowNotFound(table.definition.logicalName, id);
	return row;
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
