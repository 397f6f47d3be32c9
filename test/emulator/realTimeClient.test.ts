import { contactId, leadId } from '../../emulator/data';
import { readAll, refusal, soon, startRealTime, type RealTimeWorld } from './realTimeWorld';

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
		['lineColumn', 'line 2, column 21 (near "= 1)")'],
		['offset', 'line 2, column 21 (near "= 1)")'],
		['errorBody', 'line 2, column 21 (near "= 1)")'],
		['messageOnly', ''],
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
			expect(outcomes[1]?.error?.message).toMatch(/was not stopped, because the journeys .+ use it/);
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

describe('groups', () => {
	test('are added, renamed and removed, beside what somebody else changed meanwhile', async () => {
		const segment = await newStatic('Groups');
		const [one, two] = [world.anotherRun(), world.anotherRun()];
		await Promise.all([
			one.update(segment.id, { groups: [{ kind: 'add', group: { name: 'Gold' } }] }),
			two.update(segment.id, {
				groups: [{ kind: 'add', group: { name: 'Silver', includeType: 'Exclude' } }],
			}),
		]);
		await one.update(segment.id, {
			groups: [
				{ kind: 'change', group: { name: 'gold' }, name: 'Golden' },
				{ kind: 'remove', group: { name: 'Members 1' } },
			],
		});
		const groups = world.segments.groups(await world.segments.get(segment.id));

		expect(groups.map(({ name, includeType }) => `${name} ${includeType}`).sort()).toEqual([
			'Golden Include',
			'Silver Exclude',
		]);
	});

	test('an unknown group is refused with the names of those that exist', async () => {
		const segment = await newStatic('Named', [{ name: 'Gold' }]);
		const error = await refusal(
			world.segments.members(segment, { group: { name: 'Gild' } }).change('add', ids(0, 1)),
		);

		expect(error.message).toContain('has no group "Gild"');
		expect(error.remedy).toContain('"Gold"');
	});

	test('a segment that a live journey uses takes members, and no change of its definition', async () => {
		const segment = await newStatic('Locked');
		await world.segments.goLive(segment.id, soon);
		useInJourney(segment.id, 'Locks');
		const locked = await world.segments.get(segment.id);
		await world.segments.members(locked).change('add', ids(0, 2));
		world.sent();
		const error = await refusal(
			world.segments.update(segment.id, { groups: [{ kind: 'add', group: { name: 'More' } }] }),
		);
		const writes = world.sent().filter(({ what }) => !what.startsWith('GET'));

		expect(error.message).toContain('a published journey uses it');
		expect(writes).toEqual([]);
	});
});

describe('members', () => {
	test('go in by a thousand, count after publishing, and come out again', async () => {
		const segment = await newStatic('Thousands');
		const access = world.segments.members(segment);
		await access.prepare('add', 2_500);
		world.sent();
		await access.change('add', ids(0, 1_000));
		await access.change('add', ids(1_000, 2_000));
		await access.change('add', ids(2_000, 2_500));
		const calls = world.sent();
		await world.segments.goLive(segment.id, soon);
		const live = await world.segments.get(segment.id);
		const read = await readAll(world.segments.members(live).pages({}));
		await access.change('remove', ids(0, 10));
		const after = await world.segments.publishAfter(live, 10, 'automatic', soon);

		expect(calls.map(({ what }) => what)).toEqual(Array(3).fill('POST msdynmkt_AddStaticMembers'));
		expect(new Set(read.ids).size).toBe(2_500);
		expect(read.last?.incomplete).toBeUndefined();
		expect(after).toMatchObject({ published: true, outcome: { segment: { memberCount: 2_490 } } });
	});

	test('are known before a second run, which then has nothing to write; exclusions are told apart', async () => {
		const segment = await newStatic('Known', [{ name: 'In' }, { name: 'Out', includeType: 'Exclude' }]);
		await world.segments.members(segment, { group: { name: 'In' } }).change('add', ids(0, 5));
		await world.segments.members(segment, { group: { name: 'Out' } }).change('add', ids(4, 6));
		const access = world.anotherRun().members(segment);
		const membership = await access.membership();
		world.sent();
		await access.change('add', ids(0, 5));

		expect([...membership].sort()).toEqual(ids(0, 4).sort());
		expect(membership.isExcluded(contactId(4))).toBe(true);
		expect(membership.size).toBe(4);
		expect(world.sent()).toEqual([]);
	});

	test('of a draft are shown with the word that it is not published', async () => {
		const segment = await newStatic('Not yet');
		await world.segments.members(segment).change('add', ids(0, 7));
		const read = await readAll(world.segments.members(segment).pages({ columns: ['lastname'] }));

		expect(read.ids).toHaveLength(7);
		expect(read.rows[0]).toMatchObject({ contactid: contactId(0), lastname: expect.any(String) });
		expect(read.last?.incomplete?.why).toContain('is a draft');
	});

	test.each(['paged', 'unpaged'])(
		'of a live dynamic segment are all there, or it says what is missing (%s)',
		async (fields) => {
			assume('realTimeMembersFields', fields);
			const { id } = await world.segments.create({
				name: `All ${fields}`,
				type: 'dynamic',
				audience: 'contact',
				query: 'PROFILE(contact).FILTER(ISNOTNULL(contactid))',
			});
			await world.segments.goLive(id, soon);
			const read = await readAll(world.segments.members(await world.segments.get(id)).pages({}));

			expect(read.ids).toHaveLength(3_000);
			expect(read.last?.incomplete).toBeUndefined();
		},
	);

	test.each(['empty', 'refused'])(
		'of a dynamic draft are explained, not shown as none (%s)',
		async (value) => {
			assume('realTimeUnpublishedMembers', value);
			const { id } = await world.segments.create({
				name: 'Query draft',
				type: 'dynamic',
				audience: 'contact',
				query: 'PROFILE(contact)',
			});
			const read = await readAll(world.segments.members(await world.segments.get(id)).pages({}));

			expect(read.last?.incomplete?.why).toContain('no members until it goes live');
		},
	);

	test('of a segment of leads come with the columns of leads', async () => {
		const { id } = await world.segments.create({ name: 'Leads', type: 'static', audience: 'lead' });
		const segment = await world.segments.get(id);
		await world.segments.members(segment).change('add', [leadId(1), leadId(2)]);
		await world.segments.goLive(id, soon);
		const live = await world.segments.get(id);
		const read = await readAll(world.segments.members(live).pages({ columns: ['lastname'], limit: 1 }));

		expect(read.rows).toEqual([expect.objectContaining({ leadid: read.ids[0] })]);
		expect(read.last?.incomplete).toBeUndefined();
	});

	test('a group that is needed in a segment locked by a live journey is refused before anything is sent', async () => {
		const segment = await newStatic('Full');
		const [group] = world.segments.groups(segment);
		await world.segments.goLive(segment.id, soon);
		useInJourney(segment.id, 'Holds');
		const locked = await world.segments.get(segment.id);
		const access = world.segments.members(locked);
		world.sent();
		const error = await refusal(access.prepare('add', 200_001));
		const tooMany = await refusal(world.segments.members(locked).prepare('add', 2_000_001));

		expect(group?.name).toBe('Members 1');
		expect(error.message).toContain('cannot be changed');
		expect(tooMany.message).toContain('only 2000000 fit');
		expect(world.sent().filter(({ what }) => /Add|PATCH/.test(what))).toEqual([]);
	});

	test('who does not take part in a query segment is told why', async () => {
		const { id } = await world.segments.create({
			name: 'Query only',
			type: 'dynamic',
			audience: 'contact',
			query: 'PROFILE(contact)',
		});
		const error = await refusal(
			world.segments.members(await world.segments.get(id)).change('add', ids(0, 1)),
		);

		expect(error.message).toContain('decided by its query');
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
	const live = await world.segments.list({ filter: { nameContains: 'Listed', statuses: ['live'] } }).next();

	expect(names).toEqual(['Listed 1 live static', 'Listed 2 draft static']);
	expect(live.value.segments.map((segment: { id: string }) => segment.id)).toEqual([id]);
});

function useInJourney(segmentId: string, name: string): void {
	world.emulator.control.seed({
		rows: {
			msdynmkt_journeys: [
				{ msdynmkt_name: name, msdynmkt_segmentids: segmentId, statecode: 0, statuscode: 2 },
			],
		},
	});
}
