/**
 * The people of marketing lists: of static lists the members, of dynamic lists those whom the query selects. `type` is a Boolean (false: static), and
 * `query` is FetchXML. https://learn.microsoft.com/dynamics365/customerengagement/on-premises/developer/entities/list
 */

import type { DataverseClient } from '../../dataverse/client';
import { counted } from '../../dataverse/text/words';
import { unexpectedReply } from '../../dataverse/errors/decodeError';
import { DataverseError, invalidInput } from '../../dataverse/errors/errors';
import { idOfRow } from '../../dataverse/http/answers';
import { ownNumber, ownString, ownValue } from '../../dataverse/http/json';
import { firstPage } from '../../dataverse/http/paging';
import * as odata from '../../dataverse/text/odata';
import type { FetchFilter } from '../../dataverse/text/fetchxml';
import type { EntityRow, Page } from '../../dataverse/types';
import { keyOf, type PersonTable } from '../lookUp';
import { countPeople } from './countPeople';
import { requireWhole, type WholeOptions } from './completeness';
import { idsOf } from './fetchPages';
import { readPeopleQuery, type PeopleQuery } from './peopleQuery';
import { wholeQuery } from './wholeQuery';

const SET = 'lists';
const KEY = 'listid';
const COLUMNS = [
	KEY,
	'listname',
	'type',
	'createdfromcode',
	'membercount',
	'query',
	'statecode',
	'modifiedon',
] as const;

/** `createdfromcode` */
const TABLES: ReadonlyMap<number, MarketingList['table']> = new Map([
	[1, 'account'],
	[2, 'contact'],
	[4, 'lead'],
]);

export interface MarketingList {
	readonly id: string;
	readonly name: string;
	readonly table: 'account' | 'contact' | 'lead';
	readonly isDynamic: boolean;
	/** FetchXML of a dynamic list. */
	readonly query?: string;
	/** As the list counts them: active and inactive people; of a static list only. */
	readonly memberCount?: number;
	readonly row: EntityRow;
}

/** @throws DataverseError `notFound`; `unexpectedReply` for a list that does not say what it is a list of */
export async function readMarketingList(client: DataverseClient, id: string): Promise<MarketingList> {
	const row = await client.findRow(SET, id, { select: COLUMNS });
	if (row !== undefined) return readList(row);
	throw new DataverseError({
		kind: 'notFound',
		message: `There is no marketing list with the ID ${id}.`,
		remedy: 'Choose it from the list, or check that the user of the credential may read it.',
	});
}

/** @throws DataverseError where no list, or more than one, has exactly this name */
export async function findMarketingList(client: DataverseClient, name: string): Promise<MarketingList> {
	const filter = odata.equalsText('listname', name);
	const found: MarketingList[] = [];
	for await (const { rows } of client.listPages(SET, { select: COLUMNS, filter })) {
		// Wildcards in the name may have brought others.
		for (const row of rows.map(readList)) {
			if (row.name.trim().toLowerCase() === name.trim().toLowerCase()) found.push(row);
		}
	}
	const [list] = found;
	if (list !== undefined && found.length === 1) return list;
	if (list === undefined) {
		throw new DataverseError({
			kind: 'notFound',
			message: `There is no marketing list named "${name}".`,
			remedy: 'Check the spelling, or choose the marketing list under "From list".',
		});
	}
	throw invalidInput(
		`Several marketing lists are named "${name}": ${found.map(({ id }) => id).join(', ')}.`,
		'Choose one of them by ID.',
	);
}

/** Lists of people for a picker, a page at a time, by name. */
export async function searchMarketingLists(
	client: DataverseClient,
	search: { readonly nameContains?: string; readonly pageSize: number; readonly continueFrom?: string },
): Promise<{ readonly lists: readonly MarketingList[]; readonly continueFrom?: string }> {
	const ofPeople = odata.or(
		odata.eq('createdfromcode', odata.literal.integer(2)),
		odata.eq('createdfromcode', odata.literal.integer(4)),
	);
	const pages = client.listPages(SET, {
		select: COLUMNS.filter((column) => column !== 'query'),
		filter: search.nameContains
			? odata.and(odata.containsText('listname', search.nameContains), ofPeople)
			: ofPeople,
		orderBy: odata.orderBy([
			{ column: 'listname', descending: false },
			{ column: KEY, descending: false },
		]),
		pageSize: search.pageSize,
		...(search.continueFrom === undefined ? {} : { nextLink: search.continueFrom }),
	});
	const { nextLink, rows } = await firstPage(pages);
	return {
		lists: rows.map(readList),
		...(nextLink === undefined ? {} : { continueFrom: nextLink }),
	};
}

export interface ListOptions extends WholeOptions {
	readonly includeInactive: boolean;
}

/**
 * The people of the list, page by page. A locked list is read too: the lock only prevents changes.
 * @param table of the people, which is that of the list
 * @throws DataverseError, also where a part of the list was read and the whole is needed
 */
export async function* marketingListMembers(
	client: DataverseClient,
	list: MarketingList,
	table: PersonTable,
	options: ListOptions,
): AsyncGenerator<readonly string[]> {
	const { includeInactive, say } = options;
	const name = nameOf(list);
	if (list.isDynamic) {
		const query = dynamicQuery(list, table, includeInactive);
		const hasChanged = async () => stateOf(await readMarketingList(client, list.id)) !== stateOf(list);
		yield* wholeQuery(client, { name, query, hasChanged }, options);
		return;
	}
	/** All who could be read, and those of them who were taken. */
	let [read, people] = [0, 0];
	for await (const { ids, leftOut } of staticMembers(client, list, table, includeInactive)) {
		read += ids.length + leftOut;
		people += ids.length;
		yield ids;
	}
	const now = await readMarketingList(client, list.id);
	if (people < read) {
		say(
			`${name}: ${read - people} of ${counted(read, 'member')} ${read - people === 1 ? 'is inactive and was' : 'are inactive and were'} left out (Include Inactive People).`,
			'info',
		);
	}
	if (list.memberCount === undefined && now.memberCount === undefined) {
		say(
			`${name} does not say how many members it has, so it is not known whether all of them were read.`,
			'warning',
		);
	}
	const isChanged = stateOf(now) !== stateOf(list);
	requireWhole({ name, read, before: list.memberCount, after: now.memberCount, isChanged }, options);
}

const nameOf = ({ name }: MarketingList) => `Marketing list "${name}"`;

interface MemberPage {
	readonly ids: readonly string[];
	/** Inactive members who were read and are not among the ids. */
	readonly leftOut: number;
}

/**
 * By the relationship, whose pages have links of the service's own: `lists(id)/listcontact_association`. Rows of `listmember`
 * itself are never asked for by their id. Assumption: listmemberById
 */
async function* staticMembers(
	client: DataverseClient,
	{ id }: MarketingList,
	table: PersonTable,
	includeInactive: boolean,
): AsyncGenerator<MemberPage> {
	const pages: AsyncGenerator<Page> = client.listPages(`list${table}_association`, {
		of: { set: SET, id },
		// Inactive members are read as well: without them it would not be known whether somebody is missing.
		select: [keyOf(table), 'statecode'],
	});
	for await (const { rows } of pages) {
		const ids = idsOf(rows, table).filter((_, n) => includeInactive || isActive(rows[n], table));
		yield { ids, leftOut: rows.length - ids.length };
	}
}

/** @throws DataverseError where the row does not say so */
function isActive(row: EntityRow | undefined, table: PersonTable): boolean {
	const state = ownNumber(row ?? {}, 'statecode');
	if (state !== undefined) return state === 0;
	throw unexpectedReply(
		`The environment returned a ${table} without a status, so it is not known whether they are active.`,
	);
}

/** How many people the list has, active and inactive; undefined where it is not known. */
export async function countListPeople(
	client: DataverseClient,
	list: MarketingList,
): Promise<number | undefined> {
	if (!list.isDynamic) return list.memberCount;
	// A query that cannot provide people does not cause another error here.
	const query = list.table === 'account' ? undefined : queryOf(list).query;
	return query === undefined || query.table !== list.table ? undefined : await countPeople(client, query);
}

function dynamicQuery(list: MarketingList, table: PersonTable, includeInactive: boolean): PeopleQuery {
	const { name, query } = queryOf(list);
	if (query.table !== table) {
		throw new DataverseError({
			kind: 'unexpectedReply',
			message: `${name} selects ${query.table}s, but the list contains ${table}s.`,
			remedy: 'Correct the list in the app.',
		});
	}
	if (includeInactive) return query;
	const active: FetchFilter = {
		conditions: [
			{ attribute: 'statecode', operator: 'eq', value: 0 },
			...(query.fetch.filter === undefined ? [] : [query.fetch.filter]),
		],
	};
	return { ...query, fetch: { ...query.fetch, filter: active } };
}

function queryOf(list: MarketingList): { readonly name: string; readonly query: PeopleQuery } {
	const name = `The query of marketing list "${list.name}"`;
	return { name, query: readPeopleQuery(list.query ?? '', name) };
}

function readList(row: EntityRow): MarketingList {
	const id = idOfRow(row, KEY);
	const name = ownString(row, 'listname') ?? id;
	const code = ownNumber(row, 'createdfromcode');
	const table = code === undefined ? undefined : TABLES.get(code);
	const type = ownValue(row, 'type');
	if (table === undefined || typeof type !== 'boolean') {
		throw new DataverseError({
			kind: 'unexpectedReply',
			message: `Marketing list "${name}" does not say ${table === undefined ? 'what kind of people it contains' : 'whether it is static or dynamic'}, so no people were taken from it.`,
			remedy:
				'Look at the list in the app, and check that the user of the credential may read all of its columns.',
		});
	}
	const memberCount = ownNumber(row, 'membercount');
	const query = ownString(row, 'query');
	return {
		id,
		name,
		table,
		isDynamic: type,
		...(query === undefined ? {} : { query }),
		...(memberCount === undefined ? {} : { memberCount }),
		row,
	};
}

function stateOf({ isDynamic, memberCount, query, row }: MarketingList): string {
	return JSON.stringify([
		isDynamic,
		isDynamic ? undefined : memberCount,
		query,
		ownString(row, 'modifiedon'),
	]);
}
