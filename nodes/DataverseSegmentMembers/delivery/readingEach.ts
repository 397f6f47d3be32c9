/** Operations that read segments and change nothing: the items are divided as for a delivery, and each part is looked at. */

import type { INodeExecutionData } from 'n8n-workflow';

import { sideBySide } from '../../../core/collections/sideBySide';
import { isCancelled, messageOf, asError } from '../../shared/errors';
import type { OperationContext } from '../../shared/operation';
import { errorItem } from '../../shared/run';
import { readSegment } from '../../shared/segmentLocator';
import { findSegments, groupBySettings, hintCostOfExpressions, MOST_SEGMENTS } from './groupDeliveries';
import type { Delivery } from './groupDeliveries';

/**
 * A segment that cannot be read concerns its own items; the others are looked at.
 * @returns what `look` gives for each, in the order of the deliveries, then an item for each item that failed
 * @throws the first failure, where On Error does not say to continue; an error of a cancelled run
 */
export async function readingEach(
	context: OperationContext,
	look: (delivery: Delivery) => Promise<INodeExecutionData[]>,
): Promise<INodeExecutionData[]> {
	const { functions } = context;
	hintCostOfExpressions(context);
	const { deliveries, undeliverable } = await findSegments(
		groupBySettings(context),
		async (index) => await readSegment(context, index),
	);
	const failed = [...undeliverable];
	const { results, failures } = await sideBySide(deliveries, MOST_SEGMENTS, async (delivery) => {
		try {
			return await look(delivery);
		} catch (error) {
			if (isCancelled(error)) throw asError(error);
			failed.push({ ...delivery, error });
			return [];
		}
	});
	const [cancelled] = failures.values();
	if (failures.size > 0) throw asError(cancelled);
	const [first] = failed;
	if (first !== undefined && !functions.continueOnFail()) throw asError(first.error);
	const errors = failed.flatMap(({ error, itemIndices }) =>
		itemIndices.map((index) => errorItem(error, messageOf(error), index)),
	);
	return [...results.flatMap((items) => items ?? []), ...errors];
}
