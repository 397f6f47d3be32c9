/** Whether a person exists whose creation was reported as a success: a success alone proves nothing. */

import type { DataverseClient } from '../../dataverse/client';
import { DataverseError } from '../../dataverse/errors/errors';
import type { Reason } from '../../accounting/rowReasons';
import { keyOf, LookUp, type PersonTable } from '../lookUp';

/**
 * Looks for people who were created, and did not become members.
 * @returns those of the ids that nobody has, for certain
 * @throws DataverseError `cancelled`
 */
export async function whoIsMissing(
	client: DataverseClient,
	table: PersonTable,
	ids: readonly string[],
): Promise<ReadonlySet<string>> {
	const byId = new LookUp(client, table, keyOf(table), undefined);
	const missing = new Set<string>();
	for (let from = 0; from < ids.length; from += LookUp.limits.values) {
		const group = ids.slice(from, from + LookUp.limits.values);
		try {
			const { found, refused } = await byId.find(new Map(group.map((id) => [id, [id]])));
			for (const id of group) if (!found.has(id) && !refused.has(id)) missing.add(id);
		} catch (error) {
			// What cannot be asked is not known to be missing.
			if (!(error instanceof DataverseError) || error.kind === 'cancelled') throw error;
		}
	}
	return missing;
}

/** Somebody whose creation was answered with a success, and who is not there. */
export const NOT_THERE: Reason = {
	code: 'notCreated',
	reason:
		'The environment said that the person was created, but nobody has this ID: a plug-in may have removed them, or the user of the credential may not read them.',
	remedy: 'Look at the plug-ins and flows of the table in Dynamics 365, and run again with the same input.',
};
