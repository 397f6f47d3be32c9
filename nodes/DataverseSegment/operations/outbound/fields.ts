/** The fields of an outbound segment: parameters that Create, Create or Update and Update share, and reading them. */

import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { NewOutboundSegment, OutboundFields } from '../../../../core/segments/outbound/create';
import type { OperationContext } from '../../../shared/operation';
import { businessUnit, readScope, scope, timeZone } from '../../../shared/segmentScope';
import { checkQueryOption, queryParameters, queryText, readCheckedQuery } from '../../../shared/query';
import type { CheckedQuery } from '../../../shared/query';
import { readFlag, readIds, readOptionalId, readOptionalText, readText } from '../../../shared/read';
import { description, goLive, nameField } from '../shared/fields';

export const typeField: INodeProperties = {
	displayName: 'Type',
	name: 'type',
	type: 'options',
	default: 'static',
	options: [
		{ name: 'Compound', value: 'compound', description: 'Combines other segments by a query' },
		{ name: 'Dynamic', value: 'dynamic', description: 'A query decides who is in it' },
		{ name: 'Static', value: 'static', description: 'People are added and removed one by one' },
	],
	description: 'How the segment gets its members',
};

/** Query of a dynamic or compound segment, as text or built. */
export const queryFields = queryParameters('outbound', { type: ['compound', 'dynamic'] });

const queryColumn: INodeProperties = {
	displayName: 'Query Column',
	name: 'queryColumn',
	type: 'options',
	default: 'msdyncrm_segmentquery',
	options: [
		{
			name: 'Query (As Printed for Compound)',
			value: 'msdyncrm_query',
			description: 'The column msdyncrm_query, which one sample of Microsoft names',
		},
		{
			name: 'Segment Query (Table Column)',
			value: 'msdyncrm_segmentquery',
			description: 'The column msdyncrm_segmentquery, which the table has',
		},
	],
	description: 'Column for the query',
};

const ownerId: INodeProperties = {
	displayName: 'Owner ID',
	name: 'ownerId',
	type: 'string',
	default: '',
	placeholder: 'e.g. 0b4b85cc-7f6c-ea11-a811-000d3a54d359',
	description: 'GUID of the user or team that owns the segment',
};

const ownerType: INodeProperties = {
	displayName: 'Owner Type',
	name: 'ownerType',
	type: 'options',
	default: 'systemusers',
	options: [
		{ name: 'Team', value: 'teams' },
		{ name: 'User', value: 'systemusers' },
	],
	description: 'Whether the owner is a user or a team',
};

const memberIds: INodeProperties = {
	displayName: 'Member IDs',
	name: 'memberIds',
	type: 'string',
	default: '',
	placeholder: 'e.g. 1405f4ba-1ee9-e811-a99d-000d3a35f12f',
	description:
		'First members of a static segment: IDs separated by commas, or an expression that returns an array. IDs that the row cannot hold are added afterwards.',
};

const crmPrefix: INodeProperties = {
	displayName: 'Member ID Prefix',
	name: 'crmPrefix',
	type: 'boolean',
	default: true,
	description:
		'Whether to write first members as crm followed by the ID, which the oldest segmentation backend needs',
};

/** Entries of the collection of a new segment. */
export const creationOptions: readonly INodeProperties[] = [
	businessUnit,
	checkQueryOption,
	description,
	goLive,
	memberIds,
	crmPrefix,
	ownerId,
	ownerType,
	queryColumn,
	scope,
	timeZone,
];

/** Entries of Update Fields. */
export const updateFields: readonly INodeProperties[] = [
	description,
	{ ...nameField, required: undefined },
	queryText,
	queryColumn,
	scope,
	timeZone,
];

/** Reads what the collection `parent` holds; a field that was not added stays as it is in the service. */
export function readFields(functions: IExecuteFunctions, parent: string, itemIndex: number): OutboundFields {
	const column = readOptionalText(functions, `${parent}.queryColumn`, itemIndex);
	const { scope: chosen, timeZone: zone } = readScope(functions, parent, itemIndex);
	return {
		description: readOptionalText(functions, `${parent}.description`, itemIndex),
		queryColumn: column === 'msdyncrm_query' ? column : undefined,
		scope: chosen,
		timeZone: zone,
	};
}

/** Everything about a new segment, with its query. Throws for a mistake in the query's syntax, unless told not to check. */
export async function readNewSegment(
	context: OperationContext,
	itemIndex: number,
): Promise<{ readonly segment: NewOutboundSegment; readonly query?: CheckedQuery }> {
	const { functions } = context;
	const text = readText(functions, 'type', itemIndex);
	const type = text === 'dynamic' || text === 'compound' ? text : 'static';
	const owner = readOptionalId(functions, 'options.ownerId', itemIndex);
	const team = readText(functions, 'options.ownerType', itemIndex) === 'teams';
	const segment: NewOutboundSegment = {
		...readFields(functions, 'options', itemIndex),
		name: readText(functions, 'name', itemIndex).trim(),
		type,
		goLive: readFlag(functions, 'options.goLive', itemIndex),
		businessUnitId: readScope(functions, 'options', itemIndex).businessUnitId,
		owner: owner === undefined ? undefined : { set: team ? 'teams' : 'systemusers', id: owner },
		memberIds: readIds(functions, 'options.memberIds', itemIndex),
		crmPrefix: readFlag(functions, 'options.crmPrefix', itemIndex),
	};
	if (type === 'static') return { segment };
	const query = await readCheckedQuery(context, itemIndex, 'outbound');
	return { segment: { ...segment, query: query?.text }, query };
}
