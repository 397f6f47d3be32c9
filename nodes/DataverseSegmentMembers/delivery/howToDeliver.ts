/** The options under Delivery: how people are sent and what is verified. */

import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { DeliveryChange } from '../../../core/accounting/report';
import { LARGEST, WAIT_FOR_NEW_MS, type DeliverySettings } from '../../../core/delivery/settings';

import { giveUpAfter, subCollection } from '../../shared/parameters';
import { readChoice, readFlag, readNumber } from '../../shared/read';

const MINUTE_MS = 60_000;

const confirmByReadingBack: INodeProperties = {
	displayName: 'Confirm by Reading Back',
	name: 'confirmByReadingBack',
	type: 'boolean',
	default: true,
	description:
		'Whether to read the members until the service shows the change; people are then counted as confirmed instead of unconfirmed',
};

const confirmForUpToMinutes: INodeProperties = {
	displayName: 'Confirm for up to (Minutes)',
	name: 'confirmForUpToMinutes',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: LARGEST.confirmMs / MINUTE_MS },
	default: 10,
	displayOptions: { show: { confirmByReadingBack: [true] } },
	description: 'How long to keep reading; people who are not seen within this time stay unconfirmed',
};

const parallelCallsPerSegment: INodeProperties = {
	displayName: 'Parallel Calls per Segment',
	name: 'parallelCallsPerSegment',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: LARGEST.parallelCalls },
	default: 1,
	description:
		'How many calls to send at the same time for one segment. Microsoft does not document that concurrent changes of one segment are safe; raise it only after testing.',
};

const readMembershipFirst: INodeProperties = {
	displayName: 'Read Membership First',
	name: 'readMembershipFirst',
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

/** @param ofSystem what only this system has */
export function howToDeliver(change: DeliveryChange, ofSystem: readonly INodeProperties[]): INodeProperties {
	return subCollection('Delivery', 'How people are sent, and what is verified afterwards', [
		confirmByReadingBack,
		confirmForUpToMinutes,
		giveUpAfter,
		parallelCallsPerSegment,
		...(change === 'sync' ? [] : [readMembershipFirst]),
		...ofSystem,
	]);
}

export type HowToDeliver = Pick<
	DeliverySettings,
	'confirmFor' | 'parallelCalls' | 'readFirst' | 'waitForNew'
>;

/** The options of the item under Delivery; minutes become milliseconds. */
export function readHowToDeliver(functions: IExecuteFunctions, itemIndex: number): HowToDeliver {
	const isConfirmed = readFlag(functions, 'options.confirmByReadingBack', itemIndex);
	return {
		parallelCalls: readNumber(functions, 'options.parallelCallsPerSegment', itemIndex),
		confirmFor: isConfirmed
			? readNumber(functions, 'options.confirmForUpToMinutes', itemIndex) * MINUTE_MS
			: undefined,
		readFirst: readChoice(functions, 'options.readMembershipFirst', itemIndex, [
			'automatic',
			'always',
			'never',
		]),
		waitForNew:
			readNumber(functions, 'options.waitForNewPeopleMinutes', itemIndex, WAIT_FOR_NEW_MS / MINUTE_MS) *
			MINUTE_MS,
	};
}
