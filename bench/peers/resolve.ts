/** Looking people up by their addresses in a bare loop: 500 to a query. */

import type { AxiosInstance } from 'axios';
import type { INodeExecutionData } from 'n8n-workflow';

import { inChunks, webApi } from './http';

const VALUES_PER_QUERY = 500;
const COLUMNS = 'contactid,emailaddress1,statecode,createdon,modifiedon';

interface Contact {
	readonly contactid: string;
	readonly emailaddress1: string;
}

/** @returns the ids of the people of the items, by address */
export async function resolveAddresses(
	items: readonly INodeExecutionData[],
	url: string,
): Promise<ReadonlyMap<string, string>> {
	return await lookUpAddresses(
		await webApi(url),
		items.map(({ json }) => String(json.email)),
	);
}

/** @returns ids by address, in lower case */
export async function lookUpAddresses(
	client: AxiosInstance,
	values: readonly string[],
): Promise<ReadonlyMap<string, string>> {
	const found = new Map<string, string>();
	await inChunks(values, VALUES_PER_QUERY, 1, async (chunk) => {
		const addresses = chunk.map((value) => value.trim().toLowerCase());
		const { data } = await client.get<{ readonly value: readonly Contact[] }>(lookUp(addresses));
		for (const { contactid, emailaddress1 } of data.value) found.set(emailaddress1.toLowerCase(), contactid);
	});
	return found;
}

function lookUp(addresses: readonly string[]): string {
	const list = JSON.stringify(addresses);
	const filter = `Microsoft.Dynamics.CRM.In(PropertyName='emailaddress1',PropertyValues=${list})`;
	return `contacts?$select=${COLUMNS}&$filter=${encodeURIComponent(filter)}`;
}
