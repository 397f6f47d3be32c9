/** For each assumption about real-time segments themselves, what a user does that meets it. */

import { contactId } from '../../../emulator/data';
import type { NodeRunResult } from '../../support/engine';
import {
	COMPUTED,
	groupNames,
	realTime,
	seedJourney,
	seedLive,
	seedRealTime,
	SEGMENT_STATUS,
} from '../realTimeRows';
import { byId, type World } from '../world';
import type { Scenario } from './outbound';

const EXPIRY = 121 * 86_400_000;
const waiting = { wait: true, waitMinutes: 10 };
const everybody = 'PROFILE(contact)';

async function expectSuccess(run: Promise<NodeRunResult>): Promise<NodeRunResult> {
	const result = await run;
	expect(result.error).toBeUndefined();
	return result;
}

const create = async (world: World, parameters = {}) =>
	await realTime(world, { operation: 'create', name: `New ${crypto.randomUUID()}`, ...parameters });
const goLive = async (world: World, id: string, parameters = {}) =>
	await realTime(world, { operation: 'goLive', segment: byId(id), ...parameters });

/** Creates with a group, and looks at the two rows. */
const createStatic: Scenario = async (world) => {
	const run = await create(world, { type: 'static', groups: { group: [{ name: 'First' }] } });
	if (run.status === 'success') {
		expect(groupNames(world, run.items[0]?.json.definitionId)).toEqual(['First']);
	}
	return run;
};

/** Creates in another business unit than that of the user who signs in. */
const createInUnit: Scenario = async (world) => {
	const businessunitid = crypto.randomUUID();
	world.control.seed({ rows: { businessunits: [{ businessunitid, name: 'Sales' }] } });
	return await create(world, { type: 'static', options: { businessUnit: businessunitid } });
};

const createAndRead: Scenario = async (world) => {
	const made = await create(world, { type: 'static' });
	const id = String(made.items[0]?.json.id);
	const run = await realTime(world, { operation: 'get', segment: byId(id) });
	expect(run.items[0]?.json).toMatchObject({ id, type: 'static' });
	return run;
};

/** Creates or updates twice, by a name that has what the service may take for wildcards. */
const upsertTwice: Scenario = async (world) => {
	const name = `100% of [A_B] ${crypto.randomUUID()}`;
	const upsert = async () => await realTime(world, { operation: 'upsert', name, type: 'static' });
	const first = await expectSuccess(upsert());
	const run = await upsert();
	expect(run.items[0]?.json.id).toBe(first.items[0]?.json.id);
	return run;
};

const publish: Scenario = async (world) => {
	const run = await goLive(world, seedRealTime(world, { query: everybody }).id);
	if (run.status === 'success') expect(run.items[0]?.json.status).toBe('computing');
	return run;
};

const goLiveAndWait: Scenario = async (world) =>
	await goLive(world, seedRealTime(world, { query: everybody }).id, waiting);

/** Goes live with a query whose mistake only the service sees. */
const goLiveWithMistake: Scenario = async (world) =>
	await goLive(world, seedRealTime(world, { query: "PROFILE(contact)\n.FILTER(lastname = 'x')" }).id, {
		options: { checkQuery: false },
	});

/** A query longer than the table reference of 2024 allows. */
const createLong: Scenario = async (world) => {
	const conditions = Array.from({ length: 200 }, (_, n) => `lastname == 'Person ${n}'`).join(' || ');
	return await create(world, { type: 'dynamic', query: `PROFILE(contact).FILTER(${conditions})` });
};

const statusAfterFailure: Scenario = async (world) => {
	world.control.setAssumption('realTimePublishOutcome', 'faulted');
	const { id } = seedRealTime(world, { query: everybody });
	await expectSuccess(goLive(world, id));
	world.control.advanceClock(COMPUTED);
	const run = await realTime(world, { operation: 'getStatus', segment: byId(id) });
	expect(run.items[0]?.json).toMatchObject({ status: 'error', lastExecution: expect.any(String) });
	return run;
};

/** A segment that nobody used for four months is not live any more, and goes live again. */
const reviveExpired: Scenario = async (world) => {
	const { id } = seedRealTime(world, { query: everybody });
	await expectSuccess(goLive(world, id));
	world.control.advanceClock(COMPUTED);
	await expectSuccess(realTime(world, { operation: 'getStatus', segment: byId(id) }));
	world.control.advanceClock(EXPIRY);
	const status = await expectSuccess(realTime(world, { operation: 'getStatus', segment: byId(id) }));
	expect(['expired', 'stopped']).toContain(status.items[0]?.json.status);
	const run = await goLive(world, id);
	if (run.status === 'success') expect(run.items[0]?.json.status).toBe('computing');
	return run;
};

/** Live at first, ten minutes later, and after it stopped: the answer is right each time. */
const usageOfJourney: Scenario = async (world) => {
	const { id } = seedLive(world);
	const journey = seedJourney(world, id);
	const usage = async () => await realTime(world, { operation: 'getUsage', segment: byId(id) });
	expect((await expectSuccess(usage())).items[0]?.json).toMatchObject({ used: 'yes', liveJourneys: 1 });
	world.control.advanceClock(11 * 60_000);
	const named = await expectSuccess(usage());
	expect(named.items[0]?.json).toMatchObject({ used: 'yes', journeys: [{ id: journey, status: 'Live' }] });
	world.control.touch('msdynmkt_journeys', journey, { statuscode: 3, statecode: 2 });
	const run = await usage();
	if (run.status === 'success') expect(run.items[0]?.json).toMatchObject({ used: 'no', journeys: [] });
	return run;
};

/** Published after a journey used it: the estimate is no earlier than either, and the segment is there until then. */
const estimateExpiry: Scenario = async (world) => {
	const { id } = seedLive(world, { query: everybody });
	const journey = seedJourney(world, id);
	await expectSuccess(realTime(world, { operation: 'getMany' }));
	world.control.touch('msdynmkt_journeys', journey, { statuscode: 3, statecode: 2 });
	const run = await realTime(world, { operation: 'getUsage', segment: byId(id) });
	const { expiresAbout, lastUsedInJourney } = run.items[0]?.json ?? {};
	if (run.status === 'success') {
		expect(Date.parse(String(expiresAbout)) - Date.parse(String(lastUsedInJourney))).toBeGreaterThanOrEqual(
			EXPIRY - 86_400_000,
		);
	}
	return run;
};

const stopTwo: Scenario = async (world) => {
	const segments = [seedLive(world), seedLive(world)];
	world.control.setMembers(segments[0]?.id ?? '', [contactId(1)]);
	const items = segments.map(({ id }) => ({ json: { id } }));
	const run = await realTime(world, { operation: 'stop', segment: byId('={{ $json.id }}') }, items);
	if (run.status === 'success') {
		const rows = world.control.rows('msdynmkt_segments');
		const codes = segments.map(({ id }) => rows.find((row) => row.msdynmkt_segmentid === id)?.statuscode);
		const { stopped, stopping } = SEGMENT_STATUS;
		expect(codes.every((code) => code === stopping || code === stopped)).toBe(true);
	}
	return run;
};

/** Goes live with the query, and looks at who is in it; by last name. */
const members =
	(query: string, expected: (value: string) => readonly string[], options = {}): Scenario =>
	async (world, value) => {
		const run = await create(world, { type: 'dynamic', query, options: { goLive: true, ...options } });
		if (run.status !== 'success') return run;
		world.control.advanceClock(COMPUTED);
		const names = new Map(
			world.control.rows('contacts').map((row) => [String(row.contactid), String(row.lastname)]),
		);
		const found = world.control.members(String(run.items[0]?.json.id)) ?? [];
		expect(found.map((id) => names.get(id)).sort()).toEqual([...expected(value)].sort());
		return run;
	};

/** People of `seedNames` are named in the queries. */
export const realTimeSegmentScenarios: Readonly<Record<string, Scenario>> = {
	emptyText: createAndRead,
	equalTexts: upsertTwice,
	unitOnCreate: createInUnit,
	wrongMediaType: createAndRead,
	realTimeSegmentId: publish,
	realTimeStaticColumns: createStatic,
	realTimeSourceCreated: createStatic,
	realTimeQueryLength: createLong,
	realTimeChangeSets: createStatic,
	realTimeStaticType: createAndRead,
	realTimePublishRefusal: goLiveWithMistake,
	realTimePublishOutcome: goLiveAndWait,
	executionUpdates: goLiveAndWait,
	segmentTouchedByRefresh: goLiveAndWait,
	lateCommits: goLiveAndWait,
	executionRetention: goLiveAndWait,
	usageRows: usageOfJourney,
	usageSegmentId: usageOfJourney,
	usageTarget: usageOfJourney,
	realTimeExpiryClock: estimateExpiry,
	realTimeStopReply: stopTwo,
	realTimeSegmentStatus: statusAfterFailure,
	realTimeExpiredStatus: reviveExpired,
	realTimeQueryQuote: members("PROFILE(contact).FILTER(lastname == 'O''Hara')", () => ["O'Hara"]),
	realTimeQueryQuoteMark: members('PROFILE(contact).FILTER(lastname == "Indebted")', () => ['Indebted'], {
		checkQuery: false,
	}),
	realTimeQueryLogicWords: members(
		"PROFILE(contact).FILTER(lastname == 'Indebted' && ISNOTNULL(emailaddress1))",
		() => ['Indebted'],
	),
	realTimeQueryLogicOrder: members(
		"PROFILE(contact).FILTER((lastname == 'Indebted' || lastname == 'O''Hara') && ISNULL(emailaddress1))",
		() => [],
	),
	realTimeQueryTextCase: members("PROFILE(contact).FILTER(lastname == 'quiet')", (value) =>
		value === 'exact' ? ['quiet'] : ['Quiet', 'quiet'],
	),
};
