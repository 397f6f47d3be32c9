import fc from 'fast-check';

import { decodeServiceError } from '../../../core/dataverse/errors/decodeError';
import { DataverseError } from '../../../core/dataverse/errors/errors';
import { deliver } from '../../../core/delivery/deliver';
import { countMembers } from '../../../core/accounting/report';
import { Roster } from '../../../core/accounting/roster';
import type { MemberAccess, MemberPage } from '../../../core/segments/types';

const SEGMENT = '59ac8bbf-57e7-e811-a9a9-000d3a35f403';
const personId = (n: number) => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;

function rosterOf(count: number): Roster {
	const roster = new Roster();
	for (let n = 0; n < count; n += 1) roster.addIds([personId(n)]);
	return roster;
}

/** A service in memory that keeps members, and refuses or breaks as told. */
class Service implements MemberAccess {
	readonly calls: (readonly string[])[] = [];
	readonly members = new Set<string>();

	constructor(
		readonly idsPerCall: number,
		private readonly refuse: (ids: readonly string[], call: number) => DataverseError | undefined = () =>
			undefined,
	) {}

	async change(change: 'add' | 'remove', ids: readonly string[]): Promise<void> {
		this.calls.push(ids);
		const refusal = this.refuse(ids, this.calls.length);
		await Promise.resolve();
		if (refusal) throw refusal;
		for (const id of ids) {
			if (change === 'add') this.members.add(id);
			else this.members.delete(id);
		}
	}

	async *pages(): AsyncGenerator<MemberPage> {
		yield await Promise.resolve({ ids: [...this.members], rows: [] });
	}
}

const refusedForIds = (id: string) =>
	new DataverseError({
		kind: 'refused',
		status: 400,
		code: '0x80040265',
		message: 'The service refused the call.',
		remedy: 'Look at the ids.',
		serviceText: `Contact With Id = ${id.toUpperCase()} Does Not Exist`,
	});

const forbidden = new DataverseError({
	kind: 'forbidden',
	status: 403,
	code: '0x80040220',
	message: 'A privilege is missing.',
	remedy: 'Ask an administrator.',
	serviceText: 'Principal user is missing prvWritemsdyncrm_segment privilege',
});

const everybody = (roster: Roster) => roster.people.map((_, person) => person);
const delivery = (roster: Roster, parallelCalls = 1) =>
	({ change: 'add', people: everybody(roster), parallelCalls, segmentId: SEGMENT }) as const;

describe('delivering members', () => {
	test('takes as few calls as the service allows', async () => {
		const roster = rosterOf(45_000);
		const service = new Service(20_000);

		const result = await deliver(roster, service, delivery(roster));

		expect(service.calls.map((ids) => ids.length)).toEqual([20_000, 20_000, 5_000]);
		expect(result).toEqual({ calls: 3, stoppedBy: undefined });
		expect(countMembers(roster)).toMatchObject({ people: 45_000, submitted: 45_000, unconfirmed: 45_000 });
	});

	test('loses nobody but the bad ids when the service refuses a whole call because of them', async () => {
		const roster = rosterOf(1_000);
		const bad = new Set([personId(17), personId(18), personId(999)]);
		const service = new Service(1_000, (ids) => {
			const culprit = ids.find((id) => bad.has(id));
			return culprit === undefined ? undefined : refusedForIds(culprit);
		});

		const { stoppedBy } = await deliver(roster, service, delivery(roster));

		expect(stoppedBy).toBeUndefined();
		expect(service.members.size).toBe(997);
		expect([...roster.exceptions()].map(({ id, outcome }) => [id, outcome])).toEqual(
			[...bad].map((id) => [id, 'failed']),
		);
	});

	test('stops looking for bad ids after fifty and reports the rest of the call as failed', async () => {
		const roster = rosterOf(20_000);
		const service = new Service(20_000, (ids) => refusedForIds(ids[0] ?? ''));

		await deliver(roster, service, delivery(roster));

		expect(service.calls.length).toBeLessThanOrEqual(501);
		expect(countMembers(roster)).toMatchObject({ failed: 20_000, submitted: 0, notSent: 0 });
	});

	test('does not halve a call that is refused for another reason, and sends nothing after it', async () => {
		const roster = rosterOf(50);
		const service = new Service(10, (_, call) => (call === 2 ? forbidden : undefined));

		const result = await deliver(roster, service, delivery(roster));

		expect(service.calls).toHaveLength(2);
		expect(result.stoppedBy).toBe(forbidden);
		expect(countMembers(roster)).toMatchObject({ submitted: 10, failed: 10, notSent: 30 });
		expect([...roster.exceptions()].at(-1)?.reason).toContain('A privilege is missing.');
	});

	const OTHER = '7b1f0c55-0a0b-4c4d-8e8f-0123456789ab';
	test.each([
		['beside another ID in the text', 400, (id: string) => `Request ${OTHER}: contact ${id} is not valid.`],
		['beside the ID of the segment', 400, (id: string) => `Contact ${id} may not be in segment ${SEGMENT}.`],
		['without dashes', 400, (id: string) => `Bad value ${id.replaceAll('-', '').toUpperCase()}.`],
		['beyond what is shown of the text', 400, (id: string) => `${'The list is not valid. '.repeat(40)}${id}`],
		['with 403', 403, (id: string) => `No read access to contact with Id = ${id}.`],
		['with 409', 409, (id: string) => `Contact ${id} is being merged.`],
	])('loses nobody but the bad ID when it is named %s', async (_, status, textOf) => {
		const roster = rosterOf(100);
		const bad = personId(17);
		const service = new Service(100, (ids) =>
			ids.includes(bad)
				? decodeServiceError({
						status,
						headers: {},
						body: JSON.stringify({ error: { code: '0x80040265', message: textOf(bad) } }),
					})
				: undefined,
		);

		const { stoppedBy } = await deliver(roster, service, delivery(roster));

		expect(stoppedBy).toBeUndefined();
		expect(service.members.size).toBe(99);
	});

	test('sends smaller calls when one is too large', async () => {
		const roster = rosterOf(100);
		const service = new Service(100, (ids) =>
			ids.length > 30 ? decodeServiceError({ status: 413, headers: {}, body: '' }) : undefined,
		);

		await deliver(roster, service, delivery(roster));

		expect(service.members.size).toBe(100);
	});

	test.each([
		['that repeats all ids of the call', 403, (ids: readonly string[]) => `Denied: ${ids.join()}`],
		['that names a group', 404, () => `msdynmkt_group With Id = ${OTHER} Does Not Exist`],
		['that names the user', 403, () => `User ${OTHER} is missing prvWritemsdynmkt_segment.`],
	])('does not halve a refusal %s', async (_, status, textOf) => {
		const roster = rosterOf(40);
		const service = new Service(20, (ids) =>
			decodeServiceError({
				status,
				headers: {},
				body: JSON.stringify({ error: { code: '0x80040217', message: textOf(ids) } }),
			}),
		);

		await deliver(roster, service, delivery(roster));

		expect(service.calls).toHaveLength(1);
	});

	test('knows of a cancelled run whose calls were under way', async () => {
		const roster = rosterOf(40);
		const cancelled = (mayHaveActed: boolean) =>
			new DataverseError({ kind: 'cancelled', message: 'Cancelled.', remedy: 'Run again.', mayHaveActed });
		const service = new Service(10, (_, call) => (call === 1 ? undefined : cancelled(call < 4)));

		await expect(deliver(roster, service, delivery(roster, 4))).rejects.toMatchObject({ kind: 'cancelled' });

		expect(countMembers(roster)).toMatchObject({ submitted: 10, failed: 20, notSent: 10 });
		expect([...roster.exceptions()].filter(({ code }) => code === 'cancelled')).toHaveLength(20);
	});

	test('does not take a missing segment for missing people', async () => {
		const roster = rosterOf(4);
		const service = new Service(
			4,
			() =>
				new DataverseError({
					kind: 'notFound',
					status: 404,
					code: '0x80040217',
					message: 'The segment is gone.',
					remedy: 'Choose another.',
					serviceText: `msdyncrm_segment With Id = ${SEGMENT} Does Not Exist`,
				}),
		);

		await deliver(roster, service, delivery(roster));

		expect(service.calls).toHaveLength(1);
	});

	test('passes a cancellation on instead of reporting it', async () => {
		const roster = rosterOf(4);
		const cancelled = new DataverseError({ kind: 'cancelled', message: 'Cancelled.', remedy: 'Run again.' });

		await expect(deliver(roster, new Service(2, () => cancelled), delivery(roster))).rejects.toBe(cancelled);
	});

	test('accounts for everybody, whatever is refused and however many calls are in flight', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.integer({ min: 1, max: 400 }),
				fc.integer({ min: 1, max: 60 }),
				fc.integer({ min: 1, max: 4 }),
				fc.array(fc.nat(399), { maxLength: 12 }),
				fc.option(fc.integer({ min: 1, max: 12 })),
				async (people, idsPerCall, parallelCalls, badPeople, breaksAt) => {
					const roster = rosterOf(people);
					const bad = new Set(badPeople.map(personId));
					const service = new Service(idsPerCall, (ids, call) => {
						if (call === breaksAt) return forbidden;
						const culprit = ids.find((id) => bad.has(id));
						return culprit === undefined ? undefined : refusedForIds(culprit);
					});

					await deliver(roster, service, delivery(roster, parallelCalls));

					const counts = countMembers(roster);
					expect(counts.people).toBe(
						counts.blocked + counts.unchanged + counts.notSent + counts.failed + counts.submitted,
					);
					expect(counts.submitted).toBe(service.members.size);
					expect(service.calls.every((ids) => ids.length <= idsPerCall)).toBe(true);
				},
			),
			{ numRuns: 200 },
		);
	});
});
