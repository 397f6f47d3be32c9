import type { IDataObject } from 'n8n-workflow';

import { contactId, leadId } from '../../emulator/data';
import { contacts, itemsOf, runMembers, seedRealTime } from './realTimeSeed';
import { byId, World } from './world';

const MEMBERS = 7_000;

let world: World;
beforeAll(async () => {
	world = await World.start({ contacts: MEMBERS, leads: 10 });
});
afterAll(async () => await world.close());
beforeEach(() => {
	world.control.clearLog();
	world.control.resetAssumptions();
});

const said = (hints: readonly { readonly message: string }[]) =>
	hints.map(({ message }) => message).join('\n');
const oneByQuery = `PROFILE(contact).FILTER(contactid == '${contactId(3)}')`;

describe('Get Many', () => {
	test('gives an item per member, up to the limit, without a word about the rest', async () => {
		const id = seedRealTime(world, { status: 'live', members: contacts(0, 12) });

		const { items, hints } = await runMembers(world, { operation: 'getMany', segment: byId(id), limit: 5 });

		expect(items).toHaveLength(5);
		expect(contacts(0, 12)).toContain(items[0]?.json.id);
		expect(hints).toEqual([]);
	});

	test('reads a static segment group by group where the service cuts its answer', async () => {
		const id = seedRealTime(world, { status: 'live', members: contacts(0, MEMBERS) });

		const { items, hints } = await runMembers(world, {
			operation: 'getMany',
			segment: byId(id),
			returnAll: true,
			returnAs: 'list',
		});

		expect(items).toHaveLength(1);
		expect(items[0]?.json).toMatchObject({ segmentId: id, count: MEMBERS });
		expect(new Set(items[0]?.json.ids as string[]).size).toBe(MEMBERS);
		expect(hints).toEqual([]);
	});

	test('says of a segment that is computed for the first time that it has no members yet', async () => {
		const query = 'PROFILE(contact)';
		const id = seedRealTime(world, { name: 'First', status: 'computing', query });
		const first = await runMembers(world, { operation: 'getMany', segment: byId(id) });
		world.control.touch('msdynmkt_segments', id, { msdynmkt_lastevaluated: '2026-05-01T08:00:00Z' });
		const later = await runMembers(world, { operation: 'getMany', segment: byId(id) });

		expect(said(first.hints)).toBe(
			'Segment "First" is being computed for the first time: it has no members until that is done.',
		);
		expect(said(later.hints)).toContain('these are the members of its last evaluation');
	});

	test('asks for no more pages of a group than the limit needs', async () => {
		const id = seedRealTime(world, { status: 'live', members: contacts(0, MEMBERS) });
		const read = { operation: 'getMany', segment: byId(id), options: { group: 'Members 1' } };

		const some = await runMembers(world, { ...read, limit: 5_000 });
		const pagesOfSome = world.control.log({ path: 'ListGroupMembers' }).length;
		const all = await runMembers(world, { ...read, returnAll: true });

		expect([some.items.length, all.items.length]).toEqual([5_000, MEMBERS]);
		expect(pagesOfSome).toBe(1);
		// Two with people, and an empty one behind them.
		expect(world.control.log({ path: 'ListGroupMembers' }).length).toBe(1 + 3);
	});

	test('says how many of how many it got where no more can be had', async () => {
		const id = seedRealTime(world, {
			status: 'live',
			query: 'PROFILE(contact)',
			members: contacts(0, MEMBERS),
		});

		const { items, hints } = await runMembers(world, {
			operation: 'getMany',
			segment: byId(id),
			returnAll: true,
			returnAs: 'list',
		});

		expect(items[0]?.json).toMatchObject({
			count: 5_000,
			total: MEMBERS,
			incomplete: expect.stringContaining('the first 5000 members of 7000'),
		});
		expect(said(hints)).toContain('the first 5000 members of 7000');
	});

	test('explains the members of a draft, and does not count them as none', async () => {
		const id = seedRealTime(world, { name: 'Not yet', query: oneByQuery });
		const list = { operation: 'getMany', segment: byId(id), returnAs: 'list' };

		const asList = await runMembers(world, list);
		const asItems = await runMembers(world, { ...list, returnAs: 'items' });

		expect(asList.items[0]?.json).toMatchObject({ count: null, ids: [] });
		expect(asItems.items).toEqual([]);
		expect(said(asItems.hints)).toContain('it has no members until it goes live');
	});

	test('shows whom a draft was given, and says that this is no audience yet', async () => {
		const id = seedRealTime(world, { members: contacts(0, 4) });

		const { items, hints } = await runMembers(world, { operation: 'getMany', segment: byId(id) });

		expect(items).toHaveLength(4);
		expect(said(hints)).toContain('not an audience that journeys use');
	});

	test('brings columns of leads along, 500 people a request', async () => {
		const id = seedRealTime(world, {
			audience: 'lead',
			status: 'live',
			members: Array.from({ length: 10 }, (_, n) => leadId(n)),
		});

		const { items } = await runMembers(world, {
			operation: 'getMany',
			segment: byId(id),
			returnAll: true,
			options: { columns: 'lastname' },
		});

		expect(items).toHaveLength(10);
		expect(items[0]?.json).toEqual({
			id: leadId(0),
			fullName: expect.any(String),
			email: expect.stringContaining('@'),
			lastname: expect.any(String),
		});
		expect(world.control.log({ path: '/leads' })).toHaveLength(1);
	});

	test('writes a file with one line per member', async () => {
		const id = seedRealTime(world, { status: 'live', members: contacts(0, 3) });

		const { items } = await runMembers(world, {
			operation: 'getMany',
			segment: byId(id),
			returnAs: 'csv',
			options: { columns: 'lastname, statecode' },
		});

		const lines = Buffer.from(items[0]?.binary?.data?.data ?? '', 'base64')
			.toString()
			.split('\r\n');
		expect(lines[0]).toBe('id,fullName,email,lastname,statecode');
		expect(lines).toHaveLength(5);
		expect(lines.slice(1, 4).every((line) => /^[0-9a-f-]{36},.+,[01]$/.test(line))).toBe(true);
		expect(items[0]?.binary?.data?.fileName).toBe(`members-${id}.csv`);
		expect(items[0]?.json).toMatchObject({ segmentId: id, count: 3 });
	});

	test('reads one group alone', async () => {
		const id = seedRealTime(world, {
			status: 'live',
			groups: [{ name: 'In' }, { name: 'Out', includeType: 'Exclude' }],
			members: contacts(0, 5),
		});

		const inside = await runMembers(world, {
			operation: 'getMany',
			segment: byId(id),
			options: { group: 'in' },
		});
		const outside = await runMembers(world, {
			operation: 'getMany',
			segment: byId(id),
			options: { group: 'Out' },
		});

		expect(inside.items).toHaveLength(5);
		expect(outside.items).toEqual([]);
	});
});

describe('Check', () => {
	const ask = async (id: string, options = {}) =>
		await runMembers(
			world,
			{ operation: 'check', segment: byId(id), options },
			itemsOf([contactId(1), contactId(8), 'nobody']),
		);

	test('says of each row whether the person is a member', async () => {
		const { items, hints } = await ask(seedRealTime(world, { status: 'live', members: contacts(0, 4) }));

		expect(items.map(({ json }) => (json.membership as IDataObject).member)).toEqual([true, false, null]);
		expect(items[2]?.json).toMatchObject({
			contactid: 'nobody',
			membership: { value: 'nobody', reason: 'The value is not a Dataverse ID.' },
		});
		expect(hints).toEqual([]);
	});

	test('asks the groups of a draft, and says so', async () => {
		const { items, hints } = await ask(seedRealTime(world, { members: contacts(0, 4) }));

		expect(items.map(({ json }) => (json.membership as IDataObject).member)).toEqual([true, false, null]);
		expect(said(hints)).toContain('is not live: these are the people who were put into its groups');
	});

	test('asks one group, when it is chosen', async () => {
		const id = seedRealTime(world, { status: 'live', members: contacts(0, 4), groups: [{ name: 'A' }] });

		expect(
			(await ask(id, { group: 'A' })).items.map(({ json }) => (json.membership as IDataObject).member),
		).toEqual([true, false, null]);
	});

	test.each(['live', 'computing'] as const)(
		'says nobody is missing of whom it cannot know (%s)',
		async (status) => {
			const all = contacts(0, MEMBERS);
			const id = seedRealTime(world, { status, query: 'PROFILE(contact)', members: all });
			const asked = itemsOf([contactId(0), contactId(6_999), '11111111-2222-4333-8444-555555555555']);

			const { items, hints } = await runMembers(world, { operation: 'check', segment: byId(id) }, asked);

			expect(items.map(({ json }) => (json.membership as IDataObject).member)).toEqual([true, null, null]);
			expect(said(hints)).toContain('the first 5000 members of 7000');
		},
	);
});

describe('Get Pending Operations', () => {
	let still: World;
	beforeAll(async () => {
		still = await World.start({ clockSpeed: 0, contacts: 10 });
	});
	afterAll(async () => await still.close());

	test('tells a segment that is being computed from one that is done', async () => {
		const id = seedRealTime(still, { status: 'live', members: contacts(0, 2) });
		const pending = { operation: 'getPendingOperations', segment: byId(id) };

		const before = await runMembers(still, pending);
		await runMembers(still, { operation: 'add', segment: byId(id) }, itemsOf(contacts(2, 5)));
		const after = await runMembers(still, pending);
		still.control.advanceClock(3_600_000);
		const done = await runMembers(still, pending);

		expect(before.items[0]?.json).toMatchObject({ pending: false, state: 'completed', status: 'live' });
		expect(after.items[0]?.json).toMatchObject({ pending: true, state: 'pending', status: 'computing' });
		expect(done.items[0]?.json).toMatchObject({ pending: false, memberCount: 5 });
	});
});
