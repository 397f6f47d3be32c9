/** What is run twice, or by two executions at once, and what an answer that got lost leaves behind. */

import { contactId, standardIds } from '../../emulator/data';
import { shortWaits } from '../support/shortWaits';
import {
	hintTexts,
	realTime,
	REAL_TIME,
	seedRealTime,
	segmentRow,
	SEGMENT_STATUS,
	words,
} from './realTimeRows';
import { byId, byName, byUrl, OUTBOUND, World } from './world';

let world: World;
beforeAll(async () => {
	shortWaits();
	world = await World.start();
});
afterAll(async () => await world.close());
beforeEach(() => {
	world.control.clearLog();
	world.control.clearFaults();
	world.control.resetAssumptions();
});

const writes = () => world.requests().filter((request) => !request.startsWith('GET '));
const published = () => writes().filter((request) => request.includes('PublishSegmentDefinition')).length;
const rowsNamed = (set: 'msdyncrm_segments' | 'msdynmkt_segments', name: string) =>
	world.control
		.rows(set)
		.filter((row) => [row.msdynmkt_displayname, row.msdyncrm_segmentname].includes(name));
const NAMED = {
	msdynmkt_segments: 'msdynmkt_segments\\?',
	msdyncrm_segments: 'msdyncrm_segments\\?',
} as const;
/** Both executions have looked for the name before one of them creates it. */
const bothLookFirst = (set: keyof typeof NAMED) =>
	world.control.addFault({
		match: { method: 'GET', path: NAMED[set] },
		times: 2,
		effect: { kind: 'slow', ms: 400 },
	});

describe('Create or Update by two executions at once', () => {
	test.each([
		[REAL_TIME, 'msdynmkt_segments'],
		[OUTBOUND, 'msdyncrm_segments'],
	] as const)('makes one segment of the name (%s)', async (resource, set) => {
		bothLookFirst(set);
		const once = async (description: string) =>
			await world.segment({ resource, operation: 'upsert', name: 'Twins', options: { description } });

		const runs = await Promise.all([once('one'), once('two')]);

		expect(runs.map(({ error }) => error)).toEqual([undefined, undefined]);
		expect(rowsNamed(set, 'Twins')).toHaveLength(1);
		expect(runs.map(({ items }) => items[0]?.json.created).sort()).toEqual([false, true]);
	});

	test('takes a name with blanks around it for the name', async () => {
		await realTime(world, { operation: 'upsert', name: 'Autumn ' });
		const again = await realTime(world, { operation: 'upsert', name: ' Autumn' });

		expect(again.items[0]?.json).toMatchObject({ name: 'Autumn', created: false });
		expect(rowsNamed('msdynmkt_segments', 'Autumn')).toHaveLength(1);
	});
});

describe('Create If Missing', () => {
	test('by two executions makes one segment, also when the first of the name was renamed since', async () => {
		const add = async (name: string) =>
			await world.members(
				{
					resource: REAL_TIME,
					operation: 'add',
					segment: byName(name),
					identifyBy: 'id',
					options: { ifSegmentIsMissing: 'create' },
				},
				[{ json: { id: contactId(1) } }],
			);
		await add('Renamed');
		const first = rowsNamed('msdynmkt_segments', 'Renamed')[0]?.msdynmkt_segmentid;
		await realTime(world, {
			operation: 'update',
			segment: byId(String(first)),
			updateFields: { name: 'Other name' },
		});
		bothLookFirst('msdynmkt_segments');

		const runs = await Promise.all([add('Renamed'), add('Renamed')]);

		expect(runs.map(({ error }) => error)).toEqual([undefined, undefined]);
		expect(rowsNamed('msdynmkt_segments', 'Renamed')).toHaveLength(1);
	});
});

describe('Update after a lost answer', () => {
	const lost = () =>
		world.control.addFault({
			match: { method: 'PATCH', path: 'msdynmkt_segmentdefinitions' },
			effect: { kind: 'resetAfter' },
		});
	const two = [{ name: 'Kept' }, { name: 'Gone' }];

	test('finishes the removal of a group', async () => {
		const { id, definitionId } = seedRealTime(world, { groups: two });
		lost();

		const { error, items } = await realTime(world, {
			operation: 'update',
			segment: byId(id),
			groupChanges: { remove: [{ group: 'Gone' }] },
		});

		expect(error).toBeUndefined();
		expect(items[0]?.json.groups).toMatchObject([{ name: 'Kept' }]);
		expect(definitionId).toBeDefined();
	});

	test('that adds a group, run again as a whole, adds no second one', async () => {
		const { id } = seedRealTime(world, { groups: [{ name: 'Kept' }] });
		const parameters = {
			operation: 'update',
			segment: byId(id),
			groupChanges: { add: [{ name: 'New', includeType: 'Include' }] },
		};
		await realTime(world, parameters);

		const { items } = await realTime(world, parameters);

		expect(items[0]?.json.groups).toMatchObject([{ name: 'Kept' }, { name: 'New' }]);
	});
});

describe('a Sync that changes nothing', () => {
	const sync = async (id: string, people: readonly string[], options = {}) =>
		await world.members(
			{ resource: REAL_TIME, operation: 'sync', segment: byId(id), identifyBy: 'id', options },
			people.map((person) => ({ json: { id: person } })),
		);
	const live = async (id: string) =>
		await realTime(world, { operation: 'goLive', segment: byId(id), wait: true });

	test('publishes nothing although the evaluation counts fewer people than the groups hold', async () => {
		const unit = { owningbusinessunit: standardIds.rootBusinessUnit };
		const { id } = seedRealTime(world, { segment: { msdynmkt_scope: 270100001, ...unit } });
		const north = { contactid: crypto.randomUUID(), owningbusinessunit: standardIds.northBusinessUnit };
		const people = [contactId(1), contactId(2), north.contactid];
		world.control.seed({ rows: { contacts: [{ lastname: 'North', ...north }] } });
		await sync(id, people, { publishAfterChanges: 'never' });
		await live(id);
		expect(segmentRow(world, id)).toMatchObject({ msdynmkt_membercount: 2 });
		world.control.clearLog();

		const runs = [await sync(id, people), await sync(id, people)];

		expect(runs.map(({ items }) => items[0]?.json)).toMatchObject([{ unchanged: 3 }, { unchanged: 3 }]);
		expect(published()).toBe(0);
	});

	test('publishes nothing where one of two groups is chosen', async () => {
		const { id } = seedRealTime(world, { groups: [{ name: 'One' }, { name: 'Two' }] });
		await sync(id, [contactId(1), contactId(2)], { publishAfterChanges: 'never', group: 'One' });
		await sync(id, [contactId(3)], { publishAfterChanges: 'never', group: 'Two' });
		await live(id);
		world.control.clearLog();

		const { error } = await sync(id, [contactId(1), contactId(2)], { group: 'One' });

		expect(error).toBeUndefined();
		expect(published()).toBe(0);
	});
});

describe('Go Live', () => {
	test('publishes a query that was changed while the one before it was computed', async () => {
		const { id } = seedRealTime(world, { query: 'PROFILE(contact)' });
		await realTime(world, { operation: 'goLive', segment: byId(id) });
		expect(segmentRow(world, id)).toMatchObject({ statuscode: SEGMENT_STATUS.computing });
		world.control.advanceClock(2_000);
		const query = `PROFILE(contact).FILTER(contactid == '${contactId(1)}')`;
		await realTime(world, { operation: 'update', segment: byId(id), updateFields: { query } });

		const { items } = await realTime(world, { operation: 'goLive', segment: byId(id), wait: true });
		const again = await realTime(world, { operation: 'goLive', segment: byId(id), wait: true });

		expect(items[0]?.json).toMatchObject({ status: 'live', changed: true, memberCount: 1 });
		expect(again.items[0]?.json).toMatchObject({ changed: false, memberCount: 1 });
	});
});

describe('Clear', () => {
	test('empties a description and the query of a segment with groups, which an empty field does not', async () => {
		const { id } = seedRealTime(world, {
			query: 'PROFILE(contact)',
			groups: [{ name: 'Chosen' }],
			segment: { msdynmkt_description: 'Old' },
		});
		const update = async (updateFields: Record<string, unknown>) =>
			await realTime(world, { operation: 'update', segment: byId(id), updateFields: updateFields as never });

		const kept = await update({ description: '', name: 'Kept' });
		expect(segmentRow(world, id)).toMatchObject({ msdynmkt_description: 'Old' });
		const cleared = await update({ clear: ['description', 'query'] });

		expect(kept.items[0]?.json).toMatchObject({ name: 'Kept', type: 'mixed' });
		expect(cleared.items[0]?.json).toMatchObject({ type: 'static', query: null });
		expect(segmentRow(world, id)?.msdynmkt_description || null).toBeNull();
	});

	test.each([
		['what gets a value as well', { clear: ['description'], description: 'New' }, 'to be emptied as well'],
		['another field', { clear: ['name'] }, '"name" cannot be emptied'],
	])('refuses %s', async (_, updateFields, message) => {
		const { id } = seedRealTime(world);
		const run = await realTime(world, {
			operation: 'update',
			segment: byId(id),
			updateFields: updateFields,
		});

		expect(words(run)).toContain(message);
		expect(writes()).toEqual([]);
	});
});

describe('a filter with a word that nothing has', () => {
	test.each([
		[REAL_TIME, { statuses: ['live', 'Ready'] }, 'no status "Ready"', 'liveWithWarnings'],
		[REAL_TIME, { types: ['compound'] }, 'no type "compound"', 'dynamic, expansion, mixed, static'],
		[OUTBOUND, { statuses: ['computing'] }, 'no status "computing"', 'draft'],
		[OUTBOUND, { types: ['mixed'] }, 'no type "mixed"', 'compound, dynamic, static'],
	])('is refused with the list (%s %j)', async (resource, filters, message, list) => {
		const run = await world.segment({ resource, operation: 'getMany', filters });

		expect(words(run)).toContain(message);
		expect(words(run)).toContain(list);
		expect(world.requests()).toEqual([]);
	});

	test('is not one that is written as the editor shows it', async () => {
		const run = await world.segment({
			resource: REAL_TIME,
			operation: 'getMany',
			filters: { statuses: ['Live with Warnings', 'going_live'], types: ['Static'] },
		});

		expect(run.error).toBeUndefined();
	});
});

describe('the address of a segment', () => {
	test.each([
		[REAL_TIME, 'msdynmkt_segment'],
		[OUTBOUND, 'msdyncrm_segment'],
	])('in another environment is refused: a copy of it has the same ids (%s)', async (resource, table) => {
		const { id } = seedRealTime(world);
		const url = `https://sandbox.crm4.dynamics.com/main.aspx?etn=${table}&id=${id}`;

		const run = await world.segment({ resource, operation: 'get', segment: byUrl(url) });

		expect(words(run)).toContain('sandbox.crm4.dynamics.com');
		expect(world.requests()).toEqual([]);
		expect(hintTexts(run)).toBe('');
	});
});
