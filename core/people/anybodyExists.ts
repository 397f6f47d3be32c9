/** Whether at least one of these IDs belongs to somebody. */

import type { DataverseClient } from '../dataverse/client';
import { isIn } from '../dataverse/text/odata';
import { keyOf, setOf, type PersonTable } from './lookUp';

const IDS_PER_QUERY = 500;

/**
 * Asks for 500 ids at a time, and stops with the first that finds somebody.
 * @param ids lower-case GUIDs
 * @throws DataverseError when the table cannot be read: that is not an answer.
 */
export async function anybodyExists(
	client: DataverseClient,
	table: PersonTable,
	ids: readonly string[],
): Promise<boolean> {
	const key = keyOf(table);
	for (let start = 0; start < ids.length; start += IDS_PER_QUERY) {
		const filter = isIn(key, ids.slice(start, start + IDS_PER_QUERY));
		for await (const { rows } of client.listPages(setOf(table), { select: [key], filter })) {
			if (rows.length > 0) return true;
		}
	}
	return false;
}
