/** Add, Remove and Sync: divides the items into deliveries and collects the result of each. */

import type { DeliveryChange } from '../../../core/accounting/report';
import type { INodeExecutionData } from 'n8n-workflow';

import { isCancelled, messageOf, asError } from '../../shared/errors';
import type {
	OperationContext,
	OperationDescription,
	TwoOutputOperation,
	TwoOutputs,
} from '../../shared/operation';
import { tellingChanges } from '../../shared/run';
import { readSegment } from '../../shared/segmentLocator';
import { sideBySide } from '../../../core/collections/sideBySide';
import { needsLookUp } from '../input/matching';
import { isFromEnvironment } from '../input/peopleSource';
import type { SystemMembers } from '../operations/systemMembers';
import { deliverOne } from './deliverOne';
import type { Delivered } from './deliverOne';
import { failedRun } from './failedRun';
import type { Failed } from './failedRun';
import {
	bySegment,
	findSegments,
	groupBySettings,
	hintCostOfExpressions,
	MOST_SEGMENTS,
	refuseTwoSyncs,
} from './groupDeliveries';
import type { Delivery, SettingsGroup } from './groupDeliveries';
import { readHowToDeliver } from './howToDeliver';
import { tellingWhetherMade } from './ifMissing';
import { outputItems, undeliveredItems } from './outputs';
import { readRows } from './readRows';
import type { ReadRows } from './readRows';
import { refuseRepeatedSync } from './repeatedSync';
import { deliveryProperties, readDeliveryParameters } from './deliveryParameters';

/** Calls in flight for all segments. */
const MOST_CALLS = 16;
/** n8n moves items to its error output one by one, which is quadratic: 100,000 rows take ten seconds. */
const MANY_ROWS = 20_000;

/** An operation that changes the members of segments of one system. */
export function changePeople(
	change: DeliveryChange,
	system: SystemMembers,
	texts: Omit<OperationDescription, 'properties'>,
): TwoOutputOperation {
	return {
		...texts,
		properties: deliveryProperties(change, system),
		runBoth: async (context) => await changeAll(context, change, system),
		notRun: (items, error) => [
			[],
			undeliveredItems(
				items,
				items.map((_, index) => index),
				error,
			),
		],
	};
}

async function changeAll(
	context: OperationContext,
	change: DeliveryChange,
	system: SystemMembers,
): Promise<TwoOutputs> {
	const { functions, items } = context;
	hintCostOfExpressions(context);
	const grouped = groupBySettings(context);
	const people = await readBareIds(context, change, system, grouped.groups);
	const found = await findSegments(grouped, async (index) => {
		context.client.takeChanges();
		const segment = system.segmentOf(context, async () => await readSegment(context, index), index);
		return await tellingChanges(context, segment);
	});
	const allowed =
		change === 'sync'
			? refuseTwoSyncs(found.deliveries)
			: { deliveries: found.deliveries, undeliverable: [] };
	const failed: Failed[] = [...found.undeliverable, ...allowed.undeliverable];
	const delivered: Delivered[] = [];
	// The deliveries to one segment come one after the other: that concurrent changes are safe is documented nowhere.
	// Assumption: realTimeConcurrentAdds
	const lanes = bySegment(allowed.deliveries);
	const { failures } = await sideBySide(lanes, segmentsAtOnce(context, lanes), async (lane) => {
		for (const delivery of lane) {
			const { itemIndices, segment } = delivery;
			try {
				const done = await deliverOne(context, change, system, delivery, people);
				delivered.push(done);
				if (done.failure !== undefined) {
					const error = tellingWhetherMade(segment, done.failure);
					failed.push({ itemIndices, segment, error, delivered: done });
				}
			} catch (error) {
				if (isCancelled(error)) throw asError(error);
				failed.push({ itemIndices, segment, error: tellingWhetherMade(segment, error) });
			}
		}
	});
	const [cancelled] = failures.values();
	if (failures.size > 0) throw asError(cancelled);

	const inOrder = delivered.sort((one, other) => firstOf(one.delivery) - firstOf(other.delivery));
	if (failed.length > 0 && !functions.continueOnFail()) throw failedRun(context, failed, inOrder);
	return await collect(context, failed, inOrder, items);
}

const firstOf = ({ itemIndices }: Pick<Delivery, 'itemIndices'>) => itemIndices[0] ?? 0;

/**
 * One delivery for all items: bare ids are read before any request, so that a wrong field name costs none. A Sync that
 * must not run is refused before, too.
 */
async function readBareIds(
	context: OperationContext,
	change: DeliveryChange,
	system: SystemMembers,
	groups: readonly SettingsGroup[],
): Promise<ReadRows | undefined> {
	const [group, ...others] = groups;
	if (group === undefined || others.length > 0) return undefined;
	if (change === 'sync') {
		refuseRepeatedSync(
			context,
			readDeliveryParameters(context.functions, firstOf(group)).limits.allowSeveralRuns,
		);
	}
	const { functions } = context;
	// What the environment has to be asked for depends on the segment.
	if (needsLookUp(functions, firstOf(group)) || isFromEnvironment(functions, firstOf(group)))
		return undefined;
	return await readRows(context, group.itemIndices, change, system);
}

/** Few enough that the calls of all of them stay below the service's limit of calls at once, and its own advice. */
function segmentsAtOnce(
	{ functions, client }: OperationContext,
	lanes: readonly (readonly Delivery[])[],
): number {
	let most = 1;
	for (const delivery of lanes.flat()) {
		try {
			most = Math.max(most, readHowToDeliver(functions, firstOf(delivery)).parallelCalls);
		} catch {
			// The delivery itself is refused for it.
		}
	}
	const calls = Math.min(MOST_CALLS, client.parallelismHint ?? MOST_CALLS);
	return Math.max(1, Math.min(MOST_SEGMENTS, Math.floor(calls / most)));
}

async function collect(
	context: OperationContext,
	failed: readonly Failed[],
	delivered: readonly Delivered[],
	items: readonly INodeExecutionData[],
): Promise<TwoOutputs> {
	const done: INodeExecutionData[] = [];
	const notDelivered: INodeExecutionData[] = [];
	for (const delivery of delivered) {
		const outputs = await outputItems(context, delivery);
		for (const item of outputs.done) done.push(item);
		for (const item of outputs.notDelivered) notDelivered.push(item);
	}
	for (const { delivered: hasRows, error, itemIndices, segment } of failed) {
		context.hint(
			segment === undefined ? messageOf(error) : `${segment.name}: ${messageOf(error)}`,
			'warning',
		);
		if (hasRows !== undefined) continue;
		for (const item of undeliveredItems(items, itemIndices, error, segment)) notDelivered.push(item);
	}
	const rows = done.length + notDelivered.length;
	if (rows > MANY_ROWS && context.functions.getNode().onError === 'continueErrorOutput') {
		context.hint(
			`With On Error set to use the error output, n8n takes a long time to go through ${rows} items, and nothing comes out of that output here: choose Continue, and use Not Delivered.`,
			'warning',
		);
	}
	return [done, notDelivered];
}
