/** The business units of an environment. */

import type { DataverseClient } from '../dataverse/client';
import { ownString } from '../dataverse/http/json';
import { orderBy } from '../dataverse/text/odata';

export interface BusinessUnit {
	readonly id: string;
	readonly name: string;
}

/**
 * Those that the user may read, by name.
 * https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/businessunit
 */
export async function readBusinessUnits(client: DataverseClient): Promise<readonly BusinessUnit[]> {
	const pages = client.listPages('businessunits', {
		select: ['businessunitid', 'name'],
		orderBy: orderBy([{ column: 'name' }, { column: 'businessunitid' }]),
	});
	const units: BusinessUnit[] = [];
	for await (const { rows } of pages) {
		for (const row of rows) {
			const id = ownString(row, 'businessunitid');
			if (id !== undefined) units.push({ id, name: ownString(row, 'name') ?? id });
		}
	}
	return units;
}
