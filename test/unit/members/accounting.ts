/** Random runs against a service in memory that refuses, breaks and loses answers; for the short and the long runs. */

import fc from 'fast-check';

import { DataverseError } from '../../../core/dataverse/errors/errors';
import { runDelivery } from '../../../core/delivery/runDelivery';
import { countMembers, type MemberCounts } from '../../../core/accounting/report';
import { rowOutcomes } from '../../../core/accounting/rowOutcomes';
import { readPeople } from '../../../core/people/readPeople';
import type { Roster } from '../../../core/accounting/roster';
import type { MemberAccess, MemberChange, MemberPage } from '../../../core/segments/types';
import { aSegment } from '../segments/aSegment';
import { idOf } from './environment';

const POOL = 24;
const SEGMENT = aSegment();

type CallEffect = 'forbidden' | 'lostAfterActing' | 'lostBeforeActing' | 'works';

interface World {
	readonly kind: 'add' | 'remove' | 'sync';
	readonly rows: readonly unknown[];
	readonly members: readonly number[];
	readonly blocked: readonly number[];
	readonly meantByAmbiguousRows: readonly number[];
	readonly undecidedRows: number;
	/** Ids that the service refuses by name. */
	readonly bad: readonly number[];
	readonly idsPerCall: number;
	readonly parallelCalls: number;
	readonly membershipRead: boolean;
	readonly calls: readonly CallEffect[];
}

const people = fc.uniqueArray(fc.nat(POOL - 1), { maxLength: POOL });
const row = fc.oneof(
	{ weight: 6, arbitrary: fc.nat(POOL - 1).map((n) => idOf(n)) },
	{ weight: 2, arbitrary: fc.nat(POOL - 1).map((n) => ` {${idOf(n).toUpperCase()}} `) },
	{ weight: 1, arbitrary: fc.constantFrom<unknown>('', null, undefined, 'ada', 7, {}, [], '__proto__') },
	{ weight: 1, arbitrary: fc.string() },
);

const world: fc.Arbitrary<World> = fc.record({
	kind: fc.constantFrom('add' as const, 'remove' as const, 'sync' as const),
	rows: fc.array(row, { maxLength: 40 }),
	members: people,
	blocked: fc.uniqueArray(fc.nat(POOL - 1), { maxLength: 3 }),
	meantByAmbiguousRows: fc.uniqueArray(fc.nat(POOL - 1), { maxLength: 3 }),
	undecidedRows: fc.constantFrom(0, 0, 1),
	bad: fc.uniqueArray(fc.nat(POOL - 1), { maxLength: 3 }),
	idsPerCall: fc.integer({ min: 1, max: 9 }),
	parallelCalls: fc.integer({ min: 1, max: 3 }),
	membershipRead: fc.boolean(),
	calls: fc.array(
		fc.oneof(
			{ weight: 4, arbitrary: fc.constant('works' as const) },
			{
				weight: 1,
				arbitrary: fc.constantFrom(
					'forbidden' as const,
					'lostAfterActing' as const,
					'lostBeforeActing' as const,
				),
			},
		),
		{ maxLength: 12 },
	),
});

class Service implements MemberAccess {
	readonly sent: { readonly change: MemberChange; readonly ids: readonly string[] }[] = [];

	constructor(
		readonly idsPerCall: number,
		readonly members: Set<string>,
		private readonly bad: ReadonlySet<string>,
		private readonly effects: readonly CallEffect[],
	) {}

	async change(change: MemberChange, ids: readonly string[]): Promise<void> {
		const effect = this.effects[this.sent.length] ?? 'works';
		this.sent.push({ change, ids });
		expect(ids.length).toBeGreaterThan(0);
		expect(ids.length).toBeLessThanOrEqual(this.idsPerCall);
		await Promise.resolve();
		if (effect === 'forbidden') throw failure('forbidden', 403);
		if (effect === 'lostBeforeActing') throw failure('connection', undefined);
		const culprit = ids.find((id) => this.bad.has(id));
		if (culprit !== undefined) throw failure('refused', 400, `Contact With Id = ${culprit} Does Not Exist`);
		for (const id of ids) {
			if (change === 'add') this.members.add(id);
			else this.members.delete(id);
		}
		if (effect === 'lostAfterActing') throw failure('connection', undefined);
	}

	async membership() {
		return await Promise.resolve(Object.assign(new Set(this.members), { isExcluded: () => false }));
	}

	async *pages(): AsyncGenerator<MemberPage> {
		const ids = [...this.members];
		for (let at = 0; at < ids.length; at += 5) {
			yield await Promise.resolve({ ids: ids.slice(at, at + 5), rows: [], total: ids.length });
		}
	}
}

function failure(kind: 'connection' | 'forbidden' | 'refused', status?: number, serviceText?: string) {
	const mayHaveActed = kind === 'connection';
	return new DataverseError({ kind, status, serviceText, mayHaveActed, message: 'No.', remedy: 'Try.' });
}

interface Run {
	readonly roster: Roster;
	readonly kind: World['kind'];
	readonly counts: MemberCounts;
	readonly calls: number;
	readonly wasStopped: boolean;
}

const REASON = { code: 'why', reason: 'Why.', remedy: 'None.' };

async function run(service: Service, given: World): Promise<Run> {
	const { kind, parallelCalls } = given;
	const roster = await readPeople(given.rows, { by: 'id' }, { table: 'contact' });
	for (let row = 0; row < given.undecidedRows; row += 1) roster.addOddRow('undecided', REASON);
	for (const n of given.blocked) {
		const person = roster.personOf(idOf(n));
		if (person !== undefined) roster.setOutcome(person, 'blocked', REASON);
	}
	roster.holdForAmbiguousRow(given.meantByAmbiguousRows.map((n) => idOf(n)));
	const { report, stoppedBy } = await runDelivery({
		...{ segment: SEGMENT, access: service, change: kind, roster },
		settings: {
			...{ dryRun: false, parallelCalls, confirmFor: 0 },
			readFirst: given.membershipRead ? 'always' : 'never',
			limits: { percent: 100, allowEmptying: true },
		},
		hooks: { hint: () => undefined, wait: async () => await Promise.resolve() },
	});
	expect(report.changedMeanwhile ?? false).toBe(false);
	if (stoppedBy === undefined) expect(report.unconfirmed).toBe(0);
	expect([...roster.exceptions()]).toHaveLength(report.exceptionsTotal);
	return { roster, kind, counts: report, calls: report.calls, wasStopped: stoppedBy !== undefined };
}

/** `rows` and `people` are the sums of their parts, and everybody is somewhere. */
export function expectSums(roster: Roster): void {
	const counts = countMembers(roster);
	const { duplicates, invalid, unmatched, ambiguous, undecided, matched } = counts;
	expect(counts.rows).toBe(duplicates + invalid + unmatched + ambiguous + undecided + matched);
	const { blocked, unchanged, notSent, failed, submitted, confirmed, unconfirmed } = counts;
	expect(counts.people).toBe(blocked + unchanged + notSent + failed + submitted);
	expect(submitted).toBe(confirmed + unconfirmed);
	expect([...rowOutcomes(roster)]).toHaveLength(counts.rows);
}

/** No call carries anybody who is not meant by it. */
function expectOnlyPlanned(
	{ roster, kind }: Pick<Run, 'kind' | 'roster'>,
	sent: readonly { readonly change: MemberChange; readonly ids: readonly string[] }[],
): void {
	for (const { change, ids } of sent) {
		for (const id of ids) {
			const person = roster.personOf(id) ?? -1;
			expect(change).toBe(kind === 'sync' ? (roster.isRemoval(person) ? 'remove' : 'add') : kind);
			expect(['blocked', 'unchanged']).not.toContain(roster.outcomeOf(person));
		}
	}
}

/** The membership that the words of the operation describe, worked out without any of our code. */
function specified(given: World): ReadonlySet<string> {
	const ids = given.rows.map(
		(value) => /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/i.exec(String(value))?.[0],
	);
	const blocked = new Set(given.blocked.map((n) => idOf(n)));
	const held = new Set(given.meantByAmbiguousRows.map((n) => idOf(n)));
	const all = new Set(ids.flatMap((id) => (id === undefined ? [] : [id.toLowerCase()])));
	const meant = [...all].filter((id) => !blocked.has(id));
	const members = given.members.map((n) => idOf(n));
	switch (given.kind) {
		case 'add':
			return new Set([...members, ...meant]);
		case 'remove':
			return new Set(members.filter((id) => !meant.includes(id)));
		case 'sync': {
			if (given.undecidedRows > 0) return new Set([...meant, ...members]);
			const left = members.filter((id) => (all.has(id) && blocked.has(id)) || (!all.has(id) && held.has(id)));
			return new Set([...meant, ...left]);
		}
	}
}

/**
 * Whatever happens to the calls: the sums hold, nobody outside the plan is sent, running again finishes the job, and a
 * third run has nothing to do.
 */
export async function everyRunIsAccountedFor(numRuns: number): Promise<void> {
	await fc.assert(
		fc.asyncProperty(world, async (given) => {
			const members = new Set(given.members.map((n) => idOf(n)));
			const bad = new Set(given.bad.map((n) => idOf(n)));
			const rough = new Service(given.idsPerCall, members, bad, given.calls);
			const first = await run(rough, given);
			expectSums(first.roster);
			expectOnlyPlanned(first, rough.sent);
			expect(first.calls).toBe(rough.sent.length);
			if (!first.wasStopped && first.counts.failed === 0) {
				expect(sorted(members)).toEqual(sorted(specified(given)));
			}
			for (const [n, person] of first.roster.people.entries()) {
				if (first.roster.outcomeOf(n) !== 'confirmed') continue;
				expect(members.has(person)).toBe(given.kind !== 'remove' && !first.roster.isRemoval(n));
			}

			const smooth = new Service(given.idsPerCall, members, new Set(), []);
			const second = await run(smooth, { ...given, membershipRead: true });
			expectSums(second.roster);
			expect(sorted(members)).toEqual(sorted(specified(given)));
			const third = await run(smooth, { ...given, membershipRead: true });
			expect(third.calls).toBe(0);
		}),
		{ numRuns },
	);
}

const sorted = (ids: ReadonlySet<string>) => [...ids].sort();
