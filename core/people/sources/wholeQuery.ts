/** The people whom a query selects, and whether these are all of them, as far as that can be known. */

import type { DataverseClient } from '../../dataverse/client';
import { MAX_PAGE_SIZE } from '../../dataverse/http/headers';
import { firstPage } from '../../dataverse/http/paging';
import { keyOf, setOf } from '../lookUp';
import { requireWhole, sayPart, type WholeOptions } from './completeness';
import { countPeople } from './countPeople';
import { idsOf, queriedPeople } from './fetchPages';
import type { PeopleQuery } from './peopleQuery';

export interface NamedQuery {
	/** As it is called in messages. */
	readonly name: string;
	readonly query: PeopleQuery;
	/** Whether what the query stands in has changed since it was read: asked when everybody was read. */
	readonly hasChanged?: () => Promise<boolean>;
}

/**
 * Everybody whom the query means, page by page. The people are counted before and after, since the last page looks the
 * same as one that was cut: it says nothing about further ones. Of more people than the service counts, the last one is
 * looked up instead.
 * @throws DataverseError where a part was read and the whole is needed
 */
export async function* wholeQuery(
	client: DataverseClient,
	{ hasChanged, name, query }: NamedQuery,
	options: WholeOptions,
): AsyncGenerator<readonly string[]> {
	const before = await countPeople(client, query);
	let read = 0;
	let last: readonly string[] = [];
	for await (const ids of queriedPeople(client, query)) {
		read += ids.length;
		if (ids.length > 0) last = ids;
		yield ids;
	}
	const after = before === undefined ? undefined : await countPeople(client, query);
	const end = after === undefined ? await endOf(client, query, last) : 'reached';
	if (end === 'missed') {
		const words = `${name} has more people than the ${read} that the service returned, although it announced no further page.`;
		sayPart(words, 'Run again. If this does not change, divide the query into several.', options);
	}
	const isChanged = (await hasChanged?.()) === true || end === 'moved';
	requireWhole({ name, read, before, after, isExact: true, isChanged }, options);
}

/**
 * Whether the reading came to the end: the last ones of the query are asked for.
 * - `moved`: some come after the last one who was read.
 * - `missed`: so many that a page is missing, or a full page was the last one although others come after it.
 * @param last the last page
 */
async function endOf(
	client: DataverseClient,
	{ fetch, table }: PeopleQuery,
	last: readonly string[],
): Promise<'missed' | 'moved' | 'reached'> {
	const orders = [{ attribute: keyOf(table), descending: true }];
	const { rows } = await firstPage(client.fetchPages(setOf(table), { ...fetch, orders }));
	const ids = idsOf(rows, table);
	const end = last.at(-1);
	if (ids[0] === end) return 'reached';
	const isPart = last.length === 0 || last.length >= MAX_PAGE_SIZE;
	return !isPart && ids.some((id) => id === end) ? 'moved' : 'missed';
}
