/** The people of a rewritten query, page by page. */

import type { DataverseClient } from '../../dataverse/client';
import { unexpectedReply } from '../../dataverse/errors/decodeError';
import { ownString } from '../../dataverse/http/json';
import { parseGuid } from '../../dataverse/text/guid';
import type { EntityRow } from '../../dataverse/types';
import { keyOf, setOf, type PersonTable } from '../lookUp';
import type { PeopleQuery } from './peopleQuery';

/**
 * Everybody whom the query means.
 * Assumption: fetchDistinctCookie, fetchWithoutCookie
 * @throws DataverseError where the service does not give all rows: without a paging cookie, 50,000 can be reached
 */
export async function* queriedPeople(
	client: DataverseClient,
	{ fetch, table }: PeopleQuery,
): AsyncGenerator<readonly string[]> {
	for await (const { rows } of client.fetchPages(setOf(table), fetch)) yield idsOf(rows, table);
}

/** @throws DataverseError `unexpectedReply` for a row without an id: it is somebody who would be left out in silence */
export function idsOf(rows: readonly EntityRow[], table: PersonTable): readonly string[] {
	const key = keyOf(table);
	return rows.map((row) => {
		const id = parseGuid(ownString(row, key) ?? '');
		if (id !== undefined) return id;
		throw unexpectedReply(`The environment gave a ${table} without an ID, so it is not known who that is.`);
	});
}
