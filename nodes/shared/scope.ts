/** The business unit and the scope of a segment: parameters that both nodes have, and reading them. */

import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { OutboundReadScope } from '../../core/segments/outbound/readMembers';
import { readOptionalId, readOptionalNumber, readOptionalText } from './read';

export const scope: INodeProperties = {
	displayName: 'Scope',
	name: 'scope',
	type: 'options',
	default: 'organization',
	options: [
		{ name: 'Business Unit', value: 'businessUnit' },
		{ name: 'Organization', value: 'organization' },
	],
	description: 'Whether the segment sees the contacts of its business unit or of the whole organization',
};

export const timeZone: INodeProperties = {
	displayName: 'Time Zone',
	name: 'timeZone',
	type: 'number',
	typeOptions: { minValue: -1500, maxValue: 1500 },
	default: 0,
	description: 'Number of the time zone (timezonecode) in which relative dates of the query are read',
};

export const businessUnitId: INodeProperties = {
	displayName: 'Business Unit ID',
	name: 'businessUnitId',
	type: 'string',
	default: '',
	placeholder: 'e.g. 0b4b85cc-7f6c-ea11-a811-000d3a54d359',
	description: 'GUID of the business unit that the segment belongs to',
};

/** Reads the three out of the collection `parent`; one that was not added is undefined. */
export function readScope(
	functions: IExecuteFunctions,
	parent: string,
	itemIndex: number,
): OutboundReadScope {
	const text = readOptionalText(functions, `${parent}.scope`, itemIndex);
	return {
		scope: text === 'businessUnit' || text === 'organization' ? text : undefined,
		timeZone: readOptionalNumber(functions, `${parent}.timeZone`, itemIndex, -1500),
		businessUnitId: readOptionalId(functions, `${parent}.businessUnitId`, itemIndex),
	};
}
