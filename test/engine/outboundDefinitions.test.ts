import type { INodeParameters } from 'n8n-workflow';

import { contactId } from '../../emulator/data';
import { byId, World } from './world';

const TYPE = { dynamic: 192350000, static: 192350001, compound: 192350002 };
const STATUS = { draft: 192350000, live: 192350001, stopped: 192350002, goingLive: 192350006 };

let world: World;
beforeAll(async () => {
	world = await World.start({ contacts: 30_000 });
});
afterAll(async () => await world.close());
beforeEach(() => {
	world.control.clearLog();
	world.control.clearFaults();
	world.control.resetAssumptions();
});

const rowOf = (id: unknown) =>
	world.control.rows('msdyncrm_segments').find((row) => row.msdyncrm_segmentid === id) ?? {};
const settled = () => world.control.advanceClock(3_600_000);
const writes = () => world.requests().filter((request) => !request.startsWith('GET '));

describe('Create', () => {
	test('makes a dynamic segment that goes live at once with the people its query means', async () => {
		const { items, error } = await world.segment({
			operation: 'create',
			name: 'With an address',
			type: 'dynamic',
			query: 'PROFILE(contact).FILTER(ISNOTNULL(emailaddress1))',
			options: { goLive: true, description: 'Everybody reachable', scope: 'organization', timeZone: 85 },
		});
		settled();

		expect(error).toBeUndefined();
		expect(items[0]?.json).toMatchObject({ type: 'dynamic', status: 'goingLive', created: true });
		const row = rowOf(items[0]?.json.id);
		expect(row).toMatchObject({
			msdyncrm_segmenttype: TYPE.dynamic,
			msdyncrm_description: 'Everybody reachable',
			msdyncrm_segmenttimezone: 85,
			statuscode: STATUS.live,
		});
		expect(world.control.members(String(items[0]?.json.id))?.length).toBeGreaterThan(1_000);
	});

	test('makes a compound segment out of two others', async () => {
		const [one, two] = [world.seedSegment(), world.seedSegment()];
		world.control.setMembers(one, [contactId(1), contactId(2)]);
		world.control.setMembers(two, [contactId(2), contactId(3)]);
		const name = (id: string) => `SEGMENT_CRM_ID_${id.replace(/-/g, '')}`;

		const { items, error } = await world.segment({
			operation: 'create',
			name: 'Both',
			type: 'compound',
			query: `SEGMENT(${name(one)}) INTERSECT SEGMENT(${name(two)})`,
			options: { goLive: true },
		});
		settled();

		expect(error).toBeUndefined();
		expect(world.control.members(String(items[0]?.json.id))).toEqual([contactId(2)]);
	});

	test('writes the query to the other documented column when told to', async () => {
		world.control.setAssumption('outboundTableQueryColumn', 'accepted');

		await world.segment({
			operation: 'create',
			name: 'Older environment',
			type: 'compound',
			query: 'SEGMENT(segment1) UNION SEGMENT(segment2)',
			options: { queryColumn: 'msdyncrm_query' },
		});

		expect(world.control.log({ method: 'POST' }).at(-1)?.body).toMatchObject({
			msdyncrm_query: 'SEGMENT(segment1) UNION SEGMENT(segment2)',
		});
	});

	test('puts first members into the row, with the prefix that old backends need', async () => {
		world.control.setAssumption('outboundMemberPrefix', 'required');

		const { items } = await world.segment({
			operation: 'create',
			name: 'First members',
			type: 'static',
			options: { memberIds: `${contactId(1)}, ${contactId(2)}`, crmPrefix: true },
		});
		settled();

		expect(world.control.members(String(items[0]?.json.id))).toEqual([contactId(1), contactId(2)]);
		expect(writes()).toHaveLength(1);
	});

	test('adds first members by calls when there are more than the row holds, then goes live', async () => {
		const ids = Array.from({ length: 30_000 }, (_, n) => contactId(n));

		const { items, error } = await world.segment({
			operation: 'create',
			name: 'Many first members',
			type: 'static',
			options: { memberIds: ids.join(' '), goLive: true },
		});
		settled();

		expect(error).toBeUndefined();
		expect(items[0]?.json.members).toMatchObject({ people: 30_000, submitted: 30_000, calls: 2 });
		expect(world.control.members(String(items[0]?.json.id))).toHaveLength(30_000);
		expect(rowOf(items[0]?.json.id).statuscode).toBe(STATUS.live);
	});

	test.each([
		[
			'a dynamic segment without a query',
			{ type: 'dynamic', query: "={{ '' }}" },
			'A dynamic segment needs a query.',
		],
		[
			'a query over 4000 characters',
			{ type: 'dynamic', query: `PROFILE(contact).FILTER(fullname == '${'x'.repeat(4_000)}')` },
			/at most 4000/,
		],
		[
			'a name over 100 characters',
			{ name: 'x'.repeat(101) },
			'Name has 101 characters; Dataverse keeps at most 100.',
		],
		['an empty name', { name: ' ' }, 'The segment has no name.'],
		[
			'a time zone out of range',
			{ options: { timeZone: 2_000 } },
			'Time Zone has to be a number from -1500 to 1500.',
		],
		[
			'a business unit that is no id',
			{ options: { businessUnit: 'Sales' } },
			'Business Unit: "Sales" is not an ID.',
		],
	])('refuses %s before any request', async (_, parameters, message) => {
		const { error } = await world.segment({
			operation: 'create',
			name: 'Refused',
			type: 'static',
			...parameters,
		});

		expect(error?.message).toMatch(message);
		expect(writes()).toEqual([]);
	});

	test('says so when the business unit does not exist', async () => {
		const { error } = await world.segment({
			operation: 'create',
			name: 'Elsewhere',
			options: { businessUnit: '11111111-2222-4333-8444-555555555555' },
		});

		expect(`${error?.message} ${error?.description}`).toMatch(/11111111-2222-4333-8444-555555555555/);
	});

	test.each(['pluginMessage', 'validationArray', 'plainText'])(
		'says that the service refused the query when it answers with %s',
		async (shape) => {
			world.control.setAssumption('outboundGoLiveRefusal', shape);

			const { error } = await world.segment({
				operation: 'create',
				name: 'Not valid',
				type: 'dynamic',
				query: 'PROFILE(UnknownEntity)',
				options: { goLive: true },
			});

			expect(error?.message).toBeTruthy();
			expect(error?.description).toBeTruthy();
			expect(`${error?.message}`).not.toContain('<html');
		},
	);
});

describe('Create or Update', () => {
	const upsert = (options: INodeParameters, more: INodeParameters = {}) =>
		world.segment({
			operation: 'upsert',
			name: 'Kept in step',
			type: 'dynamic',
			query: 'PROFILE(contact)',
			options,
			...more,
		});

	test('creates the segment the first time and updates it the second', async () => {
		const first = await upsert({ description: 'one' });
		const second = await upsert(
			{ description: 'two' },
			{ query: "PROFILE(contact).FILTER(lastname == 'Lovelace')" },
		);

		expect(first.items[0]?.json.created).toBe(true);
		expect(second.items[0]?.json).toMatchObject({ created: false, id: first.items[0]?.json.id });
		expect(rowOf(first.items[0]?.json.id)).toMatchObject({
			msdyncrm_description: 'two',
			msdyncrm_segmentquery: "PROFILE(contact).FILTER(lastname == 'Lovelace')",
		});
	});

	test('refuses to choose between two segments of the same name, and writes nothing', async () => {
		world.seedSegment({ msdyncrm_segmentname: 'Twin' });
		world.seedSegment({ msdyncrm_segmentname: 'Twin' });

		const { error } = await world.segment({ operation: 'upsert', name: 'Twin', type: 'static' });

		expect(error?.message).toMatch(/^Several segments are named "Twin"/);
		expect(writes()).toEqual([]);
	});

	test('refuses to make a static segment dynamic', async () => {
		world.seedSegment({ msdyncrm_segmentname: 'By hand' });

		const { error } = await upsert({}, { name: 'By hand' });

		expect(error?.message).toBe('Segment "By hand" exists and is static; it cannot become dynamic.');
	});
});

describe('Update', () => {
	test('changes what is named and leaves the rest', async () => {
		const id = world.seedSegment({ msdyncrm_segmentname: 'Before', msdyncrm_description: 'stays' });

		const { items } = await world.segment({
			operation: 'update',
			segment: byId(id),
			updateFields: { name: 'After' },
		});

		expect(items[0]?.json.name).toBe('After');
		expect(rowOf(id)).toMatchObject({ msdyncrm_segmentname: 'After', msdyncrm_description: 'stays' });
	});

	test.each([
		['nothing', {}, 'There is nothing to update.'],
		['a query for a static segment', { query: 'PROFILE(contact)' }, /is static and cannot have a query/],
	])('refuses %s', async (_, updateFields, message) => {
		const { error } = await world.segment({
			operation: 'update',
			segment: byId(world.seedSegment()),
			updateFields,
		});

		expect(error?.message).toMatch(message);
		expect(writes()).toEqual([]);
	});

	test('never makes a segment out of a wrong id', async () => {
		const id = '11111111-2222-4333-8444-555555555555';

		await world.segment({ operation: 'update', segment: byId(id), updateFields: { name: 'Typo' } });

		expect(rowOf(id)).toEqual({});
	});
});

describe('Stop', () => {
	test('stops a live segment and waits for it', async () => {
		const id = world.seedSegment();

		const { items } = await world.segment({
			operation: 'stop',
			segment: byId(id),
			wait: true,
			waitMinutes: 5,
		});

		expect(items[0]?.json).toMatchObject({ status: 'stopped', changed: true, timedOut: false });
	});

	test('refuses a draft before writing', async () => {
		const id = world.seedSegment({ statuscode: STATUS.draft, msdyncrm_segmentname: 'Not yet' });

		const { error } = await world.segment({ operation: 'stop', segment: byId(id) });

		expect(error?.message).toBe('Segment "Not yet" is a draft and cannot be stopped.');
		expect(writes()).toEqual([]);
	});

	test('counts a stop that is already under way as done', async () => {
		const id = world.seedSegment();
		await world.segment({ operation: 'stop', segment: byId(id) });

		const { items, error } = await world.segment({ operation: 'stop', segment: byId(id) });

		expect(error).toBeUndefined();
		expect(items[0]?.json.changed).toBe(false);
	});
});

describe('Validate', () => {
	test('finds nothing against a definition that can go live', async () => {
		const { items } = await world.segment({
			operation: 'validate',
			validateWhat: 'definition',
			name: 'Try',
			type: 'dynamic',
			query: 'PROFILE(contact)',
		});

		expect(items[0]?.json).toMatchObject({ valid: true, findings: [] });
		expect(world.control.rows('msdyncrm_segments').some((row) => row.msdyncrm_segmentname === 'Try')).toBe(
			false,
		);
	});

	test('puts the code of the service into words', async () => {
		const id = world.seedSegment({
			msdyncrm_segmenttype: TYPE.dynamic,
			msdyncrm_segmentquery: 'PROFILE(UnknownEntity)',
		});

		const { items } = await world.segment({
			operation: 'validate',
			validateWhat: 'segment',
			segment: byId(id),
		});

		expect(items[0]?.json.valid).toBe(false);
		expect(items[0]?.json.findings).toContainEqual(
			expect.objectContaining({
				source: 'service',
				code: 'SegmentDciValidator_SegmentInvalid',
				message: 'The service cannot run this query. (field Query)',
			}),
		);
	});
});
