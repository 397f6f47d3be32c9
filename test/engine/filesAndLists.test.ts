/** What people put into files, lists and fields, through the engine: nobody is lost, added or removed by a guess. */

import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { runMembers, seedRealTime, writes } from './realTimeSeed';
import { byId, World } from './world';

let world: World;
beforeAll(async () => {
	world = await World.start({ contacts: 10 });
	world.control.seed({
		rows: { contacts: people.map((person) => ({ ...person, lastname: 'Own', statecode: 0 })) },
	});
});
afterAll(async () => await world.close());
beforeEach(() => world.control.clearLog());

const PERSON = 'aaaaaaaa-0000-4000-8000-00000000000';
const people = [
	{ contactid: `${PERSON}1`, emailaddress1: 'ada@example.net', externaluseridentifier: 'C 1001' },
	{ contactid: `${PERSON}2`, emailaddress1: 'ben@example.net', externaluseridentifier: '1001' },
	{ contactid: `${PERSON}3`, emailaddress1: 'cleo@example.net', externaluseridentifier: 'C-3' },
	{ contactid: `${PERSON}4`, emailaddress1: 'dan@example.net', externaluseridentifier: 'C-4' },
];
const [ada, ben, cleo, dan] = people.map(({ contactid }) => contactid) as [string, string, string, string];
const everybody = [ada, ben, cleo, dan];

const membersOf = (id: string) => [...(world.control.members(id) ?? [])].sort();

function file(...lines: readonly string[]): INodeExecutionData {
	const data = Buffer.from(`${lines.join('\n')}\n`).toString('base64');
	return { json: {}, binary: { data: { data, mimeType: 'text/csv', fileName: 'people.csv' } } };
}

async function run(parameters: INodeParameters, items?: readonly INodeExecutionData[]) {
	const result = await runMembers(world, { identifyBy: 'email', ...parameters }, items ?? [{ json: {} }]);
	world.control.advanceClock(3_600_000);
	return result;
}

describe('a file', () => {
	test('with quotes that swallow lines is refused before anything is sent, and a Sync removes nobody', async () => {
		const id = seedRealTime(world, { status: 'live', members: everybody });

		const { error } = await run(
			{ operation: 'sync', segment: byId(id), peopleFrom: 'csv', csvColumn: 'email' },
			[
				file(
					'name,email',
					'Ada,ada@example.net',
					'"Ben,ben@example.net',
					'Cleo,cleo@example.net',
					'"Dan,dan@example.net',
				),
			],
		);

		expect(error?.message).toContain(
			'The quote that was opened on line 3 is closed on line 5 inside a value.',
		);
		expect(writes(world)).toEqual([]);
		expect(membersOf(id)).toEqual(everybody);
	});

	test('without a header gives everybody when its column has a number', async () => {
		const id = seedRealTime(world);

		const { items } = await run({ operation: 'add', segment: byId(id), peopleFrom: 'csv', csvColumn: '1' }, [
			file('ada@example.net', 'ben@example.net'),
		]);

		expect(items[0]?.json).toMatchObject({ rows: 2, submitted: 2 });
		expect(membersOf(id)).toEqual([ada, ben]);
	});

	test('with two columns of the wanted name is refused with their numbers', async () => {
		const { error } = await run(
			{ operation: 'add', segment: byId(seedRealTime(world)), peopleFrom: 'csv', csvColumn: 'email' },
			[file('email,name,email ', 'ada@example.net,Ada,ben@example.net')],
		);

		expect(error?.message).toContain('number 1 ("email"), number 3 ("email")');
	});

	test('whose lines all end in one delimiter more than the header has is refused for that, not for its addresses', async () => {
		const { error } = await run(
			{ operation: 'add', segment: byId(seedRealTime(world)), peopleFrom: 'csv', csvColumn: 'email' },
			[file('name,email', 'Ada,ada@example.net,', 'Ben,ben@example.net,')],
		);

		expect(error?.message).toBe(
			'None of the 2 rows matches a person. Row 1: The line has more values than the file has columns, so some may be in the wrong column.',
		);
	});

	test('has each row that is not read among the exceptions, and the others are delivered', async () => {
		const id = seedRealTime(world);

		const { items } = await run(
			{ operation: 'add', segment: byId(id), peopleFrom: 'csv', csvColumn: 'email' },
			[
				file(
					'name,email',
					'Ada,ada@example.net;',
					'Lovelace, Ben,ben@example.net',
					'C,cleo@example.net/dan@example.net',
				),
			],
		);

		expect(items[0]?.json).toMatchObject({ rows: 3, matched: 1, invalid: 2, submitted: 1 });
		expect(items[0]?.json.exceptions).toMatchObject([
			{ row: 2, code: 'tooManyValues' },
			{ row: 3, code: 'severalAddresses' },
		]);
		expect(membersOf(id)).toEqual([ada]);
	});
});

describe('a list', () => {
	test('in JSON that broke off is refused, and a Sync removes nobody', async () => {
		const id = seedRealTime(world, { status: 'live', members: everybody });

		const { error } = await run({
			operation: 'sync',
			segment: byId(id),
			peopleFrom: 'list',
			emailAddresses: '["ada@example.net", "ben@example.net", "cleo@exa',
		});

		expect(error?.message).toContain('It may have been cut off.');
		expect(membersOf(id)).toEqual(everybody);
	});

	test('of customer numbers does not take a part of C 1001 for another customer', async () => {
		const id = seedRealTime(world);

		const { items } = await run({
			operation: 'add',
			segment: byId(id),
			peopleFrom: 'list',
			identifyBy: 'column',
			columnName: 'externaluseridentifier',
			values: 'C 1001, C-3\nC-4',
		});

		expect(items[0]?.json).toMatchObject({ rows: 3, matched: 3 });
		expect(membersOf(id)).toEqual([ada, cleo, dan]);
	});

	test('of addresses may be copied from a mail', async () => {
		const id = seedRealTime(world);

		await run({
			operation: 'add',
			segment: byId(id),
			peopleFrom: 'list',
			emailAddresses:
				'"Lovelace, Ada" <ada@example.net>; Ben <mailto:ben@example.net>, \u200Bcleo@example.net dan@example.net.',
		});

		expect(membersOf(id)).toEqual(everybody);
	});
});

describe('input items', () => {
	test.each(['E-Mail-Adr.', "contact['Kd.-Mail']", ' Full Mail', "['it\\'s']"])(
		'have the field that was dragged: %s',
		async (emailField) => {
			const id = seedRealTime(world);
			const email = 'ada@example.net';
			const json = {
				'E-Mail-Adr.': email,
				contact: { 'Kd.-Mail': email },
				' Full Mail': email,
				"it's": email,
			};

			await run({ operation: 'add', segment: byId(id), emailField }, [{ json }]);

			expect(membersOf(id)).toEqual([ada]);
		},
	);

	test('with characters that nobody sees mean the person whom everybody reads', async () => {
		const id = seedRealTime(world);
		const rows = [
			'ada@example.net\u200B',
			'\u202Eben@example.net',
			'"cleo@example.net"',
			'dan@\u00ADexample.net',
		];

		const { items } = await run(
			{ operation: 'add', segment: byId(id), emailField: 'email' },
			rows.map((email) => ({ json: { email } })),
		);

		expect(items[0]?.json).toMatchObject({ rows: 4, matched: 4 });
		expect(membersOf(id)).toEqual(everybody);
	});
});
