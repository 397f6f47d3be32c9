import type { INodeProperties } from 'n8n-workflow';

import type { ItemOperation } from '../../../shared/operation';
import { optionsCollection } from '../../../shared/parameters';
import { readOptionalText, readText } from '../../../shared/read';

const name: INodeProperties = {
	displayName: 'Name',
	name: 'name',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. Newsletter readers',
	description: 'Display name of the segment, at most 100 characters. Names need not be unique.',
};

const description: INodeProperties = {
	displayName: 'Description',
	name: 'description',
	type: 'string',
	typeOptions: { rows: 2 },
	default: '',
	description: 'What the segment is for, at most 2000 characters',
};

export const create: ItemOperation = {
	value: 'create',
	name: 'Create',
	action: 'Create a segment',
	description: 'Create a static segment as a draft',
	properties: [name, optionsCollection([description])],
	async runItem(context, itemIndex) {
		const { functions } = context;
		const created = await context.outbound.create({
			name: readText(functions, 'name', itemIndex),
			type: 'static',
			goLive: false,
			description: readOptionalText(functions, 'options.description', itemIndex),
		});
		return [
			{
				json: { id: created.id, url: created.url, status: created.goesLive ? 'goingLive' : 'draft' },
				pairedItem: { item: itemIndex },
			},
		];
	},
};
