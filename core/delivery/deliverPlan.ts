/** Sending a plan: additions first, so that a run that ends early never leaves a smaller audience than it has to. */

import type { MemberAccess } from '../segments/types';
import { deliver, notSentAfter, type Delivery, type DeliveryResult } from './deliver';
import { markNotSent, type Plan } from './plan';
import type { Roster } from '../accounting/roster';

/**
 * Sends what the plan says and enters the outcomes into the roster, as `deliver` does. When the additions are stopped,
 * no removal is sent.
 */
export async function deliverPlan(
	roster: Roster,
	access: MemberAccess,
	plan: Plan,
	delivery: Pick<Delivery, 'parallelCalls' | 'segmentId'>,
): Promise<DeliveryResult> {
	const added = await deliver(roster, access, { ...delivery, change: 'add', people: plan.add });
	if (added.stoppedBy !== undefined) {
		markNotSent(roster, plan.remove, notSentAfter(added.stoppedBy));
		return added;
	}
	const removed = await deliver(roster, access, { ...delivery, change: 'remove', people: plan.remove });
	return { calls: added.calls + removed.calls, stoppedBy: removed.stoppedBy };
}

/** Enters a dry run: who would be added and who would be removed. */
export function enterDryRun(roster: Roster, plan: Plan): void {
	for (const person of plan.add) roster.setOutcome(person, 'wouldAdd');
	for (const person of plan.remove) roster.setOutcome(person, 'wouldRemove');
}
