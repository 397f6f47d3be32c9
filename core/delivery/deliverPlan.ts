/** Sending a plan: additions first, so that a run that ends early does not leave the audience smaller than necessary. */

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
	addFresh?: AddFresh,
): Promise<DeliveryResult> {
	const added = await addPeople(roster, access, plan, delivery, addFresh);
	if (added.stoppedBy !== undefined) {
		markNotSent(roster, plan.remove, notSentAfter(added.stoppedBy));
		return added;
	}
	const removed = await deliver(roster, access, { ...delivery, change: 'remove', people: plan.remove });
	return { calls: added.calls + removed.calls, stoppedBy: removed.stoppedBy };
}

/** Those who were created moments ago, and how they are added. */
export interface AddFresh {
	readonly people: ReadonlySet<number>;
	/** Adds these people (indices in the roster), whom the service may not know yet. */
	readonly send: (people: Int32Array) => Promise<DeliveryResult>;
}

/** People who are not known to the service yet come last: they must not hold up the others. */
async function addPeople(
	roster: Roster,
	access: MemberAccess,
	{ add }: Plan,
	delivery: Pick<Delivery, 'parallelCalls' | 'segmentId'>,
	fresh: AddFresh | undefined,
): Promise<DeliveryResult> {
	if (fresh === undefined) return await deliver(roster, access, { ...delivery, change: 'add', people: add });
	const known = add.filter((person) => !fresh.people.has(person));
	const added = await deliver(roster, access, { ...delivery, change: 'add', people: known });
	const others = add.filter((person) => fresh.people.has(person));
	if (added.stoppedBy !== undefined) {
		markNotSent(roster, others, notSentAfter(added.stoppedBy));
		return added;
	}
	const { calls, stoppedBy } = await fresh.send(others);
	return { calls: added.calls + calls, stoppedBy };
}

/** Enters a dry run: who would be added and who would be removed. */
export function enterDryRun(roster: Roster, plan: Plan): void {
	for (const person of plan.add) roster.setOutcome(person, 'wouldAdd');
	for (const person of plan.remove) roster.setOutcome(person, 'wouldRemove');
}
