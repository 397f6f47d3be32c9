/** Asking what is new in a bare loop: the requests of two triggers, and nothing remembered. */

import type { AxiosInstance } from 'axios';

import { webApi } from './http';

const SEGMENT_COLUMNS =
	'msdynmkt_segmentid,msdynmkt_sourcesegmentuid,msdynmkt_displayname,msdynmkt_source,msdynmkt_membercount,statuscode,modifiedon,versionnumber';
const EXECUTION_COLUMNS =
	'msdynmkt_segmentexecutionid,_msdynmkt_segmentdefinitionid_value,statuscode,msdynmkt_startedon,msdynmkt_finishedon,msdynmkt_membershipcount,msdynmkt_type,createdon,modifiedon,versionnumber';
const SINCE = '2026-11-25T08:00:00Z';

/** @returns how many rows were new */
export async function pollAgainAndAgain(url: string, polls: number): Promise<number> {
	const client = await webApi(url);
	// Both are activated first: everything that is there is no news.
	await rows(client, 'msdynmkt_segmentexecutions', EXECUTION_COLUMNS, 'statuscode eq 723270002');
	await rows(client, 'msdynmkt_segmentexecutions', EXECUTION_COLUMNS, `modifiedon ge ${SINCE}`);
	await rows(client, 'msdynmkt_segments', SEGMENT_COLUMNS, 'msdynmkt_source eq 12');
	let found = 0;
	for (let count = 0; count < polls; count += 1) {
		const since = `(modifiedon ge ${SINCE}) or (versionnumber gt 5000)`;
		found += await rows(
			client,
			'msdynmkt_segmentexecutions',
			EXECUTION_COLUMNS,
			`(statuscode eq 723270002) and (${since})`,
		);
		found += await rows(
			client,
			'msdynmkt_segments',
			SEGMENT_COLUMNS,
			`(msdynmkt_source eq 12) and (${since})`,
		);
	}
	return found;
}

async function rows(client: AxiosInstance, set: string, select: string, filter: string): Promise<number> {
	const { data } = await client.get<{ readonly value: readonly object[] }>(
		`${set}?$select=${select}&$filter=${encodeURIComponent(filter)}&$orderby=versionnumber`,
		{ headers: { Prefer: 'odata.maxpagesize=5000' } },
	);
	return data.value.length;
}
