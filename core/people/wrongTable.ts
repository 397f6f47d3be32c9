/** Ids that nobody has, looked for in the other table of people: a lead given for a segment of contacts. */

import type { DataverseClient } from '../dataverse/client';
import { DataverseError } from '../dataverse/errors/errors';
import { parseGuid } from '../dataverse/text/guid';
import { ownString } from '../dataverse/http/json';
import { isIn } from '../dataverse/text/odata';
import { keyOf, setOf, type PersonTable } from './lookUp';
import { ofOtherTable, type Reason } from '../accounting/rowReasons';

/** The better reason is a courtesy; an input that is wrong as a whole shows it with its first rows. */
const MOST_LOOKS = 10;

export interface Elsewhere {
	/** Why an id that was found elsewhere cannot be taken. */
	readonly reason: Reason;
	/** Those of the ids (500 at most) that are of the other table. */
	find(ids: readonly string[]): Promise<ReadonlySet<string>>;
}

/**
 * @throws DataverseError from `find` only when the run is cancelled or its time is up: who may not read the other table is
 * told that the ids are unknown.
 */
export function lookElsewhere(client: DataverseClient, table: PersonTable): Elsewhere {
	const other = table === 'contact' ? 'lead' : 'contact';
	const key = keyOf(other);
	let looks = 0;
	return {
		reason: ofOtherTable(other, table),
		find: async (ids) => {
			const found = new Set<string>();
			if (ids.length === 0 || looks >= MOST_LOOKS) return found;
			looks += 1;
			try {
				for await (const { rows } of client.listPages(setOf(other), {
					select: [key],
					filter: isIn(key, ids),
				})) {
					for (const row of rows) found.add(parseGuid(ownString(row, key) ?? '') ?? '');
				}
			} catch (error) {
				const ends = !(error instanceof DataverseError) || ['cancelled', 'gaveUp'].includes(error.kind);
				if (ends) throw error;
				looks = MOST_LOOKS;
			}
			return found;
		},
	};
}
