/** What the node reads once before it works, read by the bare loops as well: both sides make the same requests. */

import type { AxiosInstance } from 'axios';

import { PURPOSE_ID, SEGMENT_ID } from '../stub/protocol';

interface Rows {
	readonly value: readonly Readonly<Record<string, unknown>>[];
}

/** The segment and its definition. */
export async function readSegment(client: AxiosInstance): Promise<void> {
	const columns =
		'msdynmkt_segmentid,msdynmkt_sourcesegmentuid,msdynmkt_displayname,msdynmkt_type,msdynmkt_baseentitylogicalname,statecode,statuscode';
	const { data } = await client.get<{ readonly msdynmkt_sourcesegmentuid: string }>(
		`msdynmkt_segments(${SEGMENT_ID})?$select=${columns}`,
	);
	const definition =
		'msdynmkt_segmentdefinitionid,msdynmkt_name,msdynmkt_segmentquery,msdynmkt_staticlistmembers';
	await client.get(`msdynmkt_segmentdefinitions(${data.msdynmkt_sourcesegmentuid})?$select=${definition}`);
}

/** The columns of contacts that can be written, and how long their texts can be. */
export async function readColumns(client: AxiosInstance): Promise<void> {
	const columns = "EntityDefinitions(LogicalName='contact')/Attributes";
	const select = 'LogicalName,DisplayName,AttributeTypeName,AttributeOf,IsValidForCreate,IsValidForUpdate';
	await client.get<Rows>(`${columns}?$select=${select}`);
	await client.get<Rows>(
		`${columns}/Microsoft.Dynamics.CRM.StringAttributeMetadata?$select=LogicalName,MaxLength`,
	);
}

/** The purpose with its profiles, and what the environment has turned on. */
export async function readPurpose(client: AxiosInstance): Promise<void> {
	await client.get<Rows>('msdynmkt_featureconfigurations?$select=msdynmkt_uniquename,msdynmkt_featurestate');
	const profiles =
		'msdynmkt_msdynmkt_purpose_msdynmkt_compliancev4($select=msdynmkt_name,_msdynmkt_consentproviderid_value)';
	const { data } = await client.get<Rows>(
		`msdynmkt_purposes?$select=msdynmkt_name,msdynmkt_type,msdynmkt_enforcementmodel&$expand=${profiles}`,
	);
	if (!data.value.some(({ msdynmkt_purposeid: id }) => id === PURPOSE_ID)) {
		throw new Error('The purpose is not there');
	}
}
