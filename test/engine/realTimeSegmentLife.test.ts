import { contactId } from '../../emulator/data';
import {
	COMPUTED,
	hintTexts,
	realTime,
	seedJourney,
	seedLive,
	seedRealTime,
	SEGMENT_STATUS,
	segmentRow,
	words,
} from './realTimeRows';
import { expectDetails } from '../support/engine';
import { byId, byName, World } from './world';

let world: World;
/** Where time passes only when it is told to. */
let still: World;
beforeAll(async () => {
	world = await World.start();
	still = await World.start({ clockSpeed: 0 });
});
afterAll(async () => {
	await world.close();
	await still.close();
});
beforeEach(() => {
	world.control.clearLog();
	world.control.clearFaults();
	world.control.resetAssumptions();
});

const reachable = 'PROFILE(contact).FILTER(ISNOTNULL(emailaddress1))';
const waiting = { wait: true, waitMinutes: 10 };
const calls = (action: string, where = world) =>
	where.requests().filter((request) => request.includes(action));
const queryName = (id: string) => `SEGMENT_CJO_ID_${id.replace(/-/g, '')}`;

describe('Go Live', () => {
	test('publishes, and returns while the segment is being computed', async () => {
		const { id } = seedRealTime(world, { query: reachable });

		const { items, error } = await realTime(world, { operation: 'goLive', segment: byId(id) });

		expect(error).toBeUndefined();
		expect(items[0]?.json).toMatchObject({ id, status: 'computing', changed: true, timedOut: false });
	});

	test('waits until the segment is live, and shows how many people are in it', async () => {
		const { id } = seedRealTime(world, { query: reachable });

		const { items } = await realTime(world, { operation: 'goLive', segment: byId(id), ...waiting });

		expect(items[0]?.json).toMatchObject({ status: 'live', timedOut: false, reason: null });
		expect(items[0]?.json.memberCount).toBe(world.control.members(id)?.length);
	});

	test('takes a segment live that nobody is in', async () => {
		const { id } = seedRealTime(world);

		const { items } = await realTime(world, { operation: 'goLive', segment: byId(id), ...waiting });

		expect(items[0]?.json).toMatchObject({ status: 'live', memberCount: 0 });
	});

	test('leaves a segment alone that is live and unchanged, unless it is to be published again', async () => {
		const { id } = seedRealTime(still, { query: reachable });
		await realTime(still, { operation: 'goLive', segment: byId(id) });
		still.control.advanceClock(COMPUTED);
		still.control.clearLog();

		const again = await realTime(still, { operation: 'goLive', segment: byId(id), ...waiting });
		const publishes = calls('PublishSegmentDefinition', still).length;
		const forced = await realTime(still, {
			operation: 'goLive',
			segment: byId(id),
			options: { publishAgain: true },
		});

		expect(again.items[0]?.json).toMatchObject({ status: 'live', changed: false });
		expect(publishes).toBe(0);
		expect(forced.items[0]?.json).toMatchObject({ status: 'computing', changed: true });
	});

	test.each([undefined, null])(
		'twice during the first computation publishes once (definition changed: %s)',
		async (at) => {
			const { id } = seedRealTime(still, {
				query: reachable,
				definition: { msdynmkt_definitionmodifiedon: at },
			});
			still.control.clearLog();
			await realTime(still, { operation: 'goLive', segment: byId(id) });
			still.control.advanceClock(5_000);

			const again = await realTime(still, { operation: 'goLive', segment: byId(id) });

			expect(calls('PublishSegmentDefinition', still)).toHaveLength(1);
			expect(again.items[0]?.json).toMatchObject({ status: 'computing', changed: false });
		},
	);

	test('publishes once more what was changed during the first computation', async () => {
		const definition = { msdynmkt_definitionmodifiedon: null };
		const { id, definitionId } = seedRealTime(still, { query: reachable, definition });
		await realTime(still, { operation: 'goLive', segment: byId(id) });
		still.control.advanceClock(30_000);
		const modifiedon = new Date(still.control.now()).toISOString();
		still.control.touch('msdynmkt_segmentdefinitions', definitionId, { modifiedon });
		still.control.clearLog();

		const again = await realTime(still, { operation: 'goLive', segment: byId(id) });

		expect(calls('PublishSegmentDefinition', still)).toHaveLength(1);
		expect(again.items[0]?.json).toMatchObject({ changed: true });
	});

	test('goes on when the waiting time is over, and says so', async () => {
		const { id } = seedRealTime(still, { query: reachable });

		const run = await realTime(still, {
			operation: 'goLive',
			segment: byId(id),
			wait: true,
			waitMinutes: 0.001,
		});

		expect(run.items[0]?.json).toMatchObject({ status: 'computing', timedOut: true });
		expect(hintTexts(run)).toContain('was not live yet when the waiting time was over');
	});

	test('shows warnings beside the segment that is live with them', async () => {
		world.control.setAssumption('realTimePublishOutcome', 'warnings');
		const { id } = seedRealTime(world, { query: reachable });

		const run = await realTime(world, { operation: 'goLive', segment: byId(id), ...waiting });

		expect(run.items[0]?.json).toMatchObject({ status: 'liveWithWarnings', timedOut: false });
		expect(hintTexts(run)).toContain('is live with warnings.');
	});

	test.each([
		['error', 'Error'],
		['faulted', 'Faulted'],
	])('tells a computation that ends as %s from others, with the reason', async (outcome, label) => {
		world.control.setAssumption('realTimePublishOutcome', outcome);
		const { id } = seedRealTime(world, { name: `Ends as ${outcome}`, query: reachable });

		const run = await realTime(world, { operation: 'goLive', segment: byId(id), ...waiting });

		expect(run.error?.message).toContain(
			`Segment "Ends as ${outcome}" did not go live: it ended in the status ${label}`,
		);
		expect(run.error?.message).toContain('The service says: The computation failed.');
		expect(run.error?.description).toContain('go live again');
	});

	test('shows the place in the query where the service stopped reading', async () => {
		const { id } = seedRealTime(world, { query: "PROFILE(contact)\n.FILTER(lastname = 'x')" });

		const run = await realTime(world, {
			operation: 'goLive',
			segment: byId(id),
			options: { checkQuery: false },
		});

		expect(run.error?.message).toContain('the service cannot read its query at line 2, column 18');
		expect(run.error?.message).toContain('near "=');
	});

	test('revives a segment that expired', async () => {
		const { id } = seedLive(world, { segment: { statuscode: SEGMENT_STATUS.expired, statecode: 1 } });

		const { items } = await realTime(world, { operation: 'goLive', segment: byId(id) });

		expect(items[0]?.json).toMatchObject({ status: 'computing', changed: true });
	});

	test('is not said to have happened when the service answers with null, which says nothing', async () => {
		const { id } = seedRealTime(world, { query: reachable });
		const effect = { kind: 'answer', json: { value: null } } as const;
		world.control.addFault({ match: { path: 'PublishSegmentDefinition' }, effect });

		const run = await realTime(world, { operation: 'goLive', segment: byId(id) });

		expect(run.items).toEqual([]);
		expect(words(run)).toContain('does not say whether it was made');
	});

	test('refuses a segment that is stopping, and says when it can go live', async () => {
		const { id } = seedLive(world, { segment: { statuscode: SEGMENT_STATUS.stopping } });

		const run = await realTime(world, { operation: 'goLive', segment: byId(id) });

		expect(words(run)).toContain('is stopping and cannot go live');
		expect(words(run)).toContain('Wait until it is stopped');
	});
});

describe('Stop', () => {
	const eachItem = '={{ $json.id }}';
	const items = (...ids: readonly string[]) => ids.map((id) => ({ json: { id } }));
	const stopEach = { operation: 'stop', segment: byId(eachItem) };

	test('stops the segments of all items with one call, and returns an item for each', async () => {
		const seeded = Array.from({ length: 5 }, () => seedLive(world));

		const run = await realTime(world, { ...stopEach, ...waiting }, items(...seeded.map(({ id }) => id)));

		expect(run.error).toBeUndefined();
		expect(calls('StopSegments')).toHaveLength(1);
		expect(run.items.map(({ json, pairedItem }) => [json.id, json.status, pairedItem])).toEqual(
			seeded.map(({ id }, item) => [id, 'stopped', { item }]),
		);
	});

	test('asks in calls of a hundred', async () => {
		const seeded = Array.from({ length: 101 }, () => seedLive(still));
		still.control.clearLog();

		const run = await realTime(still, stopEach, items(...seeded.map(({ id }) => id)));

		expect(run.items).toHaveLength(101);
		expect(run.items.every(({ json }) => json.status === 'stopping')).toBe(true);
		expect(calls('StopSegments', still)).toHaveLength(2);
	});

	test('tells what was stopped when a later call for many segments is refused', async () => {
		const ids = Array.from({ length: 101 }, (_, n) => seedLive(world, { name: `Many ${n}` }).id);
		world.control.addFault({
			match: { path: 'StopSegments' },
			skip: 1,
			effect: { kind: 'status', status: 403, code: '0x80040220', message: 'missing privilege' },
		});

		const { branches } = await realTime(
			world,
			{ operation: 'stop', segment: { __rl: true, mode: 'id', value: '={{ $json.id }}' } },
			ids.map((id) => ({ json: { id } })),
			{ onError: 'continueErrorOutput' },
		);
		world.control.clearFaults();

		expect(branches[0]).toHaveLength(100);
		expect(branches[1]?.map(({ json }) => json.error)).toEqual([
			expect.stringContaining('the call that was to stop it ended early'),
		]);
	});

	test('does not put its own words into the mouth of a service that says nothing', async () => {
		const { id } = seedLive(world, { name: 'Silent' });
		const json = { value: null };
		world.control.addFault({ match: { path: 'StopSegments' }, effect: { kind: 'answer', json } });

		const run = await realTime(world, { operation: 'stop', segment: byId(id) });

		expect(words(run)).toContain('The service answered in a form that is not documented');
		expect(words(run)).not.toMatch(/the service says/i);
	});

	test('tells what was stopped when the status of one that the answer does not name cannot be read', async () => {
		const [told, silent] = [seedLive(world, { name: 'Told' }), seedLive(world, { name: 'Silent' })];
		const json = { stopSingleSegmentResults: [{ SegmentId: told.id, WasStopped: true }] };
		world.control.addFault({ match: { path: 'StopSegments' }, effect: { kind: 'answer', json } });
		world.control.addFault({
			match: { method: 'GET', path: `msdynmkt_segments\\(${silent.id}` },
			effect: { kind: 'status', status: 403, code: '0x80040220', message: 'missing privilege' },
		});

		const { branches } = await realTime(world, stopEach, items(told.id, silent.id), {
			onError: 'continueErrorOutput',
		});
		world.control.clearFaults();

		expect(branches[0]?.map(({ json }) => json.id)).toEqual([told.id]);
		expect(branches[1]?.map(({ json }) => json.error)).toEqual([
			expect.stringContaining('Whether segment "Silent" was stopped is not known'),
		]);
	});

	test('keeps what was stopped when the status cannot be read again while it waits', async () => {
		const { id } = seedLive(still, { name: 'Unread' });
		still.control.addFault({
			match: { method: 'GET', path: 'msdynmkt_segments' },
			skip: 1,
			effect: { kind: 'status', status: 403, code: '0x80040220', message: 'missing privilege' },
		});

		const run = await realTime(still, { operation: 'stop', segment: byId(id), wait: true });
		still.control.clearFaults();

		expect(run.error).toBeUndefined();
		expect(run.items[0]?.json).toMatchObject({ id, changed: true, timedOut: true });
		expect(hintTexts(run)).toContain('Not stopped yet when the waiting ended early: "Unread".');
	});

	test('takes either id, a name, and one segment twice', async () => {
		const { id, definitionId } = seedLive(world, { name: 'Stop by name' });

		const byIds = await realTime(world, stopEach, items(id, definitionId, id.toUpperCase()));
		const byItsName = await realTime(world, { operation: 'stop', segment: byName('Stop by name') });

		expect(byIds.items.map(({ json }) => json.id)).toEqual([id, id, id]);
		expect(byItsName.items[0]?.json).toMatchObject({ id, changed: false });
	});

	test('names the journeys and segments in the way, and stops the others', async () => {
		const [free, busy] = [seedLive(world), seedLive(world, { name: 'Busy' })];
		seedJourney(world, busy.id, 'Welcome');
		seedLive(world, { name: 'Built on it', query: `SEGMENT(${queryName(busy.id)})` });

		const run = await realTime(world, stopEach, items(free.id, busy.id));

		expect(run.error?.message).toContain('1 of 2 segments was not stopped.');
		expect(run.error?.message).toContain(
			'Segment "Busy" was not stopped, because the journey "Welcome" and the segment "Built on it" use it',
		);
		expect(run.error?.description).toContain('Stop those first');
		expect(segmentRow(world, free.id).statuscode).not.toBe(SEGMENT_STATUS.active);
		expect(segmentRow(world, busy.id).statuscode).toBe(SEGMENT_STATUS.active);
	});

	test('sends what is blocked, missing or no id down the error branch, and the rest down the other', async () => {
		const [free, busy] = [seedLive(world), seedLive(world)];
		const journey = seedJourney(world, busy.id, 'Welcome');
		const nowhere = '11111111-2222-4333-8444-555555555555';

		const { branches } = await realTime(world, stopEach, items(free.id, busy.id, nowhere, 'no id'), {
			onError: 'continueErrorOutput',
		});

		expect(branches[0]?.map(({ json }) => json.id)).toEqual([free.id]);
		expect(branches[1]?.map(({ json }) => json.error)).toEqual([
			expect.stringContaining('because the journey "Welcome" uses it'),
			expect.stringContaining(`There is no real-time segment with the ID ${nowhere}`),
			'Segment: "no id" is not an ID.',
		]);
		expectDetails(branches[1]?.[0], {
			id: busy.id,
			dependentJourneys: [{ id: journey, name: 'Welcome' }],
		});
	});

	test('sends nothing when an item names no segment and the flow ends there', async () => {
		const { id } = seedLive(world);

		const run = await realTime(world, stopEach, items(id, 'no id'));

		expect(words(run)).toContain('"no id" is not an ID');
		expect(calls('StopSegments')).toEqual([]);
	});

	test('says what to do about a segment that expired, and about a draft', async () => {
		const expired = seedLive(world, { segment: { statuscode: SEGMENT_STATUS.expired, statecode: 1 } });

		const run = await realTime(world, { operation: 'stop', segment: byId(expired.id) });
		const draft = await realTime(world, { operation: 'stop', segment: byId(seedRealTime(world).id) });

		expect(words(run)).toContain('Go Live revives it');
		expect(words(draft)).toContain('is a draft and cannot be stopped');
	});

	test('names those that were not stopped in time', async () => {
		const { id } = seedLive(still, { name: 'Slow' });

		const run = await realTime(still, {
			operation: 'stop',
			segment: byId(id),
			wait: true,
			waitMinutes: 0.0001,
		});

		expect(run.items[0]?.json).toMatchObject({ timedOut: true, status: 'stopping' });
		expect(hintTexts(run)).toContain('Not stopped yet when the waiting time was over: "Slow".');
	});
});

describe('Get Status', () => {
	test('tells the status in one word, with the values of the service', async () => {
		const { id } = seedLive(world);
		world.control.setMembers(id, [contactId(1)]);

		const { items } = await realTime(world, { operation: 'getStatus', segment: byId(id) });

		expect(items[0]?.json).toMatchObject({ id, status: 'live', statecode: 0, statuscode: 1 });
		expect(items[0]?.json).not.toHaveProperty('reason');
	});

	test('says why a segment is in error', async () => {
		world.control.setAssumption('realTimePublishOutcome', 'faulted');
		const { id } = seedRealTime(world, { query: reachable });
		await realTime(world, { operation: 'goLive', segment: byId(id) });
		world.control.advanceClock(COMPUTED);

		const { items } = await realTime(world, { operation: 'getStatus', segment: byId(id) });

		expect(items[0]?.json).toMatchObject({
			status: 'error',
			statusLabel: expect.stringContaining('Faulted'),
			reason: 'The computation failed.',
		});
	});
});
