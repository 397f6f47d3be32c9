import { byId, byName, byUrl, World } from './world';

let world: World;
beforeAll(async () => {
	world = await World.start();
});
afterAll(async () => await world.close());
beforeEach(() => {
	world.control.clearLog();
	world.control.clearFaults();
	world.control.resetAssumptions();
});

const STATUS = { draft: 192350000, live: 192350001, stopped: 192350002, expired: 192350004 };

describe('Create', () => {
	test('says which other segment has the name', async () => {
		const first = world.seedSegment({ msdyncrm_segmentname: 'Twice the name' });

		const { items, hints } = await world.segment({ operation: 'create', name: 'Twice the name' });

		expect(items[0]?.json.created).toBe(true);
		expect(hints.map(({ message }) => message)).toEqual([expect.stringContaining(first)]);
	});

	test('makes a draft and returns its id and its address in the browser', async () => {
		const { items, status } = await world.segment({ operation: 'create', name: 'Spring readers' });

		expect(status).toBe('success');
		const [made] = items;
		const row = world.control
			.rows('msdyncrm_segments')
			.find((one) => one.msdyncrm_segmentid === made?.json.id);
		expect(row).toMatchObject({ msdyncrm_segmentname: 'Spring readers', statuscode: STATUS.draft });
		expect(made?.json.url).toContain(`id=${String(made?.json.id)}`);
		expect(made?.pairedItem).toEqual({ item: 0 });
	});

	test('makes one segment even when the answer is lost on the way', async () => {
		world.control.addFault({
			match: { method: 'POST', path: 'msdyncrm_segments$' },
			effect: { kind: 'resetAfter' },
		});

		const { status } = await world.segment({ operation: 'create', name: 'Made once' });

		expect(status).toBe('success');
		const made = world.control
			.rows('msdyncrm_segments')
			.filter((one) => one.msdyncrm_segmentname === 'Made once');
		expect(made).toHaveLength(1);
		expect(world.control.faultsHit()).toBeGreaterThan(0);
	});

	test('names the missing privilege and says whom to ask', async () => {
		const [admin] = world.control.users();
		world.control.changeUser(admin?.userId ?? '', { missingPrivileges: ['prvCreatemsdyncrm_segment'] });

		const { status, error } = await world.segment({ operation: 'create', name: 'Not allowed' });
		world.control.changeUser(admin?.userId ?? '', { missingPrivileges: [] });

		expect(status).toBe('error');
		expect(`${error?.message} ${error?.description}`).toMatch(/privilege|security role/i);
	});
});

describe('choosing the segment', () => {
	let id: string;
	beforeAll(() => {
		id = world.seedSegment({ msdyncrm_segmentname: "Ada's 100% [readers]_x" });
		world.seedSegment({ msdyncrm_segmentname: 'Ada’s 100 readers xx' });
		world.seedSegment({ msdyncrm_segmentname: 'Twice' });
		world.seedSegment({ msdyncrm_segmentname: 'Twice' });
	});

	test.each([
		['its id', () => byId(id)],
		['its id in braces and capitals', () => byId(`{${id.toUpperCase()}}`)],
		['its name, whatever characters that has', () => byName("Ada's 100% [readers]_x")],
		[
			'its address in the browser',
			() =>
				byUrl(
					`${world.emulator.url}/main.aspx?appid=1&pagetype=entityrecord&etn=msdyncrm_segment&id=%7b${id}%7d`,
				),
		],
	])('works by %s', async (_, locator) => {
		const { items, error } = await world.segment({ operation: 'get', segment: locator() });

		expect(error).toBeUndefined();
		expect(items.map(({ json }) => json.id)).toEqual([id]);
	});

	test('refuses text that is no id before any request, and says what one looks like', async () => {
		const { error } = await world.segment({ operation: 'get', segment: byId('my segment') });

		expect(error?.message).toBe('Segment: "my segment" is not an ID.');
		expect(error?.description).toMatch(/GUID/);
		expect(world.requests()).toEqual([]);
	});

	test('refuses an address of another table before any request', async () => {
		const { error } = await world.segment({
			operation: 'get',
			segment: byUrl(`${world.emulator.url}/main.aspx?etn=contact&id=${id}`),
		});

		expect(error?.message).toContain('contact');
		expect(world.requests()).toEqual([]);
	});

	test('says so when no segment has the name', async () => {
		const { error } = await world.segment({ operation: 'get', segment: byName('Nobody') });

		expect(error?.message).toBe('There is no segment named "Nobody".');
	});

	test('refuses a name that several segments have, and lists their ids', async () => {
		const { error } = await world.segment({ operation: 'get', segment: byName('Twice') });

		expect(error?.message).toMatch(
			/^Several segments are named "Twice": [0-9a-f-]{36} \(Live\), [0-9a-f-]{36}/,
		);
	});

	test('says so when there is no segment with the id', async () => {
		const { error } = await world.segment({
			operation: 'get',
			segment: byId('11111111-2222-4333-8444-555555555555'),
		});

		expect(error?.message).toBe(
			'There is no outbound segment with the ID 11111111-2222-4333-8444-555555555555.',
		);
	});
});

describe('Get Many', () => {
	test('finds segments by part of their name, newest first when asked', async () => {
		world.seedSegment({ msdyncrm_segmentname: 'Report 2025' });
		world.control.advanceClock(60_000);
		world.seedSegment({ msdyncrm_segmentname: 'report 2026' });

		const { items } = await world.segment({
			operation: 'getMany',
			returnAll: true,
			filters: { nameContains: 'REPORT' },
			sortBy: 'createdOn',
		});

		expect(items.map(({ json }) => json.name)).toEqual(['report 2026', 'Report 2025']);
	});

	test('returns no more than the limit', async () => {
		const { items } = await world.segment({ operation: 'getMany', returnAll: false, limit: 2 });

		expect(items).toHaveLength(2);
		expect(world.requests()).toHaveLength(1);
	});

	test('finds segments by status and type together', async () => {
		const id = world.seedSegment({ statuscode: STATUS.stopped, msdyncrm_segmenttype: 192350000 });
		world.seedSegment({ statuscode: STATUS.stopped });

		const { items } = await world.segment({
			operation: 'getMany',
			returnAll: true,
			filters: { statuses: ['stopped'], types: ['dynamic'] },
		});

		expect(items.map(({ json }) => json.id)).toEqual([id]);
	});

	test('reaches the success branch with an error item only where an item failed', async () => {
		const { branches } = await world.segment(
			{ operation: 'getMany', limit: '={{ $json.limit }}' },
			[{ json: { limit: 1 } }, { json: { limit: 'many' } }],
			{ onError: 'continueErrorOutput' },
		);

		expect(branches[0]).toHaveLength(1);
		expect(branches[1]?.map(({ json }) => json.error)).toEqual(['Limit has to be a number of at least 1.']);
	});
});

describe('Go Live', () => {
	test('waits until the service says live', async () => {
		const id = world.seedSegment({ statuscode: STATUS.draft });

		const { items } = await world.segment({
			operation: 'goLive',
			segment: byId(id),
			wait: true,
			waitMinutes: 5,
		});

		expect(items[0]?.json).toMatchObject({ id, status: 'live', changed: true, timedOut: false });
	});

	test('writes nothing to a segment that is live already', async () => {
		const id = world.seedSegment();

		const { items } = await world.segment({ operation: 'goLive', segment: byId(id) });

		expect(items[0]?.json).toMatchObject({ status: 'live', changed: false });
		expect(world.requests().every((request) => request.startsWith('GET '))).toBe(true);
	});

	test('refuses an expired segment before writing and says what to do instead', async () => {
		const id = world.seedSegment({ statuscode: STATUS.expired, statecode: 1, msdyncrm_segmentname: 'Old' });

		const { error } = await world.segment({ operation: 'goLive', segment: byId(id) });

		expect(error?.message).toBe('Segment "Old" is expired and cannot go live.');
		expect(error?.description).toMatch(/create a new segment/i);
		expect(world.requests().every((request) => request.startsWith('GET '))).toBe(true);
	});
});

describe('Get Status', () => {
	test('gives the status in one word beside the values of the service', async () => {
		const id = world.seedSegment({ statuscode: STATUS.stopped });

		const { items } = await world.segment({ operation: 'getStatus', segment: byId(id) });

		expect(items[0]?.json).toMatchObject({
			id,
			status: 'stopped',
			statusLabel: 'Stopped',
			statuscode: STATUS.stopped,
		});
	});
});

describe('Delete', () => {
	test('deletes a draft', async () => {
		const id = world.seedSegment({ statuscode: STATUS.draft });

		const { items } = await world.segment({ operation: 'delete', segment: byId(id) });

		expect(items[0]?.json).toMatchObject({ deleted: true, id });
		expect(world.control.rows('msdyncrm_segments').some((row) => row.msdyncrm_segmentid === id)).toBe(false);
	});

	test('keeps a live segment and says how to delete it', async () => {
		const id = world.seedSegment({ msdyncrm_segmentname: 'In use' });

		const { error } = await world.segment({ operation: 'delete', segment: byId(id) });

		expect(error?.message).toBe('Segment "In use" is live and was not deleted.');
		expect(error?.description).toMatch(/Stop First/);
		expect(world.control.rows('msdyncrm_segments').some((row) => row.msdyncrm_segmentid === id)).toBe(true);
	});

	test('stops a live segment first when told to', async () => {
		const id = world.seedSegment();

		const { items } = await world.segment({
			operation: 'delete',
			segment: byId(id),
			options: { stopFirst: true },
		});

		expect(items[0]?.json.deleted).toBe(true);
	});
});
