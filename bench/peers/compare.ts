/** Who is in a segment and not in the input, and the other way round, in a bare loop. */

import type { INodeExecutionData } from 'n8n-workflow';

import { webApi } from './http';
import { groupPages } from './read';

/** @returns how many people differ */
export async function compareMembers(
	items: readonly INodeExecutionData[],
	url: string,
	people: number,
): Promise<number> {
	const client = await webApi(url);
	const members = new Set<string>();
	for await (const page of groupPages(client, people)) for (const id of page) members.add(id);
	const snapshot = new Set(items.map(({ json }) => String(json.contactid)));
	const entered = [...members].filter((id) => !snapshot.has(id));
	const left = [...snapshot].filter((id) => !members.has(id));
	return entered.length + left.length;
}
