/** What happened to each row that came in, and to each member who was to be removed and is in no row. */

import type { Roster } from './roster';
import { NOT_SENT, type Reason } from './rowReasons';
import type { OddRowStatus, PersonOutcome, RowPerson, RowView } from './statuses';

/** What happened to one row that came in. */
export interface RowOutcome extends Omit<RowView, 'outcome'> {
	/** 1-based position in the input. */
	readonly row: number;
	/** One word: what happened to the person, or why the row means nobody. A duplicate shares its person's outcome. */
	readonly outcome: OddRowStatus | PersonOutcome;
	/**
	 * Whether everybody whom the row means is as the user wants: submitted, unchanged, or, in a dry run, planned. Rows
	 * for which this is false have a `reason`. False for a row whose person a sync removes because they opted out: its
	 * outcome is that of the removal, and `isLeaving` says so.
	 */
	readonly isDelivered: boolean;
}

/** What happened to a member whom a sync was to remove, and who is in no row. */
export interface RemovalOutcome {
	readonly id: string;
	readonly outcome: PersonOutcome;
	readonly isDelivered: boolean;
	readonly reason?: Reason;
}

/** The worst first: a row that refers to several people has the worst of their outcomes. */
const WORST_FIRST: readonly PersonOutcome[] = [
	'failed',
	'withdrawn',
	'notSent',
	'blocked',
	'unconfirmed',
	'confirmed',
	'wouldRemove',
	'wouldAdd',
	'unchanged',
];
const DELIVERED: ReadonlySet<RowOutcome['outcome']> = new Set([
	'confirmed',
	'unchanged',
	'unconfirmed',
	'wouldAdd',
	'wouldRemove',
]);

/** One outcome per row, in the order of the input, whatever ended the run. */
export function* rowOutcomes(roster: Roster): Generator<RowOutcome> {
	for (let row = 0; row < roster.rows; row += 1) {
		const view = roster.rowAt(row);
		const { outcome, reason, isLeaving } = worstOf(view);
		const isDelivered = DELIVERED.has(outcome) && isLeaving !== true;
		yield { ...view, row: row + 1, outcome, isDelivered, ...(isDelivered ? {} : { reason }) };
	}
}

/** One outcome for each member whom a sync was to remove, in the order of the membership. */
export function* removalOutcomes(roster: Roster): Generator<RemovalOutcome> {
	for (let person = 0; person < roster.size; person += 1) {
		if (!roster.isRemoval(person)) continue;
		const { id, outcome, reason } = roster.personAt(person);
		const isDelivered = DELIVERED.has(outcome);
		yield { id, outcome, isDelivered, ...(isDelivered ? {} : { reason: reason ?? NOT_SENT }) };
	}
}

interface Worst {
	readonly outcome: RowOutcome['outcome'];
	readonly reason: Reason;
	readonly isLeaving?: boolean;
}

function worstOf(view: RowView): Worst {
	const { status, reason = NOT_SENT, outcome = 'notSent', isLeaving, more = [] } = view;
	switch (status) {
		case 'ambiguous':
		case 'invalid':
		case 'undecided':
		case 'unmatched':
			return { outcome: status, reason };
		case 'duplicate':
		case 'matched': {
			if (more.length === 0) return { outcome, reason, isLeaving };
			const people = [{ outcome, reason: view.reason, isLeaving }, ...more];
			const worst = WORST_FIRST.map((word) => people.find((person) => rankOf(person) === word)).find(
				(person) => person !== undefined,
			);
			return {
				outcome: worst?.outcome ?? 'notSent',
				reason: worst?.reason ?? NOT_SENT,
				isLeaving: worst?.isLeaving,
			};
		}
	}
}

/** For the row, a person who is removed is as bad a result as a person who is blocked. */
function rankOf({ outcome, isLeaving }: Pick<RowPerson, 'isLeaving' | 'outcome'>): PersonOutcome {
	return isLeaving === true && DELIVERED.has(outcome) ? 'blocked' : outcome;
}
