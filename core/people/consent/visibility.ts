/** Whether the user sees all consent records: a role that reads only its own business unit finds none of other units. */

import type { DataverseClient } from '../../dataverse/client';
import { Environment } from '../../environment/environment';
import { DEPTH_WORDS } from '../../environment/rights';
import { CONSENT_TABLE } from './consentTables';

const RIGHT = `prvRead${CONSENT_TABLE}`;

/**
 * Asked once a run, where something rests on a record that was not found.
 * @returns what to tell the user; undefined where all records are seen
 * @throws DataverseError for what ends a whole run
 */
export async function recordsOutOfSight(client: DataverseClient): Promise<string | undefined> {
	const rights = await Environment.of(client).rights([RIGHT]);
	const right = rights.known ? rights.value.get(RIGHT) : undefined;
	const depth = right?.known === true ? right.value : undefined;
	switch (depth) {
		case 'Global':
			return undefined;
		case 'Basic':
		case 'Deep':
		case 'Local':
			return `Of the consent records, this user sees ${DEPTH_WORDS[depth]}: "no record" can mean "not visible". Give the user the read privilege on ${CONSENT_TABLE} for the whole organization.`;
		case 'noSuchRight':
		case 'none':
		case undefined:
			return 'Whether this user sees the consent records of all business units could not be read: "no record" can mean "not visible".';
	}
}
