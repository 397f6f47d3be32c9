/** The terms of the accounting: the status of a row, the outcome of a person, and what was not delivered. */

import type { Reason } from './rowReasons';

/**
 * Whom a row means, as far as reading it could tell. `undecided`: the service refused to look the value up, or its answer
 * was lost, so nobody knows whether it means somebody.
 */
export const ROW_STATUSES = [
	'matched',
	'duplicate',
	'invalid',
	'unmatched',
	'ambiguous',
	'undecided',
] as const;
export type RowStatus = (typeof ROW_STATUSES)[number];
/** Statuses of rows that mean nobody, or nobody in particular; each of these rows has a reason. */
export type OddRowStatus = Exclude<RowStatus, 'duplicate' | 'matched'>;

/**
 * What happened to a person. Everybody starts as `notSent`; `wouldAdd` and `wouldRemove` are those whom a dry run did not
 * send, and count as not sent without being exceptions. `withdrawn` people turned out not to exist and count as nobody:
 * their rows are unmatched.
 */
export const PERSON_OUTCOMES = [
	'notSent',
	'blocked',
	'unchanged',
	'failed',
	'unconfirmed',
	'confirmed',
	'wouldAdd',
	'wouldRemove',
	'withdrawn',
] as const;
export type PersonOutcome = (typeof PERSON_OUTCOMES)[number];
/** Outcomes of people who were not delivered; each of these people has a reason. */
type UndeliveredOutcome = 'blocked' | 'failed' | 'notSent';
/** Outcomes of people of rows whose removal went out, or would: what was sent is the opposite of what the row asks for. */
export type LeavingOutcome = 'confirmed' | 'unconfirmed' | 'wouldRemove';

export interface MemberException extends Reason {
	/** 1-based position in the input; absent for a member whom a sync removes, who is in no row. */
	readonly row?: number;
	/** What stood in the row, where it is not an id; shortened. */
	readonly value?: string;
	readonly id?: string;
	/** `notUpdated`: the person is delivered, and what was to be changed about them was refused. */
	readonly outcome: OddRowStatus | UndeliveredOutcome | LeavingOutcome | 'notUpdated';
}

/** One person that a row means. */
export interface RowPerson {
	readonly id: string;
	readonly outcome: PersonOutcome;
	readonly reason?: Reason;
	/** True for somebody whom a sync takes out although a row means them; the outcome is that of the removal. */
	readonly isLeaving?: boolean;
}

export interface RowView {
	readonly status: RowStatus;
	readonly id?: string;
	readonly outcome?: PersonOutcome;
	readonly reason?: Reason;
	readonly isLeaving?: boolean;
	readonly value?: string;
	/** 0-based row that a duplicate repeats. */
	readonly firstRow?: number;
	/** Further people of a row that means several. */
	readonly more?: readonly RowPerson[];
}

/** Counts that stand in the order of the words, by word. */
export function countsByWord<Word extends string>(
	words: readonly Word[],
	counts: ArrayLike<number>,
): Readonly<Record<Word, number>> {
	return Object.fromEntries(words.map((word, i) => [word, counts[i] ?? 0])) as Record<Word, number>;
}
