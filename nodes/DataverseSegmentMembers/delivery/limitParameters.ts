/** The options under Limits: what a run may not exceed. */

import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { DeliveryChange } from '../../../core/accounting/report';

import { DEFAULT_REMOVAL_PERCENT, type DeliveryLimits } from '../../../core/delivery/limits';
import { subCollection } from '../../shared/parameters';
import { readChoice, readFlag, readNumber, readOptionalNumber } from '../../shared/read';

const allowEmptying: INodeProperties = {
	displayName: 'Allow Emptying',
	name: 'allowEmptying',
	type: 'boolean',
	default: false,
	description: 'Whether to continue when no row matches a person, which removes everybody',
};

const allowSeveralRuns: INodeProperties = {
	displayName: 'Allow Several Runs',
	name: 'allowSeveralRuns',
	type: 'boolean',
	default: false,
	description:
		'Whether to sync again when the node runs more than once in an execution, as in a loop. Each run makes the segment match only its own input.',
};

const mostCreated: INodeProperties = {
	displayName: 'Most Created',
	name: 'mostCreated',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 1000,
	description:
		'Change nothing when more people than this would be created; without this option there is no limit',
};

const mostRemovals: INodeProperties = {
	displayName: 'Most Removals',
	name: 'mostRemovals',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 1000,
	description: 'Refuse to remove more people than this; without this option there is no limit on the number',
};

const removalBrakePercent: INodeProperties = {
	displayName: 'Removal Brake (%)',
	name: 'removalBrakePercent',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: 100 },
	default: DEFAULT_REMOVAL_PERCENT,
	description:
		'Refuse to remove more than this share of the members, because the input may be incomplete; applies from 10 members',
};

const ifRemovalBrakeIsMet: INodeProperties = {
	displayName: 'If Removal Brake Is Met',
	name: 'ifRemovalBrakeIsMet',
	type: 'options',
	default: 'refuse',
	options: [
		{ name: 'Add Only', value: 'addOnly', description: 'Add people, and remove nobody' },
		{ name: 'Refuse', value: 'refuse', description: 'Change nothing' },
	],
	description: 'What to do when more people would be removed than Most Removals or Removal Brake allow',
};

const mostUnmatchedPercent: INodeProperties = {
	displayName: 'Most Unmatched (%)',
	name: 'mostUnmatchedPercent',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: 100 },
	default: 20,
	description:
		'Change nothing when more than this share of the rows matches nobody; without this option there is no limit',
};

/** @param creates whether people can be created */
export function limitsOf(change: DeliveryChange, creates: boolean): INodeProperties {
	const ofSync = [allowEmptying, allowSeveralRuns, ifRemovalBrakeIsMet, mostRemovals, removalBrakePercent];
	return subCollection('Limits', 'Limits that the run must not exceed', [
		mostUnmatchedPercent,
		...(creates ? [mostCreated] : []),
		...(change === 'sync' ? ofSync : []),
	]);
}

export interface Limits extends DeliveryLimits {
	readonly allowSeveralRuns: boolean;
}

/** The limits of the item; what was not added to the options has the default of the editor, or is undefined where it has none. */
export function readLimits(functions: IExecuteFunctions, itemIndex: number): Limits {
	return {
		percent: readNumber(functions, 'options.removalBrakePercent', itemIndex, DEFAULT_REMOVAL_PERCENT),
		most: readOptionalNumber(functions, 'options.mostRemovals', itemIndex),
		ifBrakeIsMet: readChoice(functions, 'options.ifRemovalBrakeIsMet', itemIndex, ['refuse', 'addOnly']),
		mostCreated: readOptionalNumber(functions, 'options.mostCreated', itemIndex),
		mostUnmatched: readOptionalNumber(functions, 'options.mostUnmatchedPercent', itemIndex),
		allowEmptying: readFlag(functions, 'options.allowEmptying', itemIndex),
		allowSeveralRuns: readFlag(functions, 'options.allowSeveralRuns', itemIndex),
	};
}
