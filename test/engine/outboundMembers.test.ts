import type { INodeExecutionData } from 'n8n-workflow';

import { contactId } from '../../emulator/data';
import { byId, World } from './world';

const DYNAMIC = 192350000;

let world: World;
beforeAll(async () => {
	world = await World.start({ contacts: 45_000 });
});
afterAll(async () => await world.close());
beforeEach(() => {
	world.control.clearLog();
	world.control.clearFaults();
	world.control.resetAssumptions();
});

const people = (from: number, to: number, field = 'contactid'): INodeExecutionData[] =>
	Array.from({ length: to - from }, (_, i) => ({ json: { [field]: contactId(from + i) } }));
const settled = () => world.control.advanceClock(3_600_000);
const addCalls = () =>
	world.control
		.log({ path: 'SegmentMembersUpdate' })
		.filter(
			({ body }) => (body as { msdyncrm_operation?: string } | undefined)?.msdyncrm_operation !== 'getState',
		);

describe('Add by ID from input items', () => {
	test('takes every person in calls of 20,000 and accounts for all rows', async () => {
		const id = world.seedSegment();
		const rows = [...people(0, 44_990), ...people(0, 7), { json: { contactid: 'n/a' } }, { json: {} }];

		const { items, hints } = await world.members(
			{ operation: 'add', segment: byId(id), identifyBy: 'id', idField: 'contactid' },
			rows,
		);
		settled();

		expect(items[0]?.json).toMatchObject({
			rows: 44_999,
			duplicates: 7,
			invalid: 2,
			matched: 44_990,
			people: 44_990,
			submitted: 44_990,
			calls: 3,
			exceptionsTotal: 2,
		});
		expect(addCalls()).toHaveLength(3);
		expect(world.control.members(id)).toHaveLength(44_990);
		expect(hints[0]?.message).toContain('44990 of 44990 people sent to');
	});

	test('changes nothing more when it runs twice', async () => {
		const id = world.seedSegment();
		const add = { operation: 'add', segment: byId(id), identifyBy: 'id', idField: 'contactid' };

		await world.members(add, people(0, 30));
		settled();
		await world.members(add, people(0, 30));
		settled();

		expect(world.control.members(id)).toHaveLength(30);
	});

	test('reads the id from a nested field', async () => {
		const id = world.seedSegment();

		const { items } = await world.members(
			{ operation: 'add', segment: byId(id), identifyBy: 'id', idField: 'crm.ids[0]' },
			[{ json: { crm: { ids: [contactId(3)] } } }],
		);

		expect(items[0]?.json).toMatchObject({ submitted: 1 });
	});

	test('takes the ids of several segments side by side when the segment is a field of the item', async () => {
		const [one, two] = [world.seedSegment(), world.seedSegment()];

		const { items } = await world.members(
			{
				operation: 'add',
				segment: { __rl: true, mode: 'id', value: '={{ $json.segment }}' },
				identifyBy: 'id',
				idField: 'contactid',
			},
			people(0, 6).map(({ json }, i) => ({ json: { ...json, segment: i % 2 === 0 ? one : two } })),
		);
		settled();

		expect(items.map(({ json }) => [json.segmentId, json.submitted])).toEqual([
			[one, 3],
			[two, 3],
		]);
		expect(items[1]?.pairedItem).toEqual([{ item: 1 }, { item: 3 }, { item: 5 }]);
		expect(world.control.members(two)).toEqual([1, 3, 5].map(contactId));
	});

	test('refuses a field that no row has before any request', async () => {
		const { error } = await world.members(
			{ operation: 'add', segment: byId(world.seedSegment()), identifyBy: 'id', idField: 'kontakt' },
			people(0, 3),
		);

		expect(error?.message).toBe('No input item has the field "kontakt", which ID Field names.');
		expect(error?.description).toContain('The fields of the items are: contactid.');
		expect(world.requests()).toEqual([]);
	});

	test('refuses a dynamic segment before sending anybody', async () => {
		const id = world.seedSegment({ msdyncrm_segmenttype: DYNAMIC, msdyncrm_segmentname: 'By query' });

		const { error } = await world.members(
			{ operation: 'add', segment: byId(id), identifyBy: 'id', idField: 'contactid' },
			people(0, 3),
		);

		expect(error?.message).toBe('Segment "By query" is dynamic, and only static segments accept members.');
		expect(addCalls()).toEqual([]);
	});
});

describe('Add by ID from a list', () => {
	test.each([
		['text', () => `${contactId(1)}, {${contactId(2).toUpperCase()}}\ncrm${contactId(3)}; nobody`],
		['an array', () => `={{ ${JSON.stringify([contactId(1), contactId(2), contactId(3), 'nobody'])} }}`],
		['a JSON array in text', () => JSON.stringify([contactId(1), contactId(2), contactId(3), 'nobody'])],
	])('takes %s once, whatever the number of items', async (_, ids) => {
		const id = world.seedSegment();

		const { items } = await world.members(
			{ operation: 'add', segment: byId(id), peopleFrom: 'list', identifyBy: 'id', ids: ids() },
			[{ json: {} }],
		);
		settled();

		expect(items[0]?.json).toMatchObject({ rows: 4, invalid: 1, submitted: 3 });
		expect(items[0]?.json.exceptions).toMatchObject([{ row: 4, value: 'nobody', code: 'notAnId' }]);
		expect(world.control.members(id)).toEqual([contactId(1), contactId(2), contactId(3)]);
	});

	test('refuses more than 100,000 ids and names the way for more', async () => {
		const { error } = await world.members({
			operation: 'add',
			segment: byId(world.seedSegment()),
			peopleFrom: 'list',
			identifyBy: 'id',
			ids: Array.from({ length: 100_001 }, (_, n) => contactId(n)).join(' '),
		});

		expect(error?.message).toBe('IDs contains more than 100000 values.');
		expect(error?.description).toMatch(/Input Items/);
		expect(world.requests()).toEqual([]);
	});

	test('refuses an empty list', async () => {
		const { error } = await world.members({
			operation: 'add',
			segment: byId(world.seedSegment()),
			peopleFrom: 'list',
			identifyBy: 'id',
			ids: ' , ',
		});

		expect(error?.message).toBe('IDs is empty.');
	});
});

describe('when the service refuses', () => {
	test('loses only the unknown people where it refuses a whole call because of them', async () => {
		world.control.setAssumption('outboundUnknownIds', 'refused');
		const id = world.seedSegment();
		const stranger = '11111111-2222-4333-8444-555555555555';

		const { items } = await world.members(
			{ operation: 'add', segment: byId(id), identifyBy: 'id', idField: 'contactid' },
			[...people(0, 40), { json: { contactid: stranger } }],
		);
		settled();

		expect(items[0]?.json).toMatchObject({ people: 41, submitted: 40, failed: 1 });
		expect(items[0]?.json.exceptions).toMatchObject([{ row: 41, id: stranger, outcome: 'failed' }]);
		expect(world.control.members(id)).toHaveLength(40);
	});

	test('reports what was delivered before a call that failed for good', async () => {
		world.control.addFault({
			match: { path: 'SegmentMembersUpdate', body: 'addBy' },
			skip: 1,
			effect: {
				kind: 'status',
				status: 403,
				code: '0x80040220',
				message: 'missing prvWritemsdyncrm_segment privilege',
			},
		});

		const { error, status } = await world.members(
			{ operation: 'add', segment: byId(world.seedSegment()), identifyBy: 'id', idField: 'contactid' },
			people(0, 45_000),
		);

		expect(status).toBe('error');
		expect(error?.message).toContain(
			'20000 of 45000 people sent to the segment, 20000 failed, 5000 not sent',
		);
		expect(JSON.stringify(error?.context)).toContain('"notSent":5000');
	});

	test('every item leaves by Not Delivered with the reason when the flow goes on', async () => {
		world.control.addFault({
			match: { path: 'SegmentMembersUpdate', body: 'addBy' },
			effect: { kind: 'status', status: 403, code: '0x80040220', message: 'missing privilege' },
		});

		const { branches } = await world.members(
			{ operation: 'add', segment: byId(world.seedSegment()), identifyBy: 'id', idField: 'contactid' },
			people(0, 3),
			{ onError: 'continueErrorOutput' },
		);

		expect(branches[0]).toEqual([]);
		expect(branches[1]?.map(({ json, pairedItem }) => [json.contactid, pairedItem])).toEqual(
			people(0, 3).map(({ json }, item) => [json.contactid, { item }]),
		);
		expect(branches[1]?.[0]?.json.delivery).toMatchObject({ outcome: 'failed', code: '0x80040220' });
	});

	test('waits as long as a throttled service says and then delivers everybody', async () => {
		world.control.addFault({
			match: { path: 'SegmentMembersUpdate', body: 'addBy' },
			effect: {
				kind: 'status',
				status: 429,
				code: '0x80072322',
				message: 'Number of requests exceeded',
				retryAfter: 1,
			},
		});

		const { items } = await world.members(
			{ operation: 'add', segment: byId(world.seedSegment()), identifyBy: 'id', idField: 'contactid' },
			people(0, 3),
		);

		expect(items[0]?.json).toMatchObject({ submitted: 3, failed: 0 });
		expect(addCalls().map(({ status }) => status)).toEqual([429, 204]);
	});

	test('refreshes an expired token in the middle of a delivery and loses nobody', async () => {
		const id = world.seedSegment();
		world.control.addFault({
			match: { path: 'SegmentMembersUpdate', body: 'addBy' },
			skip: 1,
			effect: { kind: 'expiredToken' },
		});

		const { items } = await world.members(
			{ operation: 'add', segment: byId(id), identifyBy: 'id', idField: 'contactid' },
			people(0, 45_000),
		);
		settled();

		expect(items[0]?.json).toMatchObject({ submitted: 45_000, failed: 0 });
		expect(world.control.members(id)).toHaveLength(45_000);
	});

	test('explains in plain words that Microsoft removed the service, and what still works', async () => {
		world.control.setAssumption('outboundRemoved', '404');

		const { error } = await world.members(
			{ operation: 'add', segment: byId(world.seedSegment()), identifyBy: 'id', idField: 'contactid' },
			people(0, 3),
		);

		expect(error?.message).toContain('Microsoft removed the outbound Segmentation API');
		expect(error?.description).toContain('Real-Time Segment');
	});

	test('stops at once when the run is cancelled, reports nobody as failed and logs how far it came', async () => {
		const id = world.seedSegment();
		world.control.addFault({
			match: { path: 'SegmentMembersUpdate', body: 'addBy' },
			skip: 1,
			effect: { kind: 'slow', ms: 2_000 },
		});

		const { status, logs } = await world.members(
			{ operation: 'add', segment: byId(id), identifyBy: 'id', idField: 'contactid' },
			people(0, 45_000),
			{ onStart: (run) => void world.cancelAtFault(run) },
		);

		expect(status).toBe('canceled');
		expect(logs.map(({ message }) => message)).toContainEqual(
			expect.stringMatching(
				/canceled; 20000 of 45000 people sent to the segment, 20000 unknown because their calls were under way, 5000 not sent/,
			),
		);
		expect(addCalls().length).toBeLessThan(3);
	});
});

describe('Get Many', () => {
	test('reads all members of a large segment page by page', async () => {
		const id = world.seedSegment();
		world.control.setMembers(
			id,
			people(0, 12_345).map(({ json }) => String(json.contactid)),
		);

		const { items } = await world.members({
			operation: 'getMany',
			segment: byId(id),
			returnAll: true,
			simplify: false,
		});

		expect(new Set(items.map(({ json }) => json.id)).size).toBe(12_345);
		expect(world.control.log({ path: 'FetchContactsByQuery' })).toHaveLength(3);
	});

	test('brings the columns that were asked for, and no more members than the limit', async () => {
		const id = world.seedSegment();
		world.control.setMembers(
			id,
			people(0, 20).map(({ json }) => String(json.contactid)),
		);

		const { items } = await world.members({
			operation: 'getMany',
			segment: byId(id),
			returnAll: false,
			limit: 5,
			options: { columns: 'jobtitle' },
		});

		expect(items).toHaveLength(5);
		expect(Object.keys(items[0]?.json ?? {}).sort()).toEqual(['email', 'fullName', 'id', 'jobtitle']);
		expect(items[0]?.json.fullName).toEqual(expect.any(String));
	});

	test.each(['collection', 'namedArray', 'entityCollection', 'jsonString'])(
		'understands the reply when the service sends it as %s',
		async (shape) => {
			world.control.setAssumption('outboundFetchReply', shape);
			const id = world.seedSegment();
			world.control.setMembers(
				id,
				people(0, 20).map(({ json }) => String(json.contactid)),
			);

			const { items } = await world.members({
				operation: 'getMany',
				segment: byId(id),
				returnAll: true,
				simplify: false,
			});

			expect(items).toHaveLength(20);
		},
	);

	test('returns a reply of an unknown form as it came, with a hint, instead of no members', async () => {
		world.control.setAssumption('outboundFetchReply', 'unrecognised');
		const id = world.seedSegment();
		world.control.setMembers(id, [contactId(1)]);

		const { items, hints } = await world.members({
			operation: 'getMany',
			segment: byId(id),
			returnAll: true,
		});

		expect(items[0]?.json.raw).toBeDefined();
		expect(hints[0]?.message).toContain('form that is not known');
	});
});
