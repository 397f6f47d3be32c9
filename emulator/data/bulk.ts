/** CreateMultiple, UpdateMultiple and UpsertMultiple on standard tables ("Use bulk operation messages"): all or nothing. */

import type { Row, ServiceContext } from '../contracts';
import { ServiceFault } from '../contracts';
import {
	badPayload,
	codes,
	preconditionFailed,
	rowNotFound,
	unknownResource,
	verbNotAllowed,
} from './faults';
import { parsePath } from './path';
import { type DataRequest, type DataResponse, json, noContent } from './responses';
import { apiRoot } from './schema';
import type { TableStore } from './tableStore';
import { address, tableOfSet } from './target';
import { isRecord, own } from './values';
import { type WriteRequest, createRow, updateRow } from './writes';

const namespace = 'Microsoft.Dynamics.CRM.';
const messages = ['CreateMultiple', 'UpdateMultiple', 'UpsertMultiple'] as const;
type Message = (typeof messages)[number];

/** The bulk message that a segment behind a set names; undefined when it is something else. */
export function bulkMessage(name: string): Message | undefined {
	return messages.find((message) => name === namespace + message);
}

/** @throws ServiceFault 404 for a table that takes no bulk messages, 400 for rows without `@odata.type` */
export function answerBulk(
	message: Message,
	table: TableStore,
	request: DataRequest,
	context: ServiceContext,
): DataResponse {
	if (request.method !== 'POST') throw verbNotAllowed(request.method);
	refuseUnsupported(message, table, context);
	const call: BulkCall = { table, context, headers: bulkHeaders(request.headers, context) };
	const targets = readTargets(request.body, table);
	switch (message) {
		case 'CreateMultiple': {
			const ids = context.store.atomically(() => targets.map((target) => createOne(target, call)));
			const at = `${apiRoot(context)}$metadata#${namespace}CreateMultipleResponse`;
			return json(200, { '@odata.context': at, Ids: ids });
		}
		case 'UpdateMultiple':
			context.store.atomically(() => updateAll(targets, call));
			return noContent();
		case 'UpsertMultiple':
			context.store.atomically(() => upsertAll(targets, call));
			return noContent();
	}
}

interface BulkCall {
	readonly table: TableStore;
	readonly context: ServiceContext;
	readonly headers: Readonly<Record<string, string>>;
}

function refuseUnsupported(message: Message, table: TableStore, context: ServiceContext): void {
	if (table.definition.logicalName !== 'contact' || context.assumption('bulkTables') === 'all') return;
	throw unknownResource(`${namespace}${message}`);
}

/** Whether duplicate rules are looked at inside a bulk message is not said. */
function bulkHeaders(
	headers: Readonly<Record<string, string>>,
	context: ServiceContext,
): Readonly<Record<string, string>> {
	if (context.assumption('duplicateDetectionInBulk') === 'honoured') return headers;
	return { ...headers, 'mscrm.suppressduplicatedetection': 'true' };
}

function readTargets(body: unknown, { definition }: TableStore): readonly Row[] {
	const targets = isRecord(body) ? own(body, 'Targets') : undefined;
	if (!Array.isArray(targets)) throw badPayload("The parameter 'Targets' must be an array of rows.");
	return (targets as unknown[]).map((target) => {
		if (!isRecord(target)) throw badPayload("Each row of 'Targets' must be a JSON object.");
		const type = own(target, '@odata.type');
		if (type === `${namespace}${definition.logicalName}`) return target;
		throw badPayload(
			`Each row of 'Targets' needs the '@odata.type' '${namespace}${definition.logicalName}'.`,
		);
	});
}

const writeOf = (body: Row, { context, headers }: BulkCall): WriteRequest => ({
	body,
	headers,
	context,
	contentIds: new Map(),
});

function createOne(target: Row, call: BulkCall): string {
	const { primaryKey } = call.table.definition;
	try {
		return String(createRow(call.table, writeOf(target, call))[primaryKey]);
	} catch (error) {
		if (!(error instanceof ServiceFault) || error.code !== codes.duplicate) throw error;
		// The bulk page quotes these words; they name no row.
		throw preconditionFailed(codes.duplicate, 'Cannot insert duplicate key.');
	}
}

/** Of several rows with one key the first counts; the others are left out without a word. */
function updateAll(targets: readonly Row[], call: BulkCall): void {
	const done = new Set<string>();
	for (const target of targets) {
		const id = idOf(target, call);
		if (id === undefined) throw badPayload('Each row of UpdateMultiple needs its primary key.');
		if (done.has(id)) continue;
		done.add(id);
		const row = call.table.get(id);
		if (row === undefined) throw rowNotFound(call.table.definition.logicalName, id);
		updateRow(call.table, id, row, writeOf(target, call));
	}
}

/** Two rows with one key are an error. */
function upsertAll(targets: readonly Row[], call: BulkCall): void {
	const done = new Set<string>();
	for (const target of targets) {
		const id = idOf(target, call);
		if (id !== undefined && done.has(id)) {
			throw preconditionFailed(codes.duplicate, 'Cannot insert duplicate key.');
		}
		const row = id === undefined ? undefined : call.table.get(id);
		if (id !== undefined && row !== undefined) updateRow(call.table, id, row, writeOf(target, call));
		else
			createRow(
				call.table,
				writeOf(target, call),
				id === undefined ? {} : { [call.table.definition.primaryKey]: id },
			);
		if (id !== undefined) done.add(id);
	}
}

/** By primary key in the row, or by `@odata.id`, which may name an alternate key. */
function idOf(target: Row, { table, context }: BulkCall): string | undefined {
	const direct = own(target, table.definition.primaryKey);
	if (typeof direct === 'string') return direct.toLowerCase();
	const reference = own(target, '@odata.id');
	if (typeof reference !== 'string') return undefined;
	const [segment] = parsePath(reference.replace(/^.*\/api\/data\/v\d+\.\d+\//, ''));
	if (segment?.inside === undefined || tableOfSet(segment.name, context) !== table) {
		throw badPayload(`'${reference}' does not name a row of '${table.definition.entitySetName}'.`);
	}
	try {
		return address(table, segment).id;
	} catch (error) {
		if (error instanceof ServiceFault && error.code === codes.keyNotFound) return undefined;
		throw error;
	}
}
