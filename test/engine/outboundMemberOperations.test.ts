import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { contactId } from '../../emulator/data';
import { byId, World } from './world';

const DRAFT = 192350000;
const DYNAMIC = 192350000;

let world: World;
beforeAll(async () => {
	world = await World.start({ contacts: 2_000 });
});
afterAll(async () => await world.close());
beforeEach(() => {
	world.control.clearLog();
	world.control.clearFaults();
	world.control.resetAssumptions();
});

const ids = (count: number) => Array.from({ length: count }, (_, n) => contactId(n));
const people = (count: number): INodeExecutionData[] =>
	ids(count).map((contactid) => ({ json: { contactid } }));
const settled = () => world.control.advanceClock(3_600_000);
const updates = () =>
	world.control
		.log({ path: 'SegmentMembersUpdate' })
		.filter(
			({ body }) => (body as { msdyncrm_operation?: string } | undefined)?.msdyncrm_operation !== 'getState',
		);

function segmentWith(members: readonly string[]): string {
	const id = world.seedSegment();
	world.control.setMembers(id, members);
	return id;
}

describe('Remove by ID', () => {
	test('takes these people out and nobody else', async () => {
		const id = segmentWith(ids(10));

		const { items } = await world.members(
			{ operation: 'remove', segment: byId(id), identifyBy: 'id', idField: 'contactid' },
			people(4),
		);
		settled();

		expect(items[0]?.json).toMatchObject({ change: 'remove', submitted: 4, calls: 1 });
		expect(world.control.members(id)).toEqual(ids(10).slice(4));
	});
});

describe('Add by Query and Remove by Query', () => {
	const oslo = "PROFILE(contact).FILTER(lastname == 'Nobody')";

	test('add everybody whom the query selects, and take them out again', async () => {
		const id = world.seedSegment();
		const query = 'PROFILE(contact).FILTER(ISNOTNULL(emailaddress1))';

		const added = await world.members({ operation: 'addByQuery', segment: byId(id), query });
		settled();
		const members = world.control.members(id)?.length;
		await world.members({ operation: 'removeByQuery', segment: byId(id), query });
		settled();

		expect(added.items[0]?.json).toMatchObject({ accepted: true, change: 'add', query });
		expect(members).toBeGreaterThan(100);
		expect(world.control.members(id)).toEqual([]);
	});

	test('are not sent again when the answer is lost, because the query may select others by then', async () => {
		world.control.addFault({
			match: { path: 'SegmentMembersUpdate', body: 'addBy' },
			effect: { kind: 'resetAfter' },
		});

		const { error } = await world.members({
			operation: 'addByQuery',
			segment: byId(world.seedSegment()),
			query: oslo,
		});

		expect(updates()).toHaveLength(1);
		expect(`${error?.message} ${error?.description}`).toMatch(/may have been done/i);
	});

	test.each(['addByQuery', 'removeByQuery'])('%s refuses a dynamic segment', async (operation) => {
		const id = world.seedSegment({ msdyncrm_segmenttype: DYNAMIC });

		const { error } = await world.members({ operation, segment: byId(id), query: oslo });

		expect(error?.message).toMatch(/only static segments accept members/);
		expect(updates()).toEqual([]);
	});
});

describe('waiting until the service has carried out a change', () => {
	const add = (id: string) => ({
		operation: 'add',
		segment: byId(id),
		identifyBy: 'id',
		idField: 'contactid',
		options: { waitUntilProcessed: 5 },
	});

	test.each(['outputs', 'plainText', 'flag', 'jsonString'])(
		'works when the service reports its state as %s',
		async (shape) => {
			world.control.setAssumption('outboundStateReply', shape);
			const id = world.seedSegment();

			const { items } = await world.members(add(id), people(5));

			expect(items[0]?.json.processed).toBe(true);
			expect(world.control.members(id)).toHaveLength(5);
		},
	);

	test.each(['empty', 'unrecognised'])(
		'says that it does not know when the service reports its state as %s',
		async (shape) => {
			world.control.setAssumption('outboundStateReply', shape);

			const { items, hints } = await world.members(add(world.seedSegment()), people(5));

			expect(items[0]?.json).toMatchObject({ processed: null, submitted: 5 });
			expect(hints.map(({ message }) => message).join()).toMatch(/did not say whether/);
		},
	);

	test('sends the next call only when the service is done with the one before, where it takes one at a time', async () => {
		world.control.setAssumption('outboundConcurrentUpdates', 'refused');
		const id = world.seedSegment();

		const { items } = await world.members(
			{
				operation: 'add',
				segment: byId(id),
				identifyBy: 'id',
				idField: 'contactid',
				options: { idsPerCall: 40 },
			},
			people(100),
		);
		settled();

		expect(items[0]?.json).toMatchObject({ submitted: 100, failed: 0 });
		expect(world.control.members(id)).toHaveLength(100);
	});
});

describe('Get Pending Operations', () => {
	test('says what is pending and then that nothing is', async () => {
		world.control.setClockSpeed(0);
		const id = world.seedSegment();
		await world.members(
			{ operation: 'add', segment: byId(id), identifyBy: 'id', idField: 'contactid' },
			people(5),
		);

		const before = await world.members({ operation: 'getPendingOperations', segment: byId(id) });
		settled();
		const after = await world.members({ operation: 'getPendingOperations', segment: byId(id) });
		world.control.setClockSpeed(600);

		expect(before.items[0]?.json).toMatchObject({ state: 'pending', pending: true, pendingCount: 1 });
		expect(after.items[0]?.json).toMatchObject({ state: 'completed', pending: false });
	});

	test('returns an answer of an unknown form as it came', async () => {
		world.control.setAssumption('outboundStateReply', 'unrecognised');

		const { items, hints } = await world.members({
			operation: 'getPendingOperations',
			segment: byId(world.seedSegment()),
		});

		expect(items[0]?.json).toMatchObject({ state: 'unknown', pending: null, raw: { Token: 'opaque' } });
		expect(hints[0]?.message).toMatch(/not documented/);
	});
});

describe('Check Membership', () => {
	test('tells of every row whether the person is a member', async () => {
		const id = segmentWith(ids(3));

		const { items } = await world.members(
			{ operation: 'check', segment: byId(id), identifyBy: 'id', idField: 'contactid' },
			[
				{ json: { contactid: contactId(2) } },
				{ json: { contactid: contactId(7) } },
				{ json: { contactid: 'nobody' } },
			],
		);

		expect(
			items.map(({ json, pairedItem }) => [(json.membership as IDataObject).member, pairedItem]),
		).toEqual([
			[true, { item: 0 }],
			[false, { item: 1 }],
			[null, { item: 2 }],
		]);
	});
});

describe('Get Many', () => {
	test('gives one item with the list, or one with a file, where that is asked for', async () => {
		const id = segmentWith(ids(3));
		const read = {
			operation: 'getMany',
			segment: byId(id),
			simplify: false,
			options: { columns: 'lastname' },
		};

		const list = await world.members({ ...read, returnAs: 'list' });
		const file = await world.members({ ...read, returnAs: 'csv' });

		expect(list.items).toHaveLength(1);
		expect(list.items[0]?.json).toMatchObject({ segmentId: id, count: 3 });
		expect([...(list.items[0]?.json.ids as string[])].sort()).toEqual([...ids(3)].sort());
		expect(list.items[0]?.json.members).toContainEqual({ id: ids(3)[0], lastname: expect.any(String) });
		const text = Buffer.from(file.items[0]?.binary?.data?.data ?? '', 'base64').toString();
		expect(text.split('\r\n')).toHaveLength(5);
		expect(text).toMatch(/^id,lastname\r\n/);
	});

	test.each([
		[false, 'id,telephone1\r\n', /^[0-9a-f-]{36},\+49 30 1234\r\n$/],
		[true, '\uFEFFid,telephone1\r\n', /^[0-9a-f-]{36},'\+49 30 1234\r\n$/],
	])('gives a file with values as they are unless it is for a spreadsheet (%s)', async (safe, head, line) => {
		const contactid = `99999999-0000-4000-8000-00000000000${Number(safe)}`;
		const contact = { contactid, lastname: 'Lovelace', statecode: 0, telephone1: '+49 30 1234' };
		world.control.seed({ rows: { contacts: [contact] } });
		const id = segmentWith([contactid]);

		const { items } = await world.members({
			operation: 'getMany',
			segment: byId(id),
			returnAs: 'csv',
			simplify: false,
			options: { columns: 'telephone1', safeForSpreadsheets: safe },
		});

		const text = Buffer.from(items[0]?.binary?.data?.data ?? '', 'base64').toString();
		expect(text.startsWith(head)).toBe(true);
		expect(text.slice(head.length)).toMatch(line);
	});

	test.each(['fetch', 'link'])('reads everybody by %s', async (readWith) => {
		const id = segmentWith(ids(1_200));

		const { items } = await world.members({
			operation: 'getMany',
			segment: byId(id),
			returnAll: true,
			options: { readWith, columns: 'fullname' },
		});

		expect(new Set(items.map(({ json }) => json.id)).size).toBe(1_200);
		expect(items.every(({ json }) => typeof json.fullname === 'string')).toBe(true);
	});

	test.each(['queryPages', 'fetchPages', 'mustAgree'])(
		'reads every page once when %s decides where a page ends',
		async (paging) => {
			world.control.setAssumption('outboundFetchPaging', paging);
			const id = segmentWith(ids(1_200));

			const { items } = await world.members({
				operation: 'getMany',
				segment: byId(id),
				returnAll: false,
				limit: 1_100,
			});

			expect(new Set(items.map(({ json }) => json.id)).size).toBe(1_100);
		},
	);

	test('hands the scope, the time zone and the business unit on', async () => {
		const unit = '0b4b85cc-7f6c-ea11-a811-000d3a54d359';

		await world.members({
			operation: 'getMany',
			segment: byId(segmentWith([])),
			options: { scope: 'businessUnit', timeZone: 110, businessUnit: unit },
		});

		expect(world.control.log({ path: 'FetchContactsByQuery' })[0]?.body).toMatchObject({
			Scope: 270100001,
			TimeZone: 110,
			OwningBusinessUnit: unit,
		});
	});

	test('says that nothing came back, instead of returning no members, when the service is switched off', async () => {
		world.control.setAssumption('outboundRemoved', 'emptySuccess');

		const { error } = await world.members({ operation: 'getMany', segment: byId(segmentWith(ids(3))) });

		expect(error?.message).toMatch(/returned an empty answer/);
		expect(error?.description).toMatch(/Real-Time Segment/);
	});
});

describe('a draft', () => {
	test('whose members the environment does not take yet is told so, with the way out', async () => {
		world.control.setAssumption('outboundMembersStatus', 'notDraft');
		const id = world.seedSegment({ statuscode: DRAFT, msdyncrm_segmentname: 'Not live' });

		const { error } = await world.members(
			{ operation: 'add', segment: byId(id), identifyBy: 'id', idField: 'contactid' },
			people(2),
		);

		expect(error?.message).toContain(
			'Segment "Not live" is a draft, and this environment does not accept members in drafts.',
		);
		expect(error?.description).toContain('Go Live');
	});
});
