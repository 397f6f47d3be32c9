/** The labels of the columns of several tables, read together. */

import type { DataverseClient } from '../dataverse/client';
import { DataverseError } from '../dataverse/errors/errors';
import { objectsIn, ownString, ownValue } from '../dataverse/http/json';
import * as odata from '../dataverse/text/odata';
import { tableDefinitionsPath } from './metadata';

/**
 * The labels in the user's language by table and column, both by logical name, with one request. Nothing where definitions
 * cannot be read: names do instead of labels.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query-metadata-web-api
 */
export async function readColumnLabels(
	client: DataverseClient,
	tables: readonly string[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
	if (tables.length === 0) return new Map();
	const path = tableDefinitionsPath({
		select: ['LogicalName'],
		filter: odata.or(...tables.map((name) => odata.eq('LogicalName', odata.literal.string(name)))),
		expand: [{ property: 'Attributes', select: ['LogicalName', 'DisplayName'] }],
	});
	try {
		const definitions = objectsIn(await client.metadata(path));
		return new Map(definitions.map((row) => [ownString(row, 'LogicalName') ?? '', labelsIn(row)] as const));
	} catch (error) {
		if (error instanceof DataverseError) return new Map();
		throw error;
	}
}

function labelsIn(table: unknown): ReadonlyMap<string, string> {
	const columns = ownValue(table, 'Attributes');
	return new Map(
		(Array.isArray(columns) ? (columns as readonly unknown[]) : []).flatMap((column) => {
			const name = ownString(column, 'LogicalName');
			const label = ownString(ownValue(ownValue(column, 'DisplayName'), 'UserLocalizedLabel'), 'Label');
			return name === undefined || label === undefined ? [] : [[name, label] as const];
		}),
	);
}
