/** Adding people by ids in a bare loop: chunks of the service's size, nothing checked, nothing counted. */

import type { AxiosInstance } from 'axios';
import type { INodeExecutionData } from 'n8n-workflow';

import { GROUP_SIZE, groupId, SEGMENT_ID } from '../stub/protocol';
import type { SystemName } from '../job';
import { inChunks, webApi } from './http';

const IDS_PER_CALL: Readonly<Record<SystemName, number>> = { outbound: 20_000, realTime: 1_000 };

export async function addInChunks(
	items: readonly INodeExecutionData[],
	url: string,
	{ system, parallel, perCall = IDS_PER_CALL[system] }: AddOptions,
): Promise<void> {
	const client = await webApi(url);
	await inChunks(items, perCall, parallel, async (chunk, start) => {
		const ids = chunk.map(({ json }) => json.contactid);
		if (system === 'outbound') {
			await client.post('msdyncrm_SegmentMembersUpdate', {
				msdyncrm_segmentid: SEGMENT_ID,
				msdyncrm_operation: 'addByIds',
				msdyncrm_memberids: JSON.stringify(ids),
			});
		} else {
			await addChunk(client, ids, start);
		}
	});
}

/** Adds to a real-time segment, a group after the other. */
export async function addIds(client: AxiosInstance, ids: readonly string[], parallel: number): Promise<void> {
	await inChunks(ids, IDS_PER_CALL.realTime, parallel, async (chunk, start) => {
		await addChunk(client, chunk, start);
	});
}

async function addChunk(client: AxiosInstance, ids: readonly unknown[], start: number): Promise<void> {
	await client.post('msdynmkt_AddStaticMembers', {
		SegmentId: SEGMENT_ID,
		GroupId: groupId(Math.floor(start / GROUP_SIZE)),
		EntityIds: ids,
	});
}

export interface AddOptions {
	readonly system: SystemName;
	readonly parallel: number;
	/** Default: what the service takes in one call. */
	readonly perCall?: number;
}
