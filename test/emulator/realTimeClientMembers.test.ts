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

async function newStatic(name: string, groups?: Parameters<typeof world.segments.create>[0]['groups']) {
	const { id } = await world.segments.create({ name, type: 'static', audience: 'contact', groups });
	return await world.segments.get(id);
}

describe('groups', () => {
	test('and a query make a mixed segment, and each can be taken away, not both', async () => {
		const { id } = await world.segments.create({
			name: 'Mixed',
			type: 'mixed',
			audience: 'contact',
			query: `PROFILE(contact).FILTER(contactid == '${contactId(1)}')`,
			groups: [{ name: 'Hand-picked' }],
			refreshIntervalMinutes: 60,
			scope: 'organization',
		});
		const mixed = await world.segments.get(id);
		await world.segments.members(mixed).change('add', ids(5, 7));
		const live = await world.segments.goLive(id, soon);
		const read = await readAll(world.segments.members(live.segment).pages({}));
		await world.segments.update(id, {
			name: 'Queried',
			description: 'Query only',
			groups: [{ kind: 'remove', group: { name: 'Hand-picked' } }],
		});
		const queried = await world.segments.get(id);
		const error = await refusal(world.segments.update(id, { query: '' }));

		expect(mixed.type).toBe('mixed');
		expect([...read.ids].sort()).toEqual([...ids(5, 7), contactId(1)].sort());
		expect(queried).toMatchObject({ name: 'Queried', description: 'Query only', type: 'dynamic' });
		expect(error.message).toContain('needs a query');
	});

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
		const after = await world.segments.publishAfter(live, {
			changed: 10,
			policy: 'automatic',
			waiting: soon,
		});

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

function useInJourney(segmentId: string, name: string): void {
	world.emulator.control.seed({
		rows: {
			msdynmkt_journeys: [
				{ msdynmkt_name: name, msdynmkt_segmentids: segmentId, statecode: 1, statuscode: 2 },
			],
		},
	});
}
