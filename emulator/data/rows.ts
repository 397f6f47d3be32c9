/** Requests on one row and on its properties: read, create, update, upsert, delete. */

import type { Row } from '../contracts';
import { ServiceFault } from '../contracts';
import { checkExpand } from './expand';
import { badUri, codes, unknownResource, verbNotAllowed } from './faults';
import { listContext } from './list';
import { answerNavigation } from './navigation';
import type { PathSegment } from './path';
import { applied } from './preferences';
import { selectedProperties } from './properties';
import { annotate, etagOf, renderRow } from './render';
import { type DataResponse, json, noContent } from './responses';
import { type RowCall, addressOf, writeRequest } from './rowCall';
import { apiRoot, isLookup, schemaOf } from './schema';
import type { TableStore } from './tableStore';
import { type Addressed, existing, requirePrivilege } from './target';
import { isRecord } from './values';
import { createRow, deleteRow, updateRow, upsertRow } from './writes';

function oneRow(table: TableStore, row: Readonly<Row>, call: RowCall, withExpand: boolean): Row {
	const schema = schemaOf(table.definition);
	const properties = selectedProperties(schema, call.options.select);
	const expand = withExpand ? call.options.expand : [];
	const context = `${listContext(schema, { select: call.options.select, expand }, call.context)}/$entity`;
	const { preferences } = call;
	return {
		'@odata.context': context,
		...renderRow(schema, row, { properties, preferences, expand }, call.context),
	};
}

/** POST on a set. */
export function answerCreate(table: TableStore, call: RowCall): DataResponse {
	checkOptions(table, call);
	const row = createRow(table, writeRequest(call));
	return written(table, row, call, true, true);
}

function written(
	table: TableStore,
	row: Readonly<Row>,
	call: RowCall,
	created: boolean,
	withExpand: boolean,
): DataResponse {
	const { preferences, context } = call;
	if (preferences.representation) {
		const confirmed = applied(preferences, { representation: true });
		return json(created ? 201 : 200, oneRow(table, row, call, withExpand), {
			'Preference-Applied': confirmed,
		});
	}
	const location = addressOf(table, row, context);
	return noContent({ 'OData-EntityId': location, Location: location });
}

/** A wrong `$select` has to be refused before anything is written. */
function checkOptions(table: TableStore, { options, context }: RowCall): void {
	const schema = schemaOf(table.definition);
	selectedProperties(schema, options.select);
	checkExpand(schema, options.expand, context);
}

/** A table whose reference lists no Retrieve message gives no single row. */
function refuseWithoutMessage({ table }: Addressed, { context }: RowCall): void {
	const { logicalName } = table.definition;
	if (logicalName !== 'listmember' || context.assumption('listmemberById') === 'works') return;
	throw new ServiceFault(
		400,
		codes.noMessage,
		`The 'Retrieve' method does not support entities of type '${logicalName}'.`,
	);
}

/** Any verb on `set(key)`. */
export function answerRow(target: Addressed, call: RowCall): DataResponse {
	const { request, context } = call;
	switch (request.method) {
		case 'GET':
			refuseWithoutMessage(target, call);
			return readRow(target, call);
		case 'PATCH':
		case 'PUT': {
			checkOptions(target.table, call);
			const { row, created } = upsertRow(target, writeRequest(call));
			return written(target.table, row, call, created, false);
		}
		case 'DELETE':
			deleteRow(target, { ...writeRequest(call), context });
			return noContent();
		default:
			throw verbNotAllowed(request.method);
	}
}

function readRow(target: Addressed, call: RowCall): DataResponse {
	const { context, request, preferences, options } = call;
	requirePrivilege('Read', target.table, context);
	const row = existing(target);
	requirePrivilege('Read', target.table, context, row);
	checkOptions(target.table, call);
	const plain = options.expand.length === 0 && !preferences.anyAnnotations;
	if (plain && request.headers['if-none-match'] === etagOf(row)) {
		return { status: 304, headers: { 'OData-Version': '4.0' } };
	}
	const confirmed = applied(preferences, {});
	return json(200, oneRow(target.table, row, call, true), {
		ETag: etagOf(row),
		'Preference-Applied': confirmed,
	});
}

/** `set(key)/property`, `set(key)/property/$value`, `set(key)/<navigation property>` and what comes behind that. */
export function answerProperty(target: Addressed, rest: readonly PathSegment[], call: RowCall): DataResponse {
	const [{ name } = { name: '' }, suffix, ...more] = rest;
	const schema = schemaOf(target.table.definition);
	const property = schema.properties.get(name);
	if (property === undefined) return answerNavigation(target, rest, call, { readRow, answerProperty });
	if (more.length > 0 || (suffix !== undefined && suffix.name !== '$value')) throw unknownResource(name);
	switch (call.request.method) {
		case 'GET':
			return readProperty(target, name, suffix !== undefined, call);
		case 'DELETE':
		case 'PUT': {
			if (isLookup(property.column)) throw badUri(`The property '${name}' cannot be written.`);
			const { body } = call.request;
			const value = call.request.method === 'PUT' && isRecord(body) ? body.value : null;
			updateRow(target.table, target.id, existing(target), writeRequest(call, { [name]: value }));
			return noContent();
		}
		default:
			throw verbNotAllowed(call.request.method);
	}
}

function readProperty(target: Addressed, name: string, rawValue: boolean, call: RowCall): DataResponse {
	const { context, preferences } = call;
	const { entitySetName, logicalName } = target.table.definition;
	requirePrivilege('Read', target.table, context);
	const row = existing(target);
	requirePrivilege('Read', target.table, context, row);
	const property = schemaOf(target.table.definition).properties.get(name);
	if (property === undefined) throw unknownResource(`${logicalName}/${name}`);
	const value = row[property.column.name] ?? null;
	if (value === null) return noContent();
	if (rawValue) {
		return {
			status: 200,
			headers: { 'Content-Type': 'text/plain', 'OData-Version': '4.0' },
			body: String(value),
		};
	}
	const body: Row = {
		'@odata.context': `${apiRoot(context)}$metadata#${entitySetName}(${target.id})/${name}`,
	};
	annotate(body, 'value', property.column, row, preferences, context);
	return json(200, { ...body, value });
}
