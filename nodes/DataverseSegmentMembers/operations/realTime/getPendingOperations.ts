import { statusLabel } from '../../../../core/segments/realTime';
import type { ItemOperation } from '../../../shared/operation';
import { giveUpAfter, optionsCollection } from '../../../shared/parameters';
import { readSegmentId, segmentLocator } from '../../../shared/segmentLocator';

/** Groups change at once; what may be on its way is the evaluation that makes the changes count. */
export const getPendingOperations: ItemOperation = {
	value: 'getPendingOperations',
	name: 'Get Pending Operations',
	action: 'Get pending operations of segment',
	description: 'Check whether the segment is still being computed, going live or stopping',
	properties: [segmentLocator, optionsCollection([giveUpAfter])],
	async runItem(context, itemIndex) {
		const segment = await context.realTime.get(await readSegmentId(context, itemIndex));
		const { id, memberCount, name, row, status } = segment;
		const isPending = status === 'computing' || status === 'goingLive' || status === 'stopping';
		const evaluated = row.msdynmkt_lastevaluated;
		return [
			{
				json: {
					segmentId: id,
					segmentName: name,
					state: isPending ? 'pending' : status === 'error' ? 'failed' : 'completed',
					pending: isPending,
					status,
					statusLabel: statusLabel(segment),
					memberCount: memberCount ?? null,
					lastEvaluated: typeof evaluated === 'string' ? evaluated : null,
				},
				pairedItem: { item: itemIndex },
			},
		];
	},
};
