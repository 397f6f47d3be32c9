/** Report, and the options under Output: what the node returns. */

import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { subCollection } from '../../shared/parameters';
import { readChoice, readFlag } from '../../shared/read';

type ReportForm = 'oneItemPerRow' | 'summary';

const reportProperty: INodeProperties = {
	displayName: 'Report',
	name: 'report',
	type: 'options',
	noDataExpression: true,
	default: 'summary',
	options: [
		{
			name: 'One Item per Row',
			value: 'oneItemPerRow',
			description: 'Done has one item for each row that was delivered, with its result',
		},
		{
			name: 'Summary',
			value: 'summary',
			description: 'Done has one item per segment with all figures and the first 100 rows not delivered',
		},
	],
	description: 'What comes out of Done. Rows that were not delivered always come out of Not Delivered.',
};

const failIfSomebodyIsNotDelivered: INodeProperties = {
	displayName: 'Fail if Somebody Is Not Delivered',
	name: 'failIfSomebodyIsNotDelivered',
	type: 'boolean',
	default: true,
	description: 'Whether to fail with the figures, after everybody else was delivered',
};

const notDeliveredAsCsv: INodeProperties = {
	displayName: 'Not Delivered as CSV',
	name: 'notDeliveredAsCsv',
	type: 'boolean',
	default: true,
	description:
		'Whether to attach all rows that were not delivered to the summary, as a CSV file in the binary field notDelivered',
};

export const outputOptions = subCollection('Output', 'What the node returns', [
	reportProperty,
	failIfSomebodyIsNotDelivered,
	notDeliveredAsCsv,
]);

export interface WhatToReturn {
	readonly report: ReportForm;
	readonly failIfNotDelivered: boolean;
	readonly attachCsv: boolean;
}

/** The options of the item under Output. */
export function readWhatToReturn(functions: IExecuteFunctions, itemIndex: number): WhatToReturn {
	return {
		report: readChoice(functions, 'options.report', itemIndex, ['summary', 'oneItemPerRow']),
		failIfNotDelivered: readFlag(functions, 'options.failIfSomebodyIsNotDelivered', itemIndex),
		attachCsv: readFlag(functions, 'options.notDeliveredAsCsv', itemIndex),
	};
}
