import type { ItemOperation } from '../../../shared/operation';
import { statusFields } from '../../../shared/output';
import { readSegment, segmentLocator } from '../../../shared/segmentLocator';

export const getStatus: ItemOperation = {
	value: 'getStatus',
	name: 'Get Status',
	action: 'Get status of segment',
	description: 'Get the status in one word, together with the status values of the service',
	properties: [segmentLocator],
	async runItem(context, itemIndex) {
		const segment = await readSegment(context, itemIndex);
		return [{ json: statusFields(segment), pairedItem: { item: itemIndex } }];
	},
};
