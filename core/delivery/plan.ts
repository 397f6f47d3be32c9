/** What a run would do: whom to add, whom to remove, whom to leave alone. Made without a request, sent by `deliver`. */

import { invalidInput, type DataverseError } from '../dataverse/errors/errors';
import { IntList } from '../collections/intList';
import type { Membership } from '../segments/types';
import type { Roster } from '../accounting/roster';
import { EXCLUDED_BY_GROUP } from '../accounting/rowReasons';

/** Lower-case ids of the members at plan time: a plain set, or what a system knows of its members. */
export type PlannedMembership = Iterable<string> &
	Partial<Pick<Membership, 'isExcluded' | 'isIncluded'>> &
	Pick<Membership, 'has' | 'size'>;

/** `membership` is absent when nobody looked. */
export type PlanRequest =
	| { readonly kind: 'add' | 'remove'; readonly roster: Roster; readonly membership?: PlannedMembership }
	| { readonly kind: 'sync'; readonly roster: Roster; readonly membership: PlannedMembership };

export interface Plan {
	readonly kind: 'add' | 'remove' | 'sync';
	/** Indices of people in the roster, in the order they are to be sent; `deliver` takes them as they are. */
	readonly add: Int32Array;
	readonly remove: Int32Array;
	/** People who are as they should be already; 0 when the membership was not read. */
	readonly unchanged: number;
	/** Members whom a sync leaves alone although no row means them for certain: an ambiguous row may. */
	readonly undecided: number;
	readonly membershipChecked: boolean;
	/** Members at plan time, where they were read. */
	readonly membersBefore?: number;
}

export interface RemovalLimits {
	/** Refuse to remove more than this share of the membership, in percent; default 20. */
	readonly percent?: number;
	/** Refuse to remove more than this many; default no limit. */
	readonly most?: number;
	/** Let a sync without a single person empty the segment, within the other limits; default false. */
	readonly allowEmptying?: boolean;
}

export const DEFAULT_REMOVAL_PERCENT = 20;
/** Of fewer members than this, a share says nothing. */
const SHARE_MATTERS_FROM = 10;

/**
 * Makes the plan and enters it into the roster: who needs no change becomes `unchanged`, and the members whom a sync
 * removes join the roster as people without a row, so that they are counted like everybody else:
 * `people = people of the rows + members to remove`. Blocked people stay blocked, and a sync leaves them as they are; so
 * does who is to be added and is kept out by an exclusion.
 * Call it once, after all rows are in.
 */
export function planChange(request: PlanRequest): Plan {
	const { kind, roster, membership } = request;
	const wanted = IntList.ofInts();
	let unchanged = 0;
	const ofRows = roster.size;
	for (let person = 0; person < ofRows; person += 1) {
		if (roster.outcomeOf(person) === 'blocked') continue;
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
	const { removals, undecided } = kind === 'sync' ? enterRemovals(roster, membership) : NO_REMOVALS;
	return {
		kind,
		add: kind === 'remove' ? NOBODY : wanted.toArray(),
		remove: kind === 'remove' ? wanted.toArray() : removals,
		unchanged,
		undecided,
		membershipChecked: membership !== undefined,
		membersBefore: membership?.size,
	};
}

/** Who is kept out by an exclusion can still be taken out of the group that includes them. */
function isThere(membership: PlannedMembership, id: string, kind: Plan['kind']): boolean {
	const isIncluded = kind === 'remove' ? membership.isIncluded?.(id) : undefined;
	return isIncluded ?? membership.has(id);
}

const NOBODY = new Int32Array(0);
const NO_REMOVALS = { removals: NOBODY, undecided: 0 } as const;

function enterRemovals(roster: Roster, membership: Iterable<string> = []) {
	const removals = IntList.ofInts();
	let undecided = 0;
	for (const id of membership) {
		if (roster.personOf(id) !== undefined) continue;
		if (roster.isUndecided(id)) undecided += 1;
		else removals.push(roster.addRemoval(id));
	}
	return { removals: removals.toArray(), undecided };
}

/**
 * Why a sync may not go ahead, undefined when it may: it has nobody to keep or add, or it removes too many. A Sync reads
 * what it gets as the whole truth, so an empty or cut-off input would empty the audience.
 */
export function refusalOf(
	plan: Plan,
	roster: Roster,
	limits: RemovalLimits = {},
): DataverseError | undefined {
	if (plan.kind !== 'sync') return undefined;
	const kept = roster.size - plan.remove.length;
	if (kept === 0 && limits.allowEmptying !== true) return emptyInput(roster.rows, plan.membersBefore ?? 0);
	return brake(plan.remove.length, plan.membersBefore ?? 0, limits);
}

function emptyInput(rows: number, members: number): DataverseError {
	const input = rows === 0 ? 'The input is empty' : `None of the ${rows} rows means a person`;
	return invalidInput(
		`${input}, and syncing nobody would empty the segment of its ${members} members. Nothing was changed.`,
		'Check the input and the field name. If the segment shall be emptied, turn "Allow Emptying" on.',
	);
}

function brake(removals: number, members: number, limits: RemovalLimits): DataverseError | undefined {
	const percent = limits.percent ?? DEFAULT_REMOVAL_PERCENT;
	const share = `${removals} of ${members} members`;
	if (limits.most !== undefined && removals > limits.most) {
		return invalidInput(
			`The sync would remove ${share}, more than the ${limits.most} of "Most Removals". Nothing was changed.`,
			'Check that the input is complete. If it is, raise "Most Removals".',
		);
	}
	if (members < SHARE_MATTERS_FROM || removals * 100 <= members * percent) return undefined;
	return invalidInput(
		`The sync would remove ${share} (${percentOf(removals, members)} %), more than the ${percent} % of ` +
			'"Removal Brake (%)". Nothing was changed.',
		'Check that the input is complete. If it is, raise "Removal Brake (%)" for this run.',
	);
}

/** Rounded up to a tenth, so that a share just above the brake never reads as the brake itself. */
function percentOf(part: number, whole: number): number {
	return Math.ceil((part * 1000) / whole) / 10;
}
