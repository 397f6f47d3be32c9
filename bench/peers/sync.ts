/** Making a segment equal to the input in a bare loop: read, compare, send the difference, read again. */

import type { INodeExecutionData } from 'n8n-workflow';

import { groupId, SEGMENT_ID } from '../stub/protocol';
import { inChunks, webApi } from './http';
import { groupPages } from './read';

const IDS_PER_CALL = 1_000;

export async function syncMembers(
	items: readonly INodeExecutionData[],
	url: string,
	people: number,
): Promise<void> {
	const client = await webApi(url);
	const wanted = new Set(items.map(({ json }) => String(json.contactid)));
	const read = async () => {
		const ids = new Set<string>();
		for await (const page of groupPages(client, people)) for (const id of page) ids.add(id);
		return ids;
	};
	const members = await read();
	const change = async (action: string, ids: readonly string[]) => {
		await inChunks(ids, IDS_PER_CALL, 1, async (chunk) => {
			await client.post(action, { SegmentId: SEGMENT_ID, GroupId: groupId(0), EntityIds: chunk });
		});
	};
	await change(
		'msdynmkt_RemoveStaticMembers',
		[...members].filter((id) => !wanted.has(id)),
	);
	await change(
		'msdynmkt_AddStaticMembers',
		[...wanted].filter((id) => !members.has(id)),
	);
	// The node looks again as well, to tell whether somebody else wrote in the meantime.
	const after = await read();
	if (after.size !== wanted.size || [...after].some((id) => !wanted.has(id))) {
		throw new Error('The members are not what they should be');
	}
}
