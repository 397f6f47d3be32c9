/** Reading the rows of msdynmkt_segmentusage: for one segment, or for all in one go. */

import type { DataverseClient } from '../../../dataverse/client';
import { DataverseError } from '../../../dataverse/errors/errors';
import * as odata from '../../../dataverse/text/odata';
import { known, type Fact } from '../../../environment';
import { look, reason } from '../../../environment/fact';
import type { RealTimeSegment } from '../rows/row';
import {
	readUse,
	USAGE_EXPAND,
	USAGE_QUERY,
	USAGE_SET,
	USAGE_TARGET,
	USAGE_TEXT,
	type SegmentUse,
} from './usageRows';

export interface Uses {
	readonly rows: readonly SegmentUse[];
	/** Why the journeys and segments behind the rows have no names and no status. */
	readonly withoutNames?: string;
}

/** All rows; "not known" without the right to read them. One request for 5,000 rows. */
export async function allUses(client: DataverseClient): Promise<Fact<Uses>> {
	return await look('where segments are used', async () => known(await read(client)));
}

/** @throws DataverseError `forbidden` without the right to read the table */
export async function usesOf(client: DataverseClient, segment: RealTimeSegment): Promise<Uses> {
	const ids = [segment.id, segment.definitionId ?? segment.id];
	const filter = odata.or(
		odata.eq(USAGE_TARGET, odata.literal.guid(segment.id)),
		...[...new Set(ids)].map((id) => odata.eq(USAGE_TEXT, odata.literal.string(id))),
	);
	return await read(client, filter);
}

/** With the journeys and segments behind the rows; without them where they may not be read. */
async function read(client: DataverseClient, filter?: odata.Filter): Promise<Uses> {
	try {
		return { rows: await pages(client, { ...USAGE_QUERY, filter, expand: USAGE_EXPAND }) };
	} catch (error) {
		if (!(error instanceof DataverseError) || (error.status !== 403 && error.status !== 400)) throw error;
		const rows = await pages(client, { ...USAGE_QUERY, filter });
		return { rows, withoutNames: reason('the journeys that use segments', error) };
	}
}

async function pages(
	client: DataverseClient,
	query: Parameters<DataverseClient['listPages']>[1],
): Promise<readonly SegmentUse[]> {
	const uses: SegmentUse[] = [];
	for await (const page of client.listPages(USAGE_SET, query)) {
		for (const row of page.rows) uses.push(...[readUse(row) ?? []].flat());
	}
	return uses;
}
