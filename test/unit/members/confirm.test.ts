import { DataverseError } from '../../../core/dataverse/errors/errors';
import { confirmByReading, type Confirmation } from '../../../core/delivery/confirm';
import { readMembership } from '../../../core/segments/outbound/readMembership';
import { planChange } from '../../../core/delivery/plan';
import { countMembers } from '../../../core/accounting/report';
import { Roster } from '../../../core/accounting/roster';
import type { MemberPage } from '../../../core/segments/types';
import { idOf } from './environment';

const MINUTE = 60_000;
const ALL = { ids: [idOf(1), idOf(2), idOf(3)], rows: [] };

/** A sync that adds 1 and 2, keeps 3 and removes 4, delivered. */
function delivered() {
	const roster = new Roster();
	for (const n of [1, 2, 3]) roster.addIds([idOf(n)]);
	const membersBefore: ReadonlySet<string> = new Set([idOf(3), idOf(4)]);
	const plan = planChange({ kind: 'sync', roster, membership: membersBefore });
	for (const person of [...plan.add, ...plan.remove]) roster.setOutcome(person, 'unconfirmed');
	return { roster, plan, membersBefore };
}

/** Each look sees the next of these; the last stays. */
function looking(...looks: readonly (readonly number[] | MemberPage)[]) {
	const pauses: number[] = [];
	let look = 0;
	async function* readMembers(): AsyncGenerator<MemberPage> {
		const seen = looks[Math.min(look++, looks.length - 1)] ?? [];
		if (!('length' in seen)) yield await Promise.resolve(seen);
		else for (const n of seen) yield { ids: [idOf(n)], rows: [] };
	}
	const wait = async (ms: number) => void pauses.push(await Promise.resolve(ms));
	return { pauses, readMembers, wait, timeoutMs: 10 * MINUTE } satisfies Partial<Confirmation> & {
		pauses: number[];
	};
}

describe('confirming by reading back', () => {
	test('looks until additions are there and removals are gone, with growing pauses', async () => {
		const { roster, plan, membersBefore } = delivered();
		const look = looking([3, 4], [1, 3, 4], [1, 2, 3, 4], [1, 2, 3]);

		const result = await confirmByReading(roster, { ...look, plan, membersBefore });

		expect(result).toEqual({
			confirmed: 3,
			unconfirmed: 0,
			looks: 4,
			complete: true,
			changedMeanwhile: false,
		});
		expect(look.pauses).toEqual([...look.pauses].sort((a, b) => a - b));
		expect(countMembers(roster)).toMatchObject({ submitted: 3, confirmed: 3, unchanged: 1 });
	});

	test('leaves those unconfirmed whom the time did not suffice for', async () => {
		const { roster, plan } = delivered();
		const look = looking([1, 3, 4]);

		const result = await confirmByReading(roster, { ...look, plan, timeoutMs: 3 * MINUTE });

		expect(result).toMatchObject({ confirmed: 1, unconfirmed: 2, changedMeanwhile: undefined });
		expect(look.pauses.reduce((sum, ms) => sum + ms, 0)).toBe(3 * MINUTE);
		expect(roster.outcomeOf(roster.personOf(idOf(2)) ?? -1)).toBe('unconfirmed');
	});

	test('takes one look when no time is given', async () => {
		const { roster, plan } = delivered();
		const look = looking([3, 4], [1, 2, 3]);

		const result = await confirmByReading(roster, { ...look, plan, timeoutMs: 0 });

		expect(result).toMatchObject({ looks: 1, confirmed: 0, unconfirmed: 3 });
	});

	test('ends with Give Up After, and is ended by a cancel', async () => {
		const failing = (kind: 'cancelled' | 'gaveUp') => ({
			...looking([3, 4]),
			wait: async () => await Promise.reject(new DataverseError({ kind, message: 'm', remedy: 'r' })),
		});
		const { roster, plan } = delivered();

		expect(await confirmByReading(roster, { ...failing('gaveUp'), plan })).toMatchObject({ unconfirmed: 3 });
		await expect(confirmByReading(roster, { ...failing('cancelled'), plan })).rejects.toMatchObject({
			kind: 'cancelled',
		});
	});

	test.each([
		['an unknown reply', { ids: [idOf(1), idOf(2), idOf(3)], rows: [], unknownReply: {} }],
		[
			'a page that says that some may be missing',
			{ ...ALL, incomplete: { read: 3, why: 'Some may be missing.' } },
		],
		['fewer people than the total says', { ids: [idOf(1), idOf(2), idOf(3)], rows: [], total: 9 }],
	])('takes nobody for gone after %s', async (_, page) => {
		const { roster, plan, membersBefore } = delivered();

		const result = await confirmByReading(roster, { ...looking(page), plan, membersBefore });

		expect(result).toMatchObject({ confirmed: 2, unconfirmed: 1, complete: false });
		expect(result.changedMeanwhile).toBeUndefined();
	});

	test('does not touch people who were refused or never sent', async () => {
		const { roster, plan } = delivered();
		roster.setOutcome(plan.add[0] ?? 0, 'failed', { code: 'c', reason: 'r', remedy: 'm' });

		const result = await confirmByReading(roster, { ...looking([1, 2, 3]), plan });

		expect(result).toMatchObject({ confirmed: 2, unconfirmed: 0 });
		expect(countMembers(roster)).toMatchObject({ failed: 1, confirmed: 2 });
	});

	test.each([
		['someone else added a member', [1, 2, 3, 99], true],
		['someone else removed a member that was kept', [1, 2], true],
		['nobody else wrote', [1, 2, 3], false],
		['nobody is there who was kept or added, which cannot be', [], undefined],
		['others wrote cannot be told from a list without somebody who was added', [1], undefined],
	])('says whether %s', async (_, seen, changedMeanwhile) => {
		const { roster, plan, membersBefore } = delivered();

		const result = await confirmByReading(roster, { ...looking(seen), plan, membersBefore });

		expect(result.changedMeanwhile).toBe(changedMeanwhile);
	});
});

describe('a list that may be false', () => {
	test('is asked for again at once, and nobody is taken for gone because of it', async () => {
		const { roster, plan, membersBefore } = delivered();
		const look = looking([1], [1, 2, 3]);

		const result = await confirmByReading(roster, { ...look, plan, membersBefore, timeoutMs: 0 });

		expect(result).toMatchObject({ confirmed: 3, looks: 2, complete: true, changedMeanwhile: false });
	});

	test('proves no removal where people are missing in it who were kept', async () => {
		const { roster, plan, membersBefore } = delivered();

		const result = await confirmByReading(roster, { ...looking([]), plan, membersBefore, timeoutMs: 0 });

		expect(result).toMatchObject({ confirmed: 0, unconfirmed: 3, complete: false });
	});

	test('proves no removal where nobody is in it although members stay', async () => {
		const roster = new Roster();
		roster.addIds([idOf(1)]);
		const plan = planChange({ kind: 'remove', roster });
		roster.setOutcome(0, 'unconfirmed');
		const base = { ...looking([]), plan, timeoutMs: 0 };

		expect(await confirmByReading(roster, { ...base, staying: 2 })).toMatchObject({ unconfirmed: 1 });
		expect(await confirmByReading(roster, { ...base, staying: 0 })).toMatchObject({ confirmed: 1 });
	});

	test('as the members before says nothing of what others wrote', async () => {
		const { roster, plan, membersBefore } = delivered();
		const before = { has: (id: string) => membersBefore.has(id), unproven: true };

		const result = await confirmByReading(roster, {
			...looking([1, 2, 3, 99]),
			...{ plan, membersBefore: before },
		});

		expect(result.changedMeanwhile).toBeUndefined();
	});
});

describe('reading the membership for a plan', () => {
	test('gives every member', async () => {
		expect(await readMembership(looking([1, 2]).readMembers())).toEqual(new Set([idOf(1), idOf(2)]));
	});

	test.each([
		['of an unknown shape', { ids: [], rows: [], unknownReply: 'x' }],
		['that is not whole', { ids: [idOf(1)], rows: [], total: 2 }],
	])('refuses a reply %s, because a sync would remove by it', async (_, page) => {
		await expect(readMembership(looking(page).readMembers())).rejects.toMatchObject({
			kind: 'unexpectedReply',
		});
	});
});
