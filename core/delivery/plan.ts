/**
 * What a delivery is to do: whom to add, whom to remove, whom to leave alone. It is made without any request, checked in
 * `limits.ts`, and sent by `deliverPlan`.
 */

import { IntList } from '../collections/intList';
import type { Membership } from '../segments/types';
import type { Roster } from '../accounting/roster';
import type { DeliveryChange, PlannedFigures } from '../accounting/report';
import { EXCLUDED_BY_GROUP, REMOVALS_WAIT_FOR_ROWS, type Reason } from '../accounting/rowReasons';

/** Lower-case ids of the members at plan time: a plain set, or what a system knows of its members. */
export type PlannedMembership = Iterable<string> &
	Partial<Pick<Membership, 'isExcluded' | 'isIncluded'>> &
	Pick<Membership, 'has' | 'size'>;

/** `membership` is absent if the members were not read. */
export type PlanRequest =
	| { readonly kind: 'add' | 'remove'; readonly roster: Roster; readonly membership?: PlannedMembership }
	| { readonly kind: 'sync'; readonly roster: Roster; readonly membership: PlannedMembership };

export interface Plan {
	readonly kind: DeliveryChange;
	/** Indices of people in the roster, in the order they are to be sent; `deliver` takes them as they are. */
	readonly add: Int32Array;
	readonly remove: Int32Array;
	/** How many of `remove`, its first ones, are people of rows who opted out; the others are in no row. */
	readonly removeOptedOut: number;
	/** Members whom a sync would remove, and who wait: `notSent` in the roster, with the reason. */
	readonly waiting: Int32Array;
	/** People who need no change; 0 when the membership was not read. */
	readonly unchanged: number;
	/** Members whom a sync leaves alone although no row means them for certain: an ambiguous row may. */
	readonly heldByAmbiguousRows: number;
	readonly membershipChecked: boolean;
	/** Members at plan time, where they were read. */
	readonly membersBefore?: number;
}

/**
 * Makes the plan and enters it into the roster: who needs no change becomes `unchanged`, and the members whom a sync
 * removes join the roster as people without a row, so that they are counted like everybody else:
 * `people = people of the rows + members to remove`. Blocked people stay blocked, and a sync leaves them as they are, unless they are marked
 * as opted out and are members: then they are removed.
 * People to be added whom an exclusion keeps out are blocked. While rows of a sync are `undecided` all its removals wait.
 * Call it once, after all rows are in.
 */
export function planChange(request: PlanRequest): Plan {
	const { kind, roster, membership } = request;
	const wanted = IntList.ofInts();
	const optedOut = IntList.ofInts();
	let unchanged = 0;
	const ofRows = roster.size;
	for (let person = 0; person < ofRows; person += 1) {
		if (roster.outcomeOf(person) === 'blocked') {
			if (kind !== 'sync' || !roster.optedOut.has(person)) continue;
			if (!membership.has(roster.idOf(person))) continue;
			roster.optedOut.leave(person);
			roster.setOutcome(person, 'notSent');
			optedOut.push(person);
			continue;
		}
		const id = roster.idOf(person);
		if (kind !== 'remove' && membership?.isExcluded?.(id) === true) {
			roster.setOutcome(person, 'blocked', EXCLUDED_BY_GROUP);
			continue;
		}
		const isMember = membership && isThere(membership, id, kind);
		if (isMember === undefined || isMember === (kind === 'remove')) wanted.push(person);
		else {
			roster.setOutcome(person, 'unchanged');
			unchanged += 1;
		}
	}
	const { removals, heldByAmbiguousRows } = kind === 'sync' ? enterRemovals(roster, membership) : NO_REMOVALS;
	const plan: Plan = {
		kind,
		add: kind === 'remove' ? NOBODY : wanted.toArray(),
		remove: kind === 'remove' ? wanted.toArray() : joined(optedOut.toArray(), removals),
		removeOptedOut: optedOut.length,
		waiting: NOBODY,
		unchanged,
		heldByAmbiguousRows,
		membershipChecked: membership !== undefined,
		membersBefore: membership?.size,
	};
	const mustWait = kind === 'sync' && roster.countRows().undecided > 0;
	return mustWait ? withoutStrangers(plan, roster) : plan;
}

/** The plan without removals of members to whom a row may refer. Those who opted out are known for certain, and removed. */
function withoutStrangers(plan: Plan, roster: Roster): Plan {
	const waiting = plan.remove.subarray(plan.removeOptedOut);
	markNotSent(roster, waiting, REMOVALS_WAIT_FOR_ROWS);
	return { ...plan, remove: plan.remove.subarray(0, plan.removeOptedOut), waiting };
}

/** The plan with its additions alone; the removals wait, and are told with this reason. */
export function withoutRemovals(plan: Plan, roster: Roster, reason: Reason): Plan {
	markNotSent(roster, plan.remove, reason);
	return { ...plan, remove: NOBODY, removeOptedOut: 0, waiting: joined(plan.remove, plan.waiting) };
}

/** Marks people as not sent, with a reason. */
export function markNotSent(roster: Roster, people: Int32Array, reason: Reason): void {
	for (const person of people) roster.setOutcome(person, 'notSent', reason);
}

/** The plan in figures, for the report. */
export function plannedFigures(plan: Plan): PlannedFigures {
	const { add, remove, removeOptedOut, waiting, heldByAmbiguousRows, membersBefore } = plan;
	return {
		add: add.length,
		remove: remove.length,
		...(removeOptedOut === 0 ? {} : { removeOptedOut }),
		membersBefore,
		heldByAmbiguousRows,
		...(waiting.length === 0 ? {} : { removalsWaiting: waiting.length }),
	};
}

/** People whom an exclusion keeps out can still be taken out of the group that includes them. */
function isThere(membership: PlannedMembership, id: string, kind: Plan['kind']): boolean {
	const isIncluded = kind === 'remove' ? membership.isIncluded?.(id) : undefined;
	return isIncluded ?? membership.has(id);
}

function joined(first: Int32Array, second: Int32Array): Int32Array {
	if (first.length === 0 || second.length === 0) return first.length === 0 ? second : first;
	const all = new Int32Array(first.length + second.length);
	all.set(first);
	all.set(second, first.length);
	return all;
}

const NOBODY = new Int32Array(0);
const NO_REMOVALS = { removals: NOBODY, heldByAmbiguousRows: 0 } as const;

function enterRemovals(roster: Roster, membership: Iterable<string> = []) {
	const removals = IntList.ofInts();
	let heldByAmbiguousRows = 0;
	for (const id of membership) {
		if (roster.personOf(id) !== undefined) continue;
		if (roster.isHeldByAmbiguousRow(id)) heldByAmbiguousRows += 1;
		else removals.push(roster.addRemoval(id));
	}
	return { removals: removals.toArray(), heldByAmbiguousRows };
}
