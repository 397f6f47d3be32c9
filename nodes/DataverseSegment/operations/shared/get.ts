import type { ItemOperation } from '../../../shared/operation';
import { segmentItem } from '../../../shared/output';
import { columns, giveUpAfter, optionsCollection, simplify } from '../../../shared/parameters';
import { readFlag, readTexts } from '../../../shared/read';
import { readSegment, segmentLocator } from '../../../shared/segmentLocator';

export const get: ItemOperation = {
	value: 'get',
	name: 'Get',
	action: 'Get segment',
	description: 'Get one segment with its status, member count and query',
	properties: [segmentLocator, simplify, optionsCollection([columns, giveUpAfter])],
	async runItem(context, itemIndex) {
		const simple = readFlag(context.functions, 'simplify', itemIndex);
		const names = readTexts(context.functions, 'options.columns', itemIndex);
		return [segmentItem(await readSegment(context, itemIndex, names), simple, itemIndex, names)];
	},
};
