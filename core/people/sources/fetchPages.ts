/** The people of a rewritten query, page by page. */

import type { DataverseClient } from '../../dataverse/client';
import { errorWith, unexpectedReply } from '../../dataverse/errors/decodeError';
import { DataverseError } from '../../dataverse/errors/errors';
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
	try {
		for await (const { rows } of client.fetchPages(setOf(table), fetch)) yield idsOf(rows, table);
	} catch (error) {
		if (!(error instanceof DataverseError) || error.kind !== 'refused' || error.status !== undefined)
			throw error;
		throw errorWith(error, {
			message:
				'The service returns only 50,000 people of this query (it sends no paging cookie), and an incomplete list is not used.',
			remedy:
				'Narrow the query, or split it into several with fewer than 50,000 people each, and add them one after the other.',
		});
	}
}

/** @throws DataverseError `unexpectedReply` for a row without an id: it is somebody who would be left out silently */
export function idsOf(rows: readonly EntityRow[], table: PersonTable): readonly string[] {
	const key = keyOf(table);
	return rows.map((row) => {
		const id = parseGuid(ownString(row, key) ?? '');
		if (id !== undefined) return id;
		throw unexpectedReply(
			`The environment returned a ${table} without an ID, so it is not known who this is.`,
		);
	});
}
