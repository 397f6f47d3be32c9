/** The accounting of a run: counts that always add up, and the first of the exceptions. */

import type { Segment, MemberChange, SystemName } from '../segments/types';
import type { ConfirmationResult } from '../delivery/confirm';
import type { Plan } from '../delivery/plan';
import type { MemberException, Roster } from './roster';

/** Exceptions that a summary shows; all of them come in the output Exceptions Only. */
export const EXCEPTIONS_SHOWN = 100;

/**
 * Rows: `rows = duplicates + invalid + unmatched + ambiguous + matched`.
 * People: `people = blocked + unchanged + notSent + failed + submitted`, `submitted = confirmed + unconfirmed`.
 */
export interface MemberCounts {
	readonly rows: number;
	readonly duplicates: number;
	readonly invalid: number;
	readonly unmatched: number;
	readonly ambiguous: number;
	readonly matched: number;
	readonly people: number;
	readonly blocked: number;
	readonly unchanged: number;
	readonly notSent: number;
	readonly failed: number;
	readonly submitted: number;
	readonly confirmed: number;
	readonly unconfirmed: number;
}

export interface MembersReport extends MemberCounts {
	readonly segmentName: string;
	readonly change: MemberChange | 'sync';
	/** Whether the membership was read beforehand; when not, `unchanged` is 0 because nobody looked. */
	readonly membershipChecked: boolean;
	/** Add or remove calls that were sent, without repeats. */
	readonly calls: number;
	readonly exceptionsTotal: number;
	/** At most `EXCEPTIONS_SHOWN`, in the order of the rows, those who were not sent after the others. */
	readonly exceptions: readonly MemberException[];
	/** What the plan was, where there was one. */
	readonly planned?: PlannedFigures;
	/** True when nothing was written on purpose. */
	readonly dryRun?: boolean;
	/** Whether somebody else changed the members while the run worked; absent when nobody looked. */
	readonly changedMeanwhile?: boolean;
	readonly system: SystemName;
	readonly segmentId: string;
	readonly segmentUrl: string;
}

export interface PlannedFigures {
	readonly add: number;
	readonly remove: number;
	/** Members who are left alone because an ambiguous row may mean them. */
	readonly undecided: number;
	readonly membersBefore?: number;
}

export function countMembers(roster: Roster): MemberCounts {
	const rows = roster.countRows();
	const people = roster.countPeople();
	return {
		rows: roster.rows,
		duplicates: rows.duplicate,
		invalid: rows.invalid,
		unmatched: rows.unmatched,
		ambiguous: rows.ambiguous,
		matched: rows.matched,
		people: roster.size,
		blocked: people.blocked,
		unchanged: people.unchanged,
		notSent: people.notSent,
		failed: people.failed,
		submitted: people.confirmed + people.unconfirmed,
		confirmed: people.confirmed,
		unconfirmed: people.unconfirmed,
	};
}

export function reportMembers(
	roster: Roster,
	run: {
		readonly segment: Segment;
		readonly change: MemberChange | 'sync';
		readonly membershipChecked: boolean;
		readonly calls: number;
		readonly plan?: Plan;
		readonly confirmation?: ConfirmationResult;
		readonly dryRun?: boolean;
	},
): MembersReport {
	const counts = countMembers(roster);
	const exceptionsTotal =
		counts.invalid + counts.unmatched + counts.ambiguous + counts.blocked + counts.notSent + counts.failed;
	const exceptions = exceptionsTotal > 0 ? shownExceptions(roster, exceptionsTotal - counts.notSent) : [];
	// In the order in which a table shows them: the figures first, what machines want last.
	return {
		segmentName: run.segment.name,
		change: run.change,
		...counts,
		membershipChecked: run.membershipChecked,
		calls: run.calls,
		exceptionsTotal,
		exceptions,
		...(run.plan === undefined ? {} : { planned: plannedFigures(run.plan) }),
		...(run.dryRun === undefined ? {} : { dryRun: run.dryRun }),
		...(run.confirmation?.changedMeanwhile === undefined
			? {}
			: { changedMeanwhile: run.confirmation.changedMeanwhile }),
		system: run.segment.system,
		segmentId: run.segment.id,
		segmentUrl: run.segment.url,
	};
}

/**
 * The first of the exceptions. Who was not sent comes after the others: that follows from something else, a dry run or a
 * call that failed, and would crowd out the rows that somebody has to look at.
 */
function shownExceptions(roster: Roster, others: number): readonly MemberException[] {
	const first: MemberException[] = [];
	const notSent: MemberException[] = [];
	const wanted = Math.min(others, EXCEPTIONS_SHOWN);
	for (const exception of roster.exceptions()) {
		if (exception.outcome !== 'notSent') first.push(exception);
		else if (notSent.length < EXCEPTIONS_SHOWN) notSent.push(exception);
		if (first.length >= wanted && first.length + notSent.length >= EXCEPTIONS_SHOWN) break;
	}
	return [...first, ...notSent].slice(0, EXCEPTIONS_SHOWN);
}

function plannedFigures({ add, remove, undecided, membersBefore }: Plan): PlannedFigures {
	return { add: add.length, remove: remove.length, undecided, membersBefore };
}

/** The totals in one sentence, for hints and messages: figures only, no ids, no addresses. */
export function describeCounts(counts: MemberCounts, change: MemberChange | 'sync'): string {
	const done = { add: 'submitted to be added', remove: 'submitted to be removed', sync: 'submitted' }[change];
	const parts = [`${counts.submitted} of ${plural(counts.people, 'person', 'people')} ${done}`];
	const rest: readonly (readonly [number, string])[] = [
		[counts.unchanged, 'unchanged'],
		[counts.blocked, 'blocked'],
		[counts.failed, 'failed'],
		[counts.notSent, 'not sent'],
	];
	for (const [figure, word] of rest) if (figure > 0) parts.push(`${figure} ${word}`);
	return `${parts.join(', ')}, ${describeRows(counts)}`;
}

/** From how many rows, and how many of them mean nobody new: "from 13 rows (1 duplicate, 2 unmatched)". */
export function describeRows(counts: MemberCounts): string {
	const odd: string[] = [];
	const rows: readonly (readonly [number, string, string])[] = [
		[counts.duplicates, 'duplicate', 'duplicates'],
		[counts.invalid, 'invalid', 'invalid'],
		[counts.unmatched, 'unmatched', 'unmatched'],
		[counts.ambiguous, 'ambiguous', 'ambiguous'],
	];
	for (const [figure, one, many] of rows) if (figure > 0) odd.push(plural(figure, one, many));
	return `from ${plural(counts.rows, 'row', 'rows')}${odd.length > 0 ? ` (${odd.join(', ')})` : ''}`;
}

function plural(figure: number, one: string, many: string): string {
	return `${figure} ${figure === 1 ? one : many}`;
}
