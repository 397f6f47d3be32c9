/** Options of Add, Remove and Sync: how to deliver, what to prove, what to give back. */

import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { DeliveryChange } from '../../../core/accounting/report';
import { DEFAULT_REMOVAL_PERCENT } from '../../../core/delivery/limits';
import type { DeliverySettings as CoreSettings } from '../../../core/delivery/settings';
import { giveUpAfter } from '../../shared/parameters';
import { readFlag, readNumber, readOptionalNumber, readText } from '../../shared/read';
import { identifyOptions } from '../input/identify';

export type Change = DeliveryChange;
export type OutputMode = 'exceptions' | 'perItem' | 'summary';

export interface DeliverySettings extends CoreSettings {
	readonly failOnExceptions: boolean;
	readonly attachCsv: boolean;
	readonly allowSeveralRuns: boolean;
	readonly output: OutputMode;
}

const MINUTE_MS = 60_000;

export const outputProperty: INodeProperties = {
	displayName: 'Output',
	name: 'output',
	type: 'options',
	default: 'summary',
	options: [
		{
			name: 'Exceptions Only',
			value: 'exceptions',
			description: 'One item for each row that was not delivered, with the reason',
		},
		{
			name: 'Per Input Item',
			value: 'perItem',
			description: 'One item for each row, with what became of it',
		},
		{
			name: 'Summary',
			value: 'summary',
			description: 'One item per segment with all figures and the first 100 exceptions',
		},
	],
	description: 'What the node returns',
};

const general: readonly INodeProperties[] = [
	{
		displayName: 'Confirm by Reading Back',
		name: 'confirm',
		type: 'boolean',
		default: false,
		description:
			'Whether to read the members until the service shows the change; people are then counted as confirmed instead of unconfirmed',
	},
	{
		displayName: 'Confirm for up to (Minutes)',
		name: 'confirmMinutes',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 10,
		displayOptions: { show: { confirm: [true] } },
		description: 'How long to keep reading; who is not seen by then stays unconfirmed',
	},
	{
		displayName: 'Dry Run',
		name: 'dryRun',
		type: 'boolean',
		default: false,
		description: 'Whether to return the plan without changing anything',
	},
	{
		displayName: 'Exceptions as CSV',
		name: 'exceptionsCsv',
		type: 'boolean',
		default: false,
		description:
			'Whether to attach all exceptions to the summary as a CSV file in the binary field exceptions',
	},
	giveUpAfter,
	...identifyOptions,
	{
		displayName: 'Parallel Calls per Segment',
		name: 'parallelCalls',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 16 },
		default: 1,
		description:
			'How many calls to have in flight for one segment. Microsoft does not document that concurrent changes of one segment are safe; raise it only after a trial.',
	},
	{
		displayName: 'When People Are Not Delivered',
		name: 'whenNotDelivered',
		type: 'options',
		default: 'report',
		options: [
			{
				name: 'Fail',
				value: 'fail',
				description: 'Deliver everybody else first, then fail with the figures',
			},
			{ name: 'Report', value: 'report', description: 'Go on; the exceptions are in the output' },
		],
		description: 'What to do when some rows could not be delivered',
	},
];

const readFirst: INodeProperties = {
	displayName: 'Read Membership First',
	name: 'readFirst',
	type: 'options',
	default: 'automatic',
	options: [
		{ name: 'Always', value: 'always' },
		{ name: 'Automatic', value: 'automatic', description: 'Unless the segment is far larger than the input' },
		{ name: 'Never', value: 'never' },
	],
	description:
		'Whether to read the members first, so that only the difference is sent and people who need no change are counted as unchanged',
};

const syncOnly: readonly INodeProperties[] = [
	{
		displayName: 'Allow Emptying',
		name: 'allowEmptying',
		type: 'boolean',
		default: false,
		description: 'Whether to go on when no row means a person, which removes everybody',
	},
	{
		displayName: 'Allow Several Runs',
		name: 'allowSeveralRuns',
		type: 'boolean',
		default: false,
		description:
			'Whether to sync again when the node runs more than once in an execution, as in a loop. Each run makes the segment equal to its own input alone.',
	},
	{
		displayName: 'Most Removals',
		name: 'mostRemovals',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 1000,
		description:
			'Refuse to remove more people than this; without this option there is no limit on the number',
	},
	{
		displayName: 'Removal Brake (%)',
		name: 'removalBrake',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 100 },
		default: DEFAULT_REMOVAL_PERCENT,
		description:
			'Refuse to remove more than this share of the members, because the input may be incomplete; counts from 10 members on',
	},
];

/** Entries of the collection Options for a change, those of the system besides. */
export function deliveryOptions(
	change: Change,
	ofSystem: readonly INodeProperties[],
): readonly INodeProperties[] {
	return [...general, ...(change === 'sync' ? syncOnly : [readFirst]), ...ofSystem];
}

export function readSettings(functions: IExecuteFunctions, itemIndex: number): DeliverySettings {
	const flag = (name: string) => readFlag(functions, `options.${name}`, itemIndex, false);
	const number = (name: string, fallback: number, least: number) =>
		readNumber(functions, `options.${name}`, itemIndex, fallback, least);
	const most = readOptionalNumber(functions, 'options.mostRemovals', itemIndex, 0);
	const first = readText(functions, 'options.readFirst', itemIndex, 'automatic');
	const output = readText(functions, 'output', itemIndex, 'summary');
	return {
		dryRun: flag('dryRun'),
		parallelCalls: number('parallelCalls', 1, 1),
		confirmFor: flag('confirm') ? number('confirmMinutes', 10, 0) * MINUTE_MS : undefined,
		readFirst: first === 'always' || first === 'never' ? first : 'automatic',
		failOnExceptions: readText(functions, 'options.whenNotDelivered', itemIndex) === 'fail',
		attachCsv: flag('exceptionsCsv'),
		limits: {
			percent: number('removalBrake', DEFAULT_REMOVAL_PERCENT, 0),
			most,
			allowEmptying: flag('allowEmptying'),
		},
		allowSeveralRuns: flag('allowSeveralRuns'),
		output: output === 'perItem' || output === 'exceptions' ? output : 'summary',
	};
}
