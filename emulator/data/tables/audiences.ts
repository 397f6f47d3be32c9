/**
 * Where people are chosen beside segments: marketing lists with their members, system views and personal views (table
 * references of list, listmember, savedquery and userquery).
 */

import type { ServiceContext, Store, TableDefinition } from '../../contracts';
import { activeInactive, auditColumns, choice, column, lookup, ownerColumns, text, yesNo } from './columns';

const MEMBERS = 'listmember';

/** A many-to-many relationship of lists; all three keep their pairs in one table. */
const membersOf = (table: string) => ({
	schemaName: `list${table}_association`,
	intersectTable: MEMBERS,
	sides: [
		{ table: 'list', column: 'listid' },
		{ table, column: 'entityid' },
	] as const,
});

const list: TableDefinition = {
	logicalName: 'list',
	schemaName: 'List',
	entitySetName: 'lists',
	displayName: 'Marketing List',
	primaryKey: 'listid',
	primaryName: 'listname',
	columns: [
		column('listid', 'Marketing List', 'guid'),
		text('listname', 'Name', 128, { required: 'ApplicationRequired' }),
		// No choice: false is a static list, true a dynamic one.
		yesNo('type', 'Type'),
		choice('createdfromcode', 'Marketing List Member Type', { 1: 'Account', 2: 'Contact', 4: 'Lead' }),
		column('membertype', 'Member Type', 'integer'),
		column('query', 'Query', 'memo', { maxLength: 1_073_741_823 }),
		column('membercount', 'Members Count', 'integer'),
		column('lastusedon', 'Last Used On', 'datetime'),
		yesNo('lockstatus', 'Locked'),
		yesNo('ignoreinactivelistmembers', 'Ignore Inactive List Members'),
		yesNo('donotsendonoptout', 'Exclude Members Who Opt Out'),
		column('description', 'Description', 'memo', { maxLength: 2000 }),
		...activeInactive,
		...ownerColumns,
		...auditColumns,
	],
	manyToMany: ['contact', 'lead', 'account'].map(membersOf),
	hooks: { beforeRead: countMembers },
};

/** The versions of both tables for which the counts stand. */
const countedFor = new WeakMap<Store, string>();

/** The count of a static list follows its members. */
function countMembers({ store }: ServiceContext): void {
	const lists = store.table('list');
	const versions = () => `${lists.version} ${store.table(MEMBERS).version}`;
	if (countedFor.get(store) === versions()) return;
	const counts = new Map<string, number>();
	for (const { listid } of store.table(MEMBERS).rows()) {
		counts.set(String(listid), (counts.get(String(listid)) ?? 0) + 1);
	}
	for (const row of [...lists.rows()]) {
		const count = counts.get(String(row.listid)) ?? 0;
		if (row.type !== true && row.membercount !== count)
			lists.patch(String(row.listid), { membercount: count });
	}
	countedFor.set(store, versions());
}

/** Rights on it are those on the list. */
const listMember: TableDefinition = {
	logicalName: MEMBERS,
	schemaName: 'ListMember',
	entitySetName: 'listmembers',
	displayName: 'Marketing List Member',
	primaryKey: 'listmemberid',
	primaryName: 'entitytype',
	privilegeName: 'List',
	intersect: true,
	columns: [
		column('listmemberid', 'Marketing List Member', 'guid'),
		lookup('listid', 'Marketing List', ['list']),
		lookup('entityid', 'Entity', ['account', 'contact', 'lead']),
		text('entitytype', 'Entity Type', 64),
		...auditColumns,
	],
};

/** What system views and personal views have in common. */
const viewColumns = [
	text('name', 'Name', 200),
	text('returnedtypecode', 'Entity Name', 64),
	column('fetchxml', 'Fetch XML', 'memo', { maxLength: 1_073_741_823 }),
	column('layoutxml', 'Layout XML', 'memo', { maxLength: 1_073_741_823 }),
	column('querytype', 'Query Type', 'integer', { defaultValue: 0 }),
	column('description', 'Description', 'memo', { maxLength: 2000 }),
	...activeInactive,
] as const;

const savedQuery: TableDefinition = {
	logicalName: 'savedquery',
	schemaName: 'SavedQuery',
	entitySetName: 'savedqueries',
	displayName: 'View',
	primaryKey: 'savedqueryid',
	primaryName: 'name',
	privilegeName: 'Query',
	columns: [
		column('savedqueryid', 'View', 'guid'),
		...viewColumns,
		yesNo('isdefault', 'Default View'),
		yesNo('isquickfindquery', 'Is Quick Find Query'),
		...auditColumns,
	],
};

const userQuery: TableDefinition = {
	logicalName: 'userquery',
	schemaName: 'UserQuery',
	entitySetName: 'userqueries',
	displayName: 'Saved View',
	primaryKey: 'userqueryid',
	primaryName: 'name',
	columns: [column('userqueryid', 'Saved View', 'guid'), ...viewColumns, ...ownerColumns, ...auditColumns],
};

export const audienceTables: readonly TableDefinition[] = [list, listMember, savedQuery, userQuery];
