import { contactId } from '../../emulator/data';
import { refusal, soon, startRealTime, type RealTimeWorld } from './realTimeWorld';

let world: RealTimeWorld;
beforeAll(async () => {
	world = await startRealTime({ contacts: 3_000, leads: 50, accounts: 10 });
});
afterAll(async () => await world.close());
beforeEach(() => world.emulator.control.resetAssumptions());

const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => contactId(from + n));
const assume = (id: string, value: string) => world.emulator.control.setAssumption(id, value);
const trueMembers = (id: string) => world.emulator.control.members(id) ?? [];

async function newStatic(name: string, groups?: Parameters<typeof world.segments.create>[0]['groups']) {
	const { id } = await world.segments.create({ name, type: 'static', audience: 'contact', groups });
	return await world.segments.get(id);
}

describe('creating', () => {
	test('a static segment is a draft of two linked rows, made by one request, and found by either id', async () => {
		await world.segments.create({ name: 'Warm', type: 'static', audience: 'contact' });
		world.sent();
		const made = await world.segments.create({
			name: 'Newsletter',
			type: 'static',
			audience: 'contact',
			description: 'Those who asked',
		});
		const writes = world.sent().filter(({ what }) => what.startsWith('POST $batch'));
		const bySegment = await world.segments.get(made.id);
		const byDefinition = await world.segments.get(made.definitionId);

		expect(writes).toHaveLength(1);
		expect(bySegment).toMatchObject({
			name: 'Newsletter',
			status: 'draft',
			type: 'static',
			source: 'realTime',
		});
		expect(bySegment.description).toBe('Those who asked');
		expect(byDefinition.id).toBe(made.id);
		expect(bySegment.url).toContain(`etn=msdynmkt_segmentdefinition&id=${made.definitionId}`);
		expect(world.segments.groups(bySegment)).toEqual([
			expect.objectContaining({ name: 'Members 1', includeType: 'Include' }),
		]);
	});

	test('a lost answer is sent again and leaves one segment', async () => {
		world.emulator.control.addFault({
			match: { path: '\\$batch' },
			effect: { kind: 'resetAfter' },
		});
		const { id } = await world.segments.create({ name: 'Once', type: 'static', audience: 'contact' });
		const found = await world.segments.findByName('once');

		expect(found.map((segment) => segment.id)).toEqual([id]);
	});

	test('works where change sets are refused', async () => {
		assume('realTimeChangeSets', 'refused');
		const { id } = await world.segments.create({ name: 'Two steps', type: 'static', audience: 'contact' });

		expect(await world.segments.get(id)).toMatchObject({ name: 'Two steps', status: 'draft' });
	});

	test('leaves no definition behind when change sets are refused and the segment is too', async () => {
		assume('realTimeChangeSets', 'refused');
		const before = world.emulator.control.rows('msdynmkt_segmentdefinitions').length;
		world.emulator.control.addFault({
			match: { method: 'POST', path: 'msdynmkt_segments$' },
			effect: { kind: 'status', status: 400, code: '0x80040265', message: 'No more segments.' },
		});
		const error = await refusal(world.segments.create({ name: 'Half', type: 'static', audience: 'contact' }));

		expect(error.serviceText).toContain('No more segments.');
		expect(world.emulator.control.rows('msdynmkt_segmentdefinitions')).toHaveLength(before);
	});

	test('names the orphan when the definition cannot be taken back, and Delete removes it', async () => {
		assume('realTimeChangeSets', 'refused');
		world.emulator.control.addFault({
			match: { method: 'POST', path: 'msdynmkt_segments$' },
			effect: { kind: 'status', status: 400, code: '0x80040265', message: 'No more segments.' },
		});
		world.emulator.control.addFault({
			match: { method: 'DELETE', path: 'msdynmkt_segmentdefinitions' },
			effect: { kind: 'status', status: 403, code: '0x80040220', message: 'No.' },
		});
		const error = await refusal(world.segments.create({ name: 'Half', type: 'static', audience: 'contact' }));
		const orphan = /left behind: ([0-9a-f-]{36})/.exec(error.message)?.[1] ?? '';
		const got = await refusal(world.segments.get(orphan));
		await world.segments.delete(orphan, {});

		expect(got.message).toContain('has no segment');
		expect((await refusal(world.segments.get(orphan))).kind).toBe('notFound');
	});

	test('an environment that keeps members in the older form is told apart before anything is made', async () => {
		assume('realTimeStaticColumns', 'memberLists');
		const other = world.anotherRun();
		const error = await refusal(other.create({ name: 'Old', type: 'static', audience: 'contact' }));
		const dynamic = await other.create({
			name: 'Old dynamic',
			type: 'dynamic',
			audience: 'contact',
			query: 'PROFILE(contact)',
		});

		expect(error.message).toContain('msdynmkt_staticlistmembers is missing');
		expect(await world.anotherRun().get(dynamic.id)).toMatchObject({ type: 'dynamic' });
	});

	test('an outbound id is called what it is', async () => {
		const outbound = '59ac8bbf-57e7-e811-a9a9-000d3a35f403';
		world.emulator.control.seed({
			rows: {
				msdyncrm_segments: [
					{
						msdyncrm_segmentid: outbound,
						msdyncrm_segmentname: 'Old',
						msdyncrm_segmenttype: 192350001,
						statuscode: 192350000,
						statecode: 0,
					},
				],
			},
		});
		const error = await refusal(world.segments.get(outbound));

		expect(error.kind).toBe('notFound');
		expect(error.message).toContain('is that of an outbound segment');
		expect(error.remedy).toContain('Outbound Segment');
	});
});

describe('going live', () => {
	test('waits for the evaluation and has the members', async () => {
		const segment = await newStatic('Live soon');
		await world.segments.members(segment).change('add', ids(0, 20));
		const live = await world.segments.goLive(segment.id, soon);

		expect(live).toMatchObject({
			changed: true,
			timedOut: false,
			segment: { status: 'live', memberCount: 20 },
		});
		expect(trueMembers(segment.id)).toHaveLength(20);
	});

	test('an empty segment is no failure, and a live one is left alone', async () => {
		const { id } = await newStatic('Empty');
		const first = await world.segments.goLive(id, soon);
		world.sent();
		const again = await world.segments.goLive(id, soon);
		const requests = world.sent().map(({ what }) => what);

		expect(first.segment).toMatchObject({ status: 'live', memberCount: 0 });
		expect(again.changed).toBe(false);
		expect(requests).not.toContain('POST msdynmkt_PublishSegmentDefinition');
	});

	test('a changed definition is published, and waited for until a newer evaluation', async () => {
		const { id } = await world.segments.create({
			name: 'Changes',
			type: 'dynamic',
			audience: 'contact',
			query: `PROFILE(contact).FILTER(contactid == '${contactId(1)}')`,
		});
		await world.segments.goLive(id, soon);
		world.emulator.control.advanceClock(1_000);
		await world.segments.update(id, { query: 'PROFILE(contact).FILTER(ISNULL(contactid))' });
		const second = await world.segments.goLive(id, soon);

		expect(second).toMatchObject({ changed: true, timedOut: false });
		expect(trueMembers(id)).toEqual([]);
	});

	test('says timedOut when the time is up first', async () => {
		const { id } = await newStatic('Slow');
		const outcome = await world.segments.goLive(id, { timeoutMs: 3_000 });

		expect(outcome).toMatchObject({ timedOut: true, segment: { status: 'computing' } });
	});

	test.each([
		['lineColumn', 'line 2, column 23 (near "= 1)")'],
		['offset', 'line 2, column 23 (near "= 1)")'],
		['errorBody', 'line 2, column 23 (near "= 1)")'],
		['messageOnly', 'line 2, column 23'],
	])('a refused query is shown at its line and column (%s)', async (value, where) => {
		assume('realTimePublishRefusal', value);
		const { id } = await world.segments.create({
			name: 'Broken',
			type: 'dynamic',
			audience: 'contact',
			query: 'PROFILE(contact)\n  .FILTER(firstname === 1)',
		});
		const error = await refusal(world.segments.goLive(id));

		expect(error.kind).toBe('refused');
		expect(error.message).toContain('Segment "Broken" was not published');
		expect(error.message).toContain(where);
		expect(error.serviceText).toBeTruthy();
	});

	test.each([
		['error', 'Error'],
		['faulted', 'Faulted'],
	])('an evaluation that ends in %s is an error with the reason', async (outcome, label) => {
		assume('realTimePublishOutcome', outcome);
		const { id } = await newStatic('Fails');
		const error = await refusal(world.segments.goLive(id, soon));

		expect(error.message).toContain(label);
		expect(error.message).toContain('The computation failed.');
	});

	test('warnings are told apart from live', async () => {
		assume('realTimePublishOutcome', 'warnings');
		const { id } = await newStatic('Warned');

		expect((await world.segments.goLive(id, soon)).segment.status).toBe('liveWithWarnings');
	});

	test.each(['10', '2'])('an expired segment (status %s) is revived', async (code) => {
		assume('realTimeExpiredStatus', code);
		const { id } = await newStatic('Sleeps');
		await world.segments.goLive(id, soon);
		world.emulator.control.advanceClock(121 * 24 * 3_600_000);
		const before = await world.segments.get(id);
		const revived = await world.segments.goLive(id, soon);

		expect(before.status).toBe(code === '10' ? 'expired' : 'stopped');
		expect(revived.segment.status).toBe('live');
	});

	test.each(['segment', 'definition', 'either'])('the actions take the id of the %s', async (which) => {
		assume('realTimeSegmentId', which);
		const other = world.anotherRun();
		const { id } = await other.create({ name: `Id ${which}`, type: 'static', audience: 'contact' });
		const segment = await other.get(id);
		await other.members(segment).change('add', ids(0, 3));
		await other.goLive(id, soon);
		const stopped = await other.stop(id, soon);

		expect(trueMembers(id)).toHaveLength(3);
		expect(stopped.segment.status).toBe('stopped');
	});
});

describe('stopping and deleting', () => {
	test.each(['plain', 'wrapped'])(
		'many are stopped with one call, and what blocks is named (%s)',
		async (reply) => {
			assume('realTimeStopReply', reply);
			const [free, used, draft] = [
				await newStatic('Free'),
				await newStatic('Used'),
				await newStatic('Draft'),
			];
			await world.segments.goLive(free.id, soon);
			await world.segments.goLive(used.id, soon);
			useInJourney(used.id, 'Welcome');
			world.sent();
			const outcomes = await world.segments.stopMany([free.id, used.id, draft.id], soon);
			const calls = world.sent().filter(({ what }) => what === 'POST msdynmkt_StopSegments');

			expect(calls).toHaveLength(1);
			expect(outcomes.map(({ wasStopped }) => wasStopped)).toEqual([true, false, false]);
			expect(outcomes[0]?.segment?.status).toBe('stopped');
			expect(outcomes[1]?.dependentJourneys).toHaveLength(1);
			expect(outcomes[1]?.error?.message).toMatch(/was not stopped, because the journey .+ uses it/);
			expect(outcomes[2]?.error?.message).toContain('a draft');
		},
	);

	test('stopping twice changes nothing more', async () => {
		const { id } = await newStatic('Twice');
		await world.segments.goLive(id, soon);
		const first = await world.segments.stop(id, soon);
		const second = await world.segments.stop(id, soon);

		expect([first.changed, second.changed]).toEqual([true, false]);
	});

	test('a live segment is not deleted unless told to stop it; both rows go', async () => {
		const { id, definitionId = '' } = await newStatic('Goes');
		await world.segments.goLive(id, soon);
		const error = await refusal(world.segments.delete(id, {}));
		await world.segments.delete(id, { stopFirst: soon });

		expect(error.message).toContain('is live and was not deleted');
		expect((await refusal(world.segments.get(id))).kind).toBe('notFound');
		expect((await refusal(world.segments.get(definitionId))).message).toContain(
			'There is no real-time segment',
		);
	});

	test('a deletion that was cut off between the rows is finished by the id of the definition', async () => {
		const { id, definitionId = '' } = await newStatic('Cut');
		world.emulator.control.addFault({
			match: { method: 'DELETE', path: 'msdynmkt_segmentdefinitions' },
			effect: { kind: 'status', status: 403, code: '0x80040220', message: 'No.' },
		});
		const error = await refusal(world.segments.delete(id, {}));
		await world.segments.delete(definitionId, {});

		expect(error.message).toContain(definitionId);
		expect(error.remedy).toContain(definitionId);
		expect((await refusal(world.segments.delete(definitionId, {}))).kind).toBe('notFound');
	});
});

test('lists join the definitions, filter by the status of both rows and go on where a page ended', async () => {
	const { id } = await newStatic('Listed 1');
	await newStatic('Listed 2');
	await world.segments.goLive(id, soon);
	const names: string[] = [];
	for await (const page of world.segments.list({ filter: { nameContains: 'Listed' }, pageSize: 1 })) {
		names.push(...page.segments.map(({ name, status, type }) => `${name} ${status} ${type}`));
	}
	const live: string[] = [];
	for await (const page of world.segments.list({ filter: { nameContains: 'Listed', statuses: ['live'] } })) {
		live.push(...page.segments.map((segment) => segment.id));
	}

	expect(names).toEqual(['Listed 1 live static', 'Listed 2 draft static']);
	expect(live).toEqual([id]);
});

describe('segments of other sources', () => {
	const row = (source: number, name: string) => ({
		msdynmkt_displayname: name,
		msdynmkt_sourcesegmentuid: 'elsewhere',
		msdynmkt_source: source,
		msdynmkt_type: 10,
		msdynmkt_baseentitylogicalname: 'contact',
		statecode: 0,
		statuscode: 1,
	});

	test.each([
		[10, 'outbound', 'is a copy of an outbound segment'],
		[11, 'customerInsightsData', 'comes from Customer Insights - Data'],
		[12, 'realTime', 'has no definition'],
	])('source %i is read as %s, and not published', async (source, name, words) => {
		world.emulator.control.seed({ rows: { msdynmkt_segments: [row(source, `Foreign ${name}`)] } });
		const [segment] = await world.segments.findByName(`Foreign ${name}`);
		const error = await refusal(world.segments.goLive(segment?.id ?? ''));

		expect(segment?.source).toBe(name);
		expect(error.message).toContain(words);
		expect(error.remedy).toBeTruthy();
	});
});

describe('what cannot be made is refused before any request', () => {
	const base = { name: 'Bad', audience: 'contact' } as const;
	test.each([
		[
			'a query in a static segment',
			{ ...base, type: 'static', query: 'PROFILE(contact)' },
			'cannot have a query',
		],
		['no query in a dynamic one', { ...base, type: 'dynamic', query: ' ' }, 'needs a query'],
		[
			'groups in a dynamic one',
			{ ...base, type: 'dynamic', query: 'x', groups: [{ name: 'A' }] },
			'cannot have groups',
		],
		[
			'eleven groups',
			{ ...base, type: 'static', groups: Array.from({ length: 11 }, (_, n) => ({ name: `G${n}` })) },
			'can have 10 groups',
		],
		['no name', { ...base, name: ' ', type: 'static' }, 'has no name'],
		['a name that is too long', { ...base, name: 'x'.repeat(101), type: 'static' }, 'at most 100'],
		[
			'a refresh in no time',
			{ ...base, type: 'dynamic', query: 'x', refreshIntervalMinutes: 0 },
			'Refresh Interval',
		],
	] as const)('%s', async (_, segment, words) => {
		world.sent();
		const error = await refusal(world.segments.create(segment));
		const writes = world.sent().filter(({ what }) => !what.startsWith('GET'));

		expect(error.kind).toBe('invalidInput');
		expect(error.message).toContain(words);
		expect(writes).toEqual([]);
	});
});

test('a run that only stops finds out which id the service wants', async () => {
	const { id } = await newStatic('Stop only');
	await world.segments.goLive(id, soon);
	assume('realTimeSegmentId', 'definition');
	const [outcome] = await world.anotherRun().stopMany([id]);

	expect(outcome).toMatchObject({ wasStopped: true, changed: true });
});

function useInJourney(segmentId: string, name: string): void {
	world.emulator.control.seed({
		rows: {
			msdynmkt_journeys: [
				{ msdynmkt_name: name, msdynmkt_segmentids: segmentId, statecode: 1, statuscode: 2 },
			],
		},
	});
}
