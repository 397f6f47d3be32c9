/**
 * Marketing lists: static ones by their members, dynamic ones by their query. `type` is a Boolean (false: static), and
 * `query` is FetchXML. https://learn.microsoft.com/dynamics365/customerengagement/on-premises/developer/entities/list
 */

import type { DataverseClient } from '../../dataverse/client';
import { DataverseError, invalidInput } from '../../dataverse/errors/errors';
import { idOfRow } from '../../dataverse/http/answers';
import { ownNumber, ownString, ownValue } from '../../dataverse/http/json';
import { firstPage } from '../../dataverse/http/paging';
import * as odata from '../../dataverse/text/odata';
import type { FetchFilter } from '../../dataverse/text/fetchxml';
import type { EntityRow, Page } from '../../dataverse/types';
import { keyOf, type PersonTable } from '../lookUp';
import { idsOf, queriedPeople } from './fetchPages';
import { readPeopleQuery, type PeopleQuery } from './peopleQuery';
import type { SourceHooks } from './source';

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
			remedy: 'Check the spelling, or choose the list by its ID.',
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

export interface ListOptions extends SourceHooks {
	readonly includeInactive: boolean;
	/** Whether it does harm when members are missing: a Sync would remove them. */
	readonly mustBeWhole: boolean;
}

/**
 * The people of the list, page by page. A locked list is read all the same: the lock is against changes.
 * @param table of the people, which is that of the list
 * @param options.mustBeWhole whether a static list that counts more members than can be read is refused
 * @throws DataverseError
 */
export async function* marketingListMembers(
	client: DataverseClient,
	list: MarketingList,
	table: PersonTable,
	{ includeInactive, mustBeWhole, say }: ListOptions,
): AsyncGenerator<readonly string[]> {
	/** All who could be read, and those of them who were taken. */
	let [read, people] = [0, 0];
	const pages = list.isDynamic
		? dynamicMembers(client, list, table, includeInactive)
		: staticMembers(client, list, table, includeInactive);
	for await (const { ids, leftOut } of pages) {
		read += ids.length + leftOut;
		people += ids.length;
		yield ids;
	}
	const now = await readMarketingList(client, list.id);
	if (stateOf(now) !== stateOf(list)) {
		say(
			`Marketing list "${list.name}" changed while its ${people} people were read: who came or went meanwhile may be missing or too many. Run again to be sure.`,
			'warning',
		);
		return;
	}
	if (people < read) {
		say(
			`Marketing list "${list.name}": ${read - people} of ${read} members are inactive and were left out (Include Inactive People).`,
			'info',
		);
	}
	const { memberCount = 0 } = list;
	if (list.isDynamic || read >= memberCount) return;
	const words = `Marketing list "${list.name}" counts ${memberCount} members, and ${read} of them can be read with this credential.`;
	if (!mustBeWhole) {
		say(words, 'warning');
		return;
	}
	throw new DataverseError({
		kind: 'refused',
		message: `${words} A part is not taken for the whole list.`,
		remedy:
			'Give the user of the credential the right to read all of these people. If the list counts people who were deleted, remove them from it in the app, or use Add and Remove instead of Sync.',
	});
}

interface MemberPage {
	readonly ids: readonly string[];
	/** Inactive members who were read and are not among the ids. */
	readonly leftOut: number;
}

/** By the relationship, whose pages have links of the service's own: `lists(id)/listcontact_association`. */
async function* staticMembers(
	client: DataverseClient,
	{ id }: MarketingList,
	table: PersonTable,
	includeInactive: boolean,
): AsyncGenerator<MemberPage> {
	const pages: AsyncGenerator<Page> = client.listPages(`list${table}_association`, {
		of: { set: SET, id },
		// Inactive members are read as well: without them nobody could say whether somebody is missing.
		select: [keyOf(table), 'statecode'],
	});
	for await (const { rows } of pages) {
		const isTaken = (n: number) => includeInactive || (ownNumber(rows[n] ?? {}, 'statecode') ?? 0) === 0;
		const ids = idsOf(rows, table).filter((_, n) => isTaken(n));
		yield { ids, leftOut: rows.length - ids.length };
	}
}

/** By the query, which leaves inactive people out by itself. */
async function* dynamicMembers(
	client: DataverseClient,
	list: MarketingList,
	table: PersonTable,
	includeInactive: boolean,
): AsyncGenerator<MemberPage> {
	const query = dynamicQuery(list, table, includeInactive);
	for await (const ids of queriedPeople(client, query)) yield { ids, leftOut: 0 };
}

function dynamicQuery(list: MarketingList, table: PersonTable, includeInactive: boolean): PeopleQuery {
	const name = `The query of marketing list "${list.name}"`;
	const query = readPeopleQuery(list.query ?? '', name);
	if (query.table !== table) {
		throw new DataverseError({
			kind: 'unexpectedReply',
			message: `${name} asks for ${query.table}s, and the list is of ${table}s.`,
			remedy: 'Correct the list in the app.',
		});
	}
	if (includeInactive) return query;
	const isActive: FetchFilter = {
		conditions: [
			{ attribute: 'statecode', operator: 'eq', value: 0 },
			...(query.fetch.filter === undefined ? [] : [query.fetch.filter]),
		],
	};
	return { ...query, fetch: { ...query.fetch, filter: isActive } };
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
			message: `Marketing list "${name}" does not say ${table === undefined ? 'whom it is a list of' : 'whether it is static or dynamic'}, so nobody was taken from it.`,
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
