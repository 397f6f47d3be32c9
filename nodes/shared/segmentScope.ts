/** The business unit and the scope of a segment: parameters that both nodes have, and reading them. */

import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { OutboundReadScope } from '../../core/segments/outbound/readMembers';
import { CHOOSE_ONE, listFrom } from './editorList';
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

export const businessUnit: INodeProperties = {
	displayName: 'Business Unit',
	name: 'businessUnit',
	type: 'options',
	typeOptions: listFrom('getBusinessUnits'),
	default: '',
	description: `Business unit that the segment belongs to. ${CHOOSE_ONE}.`,
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
		businessUnitId: readOptionalId(functions, `${parent}.businessUnit`, itemIndex),
	};
}
