/** Adding the people of a CSV file in a bare loop: csv-parse reads the file, then the ids are sent. */

import { parse } from 'csv-parse/sync';
import type { INodeExecutionData } from 'n8n-workflow';

import { addIds } from './add';
import { webApi } from './http';
import { lookUpAddresses } from './resolve';

/** People of several lines are sent once, as every delivery has to. */
export async function addFromCsv(
	items: readonly INodeExecutionData[],
	url: string,
	by: 'email' | 'id',
): Promise<void> {
	const client = await webApi(url);
	const file = Buffer.from(items[0]?.binary?.data?.data ?? '', 'base64');
	const rows = parse(file, { columns: true, bom: true }) as readonly Readonly<Record<string, string>>[];
	const values = rows.map((row) => row[by] ?? '');
	const ids = by === 'id' ? values : (await lookUpAddresses(client, values)).values();
	await addIds(client, [...new Set(ids)], 1);
}
