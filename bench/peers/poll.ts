/** Asking what is new bare: the requests of two triggers, and nothing remembered. */

import type { AxiosInstance } from 'axios';

const SEGMENT_COLUMNS =
	'msdynmkt_segmentid,msdynmkt_sourcesegmentuid,msdynmkt_displayname,msdynmkt_source,msdynmkt_membercount,statuscode,modifiedon,versionnumber';
const EXECUTION_COLUMNS =
	'msdynmkt_segmentexecutionid,_msdynmkt_segmentdefinitionid_value,statuscode,msdynmkt_startedon,msdynmkt_finishedon,msdynmkt_membershipcount,msdynmkt_type,createdon,modifiedon,versionnumber';
const SINCE = '2026-11-25T08:00:00Z';

/** What one of the two triggers asks for. */
export type Asked = 'evaluated' | 'statusChanged';

const NEW = `(modifiedon ge ${SINCE}) or (versionnumber gt 5000)`;

/** What is there at the activation, which is no news. */
export async function activate(client: AxiosInstance, asked: Asked): Promise<void> {
	if (asked === 'statusChanged') {
		await rows(client, 'msdynmkt_segments', SEGMENT_COLUMNS, 'msdynmkt_source eq 12');
		return;
	}
	const filter = 'statuscode eq 723270002';
	await rows(client, 'msdynmkt_segmentexecutions', EXECUTION_COLUMNS, filter);
	await rows(client, 'msdynmkt_segmentexecutions', EXECUTION_COLUMNS, `modifiedon ge ${SINCE}`);
}

/** @returns how many rows are new */
export async function pollOnce(client: AxiosInstance, asked: Asked): Promise<number> {
	return asked === 'statusChanged'
		? await rows(client, 'msdynmkt_segments', SEGMENT_COLUMNS, `(msdynmkt_source eq 12) and (${NEW})`)
		: await rows(
				client,
				'msdynmkt_segmentexecutions',
				EXECUTION_COLUMNS,
				`(statuscode eq 723270002) and (${NEW})`,
			);
}

async function rows(client: AxiosInstance, set: string, select: string, filter: string): Promise<number> {
	const { data } = await client.get<{ readonly value: readonly object[] }>(
		`${set}?$select=${select}&$filter=${encodeURIComponent(filter)}&$orderby=versionnumber`,
		{ headers: { Prefer: 'odata.maxpagesize=5000' } },
	);
	return data.value.length;
}
