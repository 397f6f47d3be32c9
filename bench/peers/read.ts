/** Reading the groups of a segment page by page in a bare loop. */

import type { AxiosInstance } from 'axios';

import type { Work } from '../job';
import { groupId, SEGMENT_ID } from '../stub/protocol';
import { webApi } from './http';

export const PAGE = 5_000;
const ROWS_PER_QUERY = 500;

interface Contact {
	readonly contactid: string;
	readonly fullname: string;
	readonly emailaddress1: string;
}

/** Reads all members into items, as a node would return them. @returns how many */
export async function readMembers(
	url: string,
	{ people, named = false }: Extract<Work, { kind: 'read' }>,
): Promise<number> {
	const client = await webApi(url);
	const items: { readonly json: object }[] = [];
	for await (const page of groupPages(client, people)) {
		if (!named) {
			for (const id of page) items.push({ json: { id } });
			continue;
		}
		for (let start = 0; start < page.length; start += ROWS_PER_QUERY) {
			for (const contact of await contacts(client, page.slice(start, start + ROWS_PER_QUERY))) {
				const { contactid: id, emailaddress1: email, fullname: fullName } = contact;
				items.push({ json: { id, fullName, email } });
			}
		}
	}
	return items.length;
}

async function contacts(client: AxiosInstance, ids: readonly string[]): Promise<readonly Contact[]> {
	const filter = `Microsoft.Dynamics.CRM.In(PropertyName='contactid',PropertyValues=${JSON.stringify(ids)})`;
	const { data } = await client.get<{ readonly value: readonly Contact[] }>(
		`contacts?$select=contactid,fullname,emailaddress1&$filter=${encodeURIComponent(filter)}`,
	);
	return data.value;
}

interface Source {
	readonly segmentId: string;
	readonly idOf: (group: number) => string;
	/** Asks for every page of a group but the last once more, which shows whether somebody went or came meanwhile. */
	readonly readsEndsAgain?: boolean;
}

const SEGMENT: Source = { segmentId: SEGMENT_ID, idOf: groupId };

/** The pages of the groups, as far as there are people in them. */
export async function* groupPages(
	client: AxiosInstance,
	people: number,
	{ idOf, readsEndsAgain = false, segmentId }: Source = SEGMENT,
): AsyncGenerator<readonly string[]> {
	let read = 0;
	for (let group = 0; read < people; group += 1) {
		const pageOf = async (number: number) =>
			await groupPage(client, { SegmentId: segmentId, GroupId: idOf(group), PageNo: number });
		const ends: (string | undefined)[] = [];
		let page: readonly string[] = [];
		do {
			page = await pageOf(ends.length + 1);
			read += page.length;
			if (page.length > 0) ends.push(page.at(-1));
			yield page;
		} while (page.length === PAGE);
		if (!readsEndsAgain) continue;
		for (const [index, end] of ends.slice(0, -1).entries()) {
			if ((await pageOf(index + 1)).at(-1) !== end) throw new Error('Somebody went or came meanwhile');
		}
	}
}

/** One page of a group. */
export async function groupPage(
	client: AxiosInstance,
	page: { readonly SegmentId?: string; readonly GroupId: string; readonly PageNo: number },
): Promise<readonly string[]> {
	const body = { SegmentId: SEGMENT_ID, ...page, PageSize: PAGE };
	const { data } = await client.post<{ readonly Response: string }>('msdynmkt_ListGroupMembers', body);
	return (JSON.parse(data.Response) as { readonly entityIds: readonly string[] }).entityIds;
}

/** Everybody in the first groups of the segment, each read until a page is empty, as the node does. */
export async function groupMembers(client: AxiosInstance, groups: number): Promise<ReadonlySet<string>> {
	const members = new Set<string>();
	for (let group = 0; group < groups; group += 1) {
		let page: readonly string[] = [];
		let number = 1;
		do {
			page = await groupPage(client, { GroupId: groupId(group), PageNo: number });
			for (const id of page) members.add(id);
			number += 1;
		} while (page.length > 0);
	}
	return members;
}
