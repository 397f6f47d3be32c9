import { DataverseSegmentsOAuth2Api } from '../../credentials/DataverseSegmentsOAuth2Api.credentials';
import { contactId, leadId } from '../../emulator/data';
import { DataverseSegmentMembers } from '../../nodes/DataverseSegmentMembers/DataverseSegmentMembers.node';
import { loadOptions } from '../support/engine';
import {
	contacts,
	itemsOf,
	REAL_TIME,
	runMembers,
	seedJourney,
	seedRealTime,
	writes,
	type SeedGroup,
} from './realTimeSeed';
import { byId, byName, byUrl, CREDENTIAL, World } from './world';

let world: World;
beforeAll(async () => {
	world = await World.start({ contacts: 3_000, leads: 40 });
});
afterAll(async () => await world.close());
beforeEach(() => {
	world.control.clearLog();
	world.control.clearFaults();
	world.control.resetAssumptions();
});

const settled = () => world.control.advanceClock(3_600_000);
const membersOf = (id: string) => [...(world.control.members(id) ?? [])].sort();
const ADD = 'msdynmkt_AddStaticMembers';
const REMOVE = 'msdynmkt_RemoveStaticMembers';
const PUBLISH = 'msdynmkt_PublishSegmentDefinition';
const inAndOut: readonly SeedGroup[] = [{ name: 'In' }, { name: 'Out', includeType: 'Exclude' }];

async function putInto(id: string, group: string, people: readonly string[]): Promise<void> {
	const parameters = {
		operation: 'add',
		segment: byId(id),
		options: { group, publishAfterChanges: 'never' },
	};
	expect((await runMembers(world, parameters, itemsOf(people))).status).toBe('success');
	world.control.clearLog();
}

describe('Add by ID', () => {
	test('takes everybody by a thousand a call, publishes once, and accounts for all rows', async () => {
		const id = seedRealTime(world, { name: 'Buyers', status: 'live' });
		const rows = [...itemsOf([...contacts(0, 2_500), ...contacts(0, 3)]), { json: { contactid: 'n/a' } }];

		const { items, hints } = await runMembers(world, { operation: 'add', segment: byId(id) }, rows);
		settled();

		expect(items[0]?.json).toMatchObject({
			system: 'realTime',
			rows: 2_504,
			duplicates: 3,
			invalid: 1,
			people: 2_500,
			submitted: 2_500,
			calls: 3,
			published: true,
		});
		expect(writes(world)).toEqual([ADD, ADD, ADD, PUBLISH]);
		expect(hints[0]?.message).toContain('Buyers: 2500 of 2500 people sent to the segment');
		expect(membersOf(id)).toEqual([...contacts(0, 2_500)].sort());
	});

	test('writes nothing when it runs again', async () => {
		const id = seedRealTime(world, { status: 'live' });
		const add = { operation: 'add', segment: byId(id) };
		await runMembers(world, add, itemsOf(contacts(0, 30)));
		settled();
		world.control.clearLog();

		const { items } = await runMembers(world, add, itemsOf(contacts(0, 30)));

		expect(items[0]?.json).toMatchObject({ unchanged: 30, submitted: 0, calls: 0, published: false });
		expect(writes(world)).toEqual([]);
	});

	test('publishes what an earlier run put in and did not live to publish', async () => {
		const id = seedRealTime(world, { status: 'live' });
		await putInto(id, '', contacts(0, 30));

		const { items } = await runMembers(
			world,
			{ operation: 'add', segment: byId(id) },
			itemsOf(contacts(0, 30)),
		);
		settled();

		expect(items[0]?.json).toMatchObject({ unchanged: 30, calls: 0, published: true });
		expect(membersOf(id)).toHaveLength(30);
	});

	test.each([
		[
			'a draft stays one and says so',
			'draft',
			'automatic',
			false,
			'is a draft. Go Live makes it available to journeys',
		],
		['a draft goes live where asked to', 'draft', 'always', true, 'so that the changes take effect'],
		['a live one stays as it is where asked to', 'live', 'never', false, 'Not published, as asked'],
	] as const)('of %s', async (_, status, publishAfterChanges, published, words) => {
		const id = seedRealTime(world, { status });

		const { items } = await runMembers(
			world,
			{ operation: 'add', segment: byId(id), options: { publishAfterChanges } },
			itemsOf(contacts(0, 3)),
		);

		expect(items[0]?.json).toMatchObject({ published, publishing: expect.stringContaining(words) });
		expect(writes(world).includes(PUBLISH)).toBe(published);
	});

	test('still reports who is in when the publishing fails', async () => {
		const id = seedRealTime(world, { status: 'live' });
		world.control.addFault({
			match: { path: PUBLISH },
			effect: { kind: 'status', status: 403, code: '0x80040220', message: 'missing privilege' },
		});

		const { error } = await runMembers(
			world,
			{ operation: 'add', segment: byId(id), options: { publishAfterChanges: 'always' } },
			itemsOf(contacts(0, 3)),
		);

		expect(error?.message).toContain('Up to then: 3 of 3 people sent to the segment');
	});

	test.each([
		['by its name, whatever the case', 'gold'],
		['by its ID', '11111111-aaaa-4bbb-8ccc-000000000002'],
	])('puts people into the group chosen %s', async (_, group) => {
		const id = seedRealTime(world, {
			groups: [
				{ name: 'Silver', id: '11111111-aaaa-4bbb-8ccc-000000000001' },
				{ name: 'Gold', id: '11111111-aaaa-4bbb-8ccc-000000000002' },
			],
		});

		await runMembers(
			world,
			{ operation: 'add', segment: byId(id), options: { group } },
			itemsOf(contacts(0, 3)),
		);

		const [call] = world.control.log({ path: ADD });
		expect(call?.body).toMatchObject({ GroupId: '11111111-aaaa-4bbb-8ccc-000000000002' });
	});

	test('refuses a group that is not there and names those that are', async () => {
		const id = seedRealTime(world, { name: 'Tiers', groups: [{ name: 'Silver' }, { name: 'Gold' }] });

		const { error } = await runMembers(
			world,
			{ operation: 'add', segment: byId(id), options: { group: 'Bronze' } },
			itemsOf(contacts(0, 3)),
		);

		expect(error?.message).toBe('Segment "Tiers" has no group "Bronze".');
		expect(error?.description).toMatch(/"Silver".*"Gold"/);
		expect(writes(world)).toEqual([]);
	});

	test('counts people whom an exclude group keeps out as blocked, and does not send them', async () => {
		const id = seedRealTime(world, { groups: inAndOut });
		await putInto(id, 'Out', contacts(2, 4));

		const { items } = await runMembers(
			world,
			{ operation: 'add', segment: byId(id) },
			itemsOf(contacts(0, 4)),
		);

		expect(items[0]?.json).toMatchObject({ people: 4, blocked: 2, submitted: 2 });
		expect(items[0]?.json.exceptions).toMatchObject([
			{ row: 3, code: 'excludedByGroup', outcome: 'blocked' },
			{ row: 4, code: 'excludedByGroup' },
		]);
		expect(world.control.log({ path: ADD })[0]?.body).toMatchObject({ EntityIds: contacts(0, 2) });
	});

	test('into an exclude group keeps people out; the second run sees them there', async () => {
		const id = seedRealTime(world, { groups: inAndOut, members: contacts(0, 5) });
		await putInto(id, 'Out', contacts(3, 5));
		const add = { operation: 'add', segment: byId(id), options: { group: 'Out' } };

		const { items } = await runMembers(world, add, itemsOf(contacts(3, 5)));

		expect(items[0]?.json).toMatchObject({ unchanged: 2, blocked: 0, calls: 0 });
		expect(membersOf(id)).toEqual([...contacts(0, 3)].sort());
	});

	test('makes a missing segment, of leads where asked to, and finds leads by address', async () => {
		const emails = world.control.rows('leads').map(({ emailaddress1 }) => ({ json: { emailaddress1 } }));
		const { items, hints } = await runMembers(
			world,
			{
				operation: 'add',
				segment: byName('Fair visitors'),
				emailField: 'emailaddress1',
				identifyBy: 'email',
				options: {
					ifSegmentIsMissing: 'create',
					audienceOfNewSegment: 'lead',
					publishAfterChanges: 'always',
					includeInactivePeople: true,
					ifSeveralMatch: 'all',
				},
			},
			emails as Parameters<typeof runMembers>[2],
		);
		settled();

		expect(hints.map(({ message }) => message)).toContain(
			'There was no segment named "Fair visitors", so it was created.',
		);
		expect(membersOf(String(items[0]?.json.segmentId))).toEqual(
			Array.from({ length: 40 }, (_, n) => leadId(n)).sort(),
		);
	});

	test('makes a missing segment once when several runs find it missing at the same moment', async () => {
		const segment = byName('Sign-ups of today');
		world.control.addFault({ match: { method: 'GET' }, times: 0, effect: { kind: 'slow', ms: 100 } });
		const add = async (id: string) =>
			await runMembers(
				world,
				{
					operation: 'add',
					segment,
					options: { ifSegmentIsMissing: 'create', readMembershipFirst: 'never' },
				},
				[{ json: { contactid: id } }],
			);

		const runs = await Promise.all(contacts(0, 5).map(add));
		world.control.clearFaults();
		settled();

		expect(runs.map(({ error }) => error?.message)).toEqual(runs.map(() => undefined));
		const made = new Set(runs.map(({ items }) => items[0]?.json.segmentId));
		expect(made.size).toBe(1);
		expect(membersOf(String([...made][0]))).toEqual([...contacts(0, 5)].sort());
	});

	test('makes a missing segment again when the one of that name was renamed', async () => {
		const add = async () =>
			await runMembers(
				world,
				{ operation: 'add', segment: byName('Spring list'), options: { ifSegmentIsMissing: 'create' } },
				itemsOf(contacts(0, 1)),
			);
		const first = String((await add()).items[0]?.json.segmentId);
		await world.segment({
			resource: REAL_TIME,
			operation: 'update',
			segment: byId(first),
			updateFields: { name: 'Spring list of last year' },
		});

		const { error, items } = await add();

		expect(error).toBeUndefined();
		expect(items[0]?.json.segmentName).toBe('Spring list');
		expect(items[0]?.json.segmentId).not.toBe(first);
	});

	test('makes each missing segment once where the name differs from item to item', async () => {
		const segment = { __rl: true, mode: 'name', value: '={{ $json.audience }}' };
		const items = contacts(0, 4).map((contactid, n) => ({
			json: { contactid, audience: `List ${n % 2}` },
		}));

		const run = await runMembers(
			world,
			{ operation: 'add', segment, options: { ifSegmentIsMissing: 'create' } },
			items,
		);

		expect(run.items.map(({ json }) => [json.segmentName, json.submitted])).toEqual([
			['List 0', 2],
			['List 1', 2],
		]);
	});

	test('tells a lead in a segment of contacts from an ID that nobody has, when asked to check', async () => {
		const id = seedRealTime(world);
		const nobody = '99999999-2222-4333-8444-555555555555';

		const { items } = await runMembers(
			world,
			{ operation: 'add', segment: byId(id), options: { checkThatPeopleExist: true } },
			itemsOf([contactId(2), leadId(1), nobody]),
		);

		expect(items[0]?.json).toMatchObject({ matched: 1, unmatched: 2 });
		expect(items[0]?.json.exceptions).toMatchObject([
			{ row: 2, code: 'otherTable', reason: 'The ID belongs to a lead, but the segment contains contacts.' },
			{ row: 3, code: 'notFound' },
		]);
	});

	test('reads people by a column of leads out of a CSV file', async () => {
		const id = seedRealTime(world, { audience: 'lead' });
		const lead = world.control.rows('leads').find(({ statecode }) => statecode === 0);
		const csv = Buffer.from(`Who;Mail\n"a";${String(lead?.emailaddress1)}\nb;nobody@example.org\n`);

		const { items } = await runMembers(
			world,
			{
				operation: 'add',
				segment: byId(id),
				peopleFrom: 'csv',
				csvColumn: 'mail',
				identifyBy: 'column',
				columnName: 'emailaddress1',
			},
			[{ json: {}, binary: { data: { data: csv.toString('base64'), mimeType: 'text/csv' } } }],
		);

		expect(items[0]?.json).toMatchObject({ rows: 2, matched: 1, unmatched: 1, submitted: 1 });
		expect(membersOf(id)).toEqual([lead?.leadid]);
	});

	test('takes the definition’s address for its segment', async () => {
		const id = seedRealTime(world, { name: 'By address' });
		const [row] = world.control.rows('msdynmkt_segments').filter((each) => each.msdynmkt_segmentid === id);
		const definition = String(row?.msdynmkt_sourcesegmentuid);
		const url = `${world.emulator.url}/main.aspx?appid=${crypto.randomUUID()}&pagetype=entityrecord&etn=msdynmkt_segmentdefinition&id=${definition}`;

		const { items } = await runMembers(
			world,
			{ operation: 'add', segment: byUrl(url) },
			itemsOf(contacts(0, 1)),
		);

		expect(items[0]?.json).toMatchObject({ segmentId: id, submitted: 1 });
	});

	test.each(['add', 'remove', 'sync'])('to %s is refused where a query decides alone', async (operation) => {
		const id = seedRealTime(world, { name: 'By query', query: 'PROFILE(contact)' });

		const { error } = await runMembers(world, { operation, segment: byId(id) }, itemsOf(contacts(0, 3)));

		expect(error?.message).toContain('members of segment "By query" are decided by its query');
		expect(writes(world)).toEqual([]);
	});

	test('is refused before anything is sent where a full segment is locked by a live journey', async () => {
		const groups = Array.from({ length: 1 }, (_, n) => ({ name: `Members ${n + 1}` }));
		const full = Array.from({ length: 200_000 }, (_, n) => contactId(10_000 + n));
		const id = seedRealTime(world, { name: 'Locked', status: 'live', groups, members: full });
		seedJourney(world, id);

		const { error } = await runMembers(
			world,
			{ operation: 'add', segment: byId(id) },
			itemsOf(contacts(0, 3)),
		);

		expect(error?.message).toContain('The list of groups of segment "Locked" cannot be changed');
		expect(writes(world)).toEqual([]);
	});

	test('plans in a dry run without a write', async () => {
		const id = seedRealTime(world, { status: 'live', members: contacts(0, 2) });

		const { items } = await runMembers(
			world,
			{ operation: 'add', segment: byId(id), dryRun: true },
			itemsOf(contacts(0, 5)),
		);

		expect(items[0]?.json).toMatchObject({ dryRun: true, planned: { add: 3 }, unchanged: 2 });
		expect(writes(world)).toEqual([]);
	});
});

describe('Remove by ID', () => {
	test('takes people out of whichever group holds them, and a second run writes nothing', async () => {
		const groups = [{ name: 'A' }, { name: 'B' }];
		const id = seedRealTime(world, { status: 'live', groups, members: contacts(0, 3) });
		await putInto(id, 'B', contacts(2, 6));
		const remove = { operation: 'remove', segment: byId(id) };

		const first = await runMembers(world, remove, itemsOf(contacts(1, 8)));
		settled();
		const sent = writes(world).filter((name) => name === REMOVE);
		world.control.clearLog();
		const second = await runMembers(world, remove, itemsOf(contacts(1, 8)));

		expect(first.items[0]?.json).toMatchObject({ submitted: 5, unchanged: 2, calls: 2 });
		expect(sent).toEqual([REMOVE, REMOVE]);
		expect(membersOf(id)).toEqual([contactId(0)]);
		expect(second.items[0]?.json).toMatchObject({ unchanged: 7, calls: 0 });
		expect(writes(world)).toEqual([]);
	});

	test('of a segment that was never evaluated sends everybody: nothing speaks for a list of nobody', async () => {
		const id = seedRealTime(world, { members: contacts(0, 3) });
		world.control.addFault({
			match: { path: 'ListGroupMembers' },
			times: 0,
			effect: { kind: 'answer', json: { Response: '{"entityIds":[]}' } },
		});

		const { items } = await runMembers(
			world,
			{ operation: 'remove', segment: byId(id), options: { readMembershipFirst: 'always' } },
			itemsOf(contacts(1, 3)),
		);
		world.control.clearFaults();

		expect(items[0]?.json).toMatchObject({ submitted: 2, unchanged: 0 });
		expect(membersOf(id)).toEqual([contactId(0)]);
	});

	test('takes people out of an exclusion, when that group is chosen', async () => {
		const id = seedRealTime(world, { groups: inAndOut, members: contacts(0, 3) });
		await putInto(id, 'Out', contacts(1, 3));

		const { items } = await runMembers(
			world,
			{ operation: 'remove', segment: byId(id), options: { group: 'Out' } },
			itemsOf(contacts(1, 2)),
		);

		expect(items[0]?.json).toMatchObject({ submitted: 1 });
		expect(membersOf(id)).toEqual([...contacts(0, 2)].sort());
	});

	test('takes a person out whom an exclusion keeps out besides', async () => {
		const id = seedRealTime(world, { status: 'live', groups: inAndOut, members: contacts(0, 3) });
		await putInto(id, 'Out', contacts(2, 3));
		const remove = { operation: 'remove', segment: byId(id) };

		const first = await runMembers(world, remove, itemsOf(contacts(2, 3)));
		settled();
		const second = await runMembers(world, remove, itemsOf(contacts(2, 3)));

		expect(first.items[0]?.json).toMatchObject({ submitted: 1, blocked: 0 });
		expect(second.items[0]?.json).toMatchObject({ unchanged: 1, calls: 0 });
	});
});

describe('Sync', () => {
	test('makes the groups equal to the input, proves it, and leaves excluded people alone', async () => {
		const id = seedRealTime(world, { status: 'live', groups: inAndOut, members: contacts(0, 20) });
		await putInto(id, 'Out', contacts(25, 26));

		const { items } = await runMembers(
			world,
			{ operation: 'sync', segment: byId(id), options: { confirmByReadingBack: true } },
			itemsOf(contacts(3, 26)),
		);
		settled();

		expect(items[0]?.json).toMatchObject({
			planned: { add: 5, remove: 3, membersBefore: 20 },
			blocked: 1,
			unchanged: 17,
			confirmed: 8,
			unconfirmed: 0,
			changedMeanwhile: false,
			published: true,
		});
		expect(membersOf(id)).toEqual([...contacts(3, 25)].sort());
	});

	test('of a segment with a query as well changes its groups alone and says so', async () => {
		const query = `PROFILE(contact).FILTER(contactid == '${contactId(50)}')`;
		const id = seedRealTime(world, { name: 'Both', status: 'live', query, groups: [{ name: 'By hand' }] });
		await putInto(id, '', contacts(0, 3));

		const { items, hints } = await runMembers(
			world,
			{ operation: 'sync', segment: byId(id) },
			itemsOf(contacts(1, 5)),
		);

		expect(items[0]?.json).toMatchObject({
			planned: { add: 2, remove: 1, membersBefore: 3 },
			confirmed: 3,
			changedMeanwhile: false,
		});
		expect(hints.map(({ message }) => message).join()).toContain('only the people in its groups are synced');
	});

	test('of one group changes that group alone', async () => {
		const id = seedRealTime(world, { groups: [{ name: 'A' }, { name: 'B' }], members: contacts(0, 5) });
		await putInto(id, 'B', contacts(5, 8));

		const { items } = await runMembers(
			world,
			{ operation: 'sync', segment: byId(id), options: { group: 'B' } },
			itemsOf(contacts(6, 9)),
		);

		expect(items[0]?.json).toMatchObject({ planned: { add: 1, remove: 1, membersBefore: 3 } });
		expect(membersOf(id)).toEqual([...contacts(0, 5), ...contacts(6, 9)].sort());
	});

	test('is braked before it removes too many', async () => {
		const id = seedRealTime(world, { members: contacts(0, 20) });

		const { error } = await runMembers(
			world,
			{ operation: 'sync', segment: byId(id) },
			itemsOf(contacts(0, 10)),
		);

		expect(error?.message).toContain('would remove 10 of 20 members (50 %)');
		expect(writes(world)).toEqual([]);
	});
});

describe('the list of groups in the editor', () => {
	test('shows those of the chosen segment, and Automatic before them', async () => {
		const id = seedRealTime(world, { groups: inAndOut });

		const options = await loadOptions(
			{
				type: new DataverseSegmentMembers(),
				parameters: { resource: REAL_TIME, operation: 'add', segment: byId(id) },
				credentials: { dataverseSegmentsOAuth2Api: CREDENTIAL },
			},
			'getGroups',
			{ credentialTypes: [new DataverseSegmentsOAuth2Api()], credentials: world.credentials },
		);

		expect(options.map(({ name }) => name)).toEqual(['Automatic', 'In', 'Out']);
	});
});
