/** The tables of people behind segments, and their rows in bulk. */

import type { DataverseClient } from '../../../dataverse/client';
import { unexpectedReply } from '../../../dataverse/errors/decodeError';
import { parseGuid } from '../../../dataverse/text/guid';
import { ownString } from '../../../dataverse/http/json';
import { tableDefinitionPath } from '../../../environment/metadata';
import * as odata from '../../../dataverse/text/odata';
import type { EntityRow } from '../../../dataverse/types';

export interface PeopleTable {
	readonly set: string;
	readonly key: string;
}

const DOCUMENTED: ReadonlyMap<string, PeopleTable> = new Map([
	['contact', { set: 'contacts', key: 'contactid' }],
	['lead', { set: 'leads', key: 'leadid' }],
]);

/** Set and key of a table of people; metadata is asked for tables other than the two documented ones. */
export async function peopleTable(client: DataverseClient, audience: string): Promise<PeopleTable> {
	const documented = DOCUMENTED.get(audience);
	if (documented !== undefined) return documented;
	const select = ['EntitySetName', 'PrimaryIdAttribute'];
	const definition = await client.metadata(tableDefinitionPath(audience, { select }));
	const set = ownString(definition, 'EntitySetName');
	const key = ownString(definition, 'PrimaryIdAttribute');
	if (set !== undefined && key !== undefined) return { set, key };
	throw unexpectedReply(`The environment did not say where rows of the table "${audience}" are.`);
}

/**
 * The rows of the people, in the order of the ids, 500 with one request. Somebody whose row this user may not read, or
 * that is gone, comes with the id alone.
 */
export async function peopleRows(
	client: DataverseClient,
	audience: string,
	ids: readonly string[],
	columns: readonly string[],
): Promise<readonly EntityRow[]> {
	const { set, key } = await peopleTable(client, audience);
	const select = [...new Set([key, ...columns])];
	const rows = new Map<string, EntityRow>();
	for (let start = 0; start < ids.length; start += odata.IN_VALUES_LIMIT) {
		const filter = odata.isIn(key, ids.slice(start, start + odata.IN_VALUES_LIMIT));
		for await (const page of client.listPages(set, { select, filter })) {
			for (const row of page.rows) rows.set(parseGuid(ownString(row, key) ?? '') ?? '', row);
		}
	}
	return ids.map((id) => rows.get(id) ?? { [key]: id });
}
