import { ServerResponse } from 'node:http';
import { COMPUTED, hintTexts, realTime, seedJourney, seedLive, seedRealTime, words } from './realTimeRows';
import type { SeededSegment } from './realTimeRows';
import { byId, World } from './world';

/** Get Many as an overview of all segments, Get Usage, and what other operations say of segments in live journeys. */

let world: World;
beforeEach(async () => {
	world = await World.start({ contacts: 10 });
});
afterEach(async () => await world.close());

const DAY = 86_400_000;
const VIRTUAL_NOW = () => world.control.now();

function setRights(...missingPrivileges: readonly string[]): void {
	world.control.changeUser(world.emulator.clientId, { missingPrivileges, privilegeDepths: {} });
}

const getMany = async (filters = {}, more = {}) =>
	await realTime(world, { operation: 'getMany', returnAll: true, filters, ...more });

async function rowOf(name: string, filters = {}) {
	const { items, error } = await getMany({ nameContains: name, ...filters });
	expect(error).toBeUndefined();
	return items[0]?.json ?? {};
}

const namesOf = async (filters: object) => (await getMany(filters)).items.map(({ json }) => json.name);

async function evaluated(name: string): Promise<SeededSegment> {
	const made = seedRealTime(world, { name, query: 'PROFILE(contact)' });
	await realTime(world, { operation: 'goLive', segment: byId(made.id) });
	world.control.advanceClock(COMPUTED);
	return made;
}

function seedExecution({ definitionId }: SeededSegment, statuscode: number, hoursAgo: number): void {
	const at = new Date(VIRTUAL_NOW() - hoursAgo * 3_600_000).toISOString();
	world.control.seed({
		rows: {
			msdynmkt_segmentexecutions: [
				{
					msdynmkt_segmentdefinitionid: definitionId,
					'msdynmkt_segmentdefinitionid@table': 'msdynmkt_segmentdefinition',
					statuscode,
					msdynmkt_finishedon: at,
					modifiedon: at,
				},
			],
		},
	});
}

const [FAILED, TIMED_OUT] = [723270003, 723270004];

describe('the overview', () => {
	it('shows a live segment in a journey: name first, ids last, status in the words of the screen', async () => {
		const { id, definitionId } = await evaluated('Readers');
		seedJourney(world, id, 'Welcome');
		const row = await rowOf('Readers');
		expect(row).toMatchObject({
			name: 'Readers',
			status: 'live',
			statusLabel: 'Ready to use',
			memberCount: expect.any(Number),
			lastEvaluation: expect.stringMatching(/^\d{4}-.*Z$/),
			lastOutcome: 'succeeded',
			failuresLast48Hours: 0,
			used: 'yes',
			usedBy: 'journeys: Welcome',
			liveJourneys: 1,
			idleSince: null,
			expiresAbout: null,
			type: 'dynamic',
			audience: 'contact',
			id,
			definitionId,
		});
		expect(Object.keys(row)[0]).toBe('name');
		expect(Object.keys(row).slice(-2)).toEqual(['id', 'definitionId']);
	});

	it('gives a segment that nothing uses the day since which it is idle, and an estimate of its expiry', async () => {
		await evaluated('Forgotten');
		const row = await rowOf('Forgotten');
		expect(row).toMatchObject({ used: 'no', usedBy: 'nothing', idleSince: expect.stringMatching(/Z$/) });
		const days = (Date.parse(String(row.expiresAbout)) - VIRTUAL_NOW()) / DAY;
		expect(days).toBeGreaterThan(118);
		expect(days).toBeLessThan(121);
	});

	it('a draft counts its groups, was never evaluated and does not expire', async () => {
		seedRealTime(world, { name: 'Sketch', groups: [{ name: 'A' }, { name: 'B', includeType: 'Exclude' }] });
		expect(await rowOf('Sketch')).toMatchObject({
			statusLabel: 'Draft',
			memberCount: null,
			lastEvaluation: null,
			lastOutcome: 'never',
			groupCount: 2,
			expiresAbout: null,
		});
	});

	it('names other segments, shows use in content as such, and skips journeys that are superseded or stopped', async () => {
		const { id } = seedLive(world, { name: 'Base' });
		const query = `PROFILE(contact) INTERSECT SEGMENT(SEGMENT_CJO_ID_${id.replaceAll('-', '')})`;
		seedLive(world, { name: 'Both', query });
		const journey = { msdynmkt_segmentids: id, statuscode: 2, statecode: 1 };
		world.control.seed({
			rows: {
				msdynmkt_journeys: [
					{ ...journey, msdynmkt_name: 'Version 1', msdynmkt_issupersededbylaterversion: true },
					{ ...journey, msdynmkt_name: 'Ended', statuscode: 3, statecode: 2 },
				],
				msdynmkt_segmentusages: [
					{
						msdynmkt_usage: 5,
						msdynmkt_segmentid: id,
						msdynmkt_targetsegmentid: id,
						'msdynmkt_targetsegmentid@table': 'msdynmkt_segment',
					},
				],
			},
		});
		expect(await rowOf('Base')).toMatchObject({
			used: 'yes',
			usedBy: 'segments: Both; content',
			liveJourneys: 0,
		});
	});

	it('a failure of the last 48 hours is the outcome unless an evaluation succeeded after it', async () => {
		const [failing, mended, old] = [
			await evaluated('Failing'),
			await evaluated('Mended'),
			await evaluated('Old'),
		];
		world.control.advanceClock(5 * 60_000);
		seedExecution(failing, TIMED_OUT, 0);
		seedExecution(mended, FAILED, 3);
		seedExecution(old, FAILED, 72);
		expect(await rowOf('Failing')).toMatchObject({ lastOutcome: 'timed out', failuresLast48Hours: 1 });
		expect(await rowOf('Mended')).toMatchObject({ lastOutcome: 'succeeded', failuresLast48Hours: 1 });
		expect(await rowOf('Old')).toMatchObject({ lastOutcome: 'succeeded', failuresLast48Hours: 0 });
		expect(await namesOf({ failing: true })).toEqual(['Failing']);
	});

	it('takes four requests for forty segments, and two for their raw rows', async () => {
		for (let n = 0; n < 40; n += 1) seedLive(world, { name: `Segment ${n}` });
		world.control.clearLog();
		expect((await getMany()).items).toHaveLength(40);
		expect(world.control.log({ path: '/api/data/' })).toHaveLength(4);
		world.control.clearLog();
		expect((await getMany({}, { simplify: false })).items[0]?.json).toHaveProperty('msdynmkt_displayname');
		expect(world.control.log({ path: '/api/data/' })).toHaveLength(2);
	});
});

describe('the filters for housekeeping', () => {
	it('Not Used, Empty and Expiring Within give the segments to look at', async () => {
		const used = await evaluated('Used');
		seedJourney(world, used.id);
		await evaluated('Unused');
		seedLive(world, { name: 'Nobody', segment: { msdynmkt_membercount: 0 } });
		seedRealTime(world, { name: 'Draft' });
		expect(await namesOf({ notUsed: true })).toEqual(['Draft', 'Nobody', 'Unused']);
		expect(await namesOf({ empty: true })).toEqual(['Nobody']);
		expect(await namesOf({ expiringWithin: 30 })).toEqual([]);
		world.control.advanceClock(100 * DAY);
		expect(await namesOf({ expiringWithin: 30, nameContains: 'U' })).toContain('Unused');
		expect(await namesOf({ expiringWithin: 30, nameContains: 'U' })).not.toContain('Used');
	});

	it('finds what fits behind the first page, and stops at the limit', async () => {
		for (let n = 0; n < 130; n += 1) seedLive(world, { name: `A ${String(n).padStart(3, '0')}` });
		seedLive(world, { name: 'B empty', segment: { msdynmkt_membercount: 0 } });
		seedLive(world, { name: 'C empty', segment: { msdynmkt_membercount: 0 } });
		const { items } = await getMany({ empty: true }, { returnAll: false, limit: 1 });
		expect(items.map(({ json }) => json.name)).toEqual(['B empty']);
	});
});

describe('where a table may not be read', () => {
	it('usage is "not known" and never "no", and the hint names the right', async () => {
		await evaluated('Readers');
		setRights('prvReadmsdynmkt_segmentusage');
		const run = await getMany();
		expect(run.items[0]?.json).toMatchObject({
			used: 'not known',
			usedBy: 'not known',
			idleSince: 'not known',
			expiresAbout: 'not known',
			lastOutcome: 'succeeded',
		});
		expect(hintTexts(run)).toContain('prvReadmsdynmkt_segmentusage');
	});

	it("the segment's own count of live journeys still says that it is used", async () => {
		const { id } = await evaluated('Readers');
		seedJourney(world, id);
		setRights('prvReadmsdynmkt_segmentusage');
		expect(await rowOf('Readers')).toMatchObject({
			used: 'yes',
			usedBy: 'journeys: 1 not named',
			liveJourneys: 1,
		});
	});

	it('journeys without names are shown by their IDs, and a stopped one is not known to be stopped', async () => {
		world.control.setAssumption('usageRows', 'kept');
		const { id } = await evaluated('Readers');
		const journey = seedJourney(world, id);
		await getMany();
		world.control.touch('msdynmkt_journeys', journey, { statuscode: 3, statecode: 2 });
		setRights('prvReadmsdynmkt_journey');
		const row = await rowOf('Readers');
		expect(row.usedBy).toBe(`journeys: ${journey}`);
		expect(row.used).toBe('not known');
	});

	it('the outcome of evaluations is "not known" without the right to read executions', async () => {
		await evaluated('Readers');
		setRights('prvReadmsdynmkt_segmentexecution');
		expect(await rowOf('Readers')).toMatchObject({
			lastOutcome: 'not known',
			failuresLast48Hours: 'not known',
			used: 'no',
		});
	});

	it.each([
		['an environment without the table', 404, '0x80060888', 'Resource not found for the segment'],
		['a table in another form', 400, '0x80060888', 'Could not find a property named'],
	])('%s is "not known" too, and the segments come all the same', async (_, status, code, message) => {
		await evaluated('Readers');
		world.control.addFault({
			match: { path: 'msdynmkt_segmentusages' },
			times: 0,
			effect: { kind: 'status', status, code, message },
		});
		expect(await rowOf('Readers')).toMatchObject({ used: 'not known', lastOutcome: 'succeeded' });
	});

	it('where only the rows behind the lookups have other names, uses are read without them', async () => {
		const { id } = await evaluated('Readers');
		const journey = seedJourney(world, id);
		world.control.addFault({
			match: { path: 'msdynmkt_segmentusages.*expand' },
			times: 0,
			effect: { kind: 'status', status: 400, code: '0x80060888', message: 'Could not find a property named' },
		});
		expect(await rowOf('Readers')).toMatchObject({ used: 'yes', usedBy: `journeys: ${journey}` });
	});

	it.each([
		['notUsed', true, 'prvReadmsdynmkt_segmentusage', 'Not Used'],
		['expiringWithin', 30, 'prvReadmsdynmkt_segmentusage', 'Expiring Within (Days)'],
		['failing', true, 'prvReadmsdynmkt_segmentexecution', 'Failing'],
	])('the filter %s is refused rather than answered with nothing', async (filter, value, right, title) => {
		await evaluated('Readers');
		setRights(right);
		const run = await getMany({ [filter]: value });
		expect(words(run)).toContain(`The filter "${title}" cannot be checked`);
		expect(words(run)).toContain(right);
	});

	describe('when the answers of the environment have no Date header, and this machine has another time', () => {
		beforeEach(() => {
			world.control.advanceClock(400 * DAY);
			const writeHead = Reflect.get(ServerResponse.prototype, 'writeHead') as (
				...given: unknown[]
			) => unknown;
			jest.spyOn(ServerResponse.prototype, 'writeHead').mockImplementation(function (
				this: ServerResponse,
				...given: readonly unknown[]
			) {
				this.removeHeader('date');
				const [status, headers] = given;
				if (typeof headers === 'object' && headers !== null) Reflect.deleteProperty(headers, 'date');
				return Reflect.apply(writeHead, this, [status, headers]) as ServerResponse;
			});
		});
		afterEach(() => jest.restoreAllMocks());

		it('recent failures are not known, and the node says why', async () => {
			const made = await evaluated('Failing');
			seedExecution(made, FAILED, 2);
			const run = await getMany({ nameContains: 'Failing' });
			expect(run.items[0]?.json).toMatchObject({ failuresLast48Hours: 'not known' });
			expect(hintTexts(run)).toContain('does not say what time it is');
		});

		it.each([
			['expiringWithin', 30, 'Expiring Within (Days)'],
			['failing', true, 'Failing'],
		])(
			'the filter %s is refused rather than answered by the time of this machine',
			async (filter, value, title) => {
				await evaluated('Readers');
				const run = await getMany({ [filter]: value });
				expect(words(run)).toContain(`The filter "${title}" cannot be checked`);
				expect(words(run)).toContain('Date');
			},
		);

		it('other filters work', async () => {
			await evaluated('Readers');
			expect(await namesOf({ notUsed: true })).toContain('Readers');
		});
	});
});

describe('Get Usage', () => {
	const usage = async (id: string) => await realTime(world, { operation: 'getUsage', segment: byId(id) });

	it('names journeys and segments with how and since when', async () => {
		const { id } = await evaluated('Readers');
		const journey = seedJourney(world, id, 'Welcome');
		const { items } = await usage(id);
		expect(items[0]?.json).toMatchObject({
			name: 'Readers',
			used: 'yes',
			usedBy: 'journeys: Welcome',
			journeys: [
				{ name: 'Welcome', status: 'Live', how: 'audience', since: expect.stringMatching(/Z$/), id: journey },
			],
			segments: [],
			usedInContent: false,
			id,
		});
	});

	it('says that nothing uses it, since when, and when it may expire', async () => {
		const { id } = await evaluated('Readers');
		expect((await usage(id)).items[0]?.json).toMatchObject({
			used: 'no',
			usedBy: 'nothing',
			journeys: [],
			idleSince: expect.any(String),
			expiresAbout: expect.any(String),
		});
	});

	it('fails by the name of the right where usage may not be read', async () => {
		const { id } = await evaluated('Readers');
		setRights('prvReadmsdynmkt_segmentusage');
		expect(words(await usage(id))).toContain('prvReadmsdynmkt_segmentusage');
	});

	it.each([
		['usageRows', 'late'],
		['usageRows', 'deactivated'],
		['usageSegmentId', 'definition'],
		['usageTarget', 'empty'],
	])('is right with %s = %s', async (assumption, value) => {
		world.control.setAssumption(assumption, value);
		if (assumption === 'usageTarget') world.control.setAssumption('usageSegmentId', 'definition');
		const { id } = await evaluated('Readers');
		seedJourney(world, id, 'Welcome');
		const { items } = await usage(id);
		expect(items[0]?.json).toMatchObject({ used: 'yes', liveJourneys: 1 });
	});
});

describe('a live journey uses the segment', () => {
	it.each([
		['update', { updateFields: { name: 'Renamed' } }],
		['stop', {}],
		['delete', { options: { stopFirst: true } }],
	])('%s says so', async (operation, parameters) => {
		const { id } = await evaluated('Readers');
		seedJourney(world, id);
		const run = await realTime(world, { operation, segment: byId(id), ...parameters });
		expect(`${words(run)} ${hintTexts(run)}`).toMatch(/journey/);
	});

	it('a new name is not said to change whom journeys reach', async () => {
		const { id } = await evaluated('Readers');
		seedJourney(world, id);
		const updateFields = { name: 'Renamed' };
		const run = await realTime(world, { operation: 'update', segment: byId(id), updateFields });
		expect(hintTexts(run)).toContain('"Renamed". The change does not affect whom they reach.');
	});

	it('a segment that was not deleted is not said to be missing', async () => {
		const { id } = await evaluated('Readers');
		seedJourney(world, id);
		const goingOn = { onError: 'continueErrorOutput' } as const;
		const run = await realTime(world, { operation: 'delete', segment: byId(id) }, [{ json: {} }], goingOn);
		expect(run.branches[1]?.[0]?.json.error).toContain('was not deleted');
		expect(hintTexts(run)).not.toContain('have no audience');
	});

	it('Sync says so, a dry run as well', async () => {
		const { id } = seedLive(world, { name: 'Readers' });
		seedJourney(world, id);
		const run = await world.members(
			{
				resource: 'realTimeSegment',
				operation: 'sync',
				segment: byId(id),
				identifyBy: 'id',
				idField: 'contactid',
				dryRun: true,
			},
			[{ json: { contactid: 'c0000000-0000-4000-8000-000000000001' } }],
		);
		expect(hintTexts(run)).toContain('1 live journey uses "Readers".');
	});
});
