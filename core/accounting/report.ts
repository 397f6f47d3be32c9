/** The accounting of a run: counts that always add up, and the first of the exceptions. */

import type { Segment, MemberChange, SystemName } from '../segments/types';
import type { Roster } from './roster';
import type { Reason } from './rowReasons';
import type { MemberException } from './statuses';
import { counted } from '../dataverse/text/words';

/** What a delivery does to the members. */
export type DeliveryChange = MemberChange | 'sync';

/** Exceptions that a summary shows; `rowOutcomes` and `Roster.exceptions` give all of them. */
export const EXCEPTIONS_SHOWN = 100;

/**
 * Rows: `rows = duplicates + invalid + unmatched + ambiguous + undecided + matched`.
 * People: `people = blocked + unchanged + notSent + failed + submitted`, `submitted = confirmed + unconfirmed`.
 */
export interface MemberCounts {
	readonly rows: number;
	readonly duplicates: number;
	readonly invalid: number;
	readonly unmatched: number;
	readonly ambiguous: number;
	/** Rows whose look-up was refused or lost, so that it is not known whom they refer to. */
	readonly undecided: number;
	readonly matched: number;
	readonly people: number;
	readonly blocked: number;
	readonly unchanged: number;
	readonly notSent: number;
	readonly failed: number;
	readonly submitted: number;
	readonly confirmed: number;
	readonly unconfirmed: number;
	/** People among `submitted` (in a dry run `notSent`) whom a sync takes out because they opted out; absent when none. */
	readonly removedOptedOut?: number;
	/** People whom this run created or changed, beside the sums; absent where that was not asked for. */
	readonly created?: number;
	readonly updated?: number;
	/** People among `submitted` and `unchanged` whose update was refused. */
	readonly notUpdated?: number;
}

export interface MembersReport extends MemberCounts {
	readonly segmentName: string;
	readonly change: DeliveryChange;
	/** What the plan was, where one could be made. */
	readonly planned?: PlannedFigures;
	/** Whether the membership was read beforehand; if not, `unchanged` is 0. */
	readonly membershipChecked: boolean;
	/** Add or remove calls that were sent, without repeats. */
	readonly calls: number;
	readonly exceptionsTotal: number;
	/** At most `EXCEPTIONS_SHOWN`, in the order of the rows, those who were not sent after the others. */
	readonly exceptions: readonly MemberException[];
	/** True when nothing was written on purpose. */
	readonly dryRun?: boolean;
	/** Whether somebody else changed the members during the run; absent when that was not checked. */
	readonly changedMeanwhile?: boolean;
	readonly system: SystemName;
	readonly segmentId: string;
	readonly segmentUrl: string;
}

/** What was to be done, before anything was sent. */
export interface PlannedFigures {
	readonly add: number;
	/** Members to be removed now; those who wait are in `removalsWaiting`. */
	readonly remove: number;
	/** People of rows among `remove`, who opted out; absent when none. */
	readonly removeOptedOut?: number;
	readonly membersBefore?: number;
	/** Members who are left alone because an ambiguous row may mean them. */
	readonly heldByAmbiguousRows: number;
	/** Removals that are not sent: because of rows that could not be looked up, or because the brake is met (Add Only). */
	readonly removalsWaiting?: number;
	/** People among `add` who do not exist yet and are to be created. */
	readonly create?: number;
	/** In a dry run: why the real run would send nothing. */
	readonly wouldBeRefused?: string;
}

/** All figures of a report; the two sums of `docs/ACCOUNTING.md` hold for them. */
export function countMembers(roster: Roster): MemberCounts {
	const rows = roster.countRows();
	const people = roster.countPeople();
	const removedOptedOut = roster.optedOut.countSent((person) => roster.outcomeOf(person));
	return {
		rows: roster.rows,
		duplicates: rows.duplicate,
		invalid: rows.invalid,
		unmatched: rows.unmatched,
		ambiguous: rows.ambiguous,
		undecided: rows.undecided,
		matched: rows.matched,
		people: roster.size - people.withdrawn,
		blocked: people.blocked,
		unchanged: people.unchanged,
		notSent: people.notSent + people.wouldAdd + people.wouldRemove,
		failed: people.failed,
		submitted: people.confirmed + people.unconfirmed,
		confirmed: people.confirmed,
		unconfirmed: people.unconfirmed,
		...(removedOptedOut === 0 ? {} : { removedOptedOut }),
	};
}

/** What a report says beside the figures of the roster. */
export interface ReportedRun {
	readonly segment: Segment;
	readonly change: DeliveryChange;
	readonly membershipChecked: boolean;
	readonly calls: number;
	readonly planned?: PlannedFigures;
	readonly changedMeanwhile?: boolean;
	readonly dryRun?: boolean;
	readonly created?: number;
	readonly updated?: number;
	readonly notUpdated?: readonly RefusedUpdate[];
}

/** Somebody who is delivered, although what was to be changed about them was refused. */
export interface RefusedUpdate {
	/** Index in the roster. */
	readonly person: number;
	/** 0-based row of the input that the values are from. */
	readonly row: number;
	readonly reason: Reason;
}

/** The report of a run, in the order of a table: the figures first, what only programs need last. */
export function reportMembers(roster: Roster, run: ReportedRun): MembersReport {
	const counts = countMembers(roster);
	const notSent = roster.countPeople().notSent;
	const exceptionsTotal =
		counts.invalid +
		counts.unmatched +
		counts.ambiguous +
		counts.undecided +
		counts.blocked +
		counts.failed +
		(counts.removedOptedOut ?? 0) +
		notSent;
	const notUpdated = run.notUpdated ?? [];
	const undelivered = exceptionsTotal > 0 ? shownExceptions(roster, exceptionsTotal - notSent) : [];
	const last = refusedUpdates(roster, notUpdated.slice(0, EXCEPTIONS_SHOWN));
	const exceptions = [...undelivered, ...last].slice(0, EXCEPTIONS_SHOWN);
	return {
		segmentName: run.segment.name,
		change: run.change,
		...(run.planned === undefined ? {} : { planned: run.planned }),
		...counts,
		...(run.created === undefined ? {} : { created: run.created }),
		...(run.updated === undefined ? {} : { updated: run.updated }),
		...(notUpdated.length === 0 ? {} : { notUpdated: notUpdated.length }),
		membershipChecked: run.membershipChecked,
		calls: run.calls,
		exceptionsTotal: exceptionsTotal + notUpdated.length,
		exceptions,
		...(run.dryRun === undefined ? {} : { dryRun: run.dryRun }),
		...(run.changedMeanwhile === undefined ? {} : { changedMeanwhile: run.changedMeanwhile }),
		system: run.segment.system,
		segmentId: run.segment.id,
		segmentUrl: run.segment.url,
	};
}

/** As exceptions. They come last: these people are delivered. */
export function refusedUpdates(roster: Roster, refused: Iterable<RefusedUpdate>): readonly MemberException[] {
	return Array.from(refused, ({ person, reason, row }) => ({
		row: row + 1,
		id: roster.idOf(person),
		outcome: 'notUpdated',
		...reason,
	}));
}

/**
 * The first of the exceptions. People who were not sent come after the others: that has another cause, such as a
 * failed call, and they would crowd out the rows that need attention.
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

/** People whose change was sent, and not there yet when the members were read back. */
const UNSEEN: Readonly<Record<DeliveryChange, string>> = {
	add: 'of them not yet seen in it',
	remove: 'of them still seen in it',
	sync: 'of them not yet seen to be done',
};

/**
 * The totals in one sentence, for hints and messages: figures only, no ids, no addresses.
 * @param unknown how many of the failed were being sent when the run was canceled
 */
export function describeCounts(
	counts: MemberCounts & Pick<MembersReport, 'created' | 'updated'>,
	change: DeliveryChange,
	unknown = 0,
): string {
	const done = {
		add: 'sent to the segment',
		remove: 'sent to be removed from the segment',
		sync: 'sent to be added or removed',
	}[change];
	const parts = [`${counts.submitted} of ${counted(counts.people, 'person', 'people')} ${done}`];
	const rest: readonly (readonly [number, string])[] = [
		[counts.created ?? 0, 'created in Dynamics 365'],
		[counts.updated ?? 0, 'updated in Dynamics 365'],
		[wasReadBack(counts) ? counts.unconfirmed : 0, UNSEEN[change]],
		[counts.removedOptedOut ?? 0, 'of them removed because they opted out'],
		[counts.unchanged, 'unchanged'],
		[counts.blocked, 'blocked'],
		[counts.failed - unknown, 'failed'],
		[unknown, 'unknown because their calls were under way'],
		[counts.notSent, 'not sent'],
	];
	for (const [figure, word] of rest) if (figure > 0) parts.push(`${figure} ${word}`);
	return `${parts.join(', ')}, ${describeRows(counts)}`;
}

/** New people are always read back; if nobody else is confirmed, the others were mostly not read back. */
function wasReadBack({ confirmed, created = 0 }: MemberCounts): boolean {
	return confirmed > created;
}

/** From how many rows, and how many of them mean nobody new: "from 13 rows (1 duplicate, 2 unmatched)". */
export function describeRows(counts: MemberCounts): string {
	const odd: string[] = [];
	const rows: readonly (readonly [number, string, string])[] = [
		[counts.duplicates, 'duplicate', 'duplicates'],
		[counts.invalid, 'invalid', 'invalid'],
		[counts.unmatched, 'unmatched', 'unmatched'],
		[counts.ambiguous, 'ambiguous', 'ambiguous'],
		[counts.undecided, 'undecided', 'undecided'],
	];
	for (const [figure, one, many] of rows) if (figure > 0) odd.push(counted(figure, one, many));
	return `from ${counted(counts.rows, 'row', 'rows')}${odd.length > 0 ? ` (${odd.join(', ')})` : ''}`;
}
