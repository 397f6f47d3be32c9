/** Adding people by address who have an opt-in on record, in a bare loop: look up, ask for consent, send. */

import type { INodeExecutionData } from 'n8n-workflow';

import { GROUP_SIZE, PURPOSE_ID } from '../stub/protocol';
import { addIds } from './add';
import { inChunks, webApi } from './http';
import { readPurpose, readSegment } from './prepare';
import { groupMembers } from './read';
import { resolveAddresses } from './resolve';

const VALUES_PER_QUERY = 500;
const CALLS_IN_FLIGHT = 4;
const OPTED_IN = 534120001;
const COLUMNS =
	'msdynmkt_contactpointconsent4id,msdynmkt_contactpointvalue,msdynmkt_contactpointconsenttype,msdynmkt_value,_msdynmkt_purposeid_value,_msdynmkt_topicid_value,_owningbusinessunit_value,modifiedon,versionnumber';

export async function addWithConsent(items: readonly INodeExecutionData[], url: string): Promise<void> {
	const client = await webApi(url);
	await readSegment(client);
	await readPurpose(client);
	const people = await resolveAddresses(items, url);
	const optedIn = new Set<string>();
	await inChunks([...people.keys()], VALUES_PER_QUERY, CALLS_IN_FLIGHT, async (chunk) => {
		const values = JSON.stringify(chunk);
		const filter = `(msdynmkt_contactpointtype eq 534120000) and (_msdynmkt_purposeid_value eq ${PURPOSE_ID}) and (Microsoft.Dynamics.CRM.In(PropertyName='msdynmkt_contactpointvalue',PropertyValues=${values}))`;
		const { data } = await client.get<{ readonly value: readonly ConsentRow[] }>(
			`msdynmkt_contactpointconsent4s?$select=${COLUMNS}&$filter=${encodeURIComponent(filter)}&$orderby=msdynmkt_contactpointconsent4id`,
		);
		for (const { msdynmkt_contactpointvalue: address, msdynmkt_value: value } of data.value) {
			if (value === OPTED_IN) optedIn.add(address);
		}
	});
	const ids = [...people].flatMap(([address, id]) => (optedIn.has(address) ? [id] : []));
	const members = await groupMembers(client, Math.ceil(ids.length / GROUP_SIZE));
	if (members.size > 0) throw new Error('Somebody is a member already');
	await addIds(client, ids, 1);
}

interface ConsentRow {
	readonly msdynmkt_contactpointvalue: string;
	readonly msdynmkt_value: number;
}
