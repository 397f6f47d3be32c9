import type { IDataObject } from 'n8n-workflow';

import type { ItemOperation } from '../../../shared/operation';
import { giveUpAfter, optionsCollection } from '../../../shared/parameters';
import { readSegment, segmentLocator } from '../../../shared/segmentLocator';

export const getPendingOperations: ItemOperation = {
	value: 'getPendingOperations',
	name: 'Get Pending Operations',
	action: 'Get pending operations of segment',
	description: 'Check whether the service is still working on member changes',
	properties: [segmentLocator, optionsCollection([giveUpAfter])],
	async runItem(context, itemIndex) {
		const segment = await readSegment(context, itemIndex);
		const { state, count, raw } = await context.outbound.pending(segment);
		if (state === 'unknown') {
			context.hint(
				'The service answered in a form that is not documented, so whether changes are pending is not known. The answer is in "raw".',
				'warning',
			);
		}
		return [
			{
				json: {
					segmentId: segment.id,
					segmentName: segment.name,
					state,
					pending: state === 'unknown' ? null : state === 'pending',
					pendingCount: count ?? null,
					raw: raw as IDataObject,
				},
				pairedItem: { item: itemIndex },
			},
		];
	},
};
