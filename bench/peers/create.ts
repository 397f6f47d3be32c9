/** Creating people in batches and adding them, in a bare loop. */

import { randomUUID } from 'node:crypto';

import type { AxiosInstance } from 'axios';
import type { INodeExecutionData } from 'n8n-workflow';

import { groupId } from '../stub/protocol';
import { addIds } from './add';
import { inChunks, webApi } from './http';
import { groupPage, PAGE } from './read';
import { resolveAddresses } from './resolve';

const PARTS_PER_BATCH = 100;
const CALLS_IN_FLIGHT = 4;
const IDS_PER_QUERY = 500;

interface NewPerson {
	readonly contactid: string;
	readonly emailaddress1: unknown;
	readonly firstname: unknown;
	readonly lastname: unknown;
}

/** As the node: nobody has the addresses or the ids, so everybody is created, added and read back. */
export async function createPeople(items: readonly INodeExecutionData[], url: string): Promise<void> {
	const client = await webApi(url);
	const known = await resolveAddresses(items, url);
	const people = items
		.filter(({ json }) => !known.has(String(json.email)))
		.map(({ json: { email, firstname, lastname } }): NewPerson => ({
			contactid: randomUUID(),
			emailaddress1: email,
			firstname,
			lastname,
		}));
	const ids = people.map(({ contactid }) => contactid);
	await inChunks(ids, IDS_PER_QUERY, 1, async (chunk) => await lookUp(client, chunk));
	await inChunks(people, PARTS_PER_BATCH, CALLS_IN_FLIGHT, async (chunk) => await sendBatch(client, chunk));
	await addIds(client, ids, 1);
	await readBack(client, new Set(ids));
}

async function lookUp(client: AxiosInstance, ids: readonly string[]): Promise<void> {
	const filter = `Microsoft.Dynamics.CRM.In(PropertyName='contactid',PropertyValues=${JSON.stringify(ids)})`;
	const select = 'contactid,statecode,createdon,modifiedon,emailaddress1';
	const { data } = await client.get<{ readonly value: readonly object[] }>(
		`contacts?$select=${select}&$filter=${encodeURIComponent(filter)}`,
	);
	if (data.value.length > 0) throw new Error('Somebody has the id of a person who is new');
}

async function sendBatch(client: AxiosInstance, people: readonly NewPerson[]): Promise<void> {
	const boundary = `batch_${randomUUID()}`;
	const parts = people.map((person) =>
		[
			`--${boundary}`,
			'Content-Type: application/http',
			'Content-Transfer-Encoding: binary',
			'',
			'POST /api/data/v9.2/contacts HTTP/1.1',
			'Content-Type: application/json; charset=utf-8',
			'',
			JSON.stringify(person),
			'',
		].join('\r\n'),
	);
	const { data } = await client.post<string>('$batch', `${parts.join('')}--${boundary}--\r\n`, {
		headers: { 'Content-Type': `multipart/mixed; boundary=${boundary}`, Prefer: 'odata.continue-on-error' },
	});
	const created = data.match(/^HTTP\/1\.1 204/gm)?.length;
	if (created !== people.length) throw new Error('Somebody was not created');
}

async function readBack(client: AxiosInstance, wanted: ReadonlySet<string>): Promise<void> {
	let found = 0;
	let page: readonly string[] = [];
	let number = 1;
	do {
		page = await groupPage(client, { GroupId: groupId(0), PageNo: number });
		found += page.filter((id) => wanted.has(id)).length;
		number += 1;
	} while (page.length === PAGE);
	if (found !== wanted.size) throw new Error('The members are not what they should be');
}
