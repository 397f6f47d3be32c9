import type { ItemOperation } from '../../shared/operation';
import { lifecycleItem } from '../../shared/output';
import { giveUpAfter, optionsCollection, readWaiting, waiting } from '../../shared/parameters';
import { checkBeforeSending, checkQueryOption, explaining, queryOf } from '../../shared/query';
import { readSegment, segmentLocator } from '../../shared/segmentLocator';

export const goLive: ItemOperation = {
	value: 'goLive',
	name: 'Go Live',
	action: 'Take a segment live',
	description: 'Take a segment live, and wait for it if wanted',
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
		if (outcome.timedOut) {
			context.hint(
				`"${outcome.segment.name}" was not live yet when the waiting time was over. It goes on by itself; check with Get Status.`,
				'warning',
			);
		}
		return [lifecycleItem(outcome, itemIndex)];
	},
};
