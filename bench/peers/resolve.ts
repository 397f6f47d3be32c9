/** Looking people up by their addresses in a bare loop: 500 to a query, as a GET inside `$batch`. */

import type { INodeExecutionData } from 'n8n-workflow';

import { inChunks, webApi } from './http';

const VALUES_PER_QUERY = 500;
const COLUMNS = 'contactid,emailaddress1,statecode,createdon,modifiedon';
const BOUNDARY = 'batch_bench';

interface Contact {
	readonly contactid: string;
	readonly emailaddress1: string;
}

/** @returns how many addresses belong to somebody */
export async function resolveAddresses(items: readonly INodeExecutionData[], url: string): Promise<number> {
	const client = await webApi(url);
	const found = new Map<string, string>();
	await inChunks(items, VALUES_PER_QUERY, 1, async (chunk) => {
		const addresses = chunk.map(({ json }) => String(json.email).trim().toLowerCase());
		const { data } = await client.post<string>('$batch', lookUp(addresses), {
			headers: { 'Content-Type': `multipart/mixed; boundary=${BOUNDARY}` },
			responseType: 'text',
		});
		const reply = JSON.parse(data.slice(data.indexOf('{'), data.lastIndexOf('}') + 1)) as {
			readonly value: readonly Contact[];
		};
		for (const { contactid, emailaddress1 } of reply.value) found.set(emailaddress1.toLowerCase(), contactid);
	});
	return found.size;
}

function lookUp(addresses: readonly string[]): string {
	const list = JSON.stringify(addresses);
	const filter = `Microsoft.Dynamics.CRM.In(PropertyName='emailaddress1',PropertyValues=${list})`;
	return [
		`--${BOUNDARY}`,
		'Content-Type: application/http',
		'Content-Transfer-Encoding: binary',
		'',
		`GET /api/data/v9.2/contacts?$select=${COLUMNS}&$filter=${encodeURIComponent(filter)} HTTP/1.1`,
		'Accept: application/json',
		'',
		'',
		`--${BOUNDARY}--`,
		'',
	].join('\r\n');
}
