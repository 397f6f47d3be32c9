import type { INodeProperties } from 'n8n-workflow';

import type { OutboundFields } from '../../../../core/segments/outbound/create';
import type { OutboundType } from '../../../../core/segments/outbound/optionSets';
import type { ItemOperation, OperationContext } from '../../../shared/operation';
import { giveUpAfter, optionsCollection } from '../../../shared/parameters';
import { readOptionalText, readText } from '../../../shared/read';
import { readSegment, segmentLocator } from '../../../shared/segmentLocator';
import { nameField, queryField, typeField } from './fields';

const whatToValidate: INodeProperties = {
	displayName: 'Validate',
	name: 'validateWhat',
	type: 'options',
	default: 'segment',
	options: [
		{ name: 'Definition', value: 'definition', description: 'A definition that is not saved yet' },
		{ name: 'Segment', value: 'segment', description: 'A segment that exists' },
	],
	description: 'What to validate; nothing is changed either way',
};

const shownFor = (property: INodeProperties, what: 'definition' | 'segment'): INodeProperties => ({
	...property,
	displayOptions: { show: { validateWhat: [what], ...property.displayOptions?.show } },
});

export const validate: ItemOperation = {
	value: 'validate',
	name: 'Validate',
	action: 'Validate a segment',
	description: 'Ask the service whether a definition could go live, without saving anything',
	properties: [
		whatToValidate,
		shownFor(segmentLocator, 'segment'),
		shownFor({ ...nameField, required: undefined, default: 'Validation' }, 'definition'),
		shownFor({ ...typeField, default: 'dynamic' }, 'definition'),
		shownFor(queryField, 'definition'),
		optionsCollection([giveUpAfter]),
	],
	async runItem(context, itemIndex) {
		const definition = await readDefinition(context, itemIndex);
		const findings = await context.outbound.validate(definition);
		return [
			{
				json: {
					name: definition.name,
					valid: findings.length === 0,
					findings: findings.map((finding) => ({ source: 'service', severity: 'error', ...finding })),
					query: definition.query ?? null,
				},
				pairedItem: { item: itemIndex },
			},
		];
	},
};

type Definition = OutboundFields & { readonly name: string; readonly type: OutboundType };

async function readDefinition(context: OperationContext, itemIndex: number): Promise<Definition> {
	const { functions } = context;
	if (readText(functions, 'validateWhat', itemIndex) === 'definition') {
		return {
			name: readText(functions, 'name', itemIndex, 'Validation'),
			type: asType(readText(functions, 'type', itemIndex)),
			query: readOptionalText(functions, 'query', itemIndex),
		};
	}
	const { name, type, query } = await readSegment(context, itemIndex);
	return { name, type: asType(type), query };
}

const asType = (text: string): OutboundType => (text === 'static' || text === 'compound' ? text : 'dynamic');
