import type { INodeParameters } from 'n8n-workflow';

import { contactId } from '../../emulator/data';
import { byId, World } from './world';

const TYPE = { dynamic: 192350000 };
const STATUS = { draft: 192350000 };
/** CONTAINS is written between the column and the text, not as a function. */
const BROKEN = "PROFILE(contact).FILTER(CONTAINS(fullname, 'run'))";

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

const hintsOf = ({ hints }: { readonly hints: readonly { readonly message: string }[] }) =>
	hints.map(({ message }) => message);
const settled = () => world.control.advanceClock(3_600_000);
const metadataRequests = () => world.requests().filter((request) => request.includes('EntityDefinitions'));
const draft = (query: string) =>
	world.seedSegment({
		msdyncrm_segmenttype: TYPE.dynamic,
		statuscode: STATUS.draft,
		msdyncrm_segmentquery: query,
	});

describe('a query with a mistake in it', () => {
	const given = (): readonly (readonly ['segment' | 'members', INodeParameters])[] => [
		['segment', { operation: 'create', name: 'Runners', type: 'dynamic', query: BROKEN }],
		['segment', { operation: 'upsert', name: 'Runners', type: 'dynamic', query: BROKEN }],
		['segment', { operation: 'update', segment: byId(draft('')), updateFields: { query: BROKEN } }],
		['members', { operation: 'addByQuery', segment: byId(world.seedSegment()), query: BROKEN }],
		['members', { operation: 'removeByQuery', segment: byId(world.seedSegment()), query: BROKEN }],
	];

	test.each([0, 1, 2, 3, 4])('is refused with line and column before any request (%i)', async (index) => {
		const [node, parameters] = given()[index] ?? ['segment', {}];

		const { error } = await world[node](parameters);

		expect(error?.message).toMatch(/^Line 1, column \d+: found "CONTAINS.*" where .* was expected\.$/);
		expect(error?.description).toContain('CONTAINS');
		expect(error?.description).toContain('turn off Check Query');
		expect(world.requests()).toEqual([]);
	});

	test('stops Go Live before anything is written when it stands in the segment', async () => {
		const { error } = await world.segment({ operation: 'goLive', segment: byId(draft(BROKEN)) });

		expect(error?.message).toMatch(/^Line 1, column \d+: found/);
		expect(world.requests().every((request) => request.startsWith('GET '))).toBe(true);
	});

	test('names the line where a query of several lines is wrong', async () => {
		const { error } = await world.segment({
			operation: 'create',
			name: 'Two lines',
			type: 'dynamic',
			query: "PROFILE(contact)\n.FILTER(firstname = 'Ada')",
		});

		expect(error?.message).toMatch(/^Line 2, column 19: found "=/);
	});

	test('is sent as it is when the check is turned off', async () => {
		const { items, error } = await world.segment({
			operation: 'create',
			name: 'As it is',
			type: 'dynamic',
			query: BROKEN,
			options: { checkQuery: false },
		});

		expect(error).toBeUndefined();
		expect(items[0]?.json.query).toBe(BROKEN);
		expect(metadataRequests()).toEqual([]);
		expect(world.control.log({ method: 'POST' }).at(-1)?.body).toMatchObject({
			msdyncrm_segmentquery: BROKEN,
		});
	});

	test('goes down the error branch alone, and the items beside it are made', async () => {
		const { branches } = await world.segment(
			{ operation: 'create', name: '={{ $json.name }}', type: 'dynamic', query: '={{ $json.query }}' },
			[
				{ json: { name: 'Good', query: 'PROFILE(contact)' } },
				{ json: { name: 'Bad', query: 'PROFILE(contact' } },
			],
			{ onError: 'continueErrorOutput' },
		);

		expect(branches[0]?.map(({ json }) => json.name)).toEqual(['Good']);
		expect(branches[1]?.map(({ json }) => json.error)).toEqual([
			expect.stringMatching(/^Line 1, column 16: found the end of the query where/),
		]);
	});
});

describe('a query that can be read', () => {
	const TYPO = "PROFILE(contact).FILTER(fistname == 'Ada')";

	test.each([
		[
			'column',
			TYPO,
			'Query, line 1, column 25: The table "contact" has no column "fistname".',
			'"firstname"',
		],
		['table', 'PROFILE(contakt)', 'Query, line 1, column 9: There is no table "contakt".', 'logical name'],
	])('is refused before it is sent when its %s is unknown', async (_, query, message, remedy) => {
		const { error, hints } = await world.segment({
			operation: 'create',
			name: 'Typo',
			type: 'dynamic',
			query,
		});

		expect(error?.message).toBe(message);
		expect(error?.description).toContain(remedy);
		expect(error?.description).toContain('turn off Check Query');
		expect(hints).toEqual([]);
		expect(world.requests().every((request) => request.startsWith('GET '))).toBe(true);
	});

	test('is refused in real-time segments as well, with the relationship that they do not have', async () => {
		const { error } = await world.segment({
			resource: 'realTimeSegment',
			operation: 'create',
			name: 'Typo',
			type: 'dynamic',
			query: "PROFILE(contact).RELATE(no_such_relationship, a).FILTER(a.name == 'Contoso')",
		});

		expect(error?.message).toMatch(/The table "contact" has no relationship "no_such_relationship"\.$/);
		expect(world.requests().every((request) => request.startsWith('GET '))).toBe(true);
	});

	test('with an unknown column is sent when the check is turned off', async () => {
		const { items, error } = await world.segment({
			operation: 'create',
			name: 'Typo',
			type: 'dynamic',
			query: TYPO,
			options: { checkQuery: false },
		});

		expect(error).toBeUndefined();
		expect(items[0]?.json.query).toBe(TYPO);
	});

	test('gives one hint and asks for each table once, however many items there are', async () => {
		const people = Array.from({ length: 20 }, (_, n) => ({ json: { name: `Quote ${n}` } }));

		const result = await world.segment(
			{
				operation: 'create',
				name: '={{ $json.name }}',
				type: 'dynamic',
				query: "PROFILE(contact).FILTER(lastname == 'O''Neil')",
			},
			people,
		);

		expect(result.items).toHaveLength(20);
		expect(hintsOf(result)).toHaveLength(1);
		expect(metadataRequests()).toHaveLength(1);
	});

	test('is sent without findings, and says that it was not checked, when metadata may not be read', async () => {
		world.control.addFault({
			match: { path: 'EntityDefinitions' },
			times: 0,
			effect: { kind: 'status', status: 403, code: '0x80040220', message: 'No privilege' },
		});

		const result = await world.segment({
			operation: 'create',
			name: 'Unchecked',
			type: 'dynamic',
			query: "PROFILE(contact).FILTER(fistname == 'Ada')",
		});

		expect(result.error).toBeUndefined();
		expect(hintsOf(result)).toEqual([
			'The query could not be checked against the environment: its tables and columns could not be read just now, or not with this credential.',
		]);
	});

	test('tells where a stored query is wrong when the service refuses to take it live', async () => {
		const { error } = await world.segment({
			operation: 'goLive',
			segment: byId(draft('PROFILE(contakt)')),
		});

		expect(error?.description).toMatch(/^Query, line 1, column 9: There is no table "contakt"\./);
	});

	test('is followed along its relationships, so that columns of related tables are checked', async () => {
		const { error } = await world.members({
			operation: 'addByQuery',
			segment: byId(world.seedSegment()),
			query:
				"PROFILE(account, a).FILTER(a.nam == 'Contoso').TRAVERSE(contact_account_parentcustomerid, c).FILTER(c.fistname == 'Ada')",
		});

		expect(error?.message).toBe('Query, line 1, column 28: The table "account" has no column "nam".');
		expect(error?.description).toMatch(
			/^Did you mean "name"\? Query, line 1, column 101: The table "contact" has no column "fistname"\. Did you mean "firstname"\? To send/,
		);
	});

	test('selects the people it means', async () => {
		const id = world.seedSegment();
		world.control.seed({
			rows: { contacts: [{ contactid: contactId(5_000), firstname: 'Zebedee', lastname: 'Unique' }] },
		});

		const { items, hints } = await world.members({
			operation: 'addByQuery',
			segment: byId(id),
			query: "PROFILE(contact).FILTER(lastname == 'Unique')",
		});
		settled();

		expect(items[0]?.json.query).toBe("PROFILE(contact).FILTER(lastname == 'Unique')");
		expect(hints).toEqual([]);
		expect(world.control.members(id)).toEqual([contactId(5_000)]);
	});
});

describe('Validate', () => {
	const validate = async (query: string) => {
		const result = await world.segment({
			operation: 'validate',
			validateWhat: 'definition',
			type: 'dynamic',
			query,
		});
		return { ...result, json: result.items[0]?.json ?? {} };
	};

	test('puts local findings and those of the service into one list', async () => {
		const { json } = await validate('PROFILE(UnknownEntity)');

		expect(json.valid).toBe(false);
		expect(json.query).toBe('PROFILE(UnknownEntity)');
		expect(json.findings).toEqual([
			{
				source: 'local',
				severity: 'error',
				code: 'unknownTable',
				message: 'There is no table "UnknownEntity".',
				remedy: expect.stringContaining('contact'),
				line: 1,
				column: 9,
			},
			expect.objectContaining({ source: 'service', code: 'SegmentDciValidator_SegmentInvalid' }),
		]);
	});

	test('lists a mistake in the syntax instead of stopping at it', async () => {
		const { json, error } = await validate(BROKEN);

		expect(error).toBeUndefined();
		expect(json.findings).toContainEqual(
			expect.objectContaining({ source: 'local', code: 'syntax', line: 1, column: expect.any(Number) }),
		);
	});

	test('lists the labels of a choice that is compared with a text', async () => {
		const { json } = await validate("PROFILE(contact).FILTER(gendercode == 'Female')");

		expect(json.findings).toContainEqual(
			expect.objectContaining({
				code: 'literalDoesNotFit',
				remedy: 'Write 2 for "Female". Its choices are: 1 Male, 2 Female.',
			}),
		);
	});

	test('calls a query with warnings alone valid', async () => {
		const { json } = await validate("PROFILE(contact).FILTER(lastname == 'O''Neil')");

		expect(json.valid).toBe(true);
		expect(json.findings).toEqual([
			expect.objectContaining({ severity: 'warning', code: 'undocumentedEscape' }),
		]);
	});

	test('tells of a query that is too long without asking the service', async () => {
		const { json, error } = await validate(`PROFILE(contact).FILTER(lastname == '${'x'.repeat(4_000)}')`);

		expect(error).toBeUndefined();
		expect(json.valid).toBe(false);
		expect(json.findings).toContainEqual(expect.objectContaining({ code: 'tooLong' }));
	});

	test('reads the query of a segment that exists', async () => {
		const { items } = await world.segment({
			operation: 'validate',
			validateWhat: 'segment',
			segment: byId(draft("PROFILE(contact).FILTER(fistname == 'Ada')")),
		});

		expect(items[0]?.json.findings).toContainEqual(
			expect.objectContaining({ source: 'local', code: 'unknownColumn', column: 25 }),
		);
	});
});
