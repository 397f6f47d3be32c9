import type { IDataObject } from 'n8n-workflow';

import type { SegmentUsage } from '../../../../core/segments/realTime';
import type { ItemOperation } from '../../../shared/operation';
import { giveUpAfter, optionsCollection } from '../../../shared/parameters';
import { readSegmentId, segmentLocator } from '../../../shared/segmentLocator';
import { NOT_KNOWN, usageFields } from './overviewFields';

export const getUsage: ItemOperation = {
	value: 'getUsage',
	name: 'Get Usage',
	action: 'Get usage of segment',
	description: 'Get the journeys and segments that use a segment, how and since when',
	properties: [segmentLocator, optionsCollection([giveUpAfter])],
	async runItem(context, itemIndex) {
		const segment = await context.realTime.get(await readSegmentId(context, itemIndex));
		const { usage, withoutNames } = await context.realTime.usage(segment);
		if (withoutNames !== undefined) {
			context.hint(`Names and statuses of journeys are not known: ${withoutNames}.`, 'warning');
		}
		const json: IDataObject = {
			name: segment.name,
			...usageFields(usage),
			...users(usage),
			usedInContent: usage.content > 0,
			id: segment.id,
			definitionId: segment.definitionId ?? null,
		};
		return [{ json, pairedItem: { item: itemIndex } }];
	},
};

function users({ journeys, segments }: SegmentUsage): IDataObject {
	return {
		journeys: journeys.map(({ how, id, name, since, status }) => ({
			name: name ?? NOT_KNOWN,
			status: status ?? NOT_KNOWN,
			how,
			since: since ?? null,
			id,
		})),
		segments: segments.map(({ how, id, name, since }) => ({
			name: name ?? NOT_KNOWN,
			how,
			since: since ?? null,
			id,
		})),
	};
}
