/** Sending a plan: additions first, so that a run that ends early never leaves a smaller audience than it has to. */

import type { MemberAccess } from '../segments/types';
import { deliver, type Delivery, type DeliveryResult } from './deliver';
import type { Plan } from './plan';
import type { Roster } from '../accounting/roster';
import { DRY_RUN, type Reason } from '../accounting/rowReasons';

/**
 * Sends what the plan says and enters the outcomes into the roster, as `deliver` does. When the additions are stopped,
 * no removal is sent.
 */
export async function deliverPlan(
	roster: Roster,
	access: MemberAccess,
	plan: Plan,
	delivery: Pick<Delivery, 'onCall' | 'parallelCalls' | 'segmentId'>,
): Promise<DeliveryResult> {
	const added = await deliver(roster, access, { ...delivery, change: 'add', people: plan.add });
	if (added.stoppedBy !== undefined) {
		markNotSent(roster, plan.remove, additionsStopped(added.stoppedBy.message));
		return added;
	}
	const { onCall } = delivery;
	const removed = await deliver(roster, access, {
		...delivery,
		change: 'remove',
		people: plan.remove,
		...(onCall === undefined ? {} : { onCall: (calls) => onCall(added.calls + calls) }),
	});
	return { calls: added.calls + removed.calls, stoppedBy: removed.stoppedBy };
}

/** Enters a dry run: everybody who would have been sent is `notSent`, and the reason says that this was asked for. */
export function enterDryRun(roster: Roster, plan: Plan): void {
	markNotSent(roster, plan.add, DRY_RUN);
	markNotSent(roster, plan.remove, DRY_RUN);
}

function markNotSent(roster: Roster, people: Int32Array, reason: Reason): void {
	for (const person of people) roster.setOutcome(person, 'notSent', reason);
}

function additionsStopped(message: string): Reason {
	return {
		code: 'notSent',
		reason: `Not sent, because the additions before it ended early: ${message}`,
		remedy:
			'Mend the cause and run again with the same input: what is done stays done, and the rest follows.',
	};
}
