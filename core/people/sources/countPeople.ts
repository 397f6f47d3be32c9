/**
 * How many people a query selects, in one request. Totals cover at most 50,000 rows, so for larger queries it is not known.
 * https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/aggregate-data#limitations
 */

import type { DataverseClient } from '../../dataverse/client';
import { DataverseError } from '../../dataverse/errors/errors';
import { ownNumber } from '../../dataverse/http/json';
import { firstPage } from '../../dataverse/http/paging';
import { keyOf, setOf } from '../lookUp';
import type { PeopleQuery } from './peopleQuery';

const ALIAS = 'people';

/**
 * @returns each person once; undefined where the service does not add them up
 * @throws DataverseError only when the run is cancelled or its time is up: the number is never needed to go on
 */
export async function countPeople(
	client: DataverseClient,
	{ fetch: { entity, filter, links }, table }: PeopleQuery,
): Promise<number | undefined> {
	const total = { attribute: keyOf(table), alias: ALIAS };
	try {
		const { rows } = await firstPage(client.fetchPages(setOf(table), { entity, filter, links, total }));
		const people = rows.length === 1 ? ownNumber(rows[0] ?? {}, ALIAS) : undefined;
		return people !== undefined && people >= 0 ? people : undefined;
	} catch (error) {
		if (!(error instanceof DataverseError) || ['cancelled', 'gaveUp'].includes(error.kind)) throw error;
		return undefined;
	}
}
