import type { ItemOperation } from '../../../shared/operation';
import { hintIfTimedOut, lifecycleItem } from '../../../shared/output';
import { giveUpAfter, optionsCollection, readWaiting, waiting } from '../../../shared/parameters';
import { readSegmentId, segmentLocator } from '../../../shared/segmentLocator';

export const stop: ItemOperation = {
	value: 'stop',
	name: 'Stop',
	action: 'Stop segment',
	description: 'Stop a live segment, and optionally wait until it is stopped',
	properties: [segmentLocator, ...waiting('Stopped'), optionsCollection([giveUpAfter])],
	async runItem(context, itemIndex) {
		const id = await readSegmentId(context, itemIndex);
		const outcome = await context.system.stop(id, readWaiting(context.functions, itemIndex));
		hintIfTimedOut(context, outcome, 'stopped');
		return [lifecycleItem(outcome, itemIndex)];
	},
};
