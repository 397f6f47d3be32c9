/** Creating people in batches and adding them, in a bare loop. */

import { randomUUID } from 'node:crypto';

import type { AxiosInstance } from 'axios';
import type { INodeExecutionData } from 'n8n-workflow';

import { addIds } from './add';
import { inChunks, webApi } from './http';
import { readColumns, readSegment } from './prepare';
import { groupMembers } from './read';
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
	await readSegment(client);
	await readColumns(client);
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
	if ((await groupMembers(client, 1)).size > 0) throw new Error('Somebody is a member already');
	await inChunks(people, PARTS_PER_BATCH, CALLS_IN_FLIGHT, async (chunk) => await sendBatch(client, chunk));
	await addIds(client, ids, 1);
	const members = await groupMembers(client, 1);
	if (ids.some((id) => !members.has(id))) throw new Error('The members are not what they should be');
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
