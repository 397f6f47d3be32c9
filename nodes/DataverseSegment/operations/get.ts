import type { ItemOperation } from '../../shared/operation';
import { segmentItem } from '../../shared/output';
import { simplify } from '../../shared/parameters';
import { readFlag } from '../../shared/read';
import { readSegment, segmentLocator } from '../../shared/segmentLocator';

export const get: ItemOperation = {
	value: 'get',
	name: 'Get',
	action: 'Get a segment',
	description: 'Get one segment with its status, member count and query',
	properties: [segmentLocator, simplify],
	async runItem(context, itemIndex) {
		const simple = readFlag(context.functions, 'simplify', itemIndex, true);
		return [segmentItem(await readSegment(context, itemIndex), simple, itemIndex)];
	},
};
