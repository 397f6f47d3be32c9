/** Waiting, after a change of members, until the service has carried it out. */

import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { Segment } from '../../../../core/segments/types';
import type { OperationContext } from '../../../shared/operation';
import { readNumber } from '../../../shared/read';

const MINUTE_MS = 60_000;

export const waitUntilProcessed: INodeProperties = {
	displayName: 'Wait Until Processed (Minutes)',
	name: 'waitUntilProcessed',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 0,
	description:
		'How long to wait until the service has carried out the change; it answers before the work is done. 0 = do not wait. When the time is up, the output says processed: false.',
};

/**
 * What the output says about it: `processed` is true, false (the time was over), or null (not asked, or the service
 * answers in a form that nobody documented).
 */
export async function waitAsAsked(
	context: OperationContext,
	segment: Segment,
	itemIndex: number,
): Promise<IDataObject> {
	const minutes = readNumber(context.functions, 'options.waitUntilProcessed', itemIndex);
	if (minutes === 0) return { processed: null };
	const { operations, timedOut } = await context.outbound.waitForPending(segment, {
		timeoutMs: minutes * MINUTE_MS,
	});
	if (operations.state === 'unknown') {
		context.hint(
			'The service did not say whether the change has been carried out: its answer has an undocumented form. See Get Pending Operations.',
			'warning',
		);
		return { processed: null };
	}
	if (operations.state === 'failed') {
		context.hint(`The service reports that pending operations of "${segment.name}" failed.`, 'warning');
		return { processed: false, pendingState: 'failed' };
	}
	// One such person blocks the segment, or ends it in Error; neither can be seen before. Assumption: outboundForeignBusinessUnit
	if (timedOut) {
		context.hint(
			`The service had not carried out the change of "${segment.name}" when the waiting time was over. If it never does, look for people of a business unit that the owner of the segment cannot reach: one of them is enough to block the segment.`,
			'warning',
		);
	}
	const now = await context.outbound.get(segment.id);
	if (now.status === 'error' && segment.status !== 'error') {
		context.hint(
			`"${segment.name}" went to the status Error while the change was carried out, so it may be lost. People of a business unit that the owner cannot reach can cause this.`,
			'warning',
		);
		return { processed: false };
	}
	return { processed: !timedOut };
}
