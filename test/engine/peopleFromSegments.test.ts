import { setTimeout } from 'node:timers/promises';

import type { INodeParameters } from 'n8n-workflow';

import { contactId, leadId } from '../../emulator/data';
import { contacts, REAL_TIME, seedRealTime, writes } from './realTimeSeed';
import { byId, byName, CLOCK_SPEED, World } from './world';

let world: World;
beforeAll(async () => {
	world = await World.start({ contacts: 12_500, leads: 40 });
});
afterAll(async () => await world.close());
beforeEach(() => {
	world.control.clearLog();
	world.control.clearFaults();
	world.control.resetAssumptions();
});

const membersOf = (id: string) => [...(world.control.members(id) ?? [])].sort();
const settled = () => world.control.advanceClock(3_600_000);

/** Runs the node with People From on Segments. */
const fromSegments = async (
	operation: string,
	target: string,
	sources: readonly unknown[],
	more: INodeParameters = {},
	items = [{ json: {} }],
) =>
	await world.members(
		{
			resource: REAL_TIME,
			operation,
			segment: byId(target),
			peopleFrom: 'segments',
			sourceSegments: { segments: sources.map((segment) => ({ segment })) },
			...more,
		} as INodeParameters,
		items,
	);

function definitionOf(id: string): string {
	const rows = world.control.rows('msdynmkt_segments');
	return String(rows.find((row) => row.msdynmkt_segmentid === id)?.msdynmkt_sourcesegmentuid);
}

/** @param hours from now */
const timeAfter = (hours: number) => new Date(world.control.now() + hours * 3_600_000).toISOString();

/** The definition is as the last evaluation found it. */
function hasBeenEvaluated(id: string): void {
	world.control.touch('msdynmkt_segments', id, { msdynmkt_lastevaluated: timeAfter(-1) });
	world.control.touch('msdynmkt_segmentdefinitions', definitionOf(id), {
		msdynmkt_definitionmodifiedon: timeAfter(-2),
	});
}

describe('People From: Segments', () => {
	test('Add copies the members of a segment into another one, page by page, and writes nothing the second time', async () => {
		const source = seedRealTime(world, { name: 'Buyers', members: contacts(0, 12_000) });
		const target = seedRealTime(world, { name: 'Copy', status: 'live' });

		const { items, error } = await fromSegments('add', target, [byId(source)]);
		settled();

		expect(error).toBeUndefined();
		expect(items).toHaveLength(1);
		expect(items[0]?.json).toMatchObject({ rows: 12_000, people: 12_000, submitted: 12_000, calls: 12 });
		expect(membersOf(target)).toEqual([...contacts(0, 12_000)].sort());

		world.control.clearLog();
		const again = await fromSegments('add', target, [byId(source)]);

		expect(again.items[0]?.json).toMatchObject({ unchanged: 12_000, submitted: 0, calls: 0 });
		expect(writes(world)).toEqual([]);
	});

	test.each([
		['anyOf', 30],
		['allOf', 0],
		['firstWithoutOthers', 0],
	] as const)('combines segments by %s', async (combineSegments, duplicates) => {
		const one = seedRealTime(world, { members: contacts(0, 40) });
		const two = seedRealTime(world, { members: contacts(10, 50) });
		const target = seedRealTime(world, { status: 'live' });

		const { items } = await fromSegments('add', target, [byId(one), byId(two)], { combineSegments });
		settled();

		const expected = {
			anyOf: contacts(0, 50),
			allOf: contacts(10, 40),
			firstWithoutOthers: contacts(0, 10),
		}[combineSegments];
		expect(items[0]?.json).toMatchObject({ people: expected.length, duplicates });
		expect(membersOf(target)).toEqual([...expected].sort());
	});

	test('takes several segments from an expression that gives an array of IDs', async () => {
		const one = seedRealTime(world, { members: contacts(0, 3) });
		const two = seedRealTime(world, { members: contacts(3, 6) });
		const target = seedRealTime(world);

		const { items, error } = await fromSegments(
			'add',
			target,
			[{ __rl: true, mode: 'id', value: '={{ $json.ids }}' }],
			{},
			[{ json: { ids: [one, two] } }],
		);

		expect(error).toBeUndefined();
		expect(items[0]?.json).toMatchObject({ people: 6, submitted: 6 });
	});

	test('unites the segments that the items name, and tells each row by its item', async () => {
		seedRealTime(world, { name: 'One of the items', members: contacts(0, 2) });
		seedRealTime(world, { name: 'Two of the items', members: contacts(1, 3) });
		const target = seedRealTime(world);

		const { items } = await fromSegments(
			'add',
			target,
			[{ __rl: true, mode: 'name', value: '={{ $json.name }}' }],
			{ report: 'oneItemPerRow' },
			[{ json: { name: 'One of the items' } }, { json: { name: 'Two of the items' } }],
		);

		expect(items.map(({ json }) => [json.name, (json.delivery as { id: string }).id])).toEqual([
			['One of the items', contactId(0)],
			['One of the items', contactId(1)],
			['Two of the items', contactId(1)],
			['Two of the items', contactId(2)],
		]);
	});

	test('takes the members of the last evaluation of a segment with a query', async () => {
		const source = seedRealTime(world, {
			status: 'live',
			query: 'PROFILE(contact)',
			members: contacts(0, 30),
		});
		const target = seedRealTime(world);
		world.control.setClockSpeed(1);

		const { items } = await fromSegments('add', target, [byId(source)]);
		world.control.setClockSpeed(CLOCK_SPEED);

		expect(items[0]?.json).toMatchObject({ people: 30, submitted: 30 });
		expect(membersOf(target)).toEqual([...contacts(0, 30)].sort());
	});

	test('leaves out those who are in an exclude group of the source', async () => {
		const [inside, outside] = [crypto.randomUUID(), crypto.randomUUID()];
		const source = seedRealTime(world, {
			groups: [
				{ name: 'In', id: inside },
				{ name: 'Out', id: outside, includeType: 'Exclude' },
			],
			members: contacts(0, 6),
		});
		const exclude = { options: { group: 'Out' }, identifyBy: 'id', idField: 'id' };
		const items = contacts(0, 2).map((id) => ({ json: { id } }));
		await world.members({ resource: REAL_TIME, operation: 'add', segment: byId(source), ...exclude }, items);
		const target = seedRealTime(world);

		const { items: reports } = await fromSegments('add', target, [byId(source)]);

		expect(reports[0]?.json).toMatchObject({ rows: 4, people: 4 });
		expect(membersOf(target)).toEqual([...contacts(2, 6)].sort());
	});

	test('Sync makes a segment equal to the difference of two others', async () => {
		const all = seedRealTime(world, { members: contacts(0, 20) });
		const bought = seedRealTime(world, { members: contacts(15, 25) });
		const target = seedRealTime(world, { members: contacts(0, 16) });

		const { items } = await fromSegments('sync', target, [byId(all), byId(bought)], {
			combineSegments: 'firstWithoutOthers',
		});

		expect(items[0]?.json).toMatchObject({ people: 16, submitted: 1, unchanged: 15 });
	});

	test('Sync from a smaller segment refuses at the removal brake, or adds only where that is chosen', async () => {
		const source = seedRealTime(world, { members: contacts(0, 6) });
		const target = seedRealTime(world, { members: contacts(4, 20) });
		const before = membersOf(target);

		const refused = await fromSegments('sync', target, [byId(source)]);
		expect(refused.error).toBeDefined();
		expect(membersOf(target)).toEqual(before);

		const options = { ifRemovalBrakeIsMet: 'addOnly' };
		const { items } = await fromSegments('sync', target, [byId(source)], { options });
		expect(items[0]?.json).toMatchObject({ people: 20, submitted: 4, unchanged: 2, notSent: 14 });
		expect(membersOf(target)).toEqual([...contacts(0, 20)].sort());
	});

	test('Remove takes out those who are in another segment, and Check tells who is in both', async () => {
		const bought = seedRealTime(world, { members: contacts(0, 4) });
		const target = seedRealTime(world, { members: contacts(2, 8) });

		const check = await fromSegments('check', target, [byId(bought)]);
		const removed = await fromSegments('remove', target, [byId(bought)]);

		expect(check.items.map(({ json }) => (json.membership as { member: boolean }).member)).toEqual([
			false,
			false,
			true,
			true,
		]);
		expect(removed.items[0]?.json).toMatchObject({ people: 4, failed: 0 });
		expect(membersOf(target)).toEqual([...contacts(4, 8)].sort());
	});
});

test('Compare tells who is in a segment and not in another one, and the other way round', async () => {
	const other = seedRealTime(world, { members: contacts(0, 30) });
	const segment = seedRealTime(world, { members: contacts(10, 35) });

	const { items, error } = await fromSegments('compare', segment, [byId(other)]);

	expect(error).toBeUndefined();
	expect(items[0]?.json).toMatchObject({ same: 20, entered: 5, left: 10 });
});

describe('People From: Segments, refused before anything is written', () => {
	const nothingWritten = () => expect(writes(world)).toEqual([]);

	test('a segment that is synced with itself', async () => {
		const target = seedRealTime(world, { name: 'Own', members: contacts(0, 3) });

		const { error } = await fromSegments('sync', target, [byId(target)]);

		expect(error?.message).toContain('Segment "Own" is among its own sources');
		nothingWritten();
	});

	test('a segment that is synced with itself, in whatever way it is named', async () => {
		const name = `Named ${crypto.randomUUID()}`;
		const target = seedRealTime(world, { name, members: contacts(0, 3) });
		const other = seedRealTime(world, { members: contacts(0, 3) });
		const url = (origin: string, id = target) =>
			`${origin}/main.aspx?appid=1&pagetype=entityrecord&etn=msdynmkt_segment&id=${id}`;
		const ofUrl = (value: string) => ({ __rl: true, mode: 'url', value });
		const own = [
			byId(target.toUpperCase()),
			byId(`{${target.toUpperCase()}}`),
			byId(` ${target}\n`),
			byId(definitionOf(target)),
			byName(name),
			byName(name.toUpperCase()),
			ofUrl(url(world.emulator.url)),
			ofUrl(url(world.emulator.url, `%7B${target.toUpperCase()}%7D`)),
		];

		for (const combineSegments of ['anyOf', 'allOf', 'firstWithoutOthers']) {
			for (const source of own) {
				const { error } = await fromSegments('sync', target, [byId(other), source], { combineSegments });

				expect(error?.message).toContain('is among its own sources');
			}
		}
		const foreign = await fromSegments('sync', target, [ofUrl(url('https://contoso.crm4.dynamics.com'))]);
		expect(foreign.error?.message).toContain('the URL belongs to contoso.crm4.dynamics.com');
		nothingWritten();
	}, 60_000);

	test('leads for a segment of contacts, with their number', async () => {
		const leads = seedRealTime(world, {
			name: 'Fair',
			audience: 'lead',
			status: 'live',
			members: [leadId(0), leadId(1)],
		});
		const target = seedRealTime(world, { name: 'Contacts' });

		const { error } = await fromSegments('add', target, [byId(leads)]);

		expect(error?.message).toContain(
			'Segment "Fair" contains 2 leads, but segment "Contacts" contains contacts',
		);
		nothingWritten();
	});

	test('a draft with a query, which has no members yet', async () => {
		const draft = seedRealTime(world, { name: 'Later', query: 'PROFILE(contact)' });
		const target = seedRealTime(world);

		const { error } = await fromSegments('add', target, [byId(draft)]);

		expect(error?.message).toContain('Not all members of segment "Later" can be read');
		nothingWritten();
	});

	test.each(['anyOf', 'allOf', 'firstWithoutOthers'])(
		'three segments of which the last cannot be read, combined by %s',
		async (combineSegments) => {
			const sources = [
				seedRealTime(world, { members: contacts(0, 5) }),
				seedRealTime(world, { members: contacts(3, 8) }),
				seedRealTime(world, { name: 'Third', query: 'PROFILE(contact)' }),
			];
			for (const operation of ['add', 'remove', 'sync', 'check', 'compare']) {
				const target = seedRealTime(world, { members: contacts(0, 2) });

				const { error } = await fromSegments(operation, target, sources.map(byId), { combineSegments });

				expect(error?.message).toContain('Not all members of segment "Third" can be read');
			}
			nothingWritten();
		},
	);

	test('a first segment that is among the others, because nobody would be left', async () => {
		const one = seedRealTime(world, { name: 'Twice', members: contacts(0, 3) });
		const target = seedRealTime(world);

		const { error } = await fromSegments('sync', target, [byId(one), byName('Twice')], {
			combineSegments: 'firstWithoutOthers',
		});

		expect(error?.message).toContain('Segment "Twice" is the first segment and also one of the others');
		nothingWritten();
	});

	test('an expression that gives no segment', async () => {
		const target = seedRealTime(world);

		const { error } = await fromSegments(
			'sync',
			target,
			[{ __rl: true, mode: 'id', value: '={{ $json.ids }}' }],
			{},
			[{ json: { ids: [] } }],
		);

		expect(error?.message).toContain('Source Segments does not name a segment');
		nothingWritten();
	});

	test('People From on Segments for an outbound segment', async () => {
		const { error } = await world.members({
			resource: 'outboundSegment',
			operation: 'add',
			segment: byId(world.seedSegment()),
			peopleFrom: 'segments',
		});

		expect(error?.message).toMatch(/outbound segments do not take|peopleFrom|People From/);
	});
});

describe('a source that changes while it is read', () => {
	test.each([
		['is published again', (id: string) => world.control.touch('msdynmkt_segments', id, { statuscode: 6 })],
		[
			'gets another definition',
			(id: string) =>
				world.control.touch('msdynmkt_segmentdefinitions', definitionOf(id), {
					msdynmkt_definitionmodifiedon: timeAfter(1),
				}),
		],
		['is deleted', (id: string) => world.control.remove('msdynmkt_segments', id)],
	] as const)(
		'and %s, of which a part came, is refused whatever the operation',
		async (_, change) => {
			for (const operation of ['add', 'remove', 'sync', 'check', 'compare']) {
				const source = seedRealTime(world, { name: 'Torn', status: 'live', members: contacts(0, 6_000) });
				hasBeenEvaluated(source);
				const target = seedRealTime(world, { status: 'live', members: contacts(0, 10) });
				world.control.clearLog();
				world.control.clearFaults();
				const match = { path: 'msdynmkt_ListGroupMembers', body: source };
				world.control.addFault({ match, effect: { kind: 'slow', ms: 100 } });
				world.control.addFault({ match, effect: { kind: 'shortPage', keep: 0 } });

				const run = fromSegments(operation, target, [byId(source)]);
				while (world.control.faultsHit() === 0) await setTimeout(2);
				change(source);
				const { error } = await run;

				expect(error?.message).toMatch(/^Segment "Torn" (changed|was deleted) while it was read/);
				expect(writes(world)).toEqual([]);
			}
		},
		60_000,
	);

	test('is said, because numbered pages lose somebody then', async () => {
		const source = seedRealTime(world, { name: 'Moving', members: contacts(0, 11_000) });
		const target = seedRealTime(world);
		world.control.addFault({
			match: { path: 'msdynmkt_ListGroupMembers' },
			skip: 1,
			effect: { kind: 'status', status: 503, message: 'later' },
		});

		const run = fromSegments('add', target, [byId(source)]);
		while (world.control.faultsHit() === 0) await setTimeout(5);
		world.control.setMembers(source, contacts(10, 11_000));
		const { hints } = await run;

		expect(hints.map(({ message }) => message).join(' ')).toContain('"Moving" changed while');
	});
});
