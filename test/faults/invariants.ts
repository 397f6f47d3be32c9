/** What has to hold after every run, whatever went wrong in it. */

import type { MembersReport } from '../../core/accounting/report';
import { givenBack, type Reference, type Run } from './cell';
import type { FaultKind } from './faults';
import type { Outcome } from './nodeRun';
import type { Operation } from './operation';
import { ADDED_BY_OTHER, placedOf, REMOVED_BY_OTHER, type Scene, type SegmentState } from './scene';
import type { Exchange } from './wire';

type Failed = Extract<Outcome, { kind: 'failed' }>;

/** What there is to judge a run by. */
export interface Evidence {
	/** Texts that must never be seen. */
	readonly secrets: readonly string[];
	/** What the client handed over, and what it got. */
	readonly sent: readonly Exchange[];
	/** The log of the service. */
	readonly carriedOut: readonly { readonly body?: unknown; readonly status: number }[];
}

export interface Cell {
	readonly operation: Operation;
	readonly scene: Scene;
	readonly before: readonly SegmentState[];
	readonly run: Run;
	/** Somebody else changed the segment meanwhile. */
	readonly interfered: boolean;
}

/** Those that need nothing to compare with. */
export function expectRules(evidence: Evidence, cell: Cell): void {
	expectSentOnce(evidence);
	expectNoSecrets(evidence, cell.run);
	expectClearWords(cell.run);
	expectHonestFailure(evidence, cell);
	expectTruthfulReport(cell);
}

/** All of them. */
export function expectEverything(evidence: Evidence, cell: Cell, reference: Reference): void {
	expectRules(evidence, cell);
	expectStateAsTold(cell, reference);
	expectReadsWhole(cell, reference);
}

/** Nothing of the wire, of a person or of a secret reaches the user's eyes or a log. */
function expectNoSecrets(evidence: Evidence, { outcome }: Run): void {
	const words =
		outcome.kind === 'failed' ? [outcome.message, outcome.remedy, JSON.stringify(outcome.details)] : [];
	const text = [...words, ...outcome.hints].join('\n');
	for (const secret of evidence.secrets) expect(text).not.toContain(secret);
	expect(text).not.toMatch(/[\w.+-]+@[\w-]+\.\w/);
	expect(text).not.toMatch(/<html|<!doctype|"error":\s*\{|@odata\./i);
}

/** A failure says what happened and what to do, and does not hide that something may have been done. */
function expectClearWords({ outcome }: Run): void {
	if (outcome.kind === 'done') return;
	expect(outcome.message).toMatch(/\w+ \w+/);
	expect(outcome.remedy).toMatch(/\w+ \w+.*[.!]/);
	expect(outcome.details.kind).toEqual(expect.any(String));
	if (outcome.details.mayHaveActed === true) expect(wordsOf(outcome)).toMatch(MAY_HAVE_ACTED);
}

const MAY_HAVE_ACTED = /may have been (?:done|made)|may have acted|may have done/i;
/** Words about work that was done before the failure. */
const PARTLY_DONE =
	/was created as a draft|\d+ of \d+ segments? (?:was|were) not stopped|was created \(|The segment was deleted, but its definition|Up to then:|Already done, and not undone: /;

function wordsOf({ message, remedy }: Failed): string {
	return `${message} ${remedy}`;
}

/** A failure after which the environment is different tells of it. */
function expectHonestFailure(
	evidence: Evidence,
	{ before, interfered, run: { after, outcome } }: Cell,
): void {
	if (outcome.kind === 'done' || interfered) return;
	const words = wordsOf(outcome);
	const isChanged = JSON.stringify(before) !== JSON.stringify(after);
	const isMade = outcome.hints.some((hint) => hint.endsWith(', so it was created.'));
	const tells = isMade || MAY_HAVE_ACTED.test(words) || PARTLY_DONE.test(words);
	if (isChanged && !tells)
		throw new Error(`Something was changed, and the failure does not say so: ${words}`);
	const wrote = evidence.sent.some(
		({ answer, request }) => request.method !== 'GET' && typeof answer === 'number' && answer < 300,
	);
	if (!isChanged && !wrote && PARTLY_DONE.test(words) && !/Up to then: 0 of/.test(words)) {
		throw new Error(`Nothing was changed, and the failure says otherwise: ${words}`);
	}
}

/** What only reads changes nothing; what writes and says that it is done has done the very thing. */
function expectStateAsTold({ operation, before, interfered, run }: Cell, reference: Reference): void {
	if (interfered) return;
	if (operation.effect === 'reads') expect(run.after).toEqual(before);
	if (operation.effect === 'reads' || run.outcome.kind === 'failed' || undelivered(run.outcome) > 0) return;
	if (!isRefusedPublish(run.outcome)) expect(run.after).toEqual(reference.after);
	else expect(placedOf(run.after)).toEqual(placedOf(reference.after));
}

/** The people are in, and the user was told that they count later. */
export function isRefusedPublish({ hints }: Outcome): boolean {
	return hints.some((hint) => hint.startsWith('Not published: '));
}

function undelivered(outcome: Outcome): number {
	const report = reportOf(outcome);
	return report === undefined ? 0 : report.failed + report.notSent + report.undecided + report.unmatched;
}

export function expectDone({ outcome }: Run): void {
	if (outcome.kind === 'failed') throw new Error(`It did not get through: ${wordsOf(outcome)}`);
}

/** What came back is what would have come back if nothing had gone wrong. */
export function expectSameResult({ operation, run, scene }: Cell, reference: Reference): void {
	expect(givenBack(run.outcome, scene, operation)).toBe(reference.given);
}

/** A read that succeeds is never silently a part or of something else. */
function expectReadsWhole(cell: Cell, reference: Reference): void {
	const { interfered, operation, run } = cell;
	if (operation.effect !== 'reads' || interfered || run.outcome.kind === 'failed') return;
	// A row that could not be looked up says so itself.
	if (run.outcome.items.some(({ membership, state }) => isUndecided(membership) || state === 'unknown'))
		return;
	// What may not be read beside the rows is said to be not known.
	const isTold =
		/^The environment does not say which columns|is not known: .* (?:could not be read|may not read)/;
	if (run.outcome.hints.some((hint) => isTold.test(hint))) return;
	const [first] = run.outcome.items;
	if (first?.environmentChecked === false) {
		expect(run.outcome.hints.join()).toContain('could not be checked against the environment');
	} else expectSameResult(cell, reference);
}

function isUndecided(membership: unknown): boolean {
	return typeof membership === 'object' && membership !== null && 'code' in membership;
}

function reportOf(outcome: Outcome): MembersReport | undefined {
	const found: unknown = outcome.kind === 'done' ? outcome.items[0] : outcome.details.report;
	return typeof found === 'object' && found !== null && 'submitted' in found && 'people' in found
		? (found as unknown as MembersReport)
		: undefined;
}

/** The two sums, and every person where the report says. */
function expectTruthfulReport({ operation, before, interfered, run }: Cell): void {
	const report = reportOf(run.outcome);
	if (operation.people === undefined || report === undefined) return;
	const { duplicates, invalid, unmatched, ambiguous, undecided, matched } = report;
	expect(report.rows).toBe(duplicates + invalid + unmatched + ambiguous + undecided + matched);
	const { blocked, unchanged, notSent, failed, submitted, confirmed, unconfirmed } = report;
	expect(report.people).toBe(blocked + unchanged + notSent + failed + submitted);
	expect(submitted).toBe(confirmed + unconfirmed);
	const exceptions = new Map(report.exceptions.map((exception) => [exception.id, exception]));
	expect(report.exceptions).toHaveLength(report.exceptionsTotal);
	const isDeleted = run.after.length === 0;
	// Nobody knows whom a row means that could not be looked up, or whose value nobody was said to have.
	if (isDeleted || undecided > 0 || unmatched > 0) return;
	const [was, is] = [placedOf(before), placedOf(run.after)];
	for (const id of new Set([...was, ...is, ...operation.people.ids])) {
		if (interfered && (id === ADDED_BY_OTHER || id === REMOVED_BY_OTHER)) continue;
		const exception = exceptions.get(id);
		const wanted = isWanted(operation.people, id, was);
		const facts = { id, was: was.has(id), exception: exception?.outcome };
		if (exception === undefined) expect({ ...facts, is: is.has(id) }).toEqual({ ...facts, is: wanted });
		else if (!MAY_HAVE_ACTED.test(`${exception.reason} ${exception.remedy}`))
			expect({ ...facts, is: is.has(id) }).toEqual({ ...facts, is: was.has(id) });
	}
}

function isWanted(
	{ change, ids }: NonNullable<Operation['people']>,
	id: string,
	was: ReadonlySet<string>,
): boolean {
	const isMeant = ids.includes(id);
	if (change === 'sync') return isMeant;
	return isMeant ? change === 'add' : was.has(id);
}

const LOOK = /FetchContactsByQuery|ListGroupMembers/;

/** A sync in which somebody else wrote before it looked for the last time either made things right or says so. */
export function expectNoticed(
	evidence: Evidence,
	{ operation, run }: Cell,
	fault: FaultKind,
	position: number,
): void {
	if (operation.people?.change !== 'sync' || !fault.name.startsWith('membership')) return;
	const lastLook = evidence.sent.findLastIndex(({ request }) => LOOK.test(request.url));
	if (run.outcome.kind === 'failed' || position > lastLook) return;
	const isRight = [...placedOf(run.after)].sort().join() === [...operation.people.ids].sort().join();
	if (!isRight) expect(reportOf(run.outcome)).toMatchObject({ changedMeanwhile: true });
}

/** Whether a body is of a call that is not to be sent twice. */
export function isSentOnce(body: string | undefined): boolean {
	return /"msdyncrm_operation":"\w+ByQuery"/.test(body ?? '');
}

/** A call that must not be sent twice is sent again only after an answer that rules out that it was carried out. */
function expectSentOnce(evidence: Evidence): void {
	const unclear = evidence.sent.filter(
		({ answer, request }) =>
			isSentOnce(request.body) && ![401, 429, 'notSent', 'signIn'].includes(answer ?? ''),
	);
	expect(unclear.length).toBeLessThanOrEqual(1);
	const acted = evidence.carriedOut.filter(
		({ body, status }) => isSentOnce(JSON.stringify(body)) && status < 400,
	);
	expect(acted.length).toBeLessThanOrEqual(1);
}
