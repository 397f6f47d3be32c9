import type { ItemOperation } from '../../shared/operation';
import { readSegment, segmentLocator } from '../../shared/segmentLocator';

export const getStatus: ItemOperation = {
	value: 'getStatus',
	name: 'Get Status',
	action: 'Get the status of a segment',
	description: 'Get the status in one word, with the option values of the service beside it',
	properties: [segmentLocator],
	async runItem(context, itemIndex) {
		const segment = await readSegment(context, itemIndex);
		return [
			{
				json: {
					id: segment.id,
					name: segment.name,
					status: segment.status,
					statusLabel: segment.rawStatus.label,
					statecode: segment.rawStatus.statecode ?? null,
					statuscode: segment.rawStatus.statuscode ?? null,
					memberCount: segment.memberCount ?? null,
				},
				pairedItem: { item: itemIndex },
			},
		];
	},
};
