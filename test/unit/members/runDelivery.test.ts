import { removalOutcomes, rowOutcomes } from '../../../core/accounting/rowOutcomes';
import { Roster } from '../../../core/accounting/roster';
import { DataverseError } from '../../../core/dataverse/errors/errors';
import { runDelivery, type DeliveryHooks, type DeliveryInput } from '../../../core/delivery/runDelivery';
import type { DeliverySettings } from '../../../core/delivery/settings';
import type { MemberAccess, MemberPage } from '../../../core/segments/types';
import { aSegment } from '../segments/aSegment';
import { expectSums } from './accounting';
import { idOf } from './environment';

const BLOCKED = { code: 'optedOut', reason: 'Opted out.', remedy: 'None.' };
const NO_ANSWER = { code: '0x80040216', reason: 'The service failed.', remedy: 'Try later.' };

function rosterOf(...people: readonly number[]): Roster {
	const roster = new Roster();
	roster.addIds(people.map((n) => idOf(n)));
	return roster;
}

/** A segment in memory. */
class Segment implements MemberAccess {
	readonly idsPerCall = 2;
	readonly calls: string[] = [];
	readonly members: Set<string>;

	constructor(
		members: readonly number[],
		private readonly refuses: Partial<
			Record<'add' | 'membership' | 'prepare' | 'remove', DataverseError>
		> = {},
	) {
		this.members = new Set(members.map((n) => idOf(n)));
	}

	async prepare(): Promise<void> {
		await this.mayFail('prepare');
	}

	async change(change: 'add' | 'remove', ids: readonly string[]): Promise<void> {
		this.calls.push(change);
		if (this.calls.length > 1) await this.mayFail(change);
		for (const id of ids) this.members[change === 'add' ? 'add' : 'delete'](id);
	}

	async membership() {
		await this.mayFail('membership');
		return Object.assign(new Set(this.members), { isExcluded: () => false });
	}

	async *pages(): AsyncGenerator<MemberPage> {
		yield await Promise.resolve({ ids: [...this.members], rows: [] });
	}

	private async mayFail(what: 'add' | 'membership' | 'prepare' | 'remove'): Promise<void> {
		const error = this.refuses[what];
		await Promise.resolve();
		if (error !== undefined) throw error;
	}
}

const error = (kind: 'forbidden' | 'invalidInput' | 'unavailable') =>
	new DataverseError({ kind, code: '0x1', message: 'It cannot be done.', remedy: 'Do something else.' });

type Given = Pick<DeliveryInput, 'change'> & {
	readonly settings?: Partial<DeliverySettings>;
	readonly hooks?: Partial<DeliveryHooks>;
};

async function run(access: Segment, roster: Roster, { change, settings, hooks }: Given) {
	const hints: string[] = [];
	const outcome = await runDelivery({
		...{ segment: aSegment(), access, change, roster },
		settings: { dryRun: false, parallelCalls: 1, readFirst: 'automatic', limits: {}, ...settings },
		hooks: {
			hint: (text) => void hints.push(text),
			wait: async () => await Promise.resolve(),
			...hooks,
		},
	});
	expectSums(roster);
	const rows = [...rowOutcomes(roster)];
	for (const { isDelivered, reason } of rows) expect(isDelivered || reason !== undefined).toBe(true);
	return { ...outcome, hints, rows, removals: [...removalOutcomes(roster)] };
}

const outcomes = (rows: readonly { readonly outcome: string }[]) => rows.map(({ outcome }) => outcome);
const codes = (rows: readonly { readonly reason?: { readonly code: string } }[]) =>
	rows.map(({ reason }) => reason?.code);

describe('a delivery that ends early', () => {
	test('says of each row what happened: sent, refused, and not sent', async () => {
		const segment = new Segment([], { add: error('forbidden') });

		const { rows, stoppedBy, isRefused } = await run(segment, rosterOf(1, 2, 3, 4, 5), { change: 'add' });

		expect(outcomes(rows)).toEqual(['unconfirmed', 'unconfirmed', 'failed', 'failed', 'notSent']);
		expect(codes(rows)).toEqual([undefined, undefined, '0x1', '0x1', 'notSent']);
		expect(stoppedBy?.kind).toBe('forbidden');
		expect(isRefused).toBe(false);
	});

	test.each([
		['its members cannot be read', { membership: error('unavailable') }],
		['its groups have no room', { prepare: error('invalidInput') }],
	])('before it began, because %s, accounts for every row with the reason', async (_, refuses) => {
		const segment = new Segment([7], refuses);

		const { rows, report, stoppedBy, isRefused } = await run(segment, rosterOf(1, 2, 2), { change: 'sync' });

		expect(codes(rows)).toEqual(['0x1', '0x1', '0x1']);
		expect(report).toMatchObject({ rows: 3, people: expect.any(Number), submitted: 0, calls: 0 });
		expect([stoppedBy?.message, isRefused]).toEqual(['It cannot be done.', true]);
		expect(segment.calls).toEqual([]);
	});

	test('by a cancelled run is thrown', async () => {
		const cancelled = new DataverseError({ kind: 'cancelled', message: 'Cancelled.', remedy: 'Again.' });

		const running = run(new Segment([], { membership: cancelled }), rosterOf(1), { change: 'add' });

		await expect(running).rejects.toBe(cancelled);
	});
});

describe('a met removal brake', () => {
	const MEMBERS = Array.from({ length: 20 }, (_, n) => n);

	test('refuses the sync and tells each row and each member who would go', async () => {
		const segment = new Segment(MEMBERS);

		const { rows, removals, stoppedBy, report } = await run(segment, rosterOf(0, 50), { change: 'sync' });

		expect(outcomes(rows)).toEqual(['unchanged', 'notSent']);
		expect(rows[1]?.reason?.code).toBe('brake');
		expect(new Set(codes(removals))).toEqual(new Set(['brake']));
		expect(stoppedBy?.message).toContain('19 of 20 members');
		expect(report).toMatchObject({ unchanged: 1, notSent: 20, planned: { add: 1, remove: 19 } });
		expect(segment.calls).toEqual([]);
	});

	test('lets the additions go on and the removals wait where that is asked for', async () => {
		const segment = new Segment(MEMBERS);

		const { rows, removals, stoppedBy, report, hints } = await run(segment, rosterOf(0, 50), {
			change: 'sync',
			settings: { limits: { ifBrakeIsMet: 'addOnly' } },
		});

		expect(stoppedBy).toBeUndefined();
		expect(outcomes(rows)).toEqual(['unchanged', 'confirmed']);
		expect(removals).toHaveLength(19);
		expect(new Set(codes(removals))).toEqual(new Set(['brake']));
		expect(report.planned).toMatchObject({ add: 1, remove: 0, removalsWaiting: 19 });
		expect(report).toMatchObject({ submitted: 1, notSent: 19 });
		expect(hints.join()).toContain('People are added, and nobody is removed.');
		expect(segment.members.size).toBe(21);
	});

	test('in a dry run stands in the plan, and the rows say who would be added', async () => {
		const segment = new Segment(MEMBERS);

		const { rows, removals, stoppedBy, report } = await run(segment, rosterOf(0, 50), {
			change: 'sync',
			settings: { dryRun: true },
		});

		expect(stoppedBy).toBeUndefined();
		expect(report.planned?.wouldBeRefused).toContain('19 of 20 members');
		expect(outcomes(rows)).toEqual(['unchanged', 'wouldAdd']);
		expect(new Set(outcomes(removals))).toEqual(new Set(['wouldRemove']));
		expect(report).toMatchObject({ exceptionsTotal: 0, notSent: 20 });
		expect(Object.keys(report).slice(0, 3)).toEqual(['segmentName', 'change', 'planned']);
	});
});

describe('rows that could not be looked up', () => {
	test.each([false, true])(
		'make all removals of a sync wait, while additions go on (dry run: %s)',
		async (dryRun) => {
			const segment = new Segment([1, 2, 3]);
			const roster = rosterOf(1, 9);
			roster.addOddRow('undecided', NO_ANSWER, 'a@example.com');

			const { rows, removals, report, hints } = await run(segment, roster, {
				change: 'sync',
				settings: { dryRun },
			});

			expect(outcomes(rows)).toEqual(['unchanged', dryRun ? 'wouldAdd' : 'confirmed', 'undecided']);
			expect(codes(removals)).toEqual(['undecidedRows', 'undecidedRows']);
			expect(outcomes(removals)).toEqual(['notSent', 'notSent']);
			expect(hints.join()).toContain('1 row could not be looked up');
			expect(report).toMatchObject({ rows: 3, undecided: 1, planned: { remove: 0, removalsWaiting: 2 } });
			expect([...segment.members]).toContain(idOf(2));
		},
	);

	test('when they are all rows change nothing and are no empty input', async () => {
		const segment = new Segment([1, 2]);
		const roster = new Roster();
		roster.addOddRow('undecided', NO_ANSWER, 'a@example.com');

		const { rows, stoppedBy } = await run(segment, roster, { change: 'sync' });

		expect(stoppedBy).toBeUndefined();
		expect(rows[0]?.reason).toEqual(NO_ANSWER);
		expect(segment.members.size).toBe(2);
	});
});

describe('a sync that would leave nobody', () => {
	test.each([3, 30])('is refused when everybody in the input is blocked, of %i members', async (members) => {
		const segment = new Segment(Array.from({ length: members }, (_, n) => n));
		const roster = rosterOf(100, 101);
		roster.setOutcome(0, 'blocked', BLOCKED);
		roster.setOutcome(1, 'blocked', BLOCKED);

		const { rows, removals, stoppedBy } = await run(segment, roster, {
			change: 'sync',
			settings: { limits: { percent: 100 } },
		});

		expect(stoppedBy?.message).toContain('Everybody in the input is blocked');
		expect(stoppedBy?.remedy).toContain('"Allow Emptying"');
		expect(codes(rows)).toEqual(['optedOut', 'optedOut']);
		expect(new Set(codes(removals))).toEqual(new Set(['emptying']));
	});

	test('keeps going when a blocked person is a member, who stays', async () => {
		const roster = rosterOf(1);
		roster.setOutcome(0, 'blocked', BLOCKED);

		const { stoppedBy } = await run(new Segment([1, 2]), roster, { change: 'sync' });

		expect(stoppedBy).toBeUndefined();
	});

	test.each([
		['is refused', {}, 3, 'emptying'],
		['goes on with Allow Emptying', { allowEmptying: true }, 0, undefined],
	])('because no ID in the input is of anybody %s', async (_, limits, staying, code) => {
		const segment = new Segment([1, 2, 3]);
		const asked: (readonly string[])[] = [];
		const anybodyExists = async (ids: readonly string[]) => await Promise.resolve(asked.push(ids) < 1);

		const { rows } = await run(segment, rosterOf(50, 51), {
			change: 'sync',
			settings: { limits },
			hooks: { anybodyExists },
		});

		expect(rows[0]?.reason?.code).toBe(code);
		expect([1, 2, 3].filter((n) => segment.members.has(idOf(n)))).toHaveLength(staying);
		expect(asked).toHaveLength(code === undefined ? 0 : 1);
	});

	test('asks nobody while a member stays', async () => {
		const anybodyExists = async () => await Promise.reject(new Error('asked'));

		const { stoppedBy } = await run(new Segment([1, 2]), rosterOf(2, 50), {
			change: 'sync',
			hooks: { anybodyExists },
		});

		expect(stoppedBy).toBeUndefined();
	});
});

describe('Most Unmatched', () => {
	const half = () => {
		const roster = rosterOf(1, 2);
		for (const _ of [1, 2]) roster.addOddRow('unmatched', NO_ANSWER, 'x');
		return roster;
	};

	test.each(['add', 'remove', 'sync'] as const)(
		'refuses to %s before anything is written',
		async (change) => {
			const segment = new Segment([1, 2]);

			const { stoppedBy, isRefused } = await run(segment, half(), {
				change,
				settings: { limits: { mostUnmatched: 49 } },
			});

			expect(stoppedBy?.message).toContain('2 of 4 rows match nobody (50 %), more than the 49 %');
			expect(isRefused).toBe(true);
			expect(segment.calls).toEqual([]);
		},
	);

	test('allows its own share', async () => {
		const limits = { mostUnmatched: 50 };

		expect((await run(new Segment([]), half(), { change: 'add', settings: { limits } })).isRefused).toBe(
			false,
		);
	});
});

describe('people who are prepared before the first call', () => {
	test('and could not be are unmatched rows, and everybody else is sent', async () => {
		const segment = new Segment([]);
		const roster = rosterOf(1, 2, 2, 3);
		const beforeSending = async () => {
			roster.withdraw(1, { code: 'notCreated', reason: 'A rule refused it.', remedy: 'See the rule.' });
			return await Promise.resolve({ created: 2, updated: 0 });
		};

		const { rows, report } = await run(segment, roster, { change: 'add', hooks: { beforeSending } });

		expect(outcomes(rows)).toEqual(['unconfirmed', 'unmatched', 'unmatched', 'unconfirmed']);
		expect(report).toMatchObject({
			rows: 4,
			unmatched: 2,
			matched: 2,
			people: 2,
			submitted: 2,
			exceptionsTotal: 2,
			created: 2,
			updated: 0,
		});
		expect(report.exceptions.map(({ row, code }) => [row, code])).toEqual([
			[2, 'notCreated'],
			[3, 'notCreated'],
		]);
		expect(segment.members.size).toBe(2);
	});

	test('are counted in the plan, and too many of them are refused before anything is written', async () => {
		const segment = new Segment([]);
		const hooks = {
			creations: () => 2,
			beforeSending: async () => await Promise.reject(new Error('called')),
		};

		const { report, stoppedBy, rows } = await run(segment, rosterOf(1, 2, 3), {
			change: 'add',
			settings: { limits: { mostCreated: 1 } },
			hooks,
		});

		expect(report.planned).toMatchObject({ add: 3, create: 2 });
		expect(stoppedBy?.message).toContain('2 people would be created, more than the 1 of "Most Created"');
		expect(new Set(codes(rows))).toEqual(new Set(['mostCreated']));
	});

	test('are not touched by a dry run or by a delivery that is refused', async () => {
		const beforeSending = async () => await Promise.reject(new Error('called'));

		await run(new Segment([]), rosterOf(1), {
			change: 'add',
			settings: { dryRun: true },
			hooks: { beforeSending },
		});
		await run(new Segment([1]), rosterOf(), { change: 'sync', hooks: { beforeSending } });
	});
});

test.each([
	['parallelCalls', { parallelCalls: 100_000_000 }, '"Parallel Calls per Segment" is 100000000'],
	['parallelCalls', { parallelCalls: 1.5 }, 'whole number'],
	['confirmFor', { confirmFor: Infinity }, '"Confirm for up to (Minutes)"'],
	['the brake', { limits: { percent: 120 } }, 'between 0 and 100'],
	['the brake', { limits: { percent: Number.NaN } }, '"Removal Brake (%)"'],
	['Most Removals', { limits: { most: -1 } }, '"Most Removals"'],
])('a number out of range is refused with its field: %s', async (_, settings, words) => {
	await expect(run(new Segment([]), rosterOf(1), { change: 'add', settings })).rejects.toThrow(words);
});
