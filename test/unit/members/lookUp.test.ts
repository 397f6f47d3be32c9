import { readPeople } from '../../../core/people/readPeople';
import { clientOf, useServer } from '../dataverse/setup';
import { idOf } from './environment';

const server = useServer();

const person = (n: number, emailaddress1: string) => ({
	contactid: idOf(n),
	emailaddress1,
	statecode: 0,
	createdon: '2026-01-01T00:00:00Z',
	modifiedon: '2026-01-01T00:00:00Z',
});
const page = (...value: readonly unknown[]) => ({ body: { value } });

async function read(...rows: readonly string[]) {
	const { client } = clientOf(server);
	return await readPeople(rows, { by: 'email' }, { table: 'contact', client });
}

describe('a service that reads more into a value than it says', () => {
	test('finds nobody but the very person', async () => {
		server.play(
			page(person(1, 'axb@example.com'), person(2, ' A_B@example.com'), person(3, 'ayb@example.com')),
		);

		const roster = await read('a_b@example.com');

		expect(roster.people).toEqual([idOf(2)]);
	});

	test('is asked for a bracket in both spellings, because one of them finds itself', async () => {
		server.play(page(person(1, 'x[1]@example.com'), person(2, 'x1@example.com')));

		const roster = await read('x[1]@example.com');

		expect(roster.people).toEqual([idOf(1)]);
		expect(decodeURIComponent(server.seen[0]?.url ?? '')).toContain(
			'PropertyValues=["x[1]@example.com","x[[]1]@example.com"]',
		);
	});

	test('and answers with thousands of other people costs that one row, not the run', async () => {
		const strangers = Array.from({ length: 5_001 }, (_, n) => person(n, `person${n}@elsewhere.example`));
		server.play(page(...strangers), page(...strangers), page(person(9_001, 'ada@example.com')));

		const roster = await read('%@%', 'ada@example.com');

		expect(roster.rowAt(0)).toMatchObject({ status: 'undecided', reason: { code: 'matchesAsPattern' } });
		expect(roster.people).toEqual([idOf(9_001)]);
	});

	test('follows every page of an answer', async () => {
		const nextLink = `${server.url}/api/data/v9.2/contacts?$skiptoken=2`;
		server.play(
			{ body: { value: [person(1, 'ada@example.com')], '@odata.nextLink': nextLink } },
			page(person(2, 'ada@example.com')),
		);

		expect((await read('ada@example.com')).countRows().ambiguous).toBe(1);
	});
});

describe('a service that will not look values up', () => {
	const refusal = { status: 400, body: { error: { code: '0x80040203', message: 'No.' } } };
	const rows = (count: number) => Array.from({ length: count }, (_, n) => `person${n}@example.com`);

	test('leaves all rows undecided with its reason, and is asked a limited number of times', async () => {
		server.play(...Array.from({ length: 2_000 }, () => refusal));

		const roster = await read(...rows(20_000));

		expect(roster.countRows()).toMatchObject({ undecided: 20_000, invalid: 0, unmatched: 0 });
		expect(roster.rowAt(19_999)).toMatchObject({ status: 'undecided', reason: { code: '0x80040203' } });
		expect(server.seen.length).toBeLessThan(450);
	});

	test('because of an error of its own loses the one row that breaks it', async () => {
		const broken = { status: 500, body: { error: { code: '0x80040216', message: 'Unexpected.' } } };
		server.play(broken, page(person(1, 'person0@example.com')), broken);

		const roster = await read(...rows(2));

		expect([roster.rowAt(0).status, roster.rowAt(1).status]).toEqual(['matched', 'undecided']);
	});

	test('because its answers are no answers loses those rows, not the run', async () => {
		const html = { status: 200, body: '<html>Maintenance</html>' };
		server.play(page(person(1, 'person0@example.com')), html);

		const roster = await read(...rows(501));

		expect(roster.countRows()).toMatchObject({ matched: 1, unmatched: 499, undecided: 1 });
	});

	test.each([
		['a right is missing', 403, '0x80040220', 'forbidden'],
		['the token is refused', 401, '0x80040299', 'signIn'],
	])('because %s ends the run', async (_, status, code, kind) => {
		server.play({ status, body: { error: { code, message: 'No.' } } });

		await expect(read(...rows(3))).rejects.toMatchObject({ kind });
		expect(server.seen).toHaveLength(1);
	});

	test('because the column does not exist ends the run', async () => {
		server.play({ status: 400, body: { error: { code: '0x80060888', message: 'No.' } } }, page());
		const { client } = clientOf(server);

		await expect(
			readPeople(['1', '2'], { by: 'column', column: 'nosuchcolumn' }, { table: 'contact', client }),
		).rejects.toMatchObject({ kind: 'refused', code: '0x80060888' });
	});
});

describe('a value that does not fit the column', () => {
	const refusal = { status: 400, body: { error: { code: '0x80040203', message: 'Not a number.' } } };
	const byColumn = async (column: string, rows: readonly unknown[]) =>
		await readPeople(rows, { by: 'column', column }, { table: 'contact', client: clientOf(server).client });
	const column = (LogicalName: string, AttributeType: string) => ({
		body: { value: [{ LogicalName, AttributeType }] },
	});

	test('is a mistake in its row; the others are looked up', async () => {
		const found = { ...person(1, ''), numberofchildren: 3 };
		server.play(refusal, column('numberofchildren', 'Integer'), page(found));

		const roster = await byColumn('numberofchildren', ['three', 3, ' 4 ']);

		expect([0, 1, 2].map((row) => roster.rowAt(row).status)).toEqual(['invalid', 'matched', 'unmatched']);
		expect(roster.rowAt(0).reason).toMatchObject({ code: 'wrongType' });
		expect(roster.rowAt(0).reason?.remedy).toContain('a number');
	});

	test('is a mistake in its row where the service calls the whole query unreadable', async () => {
		const unreadable = { status: 400, body: { error: { code: '0x80060888', message: 'Not supported.' } } };
		server.play(
			unreadable,
			column('donotbulkemail', 'Boolean'),
			page({ ...person(1, ''), donotbulkemail: true }),
		);

		const roster = await byColumn('donotbulkemail', ['Yes', 'true', '1']);

		expect([0, 1, 2].map((row) => roster.rowAt(row).reason?.code)).toEqual([
			'wrongType',
			undefined,
			undefined,
		]);
		expect(roster.rowAt(1).status).toBe('matched');
		expect(roster.rowAt(0).reason?.remedy).toContain('true or false');
	});

	test('is not blamed where the environment cannot read the query although all values fit', async () => {
		const unreadable = { status: 400, body: { error: { code: '0x80060888', message: 'No such column.' } } };
		server.play(unreadable, column('numberofchildren', 'Integer'));

		await expect(byColumn('numberofchildren', [3, 4])).rejects.toMatchObject({ code: '0x80060888' });
		expect(server.seen).toHaveLength(2);
	});

	test.each([
		['yes or no', 'donotbulkemail', true, true],
		['a time from a database', 'birthdate', new Date('2024-05-31T00:00:00Z'), '2024-05-31'],
	])('is not %s in a column of such', async (_, name, given, held) => {
		server.play(page({ ...person(1, ''), [name]: held }));

		const roster = await byColumn(name, [given]);

		expect(roster.rowAt(0).status).toBe('matched');
	});

	test('names the choices of a choice', async () => {
		const choices = [{ Value: 1, Label: { UserLocalizedLabel: { Label: 'Male' } } }];
		server.play(
			refusal,
			column('gendercode', 'Picklist'),
			{ body: { OptionSet: { Options: choices } } },
			page({ ...person(1, ''), gendercode: 1 }),
		);

		const roster = await byColumn('gendercode', ['Male', '1']);

		expect(roster.rowAt(0)).toMatchObject({ status: 'invalid', value: 'Male' });
		expect(roster.rowAt(0).reason?.remedy).toContain('1 for "Male"');
		expect(roster.rowAt(1).status).toBe('matched');
	});

	test('leaves its row undecided where the environment does not tell what fits', async () => {
		const noRight = { status: 403, body: { error: { code: '0x80040220', message: 'No.' } } };
		server.play(refusal, noRight, refusal, page({ ...person(1, ''), numberofchildren: 3 }));

		const roster = await byColumn('numberofchildren', ['three', 3]);

		expect([0, 1].map((row) => roster.rowAt(row).status)).toEqual(['undecided', 'matched']);
	});
});

test.each(['id', 'email'] as const)(
	'an object that cannot be written down is one bad row (by %s)',
	async (by) => {
		const circular: Record<string, unknown> = {};
		circular.self = circular;
		let deep: unknown = 'x';
		for (let n = 0; n < 20_000; n += 1) deep = { deep };
		const { client } = clientOf(server);
		server.play(page());

		const roster = await readPeople([circular, deep, 1n, idOf(1)], { by }, { table: 'contact', client });

		expect(roster.countRows()).toMatchObject({ invalid: 3 });
		expect(roster.rowAt(0).value).toBe('an object that cannot be written as JSON');
	},
);
