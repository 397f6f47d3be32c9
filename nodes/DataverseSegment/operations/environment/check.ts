import type { IDataObject, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { Environment, readEnvironment } from '../../../../core/environment';
import type { BulkOperation, OperationContext } from '../../../shared/operation';
import { readText } from '../../../shared/read';
import { printFindings, printSummary } from './print';

const report: INodeProperties = {
	displayName: 'Report',
	name: 'report',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Summary',
			value: 'summary',
			description: 'One item with everything that was found',
		},
		{
			name: 'One Item per Finding',
			value: 'findings',
			description: 'One item for each feature, version and limit',
		},
	],
	default: 'summary',
};

/** Reads only, about 15 requests, once whatever the number of input items. */
export const check: BulkOperation = {
	value: 'check',
	name: 'Check',
	action: 'Check environment',
	description:
		'Check which features of this package work in the environment, which rights are missing, and which versions and limits it has. Changes nothing and returns no names.',
	properties: [report],
	async runAll(context) {
		const { client, functions } = context;
		const found = await readEnvironment(Environment.of(client), client.origin);
		const summary = printSummary(found);
		tell(context, summary.missing);
		const rows =
			readText(functions, 'report', 0) === 'findings' ? printFindings(found, summary) : [summary.json];
		return rows.map((json): INodeExecutionData => ({ json, pairedItem: pairedWith(context) }));
	},
};

function pairedWith({ items }: OperationContext): { item: number }[] {
	return items.map((_, item) => ({ item }));
}

function tell(context: OperationContext, missing: readonly IDataObject[]): void {
	if (missing.length === 0) return;
	const names = missing.map(({ right }) => String(right)).join(', ');
	context.hint(
		`The user of this credential lacks ${missing.length === 1 ? 'a right' : `${missing.length} rights`}: ${names}. Ask an administrator for a security role that has them.`,
		'warning',
	);
}
