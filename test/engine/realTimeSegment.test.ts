import {
	COMPUTED,
	definitionRow,
	groupNames,
	hintTexts,
	realTime,
	seedRealTime,
	segmentRow,
	words,
} from './realTimeRows';
import { byId, byName, byUrl, World } from './world';

let world: World;
beforeAll(async () => {
	world = await World.start({ leads: 20 });
});
afterAll(async () => await world.close());
beforeEach(() => {
	world.control.clearLog();
	world.control.clearFaults();
	world.control.resetAssumptions();
});

const reachable = 'PROFILE(contact).FILTER(ISNOTNULL(emailaddress1))';
const sentWrites = () => world.requests().filter((request) => !request.startsWith('GET '));
const groups = (...names: readonly string[]) => ({ group: names.map((name) => ({ name })) });

describe('Create', () => {
	test('makes a static draft with one group, and returns both ids and its address in the browser', async () => {
		const { items, error } = await realTime(world, { operation: 'create', name: 'Spring readers' });

		expect(error).toBeUndefined();
		const { id, definitionId, url, status } = items[0]?.json ?? {};
		expect(status).toBe('draft');
		expect(segmentRow(world, id)).toMatchObject({
			msdynmkt_displayname: 'Spring readers',
			msdynmkt_sourcesegmentuid: definitionId,
			msdynmkt_baseentitylogicalname: 'contact',
		});
		expect(groupNames(world, definitionId)).toEqual(['Members 1']);
		expect(url).toContain(`id=${String(definitionId)}`);
		expect(items[0]?.pairedItem).toEqual({ item: 0 });
	});

	test('says which other segment has the name, and says nothing where it cannot be asked', async () => {
		const first = seedRealTime(world, { name: 'Twice the name' });

		const second = await realTime(world, { operation: 'create', name: 'Twice the name' });

		expect(second.error).toBeUndefined();
		expect(hintTexts(second)).toContain(`Another segment is already named "Twice the name": ${first.id} (`);

		world.control.addFault({
			match: { path: 'displayname eq' },
			times: 0,
			effect: { kind: 'status', status: 403, code: '0x80040220', message: 'No privilege' },
		});
		const third = await realTime(world, { operation: 'create', name: 'Twice the name' });

		expect(third.items[0]?.json).toMatchObject({ status: 'draft', created: true });
		expect(hintTexts(third)).toBe('');
	});

	test('takes a dynamic segment live at once, and the people its query means are in it', async () => {
		const { items, error } = await realTime(world, {
			operation: 'create',
			name: 'Reachable',
			type: 'dynamic',
			query: reachable,
			options: { goLive: true, description: 'With an address', refreshInterval: 120, scope: 'organization' },
		});
		world.control.advanceClock(COMPUTED);

		expect(error).toBeUndefined();
		const { id, definitionId } = items[0]?.json ?? {};
		expect(items[0]?.json).toMatchObject({ status: 'computing', type: 'dynamic', query: reachable });
		expect(definitionRow(world, definitionId)).toMatchObject({
			msdynmkt_segmentrefreshintervalminutes: 120,
		});
		expect(world.control.members(String(id))?.length).toBeGreaterThan(50);
	});

	test('makes a mixed segment of leads with groups that include and exclude', async () => {
		const { items, error } = await realTime(world, {
			operation: 'create',
			name: 'Leads of the fair',
			type: 'mixed',
			audience: 'lead',
			query: 'PROFILE(lead)',
			groups: { group: [{ name: 'Fair' }, { name: 'Competitors', includeType: 'Exclude' }] },
		});

		expect(error).toBeUndefined();
		expect(items[0]?.json.groups).toEqual([
			{ id: expect.any(String), name: 'Fair', includeType: 'Include' },
			{ id: expect.any(String), name: 'Competitors', includeType: 'Exclude' },
		]);
		expect(segmentRow(world, items[0]?.json.id)).toMatchObject({
			msdynmkt_baseentitylogicalname: 'lead',
		});
	});

	test('makes one segment even when the answer is lost on the way', async () => {
		world.control.addFault({
			match: { method: 'POST', path: '\\$batch$' },
			effect: { kind: 'resetAfter' },
		});

		const { status } = await realTime(world, { operation: 'create', name: 'Made once' });

		expect(status).toBe('success');
		expect(world.control.faultsHit()).toBeGreaterThan(0);
		const made = world.control
			.rows('msdynmkt_segments')
			.filter((row) => row.msdynmkt_displayname === 'Made once');
		expect(made).toHaveLength(1);
	});

	test('refuses more than ten groups before anything is sent', async () => {
		const names = Array.from({ length: 11 }, (_, n) => `Group ${n}`);

		const run = await realTime(world, { operation: 'create', name: 'Eleven', groups: groups(...names) });

		expect(words(run)).toContain('A segment can have 10 groups');
		expect(words(run)).toContain('this one would have 11');
		expect(world.requests()).toEqual([]);
	});

	test.each([
		['a group without a name', { groups: groups('One', ' ') }, 'A group has no name.'],
		[
			'an include type that is none',
			{ groups: { group: [{ name: 'One', includeType: 'Maybe' }] } },
			'Include Type has to be Include or Exclude.',
		],
		['an empty name', { name: ' ' }, 'The segment has no name.'],
		[
			'no query for a dynamic one',
			{ type: 'dynamic', query: '={{ "" }}' },
			'A dynamic segment needs a query.',
		],
		['a query that cannot be read', { type: 'dynamic', query: 'PROFILE(contact' }, 'Line 1, column'],
		[
			'a query that selects other people',
			{ type: 'dynamic', query: 'PROFILE(lead)' },
			'Line 1, column 9: The query selects rows of "lead"',
		],
	])('refuses %s before a row is written', async (_, parameters, message) => {
		const run = await realTime(world, { operation: 'create', name: 'Refused', ...parameters });

		expect(words(run)).toContain(message);
		expect(sentWrites()).toEqual([]);
	});

	test('says that the draft stays when the service refuses to publish it, and where in the query', async () => {
		const run = await realTime(world, {
			operation: 'create',
			name: 'Refused live',
			type: 'dynamic',
			query: "PROFILE(contact)\n.FILTER(lastname = 'x')",
			options: { goLive: true, checkQuery: false },
		});

		expect(words(run)).toMatch(/Segment "Refused live" was created as a draft \([0-9a-f-]{36}\)/);
		expect(words(run)).toMatch(/cannot read its query at line 2, column \d+/);
		expect(words(run)).toContain('The draft stays');
	});
});

describe('Create or Update', () => {
	test('creates beside a copy of an outbound segment that has the name', async () => {
		const copy = { msdynmkt_segmentid: crypto.randomUUID(), msdynmkt_displayname: 'Old name' };
		world.control.seed({ rows: { msdynmkt_segments: [{ ...copy, msdynmkt_source: 10, statecode: 0 }] } });

		const { items } = await realTime(world, { operation: 'upsert', name: 'Old name' });

		expect(items[0]?.json).toMatchObject({ created: true });
	});

	test.each([
		['realTimeSegment', 'half an emoji', 'Party \u{1F389}'.slice(0, -1), 'Name contains half a character'],
		['outboundSegment', 'half an emoji', 'Party \u{1F389}'.slice(0, -1), 'Name contains half a character'],
		['realTimeSegment', 'nothing visible', '\u200B', 'The segment has no name.'],
		['outboundSegment', 'nothing visible', '\u200B', 'The segment has no name.'],
	])(
		'makes no %s of a name with %s, which the next run would not find',
		async (resource, _, name, reason) => {
			const run = await world.segment({ resource, operation: 'upsert', name, type: 'static' });

			expect(run.error?.message).toContain(reason);
			expect(sentWrites()).toEqual([]);
		},
	);

	test('finds a name with whole emoji and invisible marks again', async () => {
		const name = '\u200F\u{1F389} \u{1F469}\u200D\u{1F4BB} Party\u200E';
		const first = await realTime(world, { operation: 'upsert', name });
		const second = await realTime(world, { operation: 'upsert', name });

		expect(second.items[0]?.json).toMatchObject({ created: false, id: first.items[0]?.json.id });
	});

	const upsert = { operation: 'upsert', name: 'Upserted', type: 'mixed', query: reachable };

	test('creates the first time, writes nothing the second, and changes what differs the third', async () => {
		const first = await realTime(world, { ...upsert, groups: groups('One') });
		const { id, definitionId } = first.items[0]?.json ?? {};
		world.control.clearLog();
		const second = await realTime(world, { ...upsert, groups: groups('One') });
		const writes = sentWrites();
		const third = await realTime(world, {
			...upsert,
			query: 'PROFILE(contact)',
			groups: { group: [{ name: 'one', includeType: 'Exclude' }, { name: 'Two' }] },
			options: { description: 'Now with words', goLive: true },
		});

		expect(first.items[0]?.json).toMatchObject({ created: true });
		expect(second.items[0]?.json).toMatchObject({ id, created: false, changed: false });
		expect(writes).toEqual([]);
		expect(third.items[0]?.json).toMatchObject({
			id,
			created: false,
			changed: true,
			status: expect.stringMatching(/^(computing|live)$/),
		});
		expect(groupNames(world, definitionId)).toEqual(['One', 'Two']);
		expect(third.items[0]?.json.groups).toMatchObject([{ includeType: 'Exclude' }, {}]);
		expect(definitionRow(world, definitionId)).toMatchObject({ msdynmkt_segmentquery: 'PROFILE(contact)' });
	});

	test('renames by ID, and creates where the ID is empty', async () => {
		const { id, definitionId } = seedRealTime(world, { name: 'Before' });
		const byItsId = { operation: 'upsert', matchBy: 'id', type: 'static' };

		const renamed = await realTime(world, { ...byItsId, segmentId: definitionId, name: 'After' });
		const created = await realTime(world, { ...byItsId, segmentId: '', name: 'After' });

		expect(renamed.items[0]?.json).toMatchObject({ id, name: 'After', created: false, changed: true });
		expect(created.items[0]?.json).toMatchObject({ name: 'After', created: true });
	});

	test('says that business unit and scope of a segment that exists were left alone', async () => {
		seedRealTime(world, { name: 'Scoped' });

		const run = await realTime(world, {
			operation: 'upsert',
			name: 'Scoped',
			options: { scope: 'businessUnit' },
		});

		expect(hintTexts(run)).toContain('its business unit and scope were left as they are');
	});

	test('refuses a name that fits two, and lists their ids', async () => {
		const [one, two] = [seedRealTime(world, { name: 'Both' }), seedRealTime(world, { name: 'Both' })];

		const run = await realTime(world, { operation: 'upsert', name: 'Both' });

		expect(words(run)).toContain('Several segments are named "Both"');
		expect(words(run)).toContain(one.id);
		expect(words(run)).toContain(two.id);
		expect(sentWrites()).toEqual([]);
	});

	test.each([
		['another type', { type: 'dynamic', query: reachable }, 'exists and is static; it is not made dynamic'],
		['another audience', { audience: 'lead' }, 'its audience is "contact", and it cannot become "lead"'],
	])('refuses to give a segment that exists %s', async (_, parameters, message) => {
		const name = `Kept ${message}`.slice(0, 60);
		seedRealTime(world, { name });

		const run = await realTime(world, { operation: 'upsert', name, ...parameters });

		expect(words(run)).toContain(message);
		expect(sentWrites()).toEqual([]);
	});
});

describe('choosing the segment', () => {
	let made: ReturnType<typeof seedRealTime>;
	beforeAll(() => {
		made = seedRealTime(world, { name: 'Chosen [one]' });
	});

	test.each([
		['its id', () => byId(made.id)],
		['the id of its definition', () => byId(made.definitionId)],
		['its name', () => byName('Chosen [one]')],
		[
			'its address in the browser',
			() => byUrl(`${world.emulator.url}/main.aspx?etn=msdynmkt_segment&id=${made.id}`),
		],
	])('works by %s', async (_, locator) => {
		const { items, error } = await realTime(world, { operation: 'get', segment: locator() });

		expect(error).toBeUndefined();
		expect(items[0]?.json).toMatchObject({ id: made.id, definitionId: made.definitionId });
	});

	test('refuses a name that fits two', async () => {
		seedRealTime(world, { name: 'Twice' });
		seedRealTime(world, { name: 'Twice' });

		const run = await realTime(world, { operation: 'goLive', segment: byName('Twice') });

		expect(run.error?.message).toMatch(/^Several segments are named "Twice": [0-9a-f-]{36} \(Inactive/);
	});

	test('says so when the id is that of an outbound segment', async () => {
		const run = await realTime(world, { operation: 'get', segment: byId(world.seedSegment()) });

		expect(words(run)).toContain('is that of an outbound segment');
		expect(words(run)).toContain('Choose the resource Outbound Segment');
	});
});
