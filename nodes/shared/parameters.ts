/** Parameters that several operations share. */

import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { Waiting } from '../../core/segments/types';
import { CHOOSE_SEVERAL, listFrom } from './editorList';
import { readFlag, readNumber } from './read';

/** The collection Options of an operation, entries in alphabetical order as the editor shows them. */
export function optionsCollection(options: readonly INodeProperties[]): INodeProperties {
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [...options].sort((a, b) => a.displayName.localeCompare(b.displayName, 'en')),
	};
}

/** A named part of Options, in which entries are added as in Options itself. */
export function subCollection(
	displayName: string,
	description: string,
	options: readonly INodeProperties[],
): INodeProperties {
	return {
		...optionsCollection(options),
		displayName,
		name: displayName.toLowerCase(),
		description,
	};
}

export const giveUpAfter: INodeProperties = {
	displayName: 'Give Up After (Minutes)',
	name: 'giveUpAfter',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 60,
	description:
		'How long to wait in total when the service throttles, is unavailable or is still working. What has been done until then stays done.',
};

export const returnAll: INodeProperties = {
	displayName: 'Return All',
	name: 'returnAll',
	type: 'boolean',
	default: false,
	description: 'Whether to return all results or only up to a given limit',
};

export const limit: INodeProperties = {
	displayName: 'Limit',
	name: 'limit',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 50,
	description: 'Max number of results to return',
	displayOptions: { show: { returnAll: [false] } },
};

export const simplify: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};

export const columns: INodeProperties = {
	displayName: 'Columns',
	name: 'columns',
	type: 'multiOptions',
	typeOptions: listFrom('getSegmentColumns'),
	default: [],
	description: `Further columns to read, returned beside the usual fields. ${CHOOSE_SEVERAL}.`,
};

/** "Wait Until Live" and its like, with the time to wait. */
export function waiting(endStatus: 'Live' | 'Stopped'): INodeProperties[] {
	return [
		{
			displayName: `Wait Until ${endStatus}`,
			name: 'wait',
			type: 'boolean',
			default: false,
			description: `Whether to wait until the service reports the segment as ${endStatus.toLowerCase()}, instead of returning as soon as it has accepted the change`,
		},
		{
			displayName: 'Wait Up To (Minutes)',
			name: 'waitMinutes',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 15,
			displayOptions: { show: { wait: [true] } },
			description:
				'When the time is up, the node continues and the output says timedOut: true. Large segments can take hours.',
		},
	];
}

/** What `waiting()` was set to; undefined = do not wait. */
export function readWaiting(functions: IExecuteFunctions, itemIndex: number): Waiting | undefined {
	if (!readFlag(functions, 'wait', itemIndex)) return undefined;
	return { timeoutMs: readNumber(functions, 'waitMinutes', itemIndex, undefined, 0) * 60_000 };
}
