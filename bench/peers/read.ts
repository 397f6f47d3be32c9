/** Reading the groups of a segment page by page in a bare loop. */

import type { AxiosInstance } from 'axios';

import { groupId, SEGMENT_ID } from '../stub/protocol';
import { webApi } from './http';

const PAGE = 5_000;

/** Reads all members into items, as a node would return them. @returns how many */
export async function readMembers(url: string, people: number): Promise<number> {
	const client = await webApi(url);
	const items: { readonly json: { readonly id: string } }[] = [];
	for await (const page of groupPages(client, people)) for (const id of page) items.push({ json: { id } });
	return items.length;
}

/** The pages of the groups, as far as there are people in them. */
export async function* groupPages(client: AxiosInstance, people: number): AsyncGenerator<readonly string[]> {
	let read = 0;
	for (let group = 0; read < people; group += 1) {
		let page: readonly string[] = [];
		let number = 1;
		do {
			const { data } = await client.post<{ readonly Response: string }>('msdynmkt_ListGroupMembers', {
				SegmentId: SEGMENT_ID,
				GroupId: groupId(group),
				PageNo: number,
				PageSize: PAGE,
			});
			page = (JSON.parse(data.Response) as { readonly entityIds: readonly string[] }).entityIds;
			read += page.length;
			number += 1;
			yield page;
		} while (page.length === PAGE);
	}
}
