/** Per item means per item: whatever differs between items is evaluated for each, in whatever words it is written. */

import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { contactId } from '../../emulator/data';
import { contacts, itemsOf, runMembers, seedRealTime } from './realTimeSeed';
import { byId, World } from './world';

let world: World;
beforeAll(async () => {
	world = await World.start({ contacts: 200 });
});
afterAll(async () => await world.close());
beforeEach(() => {
	world.control.clearLog();
	world.control.clearFaults();
});

const settled = () => world.control.advanceClock(3_600_000);
const membersOf = (id: string) => [...(world.control.members(id) ?? [])].sort();
const sorted = (ids: readonly string[]) => [...ids].sort();
const deliveryOf = (item: INodeExecutionData | undefined) => item?.json.delivery as IDataObject | undefined;
const segmentBy = (value: string) => ({ __rl: true, mode: 'id', value });

/** Two segments, and an item for each. */
function two() {
	const ids = [seedRealTime(world, { status: 'live' }), seedRealTime(world, { status: 'live' })];
	const items = ids.map((s, n) => ({
		json: { s, contactid: contactId(n), tier: n === 0 ? 'Silver' : 'Gold' },
	}));
	return { ids, items };
}

describe('the segment of each item', () => {
	test.each([
		'={{ $json.s }}',
		'={{ $json["s"] }}',
		"={{ $('Source').pairedItem().json.s }}",
		"={{ $('Source').item.json.s }}",
		'={{ $input["item"].json.s }}',
		'={{ (() => { const { item } = $input; return item.json.s })() }}',
		'={{ $input.all()[$itemIndex].json.s }}',
		'={{ $json.s.toUpperCase() }}',
	])('is its own, written as %s', async (value) => {
		const { ids, items } = two();

		const run = await runMembers(world, { operation: 'add', segment: segmentBy(value) }, items);
		settled();

		expect(run.error).toBeUndefined();
		expect(ids.map(membersOf)).toEqual([[contactId(0)], [contactId(1)]]);
		expect(run.items.map(({ json }) => json.segmentId)).toEqual(ids);
	});

	test("is the same for all where the expression is a path of one node's first item", async () => {
		const { ids, items } = two();
		const segment = segmentBy("={{ $('Source').first().json.s }}");

		await runMembers(world, { operation: 'add', segment }, items);
		settled();

		expect(ids.map(membersOf)).toEqual([sorted(contacts(0, 2)), []]);
	});

	test('is compared with its own people', async () => {
		const { ids, items } = two();
		for (const id of ids) world.control.setMembers(id, [contactId(0)]);

		const run = await runMembers(
			world,
			{ operation: 'compare', segment: segmentBy('={{ $json.s }}') },
			items,
		);

		expect(run.items.map(({ json }) => [json.segmentId, json.same, json.entered, json.left])).toEqual([
			[ids[0], 1, 0, 0],
			[ids[1], 0, 1, 1],
		]);
	});

	test('named in two ways is one delivery', async () => {
		const id = seedRealTime(world, { status: 'live' });
		const items = [id, id.toUpperCase()].map((s, n) => ({ json: { s, contactid: contactId(n) } }));

		const run = await runMembers(world, { operation: 'sync', segment: segmentBy('={{ $json.s }}') }, items);
		settled();

		expect(run.items.map(({ json }) => json.submitted)).toEqual([2]);
		expect(membersOf(id)).toEqual(sorted(contacts(0, 2)));
	});
});

describe('the settings of each item', () => {
	const groups = [{ name: 'Silver' }, { name: 'Gold' }];
	const byTier = { group: '={{ $json.tier }}' };

	test('Group: everybody goes into their own', async () => {
		const id = seedRealTime(world, { groups });

		const run = await runMembers(
			world,
			{ operation: 'add', segment: byId(id), options: byTier },
			two().items,
		);

		const calls = world.control.log({ path: 'AddStaticMembers' }).map(({ body }) => body as IDataObject);
		expect(calls.map(({ EntityIds }) => EntityIds)).toEqual([[contactId(0)], [contactId(1)]]);
		expect(new Set(calls.map(({ GroupId }) => GroupId)).size).toBe(2);
		expect(run.items.map(({ json }) => json.submitted)).toEqual([1, 1]);
	});

	test('Group: an expression that gives nothing is refused, and nobody is put into some other group', async () => {
		const id = seedRealTime(world, { groups });
		const json = two().items[0]?.json ?? {};
		const items = [{ json }, { json: { contactid: contactId(9) } }];

		const run = await runMembers(world, { operation: 'add', segment: byId(id), options: byTier }, items, {
			onError: 'continueRegularOutput',
		});

		expect(run.items.map((item) => item.json.submitted)).toEqual([1]);
		expect(run.branches[1]?.map((item) => deliveryOf(item)?.reason)).toEqual([
			'Group is empty, or its expression returns nothing.',
		]);
	});

	test('two of them for one segment are refused by Sync, and nothing is changed', async () => {
		const id = seedRealTime(world, { groups, name: 'Tiers' });

		const run = await runMembers(
			world,
			{ operation: 'sync', segment: byId(id), options: byTier },
			two().items,
			{ onError: 'continueRegularOutput' },
		);

		expect(run.branches[0]).toEqual([]);
		expect(run.branches[1]?.map((item) => [item.json.tier, deliveryOf(item)?.reason])).toEqual([
			['Silver', expect.stringContaining('"Tiers" have different settings')],
			['Gold', expect.stringContaining('"Tiers" have different settings')],
		]);
		expect(world.control.log({ path: 'StaticMembers' })).toEqual([]);
	});

	test('Dry Run: planned for those who say so, done for the others, refused where it says nothing', async () => {
		const id = seedRealTime(world, { status: 'live' });
		const items = [true, false, undefined].map((dry, n) => ({ json: { dry, contactid: contactId(n) } }));

		const run = await runMembers(
			world,
			{
				operation: 'add',
				segment: byId(id),
				dryRun: '={{ $json.dry }}',
				report: 'oneItemPerRow',
			},
			items,
			{ onError: 'continueErrorOutput' },
		);
		settled();

		expect(run.branches[0]?.map((item) => deliveryOf(item)?.outcome)).toEqual(['wouldAdd', 'unconfirmed']);
		expect(run.branches[1]?.map((item) => deliveryOf(item)?.reason)).toEqual([
			'Dry Run is empty, or its expression returns nothing.',
		]);
		expect(membersOf(id)).toEqual([contactId(1)]);
	});

	test('Removal Brake: that of the first item is not that of all, and one that is out of range is told', async () => {
		const [one, other] = [seedRealTime(world, { status: 'live' }), seedRealTime(world, { status: 'live' })];
		const items = [
			{ json: { s: one, contactid: contactId(0), brake: 20 } },
			{ json: { s: other, contactid: contactId(5), brake: 500 } },
		];

		const run = await runMembers(
			world,
			{
				operation: 'sync',
				segment: segmentBy('={{ $json.s }}'),
				options: { removalBrakePercent: '={{ $json.brake }}' },
			},
			items,
			{ onError: 'continueRegularOutput' },
		);
		settled();

		expect([one, other].map(membersOf)).toEqual([[contactId(0)], []]);
		expect(deliveryOf(run.branches[1]?.[0])?.reason).toBe(
			'Removal Brake (%) has to be a number from 0 to 100.',
		);
	});

	test.each([
		['Report', { report: '={{ $json.tier }}' }],
		['People From', { peopleFrom: '={{ $json.tier }}' }],
		['Identify By', { identifyBy: '={{ $json.tier }}', emailField: 'mail' }],
	])('%s takes no expression, and is not guessed from one', async (name, parameters: INodeParameters) => {
		const segment = byId(seedRealTime(world));

		const { error } = await runMembers(world, { operation: 'add', segment, ...parameters }, two().items);

		expect(error?.message).toMatch(new RegExp(`^${name} has to be one of `));
		expect(world.requests()).toEqual([]);
	});

	test.each([['Give Up After (Minutes)', { options: { giveUpAfter: '={{ $json.minutes }}' } }]])(
		'%s cannot differ, and says so',
		async (name, parameters: INodeParameters) => {
			const segment = byId(seedRealTime(world));

			const { error } = await runMembers(world, { operation: 'add', segment, ...parameters }, two().items);

			expect(error?.message).toBe(
				`${name} is the same for all items, and cannot be an expression that may differ.`,
			);
			expect(world.requests()).toEqual([]);
		},
	);
});

describe('the value of each item', () => {
	const add = async (field: string, items: INodeExecutionData[]) => {
		const id = seedRealTime(world, { status: 'live' });
		const parameters = { operation: 'add', segment: byId(id), idField: field, report: 'oneItemPerRow' };
		const run = await runMembers(world, parameters, items);
		settled();
		return { run, members: membersOf(id) };
	};

	test.each(['contactid', '={{ $json.contactid }}', '={{ $json["contactid"].toLowerCase() }}'])(
		'is what the field %s names or gives',
		async (field) => {
			expect((await add(field, [...itemsOf(contacts(0, 3))])).members).toEqual(sorted(contacts(0, 3)));
		},
	);

	test('is missing where an expression gives nothing: that row, with the name of the field', async () => {
		const items = [...itemsOf(contacts(0, 1)), { json: { other: 1 } }];

		const { members, run } = await add('={{ $json.contactid }}', items);

		expect(members).toEqual([contactId(0)]);
		expect(run.branches[1]?.map((item) => deliveryOf(item))).toMatchObject([
			{ row: 2, outcome: 'invalid', reason: 'The expression of ID Field returns nothing for this item.' },
		]);
	});
});

test('from 10,000 items a hint tells what an expression for each of them costs', async () => {
	const many = itemsOf(Array.from({ length: 10_000 }, (_, n) => contacts(n % 200, (n % 200) + 1)[0] ?? ''));
	const add = { operation: 'add', segment: byId(seedRealTime(world, { status: 'live' })) };

	const field = await runMembers(world, { ...add, idField: '={{ $json.contactid }}' }, many);
	const code = await runMembers(world, { ...add, idField: '={{ $json.contactid.trim() }}' }, many);

	expect(field.hints.map(({ message }) => message).join()).not.toContain('evaluates');
	expect(code.hints.map(({ message }) => message)).toContain(
		'ID Field: n8n evaluates the expression for each of the 10000 items, which takes about 2 seconds in all. A plain field like {{ $json.name }}, and what is the same for all items, takes none.',
	);
}, 60_000);
