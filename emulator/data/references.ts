/**
 * `$ref`: reading the addresses of related rows, and relating rows to each other and taking them apart.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/associate-disassociate-entities-using-web-api
 */

import type { Row } from '../contracts';
import { type Collection, rowsOf } from './collections';
import { badPayload, badUri, rowNotFound, verbNotAllowed } from './faults';
import { parseKey } from './path';
import { requirePrivilege, type Addressed, resolveReference } from './target';
import { type DataResponse, json, noContent } from './responses';
import { type RowCall, addressOf, writeRequest } from './rowCall';
import { apiRoot, navigationName } from './schema';
import { tableStore } from './store';
import { isRecord, own } from './values';
import { updateRow } from './writes';

/** `set(key)/<single-valued property>/$ref`. @param related the row it leads to */
export function answerReference(
	target: Addressed,
	name: string,
	related: Addressed | undefined,
	call: RowCall,
): DataResponse {
	const { context, request } = call;
	switch (request.method) {
		case 'GET': {
			requirePrivilege('Read', target.table, context);
			if (related?.row === undefined) return noContent();
			return json(200, {
				'@odata.context': `${apiRoot(context)}$metadata#$ref`,
				'@odata.id': addressOf(related.table, related.row, context),
			});
		}
		case 'PUT':
			write(target, { [`${name}@odata.bind`]: referenceIn(request.body) }, call);
			return noContent();
		case 'DELETE':
			write(target, { [`${name}@odata.bind`]: null }, call);
			return noContent();
		default:
			throw verbNotAllowed(request.method);
	}
}

/** `set(key)/<collection>/$ref`: the addresses, or one row more (POST), or one less (DELETE with `$id`). */
export function answerCollectionReferences(
	target: Addressed,
	name: string,
	collection: Collection,
	call: RowCall,
): DataResponse {
	const { context, request } = call;
	switch (request.method) {
		case 'GET':
			return json(200, {
				'@odata.context': `${apiRoot(context)}$metadata#Collection($ref)`,
				value: rowsOf(collection, target.id).map((row) => ({
					'@odata.id': addressOf(collection.table, row, context),
				})),
			});
		case 'POST':
			relate(target, resolved(referenceIn(request.body), call), collection, call);
			return noContent();
		case 'DELETE': {
			const id = call.options.id;
			if (id === undefined) throw badUri(`The row to take out of '${name}' is named by the option '$id'.`);
			separate(target, resolved(id, call).id, collection, call);
			return noContent();
		}
		default:
			throw verbNotAllowed(request.method);
	}
}

/** DELETE on `set(key)/<collection>(key)/$ref`. */
export function removeFromCollection(
	target: Addressed,
	inside: string,
	collection: Collection,
	call: RowCall,
): DataResponse {
	if (call.request.method !== 'DELETE') throw verbNotAllowed(call.request.method);
	const key = parseKey(inside);
	if (key.kind !== 'id') throw badUri('A row of a collection is named by its id here.');
	separate(target, key.id, collection, call);
	return noContent();
}

function relate(
	target: Addressed,
	related: { readonly id: string; readonly logicalName: string },
	{ table, relationship, across }: Collection,
	call: RowCall,
): void {
	if (related.logicalName !== table.definition.logicalName) {
		throw badPayload(`A row of '${related.logicalName}' cannot be related here.`);
	}
	const { context } = call;
	if (relationship !== undefined) {
		const name = lookupNavigation(target, relationship.referencingColumn, { table });
		const { entitySetName } = target.table.definition;
		const body = { [`${name}@odata.bind`]: `/${entitySetName}(${target.id})` };
		write({ table, id: related.id, row: table.get(related.id) }, body, call);
		return;
	}
	if (across === undefined) return;
	const pairs = tableStore(context.store.table(across.definition.intersectTable));
	const pair = { [across.own.column]: target.id, [across.other.column]: related.id };
	const known = pairs
		.equalTo(across.own.column, target.id)
		.some((place) => pairs.at(place)?.[across.other.column] === related.id);
	if (!known) pairs.insert(pair);
}

function separate(
	target: Addressed,
	id: string,
	{ table, relationship, across }: Collection,
	call: RowCall,
): void {
	const row = table.get(id);
	if (row === undefined) throw rowNotFound(table.definition.logicalName, id);
	if (relationship !== undefined) {
		if (row[relationship.referencingColumn] !== target.id) return;
		const name = lookupNavigation(target, relationship.referencingColumn, { table });
		write({ table, id, row }, { [`${name}@odata.bind`]: null }, call);
		return;
	}
	if (across === undefined) return;
	const pairs = tableStore(call.context.store.table(across.definition.intersectTable));
	for (const place of pairs.equalTo(across.own.column, target.id)) {
		const pair = pairs.at(place);
		if (pair?.[across.other.column] === id) pairs.remove(String(pair[pairs.definition.primaryKey]));
	}
}

function lookupNavigation(
	target: Addressed,
	columnName: string,
	{ table }: Pick<Collection, 'table'>,
): string {
	const column = table.definition.columns.find(({ name }) => name === columnName);
	return column === undefined ? columnName : navigationName(column, target.table.definition.logicalName);
}

function write({ table, id, row }: Addressed, body: Row, call: RowCall): void {
	if (row === undefined) throw rowNotFound(table.definition.logicalName, id);
	updateRow(table, id, row, writeRequest(call, body));
}

function referenceIn(body: unknown): string {
	const id = isRecord(body) ? own(body, '@odata.id') : undefined;
	if (typeof id === 'string') return id;
	throw badPayload("The body must name a row by its address in '@odata.id'.");
}

function resolved(reference: string, { context, contentIds }: RowCall) {
	const { table, id } = resolveReference(reference, context, contentIds);
	return { id, logicalName: table.definition.logicalName };
}
