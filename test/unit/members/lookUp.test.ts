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

test('a service that refuses every value is asked a limited number of times', async () => {
	const refusal = { status: 400, body: { error: { code: '0x80040203', message: 'No.' } } };
	server.play(...Array.from({ length: 600 }, () => refusal));

	const rows = Array.from({ length: 500 }, (_, n) => `person${n}@example.com`);

	await expect(read(...rows)).rejects.toMatchObject({ code: '0x80040203' });
	expect(server.seen.length).toBeLessThan(150);
});
