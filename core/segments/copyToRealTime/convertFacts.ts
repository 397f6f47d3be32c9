/** What converting outbound queries needs to know about the environment: the relationships of its contacts. */

import type { DataverseClient } from '../../dataverse/client';
import { ownString, ownValue } from '../../dataverse/http/json';
import { relationshipsPath } from '../../environment/metadata';
import type { RelationshipFacts } from './convertQuery';
import { nothingUnlessRunEnds } from '../unlessRunEnds';

const SELECT = ['SchemaName', 'ReferencedEntity', 'ReferencingEntity', 'ReferencingAttribute'];

/**
 * The 1:N and N:1 relationships of the table `contact`; none where this user may not read metadata, and then no TRAVERSE
 * can be carried over.
 * @throws DataverseError only for what ends the run: `cancelled`, `signIn`, `gaveUp`
 */
export async function contactRelationships(client: DataverseClient): Promise<readonly RelationshipFacts[]> {
	const found = new Map<string, RelationshipFacts>();
	for (const kind of ['ManyToOne', 'OneToMany'] as const) {
		const path = relationshipsPath('contact', kind, { select: SELECT });
		const reply = await client.metadata(path).catch(nothingUnlessRunEnds);
		const rows: unknown = ownValue(reply, 'value');
		for (const row of Array.isArray(rows) ? (rows as readonly unknown[]) : []) {
			const relationship = readRelationship(row);
			if (relationship !== undefined) found.set(relationship.schemaName.toLowerCase(), relationship);
		}
	}
	return [...found.values()];
}

function readRelationship(row: unknown): RelationshipFacts | undefined {
	const [schemaName, referencedTable, referencingTable, referencingColumn] = SELECT.map((name) =>
		ownString(row, name),
	);
	if (schemaName === undefined || referencedTable === undefined) return undefined;
	if (referencingTable === undefined || referencingColumn === undefined) return undefined;
	return { schemaName, referencedTable, referencingTable, referencingColumn };
}
