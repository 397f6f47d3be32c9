/** The tables that the people in segments come from. */

import type { DataverseClient } from '../../../dataverse/client';
import { unexpectedReply } from '../../../dataverse/errors/decodeError';
import { ownString } from '../../../dataverse/http/json';
import { tableDefinitionPath } from '../../../environment/metadata';

export interface AudienceTable {
	readonly set: string;
	readonly key: string;
}

const DOCUMENTED: ReadonlyMap<string, AudienceTable> = new Map([
	['contact', { set: 'contacts', key: 'contactid' }],
	['lead', { set: 'leads', key: 'leadid' }],
]);

/** Set and key of a table of people; metadata is asked for tables other than the two documented ones. */
export async function audienceTable(client: DataverseClient, audience: string): Promise<AudienceTable> {
	const documented = DOCUMENTED.get(audience);
	if (documented !== undefined) return documented;
	const select = ['EntitySetName', 'PrimaryIdAttribute'];
	const definition = await client.metadata(tableDefinitionPath(audience, { select }));
	const set = ownString(definition, 'EntitySetName');
	const key = ownString(definition, 'PrimaryIdAttribute');
	if (set !== undefined && key !== undefined) return { set, key };
	throw unexpectedReply(`The environment did not say where rows of the table "${audience}" are.`);
}
