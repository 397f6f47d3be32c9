import type { ItemOperation } from '../../shared/operation';
import { lifecycleItem } from '../../shared/output';
import { giveUpAfter, optionsCollection, readWaiting, waiting } from '../../shared/parameters';
import { readSegment, segmentLocator } from '../../shared/segmentLocator';

export const stop: ItemOperation = {
	value: 'stop',
	name: 'Stop',
	action: 'Stop a segment',
	description: 'Stop a live segment, and wait for it if wanted',
	properties: [segmentLocator, ...waiting('Stopped'), optionsCollection([giveUpAfter])],
	async runItem(context, itemIndex) {
		const { id } = await readSegment(context, itemIndex);
		const outcome = await context.system.stop(id, readWaiting(context.functions, itemIndex));
		if (outcome.timedOut) {
			context.hint(
				`"${outcome.segment.name}" was not stopped yet when the waiting time was over. It goes on by itself; check with Get Status.`,
				'warning',
			);
		}
		return [lifecycleItem(outcome, itemIndex)];
	},
};
