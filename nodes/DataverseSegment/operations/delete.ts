import type { INodeProperties } from 'n8n-workflow';

import type { ItemOperation } from '../../shared/operation';
import { giveUpAfter, optionsCollection } from '../../shared/parameters';
import { readFlag } from '../../shared/read';
import { readSegment, segmentLocator } from '../../shared/segmentLocator';

const STOP_TIMEOUT_MS = 15 * 60_000;

const stopFirst: INodeProperties = {
	displayName: 'Stop First',
	name: 'stopFirst',
	type: 'boolean',
	default: false,
	description:
		'Whether to stop a live segment and wait for that before deleting it, instead of refusing. Journeys that use it lose their audience.',
};

export const deleteSegment: ItemOperation = {
	value: 'delete',
	name: 'Delete',
	action: 'Delete a segment',
	description: 'Delete a segment for good; refused while it is live',
	properties: [segmentLocator, optionsCollection([giveUpAfter, stopFirst])],
	async runItem(context, itemIndex) {
		const { id, name } = await readSegment(context, itemIndex);
		const stop = readFlag(context.functions, 'options.stopFirst', itemIndex, false);
		await context.system.delete(id, stop ? { stopFirst: { timeoutMs: STOP_TIMEOUT_MS } } : {});
		return [{ json: { deleted: true, id, name }, pairedItem: { item: itemIndex } }];
	},
};
