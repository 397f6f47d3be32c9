/** Create, update, upsert and delete of one row, with preconditions, privileges and the hooks of the table. */

import type { ColumnDefinition, Row, ServiceContext, Table } from '../contracts';
import { ServiceFault } from '../contracts';
import { splitDeep } from './deepInsert';
import { refuseDuplicate, wantsDetection } from './duplicates';
import { badPayload, codes, preconditionFailed } from './faults';
import { readPayload } from './payload';
import { runPlugins } from './plugins';
import { etagOf } from './render';
import { schemaOf } from './schema';
import type { TableStore } from './tableStore';
import { type Addressed, existing, requirePrivilege } from './target';
import { isEmpty, isRecord } from './values';

export interface WriteRequest {
	readonly body: unknown;
	/** Lower-case names. */
	readonly headers: Readonly<Record<string, string>>;
	readonly context: ServiceContext;
	readonly contentIds: ReadonlyMap<string, string>;
}

/**
 * Inserts a row with the rows nested in it, all or none. Throws 412 0x80040237 when its id is taken.
 *
 * @param named what the address says of the row: its id, or an alternate key
 */
export function createRow(
	table: TableStore,
	request: WriteRequest,
	named: Readonly<Row> = {},
): Readonly<Row> {
	const { context } = request;
	requirePrivilege('Create', table, context);
	const schema = schemaOf(table.definition);
	const { flat, before, after } = splitDeep(request.body, schema, context);
	return context.store.atomically(() => {
		const bound: Row = {};
		for (const { navigation, table: target, body } of before) {
			bound[`${navigation}@odata.bind`] = referenceTo(target, createRow(target, { ...request, body }));
		}
		const row = {
			...readPayload(isRecord(flat) ? { ...flat, ...bound } : flat, schema, { ...request, write: 'create' }),
			...named,
		};
		considerUnit(row, context);
		runPlugins(context.store, 'Create', table.definition.logicalName, row);
		beginInDefaultState(row, table);
		fillIn(row, table, context);
		reconcileState(row, row, table);
		const { hooks } = table.definition;
		hooks?.beforeCreate?.(row, context);
		refuseTakenKeys(table, row);
		if (wantsDetection(request.headers)) refuseDuplicate(table, row, context);
		const created = table.insert(row);
		hooks?.afterCreate?.(created, context);
		for (const { navigation, table: target, bodies } of after) {
			const binding = { [`${navigation}@odata.bind`]: referenceTo(table, created) };
			for (const nested of bodies) createRow(target, { ...request, body: { ...nested, ...binding } });
		}
		return table.get(String(created[table.definition.primaryKey])) ?? created;
	});
}

function referenceTo({ definition }: TableStore, row: Readonly<Row>): string {
	return `/${definition.entitySetName}(${String(row[definition.primaryKey])})`;
}

/** Where the state is not valid for create, every row begins in the default one, and a status of another is refused. */
function beginInDefaultState(row: Row, table: Table): void {
	const state = columnOf(table, 'state');
	if (state?.validForCreate === false) row[state.name] = state.defaultValue ?? 0;
}

/** Under the switch `unitOnCreate`: the business unit that a create gives is taken, forgotten or refused. */
function considerUnit(row: Row, context: ServiceContext): void {
	if (isEmpty(row.owningbusinessunit) || context.assumption('unitOnCreate') === 'accepted') return;
	if (context.assumption('unitOnCreate') === 'refused') {
		throw badPayload("The property 'owningbusinessunit' cannot be set on create in this environment.");
	}
	delete row.owningbusinessunit;
	delete row['owningbusinessunit@table'];
}

/** Enters what a create leaves to the service: default values, owner, state and status. */
export function fillIn(row: Row, table: Table, context: ServiceContext): void {
	for (const column of table.definition.columns) applyDefault(row, column, context);
	defaultStatus(row, table);
	const isWhole = ['state', 'status'].every((type) => {
		const column = columnOf(table, type);
		return column === undefined || !isEmpty(row[column.name]);
	});
	if (!isWhole) reconcileState(row, row, table);
}

const columnOf = (table: Table, type: string) =>
	table.definition.columns.find((candidate) => candidate.type === type);

function applyDefault(row: Row, column: ColumnDefinition, { user }: ServiceContext): void {
	if (!isEmpty(row[column.name]) || column.type === 'state' || column.type === 'status') return;
	if (column.type === 'owner') {
		row[column.name] = user.userId;
		row[`${column.name}@table`] = 'systemuser';
	} else if (column.name === 'owningbusinessunit') {
		row[column.name] = user.businessUnitId;
		row[`${column.name}@table`] = 'businessunit';
	} else if (column.defaultValue !== undefined && row[column.name] === undefined) {
		row[column.name] = column.defaultValue;
	}
}

/** A row that is given neither state nor status starts in the default status. */
function defaultStatus(row: Row, table: Table): void {
	const state = columnOf(table, 'state');
	const status = columnOf(table, 'status');
	if (state === undefined || !isEmpty(row[state.name])) return;
	if (status === undefined) row[state.name] = state.defaultValue ?? 0;
	else if (isEmpty(row[status.name])) row[status.name] = status.defaultValue ?? status.options?.[0]?.value;
}

/** A status belongs to a state: the one that is not given follows the other; a pair that does not fit is refused. */
function reconcileState(changes: Row, given: Readonly<Row>, table: Table): void {
	const state = columnOf(table, 'state');
	const status = columnOf(table, 'status');
	if (state === undefined || status?.options === undefined) return;
	const stateValue = given[state.name];
	const statusValue = given[status.name];
	if (isEmpty(statusValue)) {
		if (isEmpty(stateValue)) return;
		const first = status.options.find((option) => (option.state ?? 0) === stateValue);
		if (first !== undefined) changes[status.name] = first.value;
		return;
	}
	const owner = status.options.find((option) => option.value === statusValue)?.state ?? 0;
	if (isEmpty(stateValue)) changes[state.name] = owner;
	else if (stateValue !== owner) {
		throw new ServiceFault(
			400,
			codes.stateStatus,
			`${String(statusValue)} is not a valid status code for state code ${String(stateValue)} on ${table.definition.logicalName}.`,
		);
	}
}

function refuseTakenKeys(table: TableStore, row: Readonly<Row>, self?: string): void {
	for (const key of table.definition.alternateKeys ?? []) {
		const [first = ''] = key;
		if (key.some((name) => isEmpty(row[name]))) continue;
		const taken = table.equalTo(first, row[first]).some((ordinal) => {
			const other = table.at(ordinal);
			return (
				other !== undefined &&
				other[table.definition.primaryKey] !== self &&
				key.every((name) => other[name] === row[name])
			);
		});
		if (taken)
			throw preconditionFailed(codes.duplicateKey, 'A record with matching key values already exists.');
	}
}

/** PATCH: update, or create when there is no such row and no precondition forbids it. */
export function upsertRow(
	target: Addressed,
	request: WriteRequest,
): { readonly row: Readonly<Row>; readonly created: boolean } {
	const { table, id, row, missingKey } = target;
	const ifMatch = request.headers['if-match'];
	if (row === undefined) {
		if (ifMatch !== undefined) existing(target);
		const named = { ...missingKey, [table.definition.primaryKey]: id };
		return { row: createRow(table, request, named), created: true };
	}
	if (request.headers['if-none-match'] === '*') {
		throw preconditionFailed(codes.duplicateKey, 'A record with matching key values already exists.');
	}
	refuseOtherVersion(row, ifMatch);
	return { row: updateRow(table, id, row, request), created: false };
}

function refuseOtherVersion(row: Readonly<Row>, ifMatch: string | undefined): void {
	if (ifMatch === undefined || ifMatch === '*' || ifMatch === etagOf(row)) return;
	throw preconditionFailed(
		codes.versionMismatch,
		"The version of the existing record doesn't match the RowVersion property provided.",
	);
}

export function updateRow(
	table: TableStore,
	id: string,
	row: Readonly<Row>,
	request: WriteRequest,
): Readonly<Row> {
	const { context } = request;
	requirePrivilege('Write', table, context, row);
	const { primaryKey, hooks } = table.definition;
	const changes = readPayload(request.body, schemaOf(table.definition), { ...request, write: 'update' });
	if (changes[primaryKey] !== undefined && changes[primaryKey] !== id) {
		throw badPayload(`The primary key '${primaryKey}' of an existing row cannot be changed.`);
	}
	return context.store.atomically(() => {
		runPlugins(context.store, 'Update', table.definition.logicalName, changes);
		reconcileState(changes, changes, table);
		hooks?.beforeUpdate?.(row, changes, context);
		refuseTakenKeys(table, { ...row, ...changes }, id);
		if (wantsDetection(request.headers)) refuseDuplicate(table, { ...row, ...changes }, context, id);
		const updated = table.patch(id, changes);
		hooks?.afterUpdate?.(updated, changes, context);
		return table.get(id) ?? updated;
	});
}

/** Throws 404 when there is no such row, 412 when `If-Match` names another version. */
export function deleteRow(target: Addressed, request: WriteRequest): void {
	const { table, id } = target;
	const { context } = request;
	requirePrivilege('Delete', table, context);
	const row = existing(target);
	requirePrivilege('Delete', table, context, row);
	refuseOtherVersion(row, request.headers['if-match']);
	context.store.atomically(() => {
		table.definition.hooks?.beforeDelete?.(row, context);
		table.remove(id);
	});
}
