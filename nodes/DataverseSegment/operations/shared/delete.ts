import type { INodeProperties } from 'n8n-workflow';

import type { Segment } from '../../../../core/segments/types';
import { hintIfInJourneys } from '../../../shared/inJourneys';
import type { ItemOperation, OperationContext } from '../../../shared/operation';
import { giveUpAfter, optionsCollection } from '../../../shared/parameters';
import { readFlag } from '../../../shared/read';
import { readSegmentId, segmentLocator } from '../../../shared/segmentLocator';

const STOP_TIMEOUT_MS = 15 * 60_000;

const stopFirst: INodeProperties = {
	displayName: 'Stop First',
	name: 'stopFirst',
	type: 'boolean',
	default: true,
	description:
		'Whether to stop a live segment and wait for that before deleting it, instead of refusing. Journeys that use it lose their audience.',
};

export const deleteSegment: ItemOperation = {
	value: 'delete',
	name: 'Delete',
	action: 'Delete segment',
	description: 'Delete a segment permanently; refused while it is live',
	builderHint: 'Cannot be undone. Run Get Usage first: a segment that live journeys use is their audience.',
	properties: [segmentLocator, optionsCollection([giveUpAfter, stopFirst])],
	async runItem(context, itemIndex) {
		const id = await readSegmentId(context, itemIndex);
		const segment = await readForName(context, id);
		const stop = readFlag(context.functions, 'options.stopFirst', itemIndex);
		await context.system.delete(id, stop ? { stopFirst: { timeoutMs: STOP_TIMEOUT_MS } } : {});
		hintIfInJourneys(context, segment, 'Without it they have no audience.');
		const json = { deleted: true, id: segment?.id ?? id, name: segment?.name ?? null };
		return [{ json, pairedItem: { item: itemIndex } }];
	},
};

/** A real-time definition that lost its segment has no name, and is deleted by its own id. */
async function readForName(context: OperationContext, id: string): Promise<Segment | undefined> {
	if (context.system.system === 'outbound') return await context.outbound.get(id);
	return (await context.realTime.getMany([id])).get(id);
}
