import type { INodeParameters } from 'n8n-workflow';

import { contactId } from '../../emulator/data';
import {
	definitionRow,
	groupNames,
	hintTexts,
	realTime,
	seedJourney,
	seedLive,
	seedRealTime,
	SEGMENT_STATUS,
	segmentRow,
	words,
} from './realTimeRows';
import { byId, World } from './world';

let world: World;
beforeAll(async () => {
	world = await World.start({ leads: 20 });
});
afterAll(async () => await world.close());
beforeEach(() => {
	world.control.clearLog();
	world.control.clearFaults();
	world.control.resetAssumptions();
});

const reachable = 'PROFILE(contact).FILTER(ISNOTNULL(emailaddress1))';
const sentWrites = () => world.requests().filter((request) => !request.startsWith('GET '));

describe('Get', () => {
	test('shows definition, groups and chosen columns of either row', async () => {
		const { id, definitionId } = seedRealTime(world, {
			query: reachable,
			groups: [{ name: 'One' }],
			definition: { msdynmkt_segmentrefreshintervalminutes: 45 },
		});

		const { items } = await realTime(world, {
			operation: 'get',
			segment: byId(id),
			options: { columns: 'msdynmkt_lastevaluated, msdynmkt_segmentrefreshintervalminutes' },
		});

		expect(items[0]?.json).toMatchObject({
			definitionId,
			type: 'mixed',
			status: 'draft',
			query: reachable,
			audience: 'contact',
			source: 'realTime',
			groups: [{ name: 'One', includeType: 'Include' }],
			msdynmkt_segmentrefreshintervalminutes: 45,
			msdynmkt_lastevaluated: null,
		});
	});

	test('gives both rows as they are when they are not to be simplified', async () => {
		const { id, definitionId } = seedRealTime(world);

		const { items } = await realTime(world, { operation: 'get', segment: byId(id), simplify: false });

		expect(items[0]?.json).toMatchObject({
			msdynmkt_segmentid: id,
			definition: { msdynmkt_segmentdefinitionid: definitionId },
		});
	});

	test('shows a segment whose groups are kept in an unknown form, without them', async () => {
		const { id } = seedRealTime(world, { definition: { msdynmkt_staticlistmembers: '{"v":2}' } });

		const { items, error } = await realTime(world, { operation: 'get', segment: byId(id) });

		expect(error).toBeUndefined();
		expect(items[0]?.json).toMatchObject({ id, groups: null });
	});
});

describe('Get Many', () => {
	let many: World;
	beforeAll(async () => {
		many = await World.start();
		seedRealTime(many, { name: 'a draft' });
		seedRealTime(many, { name: 'b mixed', query: reachable, groups: [{ name: 'One' }] });
		seedRealTime(many, { name: 'c dynamic', query: reachable });
		seedLive(many, { name: 'd warned', segment: { statuscode: SEGMENT_STATUS.withWarnings } });
		seedLive(many, { name: 'e expired', segment: { statuscode: SEGMENT_STATUS.expired } });
		seedLive(many, { name: 'f computing', segment: { statuscode: SEGMENT_STATUS.computing } });
	});
	afterAll(async () => await many.close());

	test.each([
		[{ types: ['mixed'] }, ['b mixed']],
		[{ types: ['dynamic', 'mixed'] }, ['b mixed', 'c dynamic']],
		[{ statuses: ['liveWithWarnings'] }, ['d warned']],
		[{ statuses: ['expired', 'computing'] }, ['e expired', 'f computing']],
		[{ statuses: ['draft'], types: ['static'] }, ['a draft']],
		[{ nameContains: 'DYN' }, ['c dynamic']],
	])('gives those that %j asks for', async (filters, names) => {
		const { items, error } = await realTime(many, { operation: 'getMany', returnAll: true, filters });

		expect(error).toBeUndefined();
		expect(items.map(({ json }) => json.name)).toEqual(names);
	});

	test('stops at the limit, in the order asked for', async () => {
		const { items } = await realTime(many, { operation: 'getMany', limit: 2, sortBy: 'name' });

		expect(items.map(({ json }) => json.name)).toEqual(['a draft', 'b mixed']);
	});
});

describe('Update', () => {
	test('changes texts, query and refresh', async () => {
		const { id, definitionId } = seedRealTime(world, { query: reachable });

		const { items, error } = await realTime(world, {
			operation: 'update',
			segment: byId(id),
			updateFields: {
				name: 'Renamed',
				description: 'New words',
				query: 'PROFILE(contact)',
				refreshInterval: 90,
				disableRefresh: true,
			},
		});

		expect(error).toBeUndefined();
		expect(items[0]?.json).toMatchObject({ id, name: 'Renamed', query: 'PROFILE(contact)' });
		expect(definitionRow(world, definitionId)).toMatchObject({
			msdynmkt_segmentrefreshintervalminutes: 90,
			msdynmkt_disablesegmentrefresh: true,
		});
	});

	test('adds, renames and removes groups in one request', async () => {
		const { id, definitionId } = seedRealTime(world, { groups: [{ name: 'Old' }, { name: 'Gone' }] });

		const { error } = await realTime(world, {
			operation: 'update',
			segment: byId(id),
			groupChanges: {
				add: [{ name: 'New', includeType: 'Exclude' }],
				change: [{ group: 'old', newName: 'Kept', newIncludeType: '' }],
				remove: [{ group: 'Gone' }],
			},
		});

		expect(error).toBeUndefined();
		expect(groupNames(world, definitionId)).toEqual(['Kept', 'New']);
		expect(sentWrites()).toHaveLength(1);
	});

	test.each([
		['changed', { change: [{ group: 'Three', newName: 'Four' }] }, words],
		['removed, which is done then', { remove: [{ group: 'Three' }] }, hintTexts],
	])('names the groups there are when one that is not there is to be %s', async (_, edits, said) => {
		const { id, definitionId } = seedRealTime(world, { groups: [{ name: 'One' }, { name: 'Two' }] });

		const run = await realTime(world, {
			operation: 'update',
			segment: byId(id),
			groupChanges: edits,
		});

		expect(said(run)).toContain('has no group "Three"');
		expect(said(run)).toMatch(/"One" \([0-9a-f-]{36}\), "Two" \([0-9a-f-]{36}\)/);
		expect(groupNames(world, definitionId)).toEqual(['One', 'Two']);
	});

	test('refuses an eleventh group', async () => {
		const ten = Array.from({ length: 10 }, (_, n) => ({ name: `Group ${n}` }));
		const { id } = seedRealTime(world, { groups: ten });

		const run = await realTime(world, {
			operation: 'update',
			segment: byId(id),
			groupChanges: { add: [{ name: 'Eleventh' }] },
		});

		expect(words(run)).toContain('A segment can have 10 groups');
		expect(sentWrites()).toEqual([]);
	});

	test('says that a change of a live segment counts when it is published again', async () => {
		const { id } = seedLive(world, { query: reachable });

		const run = await realTime(world, {
			operation: 'update',
			segment: byId(id),
			updateFields: { query: 'PROFILE(contact)' },
		});

		expect(run.status).toBe('success');
		expect(hintTexts(run)).toContain('take effect when it is published again (Go Live)');
	});

	test('refuses to change what a live journey uses, and renames it all the same', async () => {
		const { id } = seedLive(world, { query: reachable });
		seedJourney(world, id);
		const change = async (updateFields: INodeParameters) =>
			await realTime(world, { operation: 'update', segment: byId(id), updateFields });

		const refused = await change({ query: 'PROFILE(contact)' });
		const renamed = await change({ name: 'Renamed while used' });

		expect(words(refused)).toContain('cannot be changed: a published journey uses it');
		expect(words(refused)).toContain('Stop those journeys first');
		expect(renamed.items[0]?.json).toMatchObject({ name: 'Renamed while used' });
	});

	test('refuses to update nothing', async () => {
		const run = await realTime(world, { operation: 'update', segment: byId(seedRealTime(world).id) });

		expect(words(run)).toContain('There is nothing to update.');
	});
});

describe('Validate', () => {
	test('finds what is wrong with a definition, with line and column, and says that the service was not asked', async () => {
		const { items } = await realTime(world, {
			operation: 'validate',
			validateWhat: 'definition',
			type: 'dynamic',
			query: "PROFILE(contact)\n.FILTER(firstnam == 'x')",
		});

		expect(items[0]?.json).toMatchObject({ valid: false, serviceChecked: false });
		expect(items[0]?.json.findings).toMatchObject([{ source: 'local', line: 2, column: 9 }]);
	});

	test('looks at the query of a segment that exists, and at whom it selects', async () => {
		const good = seedRealTime(world, { query: reachable });
		const bad = seedRealTime(world, { query: 'PROFILE(lead)' });

		const [fine, wrong] = [
			await realTime(world, { operation: 'validate', segment: byId(good.id) }),
			await realTime(world, { operation: 'validate', segment: byId(bad.id) }),
		];

		expect(fine.items[0]?.json).toMatchObject({ valid: true, findings: [] });
		expect(wrong.items[0]?.json).toMatchObject({ valid: false, findings: [{ code: 'audience' }] });
		expect(sentWrites()).toEqual([]);
	});

	test('does not look for a query in a static segment, and misses it where there are no groups either', async () => {
		const [people, nobody] = [seedRealTime(world), seedRealTime(world, { groups: [] })];

		const fine = await realTime(world, { operation: 'validate', segment: byId(people.id) });
		const empty = await realTime(world, { operation: 'validate', segment: byId(nobody.id) });

		expect(fine.items[0]?.json).toMatchObject({ valid: true, query: null });
		expect(empty.items[0]?.json).toMatchObject({ valid: false, findings: [{ code: 'empty' }] });
	});
});

describe('Delete', () => {
	test('deletes both rows', async () => {
		const { id, definitionId } = seedRealTime(world);

		const { items } = await realTime(world, { operation: 'delete', segment: byId(id) });

		expect(items[0]?.json).toMatchObject({ deleted: true, id });
		expect([segmentRow(world, id), definitionRow(world, definitionId)]).toEqual([{}, {}]);
	});

	test('removes a definition that was left behind without a segment', async () => {
		const { id, definitionId } = seedRealTime(world);
		await realTime(world, { operation: 'delete', segment: byId(id) });
		world.control.seed({
			rows: {
				msdynmkt_segmentdefinitions: [
					{ msdynmkt_segmentdefinitionid: definitionId, msdynmkt_name: 'Left behind', statecode: 0 },
				],
			},
		});

		const { items, error } = await realTime(world, { operation: 'delete', segment: byId(definitionId) });

		expect(error).toBeUndefined();
		expect(items[0]?.json).toMatchObject({ deleted: true, id: definitionId });
		expect(definitionRow(world, definitionId)).toEqual({});
	});

	test('says so when there is nothing under the id', async () => {
		const nowhere = '11111111-2222-4333-8444-555555555555';

		const run = await realTime(world, { operation: 'delete', segment: byId(nowhere) });

		expect(words(run)).toContain('There is no real-time segment, and no segment definition');
	});

	test('refuses while the segment is live, and stops it first when told to', async () => {
		const { id } = seedLive(world);
		world.control.setMembers(id, [contactId(1)]);

		const refused = await realTime(world, { operation: 'delete', segment: byId(id) });
		const stillThere = segmentRow(world, id);
		const stopped = await realTime(world, {
			operation: 'delete',
			segment: byId(id),
			options: { stopFirst: true },
		});

		expect(words(refused)).toContain('is live and was not deleted');
		expect(stillThere).not.toEqual({});
		expect(stopped.items[0]?.json).toMatchObject({ deleted: true });
		expect(segmentRow(world, id)).toEqual({});
	});
});
