/** One failure is one failure: it concerns its own items, and every item leaves by exactly one output. */

import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { contactId } from '../../emulator/data';
import { DataverseSegmentMembers } from '../../nodes/DataverseSegmentMembers/DataverseSegmentMembers.node';
import type { NodeRunResult } from '../support/engine';
import { contacts, itemsOf, runMembers, seedRealTime } from './realTimeSeed';
import { byId, World } from './world';

let world: World;
beforeAll(async () => {
	world = await World.start({ contacts: 3_000 });
});
afterAll(async () => await world.close());
beforeEach(() => {
	world.control.clearLog();
	world.control.clearFaults();
});

const SETTINGS = [undefined, 'continueRegularOutput', 'continueErrorOutput'] as const;
const FORBIDDEN = { kind: 'status', status: 403, code: '0x80040220', message: 'missing privilege' } as const;
const settled = () => world.control.advanceClock(3_600_000);
const membersOf = (id: string) => [...(world.control.members(id) ?? [])].sort();
const byName = { __rl: true, mode: 'name', value: '={{ $json.to }}' };
const deliveryOf = ({ json }: INodeExecutionData) => json.delivery as IDataObject;

/** Places of the input items in the outputs. */
const placesIn = (branch: readonly INodeExecutionData[] | null | undefined) =>
	(branch ?? []).map(({ json }) => json.place);

/** Six items for One, Nope and Two, one after the other; Nope does not exist. */
function threeSegments(members: readonly string[] = []) {
	const run = crypto.randomUUID();
	const names = ['One', 'Nope', 'Two'].map((name) => `${name} ${run}`);
	const ids = [0, 2].map((n) => seedRealTime(world, { name: names[n] ?? '', status: 'live', members }));
	const items = contacts(0, 6).map((contactid, place) => ({
		json: { place, contactid, to: names[place % 3] ?? '' },
	}));
	return { ids, items, nope: names[1] ?? '' };
}

describe.each(['add', 'remove', 'sync'])('%s to One, Nope and Two', (operation) => {
	test.each(SETTINGS)('delivers the others, On Error %s', async (onError) => {
		const before = operation === 'add' ? [] : contacts(0, 7);
		const { ids, items, nope } = threeSegments(before);
		const parameters = { operation, segment: byName, report: 'oneItemPerRow' };
		const limits = operation === 'sync' ? { options: { removalBrakePercent: 100 } } : {};

		const run = await runMembers(world, { ...parameters, ...limits }, items, { onError });
		settled();

		const [one, two] = ids.map(membersOf);
		const [ofOne, ofTwo] = [0, 2].map((first) => [contactId(first), contactId(first + 3)]);
		if (operation === 'remove') {
			expect([one, two]).toEqual([ofOne, ofTwo].map((gone) => before.filter((id) => !gone?.includes(id))));
		} else expect([one, two]).toEqual([ofOne, ofTwo]);
		if (onError === undefined) {
			expect(run.error?.message).toBe(
				`There is no segment named "${nope}". 2 other segments were delivered, as the details say.`,
			);
			return;
		}
		expect(placesIn(run.branches[0]).sort()).toEqual([0, 2, 3, 5]);
		expect(placesIn(run.branches[1])).toEqual([1, 4]);
		expect(run.branches[2] ?? []).toEqual([]);
		expect(run.branches[1]?.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 1 }, { item: 4 }]);
		expect(run.branches[1]?.map(deliveryOf)).toMatchObject([1, 4].map(() => ({ outcome: 'notSent' })));
		expect(deliveryOf(run.branches[1]?.[0] ?? { json: {} }).reason).toContain(`"${nope}"`);
	});
});

test('a refused segment is named, and "nothing was changed" is not said of the others', async () => {
	const { ids, items } = threeSegments(contacts(0, 20));
	const sync = items.filter(({ json }) => !String(json.to).startsWith('Nope'));
	world.control.setMembers(ids[1] ?? '', [contactId(2)]);

	const { error } = await runMembers(world, { operation: 'sync', segment: byName }, sync);
	settled();

	expect(error?.message).toMatch(
		/^One [-0-9a-f]+: The sync would remove 18 of 20 members .* Nothing was changed\. 1 other segment was delivered, as the details say\.$/,
	);
	expect(membersOf(ids[1] ?? '')).toEqual([contactId(2), contactId(5)]);
});

test('of several files, the one that cannot be read is named', async () => {
	const file = (text: string) => ({
		json: {},
		binary: { data: { data: Buffer.from(text).toString('base64'), mimeType: 'text/csv' } },
	});
	const csv = { peopleFrom: 'csv', csvColumn: 'id', segment: byId(seedRealTime(world)) };

	const run = await runMembers(world, { operation: 'add', ...csv }, [
		file(`id\n${contactId(1)}\n`),
		file(''),
	]);
	const alone = await runMembers(world, { operation: 'add', ...csv }, [file('')]);

	expect(run.error?.message).toBe('The file is empty. [item 1]');
	expect(alone.error?.message).toBe('The file is empty.');
});

test('an error of n8n, which ends without a full stop, does not run into the next sentence', async () => {
	const names = [`First ${crypto.randomUUID()}`, `Second ${crypto.randomUUID()}`];
	for (const name of names) seedRealTime(world, { name });
	const parameters = { operation: 'add', peopleFrom: 'csv', csvColumn: 'id', segment: byName };

	const { error } = await runMembers(
		world,
		parameters,
		names.map((to) => ({ json: { to } })),
	);

	expect(error?.message).toMatch(/^First .* but none was found \[item 0\]\. 1 more failed\.$/);
});

test('an item without its file is told what to do, in the words of n8n', async () => {
	const parameters = {
		operation: 'add',
		peopleFrom: 'csv',
		csvColumn: 'id',
		segment: byId(seedRealTime(world)),
	};

	const { branches } = await runMembers(world, parameters, [{ json: {} }], {
		onError: 'continueRegularOutput',
	});

	expect(deliveryOf(branches[1]?.[0] ?? { json: {} })).toMatchObject({
		outcome: 'notSent',
		reason: expect.stringContaining("binary file 'data'"),
		remedy: expect.stringContaining('the previous node outputs a binary file'),
	});
});

describe('check of One, Nope and Two', () => {
	test.each(SETTINGS)('looks at the others, On Error %s', async (onError) => {
		const { items, nope } = threeSegments(contacts(0, 3));

		const run = await runMembers(world, { operation: 'check', segment: byName }, items, { onError });

		if (onError === undefined) {
			expect(run.error?.message).toContain(nope);
			return;
		}
		const checked = run.items.filter(({ json }) => json.membership !== undefined);
		expect(placesIn(checked).sort()).toEqual([0, 2, 3, 5]);
		const failed = onError === 'continueErrorOutput' ? run.branches[1] : run.items.slice(checked.length);
		expect(failed?.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 1 }, { item: 4 }]);
		expect(failed?.[0]?.json.error).toContain(nope);
	});
});

describe('compare of One, Nope and Two', () => {
	test.each(SETTINGS)('compares the others, On Error %s', async (onError) => {
		const { ids, items, nope } = threeSegments(contacts(0, 3));

		const run = await runMembers(world, { operation: 'compare', segment: byName }, items, { onError });

		if (onError === undefined) {
			expect(run.error?.message).toContain(nope);
			return;
		}
		const compared = run.items.filter(({ json }) => json.changedPercent !== undefined);
		expect(compared.map(({ json }) => json.segmentId)).toEqual(ids);
		const failed = onError === 'continueErrorOutput' ? run.branches[1] : run.items.slice(compared.length);
		expect(failed?.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 1 }, { item: 4 }]);
		expect(failed?.[0]?.json.error).toContain(nope);
	});
});

test('a dry run for two segments that are missing gives two reports', async () => {
	const names = [`First ${crypto.randomUUID()}`, `Second ${crypto.randomUUID()}`];
	const items = contacts(0, 3).map((contactid, n) => ({ json: { contactid, to: names[n % 2] ?? '' } }));

	const run = await runMembers(
		world,
		{ operation: 'add', segment: byName, dryRun: true, options: { ifSegmentIsMissing: 'create' } },
		items,
	);

	expect(run.items.map(({ json }) => [json.segmentName, (json.planned as IDataObject).add])).toEqual([
		[names[0], 2],
		[names[1], 1],
	]);
});

describe.each(['continueRegularOutput', 'continueErrorOutput'] as const)(
	'one item per row, On Error %s',
	(onError) => {
		const outcomes = (run: NodeRunResult, branch: number) => {
			const found = new Map<unknown, number>();
			for (const item of run.branches[branch] ?? []) {
				const { outcome } = deliveryOf(item);
				found.set(outcome, (found.get(outcome) ?? 0) + 1);
			}
			return Object.fromEntries(found) as unknown;
		};

		test('a call that is refused in the middle: who was delivered before comes out as delivered, nobody is cut off', async () => {
			const id = seedRealTime(world, { status: 'live' });
			world.control.addFault({ match: { path: 'AddStaticMembers' }, skip: 1, times: 1, effect: FORBIDDEN });

			const run = await runMembers(
				world,
				{ operation: 'add', segment: byId(id), report: 'oneItemPerRow' },
				itemsOf(contacts(0, 2_500)),
				{ onError },
			);

			expect(outcomes(run, 0)).toEqual({ unconfirmed: 1_000 });
			expect(outcomes(run, 1)).toEqual({ failed: 1_000, notSent: 500 });
			expect(run.branches[2] ?? []).toEqual([]);
			expect(deliveryOf(run.branches[1]?.[0] ?? { json: {} })).toMatchObject({
				code: '0x80040220',
				row: 1_001,
			});
		});

		test('a publish that is refused: everybody comes out as delivered, and a hint tells why', async () => {
			const id = seedRealTime(world, { status: 'live' });
			world.control.addFault({ match: { path: 'PublishSegmentDefinition' }, effect: FORBIDDEN });

			const run = await runMembers(
				world,
				{ operation: 'add', segment: byId(id), report: 'oneItemPerRow' },
				itemsOf(contacts(0, 3)),
				{ onError },
			);

			expect(outcomes(run, 0)).toEqual({ unconfirmed: 3 });
			expect(run.branches[1]).toEqual([]);
			expect(run.hints.map(({ message, type }) => [type, message])).toContainEqual([
				'warning',
				expect.stringMatching(/: The user of .*privilege/),
			]);
		});

		test('a brake that is met: every row and every member who stays is told it', async () => {
			const id = seedRealTime(world, { status: 'live', members: contacts(0, 300) });

			const run = await runMembers(
				world,
				{ operation: 'sync', segment: byId(id), report: 'oneItemPerRow' },
				itemsOf(contacts(150, 302)),
				{ onError },
			);
			settled();

			expect(membersOf(id)).toHaveLength(300);
			expect(outcomes(run, 0)).toEqual({ unchanged: 150 });
			expect(outcomes(run, 1)).toEqual({ notSent: 2 + 150 });
			const told = (run.branches[1] ?? []).map(deliveryOf);
			expect(new Set(told.map(({ reason }) => reason)).size).toBe(1);
			expect(told.filter(({ row }) => row === null)).toHaveLength(150);
		});
	},
);

test('a run that cannot begin lets every item out by Not Delivered, with its fields', async () => {
	const items = contacts(0, 3).map((contactid, place) => ({ json: { contactid, place } }));

	const run = await runMembers(world, { operation: 'add', segment: byId('not an id') }, items, {
		onError: 'continueErrorOutput',
	});

	expect(run.branches.map((branch) => branch?.length ?? 0)).toEqual([0, 3, 0]);
	expect(placesIn(run.branches[1])).toEqual([0, 1, 2]);
});

test('as a tool of an agent, everything comes out of the one output', async () => {
	class Tool extends DataverseSegmentMembers {
		constructor() {
			super();
			this.description = { ...this.description, name: 'dataverseSegmentMembersTool' };
		}
	}
	const segment = byId(seedRealTime(world, { status: 'live' }));
	const run = await world.run(
		new Tool(),
		{
			resource: 'realTimeSegment',
			operation: 'add',
			segment,
			identifyBy: 'id',
			ids: [contactId(0), 'nobody'].join(','),
			report: 'oneItemPerRow',
		},
		[{ json: {} }],
		{},
	);

	// People From was left alone: a tool is given a list.
	expect(run.items.map((item) => deliveryOf(item).outcome)).toEqual(['unconfirmed', 'invalid']);
});
