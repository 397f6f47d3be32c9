import type { ItemOperation } from '../../../shared/operation';
import { hintIfTimedOut, lifecycleItem } from '../../../shared/output';
import { giveUpAfter, optionsCollection, readWaiting, waiting } from '../../../shared/parameters';
import { checkBeforeSending, checkQueryOption, explaining, queryOf } from '../../../shared/query';
import { readSegment, segmentLocator } from '../../../shared/segmentLocator';

export const goLive: ItemOperation = {
	value: 'goLive',
	name: 'Go Live',
	action: 'Take segment live',
	description: 'Take a segment live, and optionally wait until it is live',
	properties: [segmentLocator, ...waiting('Live'), optionsCollection([checkQueryOption, giveUpAfter])],
	async runItem(context, itemIndex) {
		const { id, query, status, system, type } = await readSegment(context, itemIndex);
		const changes = status !== 'live' && status !== 'goingLive';
		const checked =
			changes && query !== undefined && type !== 'static'
				? await checkBeforeSending(context, itemIndex, queryOf(query, system, 'stored'))
				: undefined;
		const outcome = await explaining(
			checked,
			context.system.goLive(id, readWaiting(context.functions, itemIndex)),
		);
		hintIfTimedOut(context, outcome, 'live');
		return [lifecycleItem(outcome, itemIndex)];
	},
};
