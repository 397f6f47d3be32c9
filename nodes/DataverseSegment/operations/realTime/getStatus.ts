import type { IDataObject } from 'n8n-workflow';

import type { RealTimeSegment } from '../../../../core/segments/realTime';
import type { ItemOperation, OperationContext } from '../../../shared/operation';
import { statusFields } from '../../../shared/output';
import { readSegmentId, segmentLocator } from '../../../shared/segmentLocator';

export const getStatus: ItemOperation = {
	value: 'getStatus',
	name: 'Get Status',
	action: 'Get status of segment',
	description: 'Get the status in one word, together with the status values of the service',
	properties: [segmentLocator],
	async runItem(context, itemIndex) {
		const segment = await context.realTime.get(await readSegmentId(context, itemIndex));
		const json = { ...statusFields(segment), ...(await explanation(context, segment)) };
		return [{ json, pairedItem: { item: itemIndex } }];
	},
};

/** Statuses that raise the question why, for which two more requests are made. */
async function explanation({ realTime }: OperationContext, segment: RealTimeSegment): Promise<IDataObject> {
	if (segment.status !== 'error' && segment.status !== 'liveWithWarnings') return {};
	const { told, execution } = await realTime.lastExecution(segment);
	return { reason: told?.reason ?? null, lastExecution: told?.status ?? execution?.status ?? null };
}
