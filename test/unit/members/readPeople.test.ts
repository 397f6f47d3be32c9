import { DataverseError } from '../../../core/dataverse/errors/errors';
import type { Roster } from '../../../core/accounting/roster';
import { NOBODY_FOUND } from '../../../core/accounting/rowReasons';
import { countMembers } from '../../../core/accounting/report';
import { readPeople } from '../../../core/people/readPeople';
import { idOf } from './environment';
import { BY_EMAIL, codes, contact, statuses, oddOnes, usePeople } from './people';

const { environment, read } = usePeople();

describe('people identified by email', () => {
	test('are found whatever the case and the blanks, and each row has its status', async () => {
		const roster = await read([
			' PERSON1@example.com ',
			'person1@example.com',
			'nobody@example.com',
			'no address',
			'@example.com',
			'',
			null,
			['person2@example.com'],
			7,
			'person2@example.com',
		]);

		expect(roster.people).toEqual([contact(1), contact(2)]);
		expect(statuses(roster)).toEqual([
			'matched',
			'duplicate',
			'unmatched',
			...new Array<string>(6).fill('invalid'),
			'matched',
		]);
		expect(codes(roster)).toEqual([
			[3, 'notFound'],
			[4, 'notAnEmail'],
			[5, 'notAnEmail'],
			[6, 'noValue'],
			[7, 'noValue'],
			[8, 'notAText'],
			[9, 'notAnEmail'],
		]);
	});

	test('cost one request for 500 different addresses, and one more for those that nobody has', async () => {
		const addresses = Array.from({ length: 1_500 }, (_, n) => `person${n}@example.com`);

		const roster = await read(addresses.flatMap((address) => [address, address.toUpperCase()]));

		expect(environment.requests()).toHaveLength(4);
		expect(roster.rows).toBe(3_000);
		expect(countMembers(roster).duplicates).toBeGreaterThan(1_000);
	});

	test('keep the order of their rows when a query is answered after the ones behind it', async () => {
		const addresses = Array.from({ length: 1_700 }, (_, n) => `person${n + 1}@example.com`);
		environment.emulator.control.addFault({ effect: { kind: 'status', status: 503 } });

		const roster = await read(addresses);

		expect(environment.requests().length).toBeGreaterThan(4);
		expect(roster.people.length).toBeGreaterThan(1_500);
		// The IDs of the environment's own contacts rise with their addresses.
		expect(roster.people).toEqual([...roster.people].sort());
	});

	test('are not asked about any more once a query has failed', async () => {
		const addresses = Array.from({ length: 4_000 }, (_, n) => `person${n + 1}@example.com`);
		environment.emulator.control.addFault({ effect: { kind: 'status', status: 401 }, times: 0 });

		const requests = await read(addresses).then(
			() => 0,
			() => environment.requests().length,
		);
		await new Promise((resolve) => setTimeout(resolve, 100));

		expect(requests).toBeGreaterThan(0);
		expect(environment.requests()).toHaveLength(requests);
	});

	test('of long addresses go in as many requests as the length of a query allows', async () => {
		const addresses = Array.from({ length: 500 }, (_, n) => `${'ä'.repeat(40)}${n}@example.com`);

		const roster = await read(addresses);

		expect(countMembers(roster).unmatched).toBe(500);
		// The last is about leads, for as many of the addresses as one query holds.
		const methods = environment.requests().map(({ method }) => method);
		expect(methods.sort()).toEqual(['GET', 'POST', 'POST', 'POST']);
	});

	describe('whom only the other table has', () => {
		const ofLead = 'No contact has this address, but a lead does; the segment contains contacts.';
		const reasons = (roster: Roster) => oddOnes(roster).map(({ reason }) => reason);
		const lead = () => String(environment.emulator.control.rows('leads')[0]?.emailaddress1);

		test('are unmatched rows that say so, every row of the address', async () => {
			const roster = await read([lead(), 'person1@example.com', lead().toUpperCase(), 'nobody@example.com']);

			expect(statuses(roster)).toEqual(['unmatched', 'matched', 'unmatched', 'unmatched']);
			expect(reasons(roster)).toEqual([ofLead, ofLead, NOBODY_FOUND.reason]);
			expect(codes(roster)).toEqual([
				[1, 'otherTable'],
				[3, 'otherTable'],
				[4, 'notFound'],
			]);
		});

		test('are asked for with one request, and with none when everybody is matched', async () => {
			await read([lead(), ...Array.from({ length: 1_200 }, (_, n) => `unknown${n}@example.com`)]);
			const about = (set: string) => environment.requests().filter(({ path }) => path.includes(set));

			expect(environment.requests().length - about('contacts').length).toBe(1);

			environment.emulator.control.clearLog();
			await read(['person1@example.com']);

			expect(environment.requests()).toHaveLength(1);
		});

		test('are not told from people whom nobody has when the other table may not be read', async () => {
			environment.emulator.control.addFault({
				match: { path: '/leads' },
				times: 0,
				effect: { kind: 'status', status: 403, code: '0x80040220', message: 'Missing prvReadLead' },
			});

			const roster = await read([lead(), 'person1@example.com']);

			expect(statuses(roster)).toEqual(['unmatched', 'matched']);
			expect(reasons(roster)).toEqual([NOBODY_FOUND.reason]);
		});
	});

	test('match nobody else when the address has a wildcard or a quote', async () => {
		const roster = await read([
			'a_b@example.com',
			'c%d@example.com',
			'%@example.com',
			'_erson1@example.com',
			'o\'brien"&+#@example.com',
			'x[1]@example.com',
			'person[1]@example.com',
		]);

		expect(roster.people).toEqual([idOf(4), idOf(6), idOf(7), idOf(8)]);
		expect(countMembers(roster)).toMatchObject({ matched: 4, unmatched: 3 });
	});

	test('who are inactive are taken only when asked to', async () => {
		const [without, including] = [
			await read(['retired@example.com']),
			await read(['retired@example.com'], BY_EMAIL, { includeInactive: true }),
		];

		expect(codes(without)).toEqual([[1, 'inactive']]);
		expect(including.people).toEqual([idOf(3)]);
	});
});

describe('an address with something around it or in it', () => {
	test('finds its person, and what is odd is told instead of "nobody"', async () => {
		const roster = await read([
			'person1@example.com\u200B',
			'"Test" <mailto:person2@example.com>;',
			'person3@example.com; person4@example.com',
			'person5 @example.com',
			'PERSON1@example.com',
		]);

		expect(roster.people).toEqual([contact(1), contact(2)]);
		expect(statuses(roster)).toEqual(['matched', 'matched', 'invalid', 'invalid', 'duplicate']);
		expect(codes(roster)).toEqual([
			[3, 'severalAddresses'],
			[4, 'notAnEmail'],
		]);
	});

	test('finds a person whose address has the same oddity in the environment', async () => {
		environment.emulator.control.seed({
			rows: {
				contacts: [
					{ contactid: idOf(801), lastname: 'T', statecode: 0, emailaddress1: 'odd\u200B@example.com' },
					{ contactid: idOf(802), lastname: 'T', statecode: 0, emailaddress1: 'odd @example,com' },
					{ contactid: idOf(803), lastname: 'T', statecode: 0, emailaddress1: 'zoe\u0308@example.com' },
				],
			},
		});

		const rows = ['odd@example.com', 'odd\u200B@example.com', 'odd @example,com', 'zoe\u0308@example.com'];
		const roster = await read(rows);

		expect(roster.people).toEqual([idOf(801), idOf(802), idOf(803)]);
		expect(statuses(roster)).toEqual(['matched', 'duplicate', 'matched', 'matched']);
	});

	test('is read in the same way when the column is chosen by its name', async () => {
		const byColumn = { by: 'column', column: 'EmailAddress1' } as const;
		const roster = await read(['<person1@example.com>', contact(2), 'a@b.c, d@e.f'], byColumn);

		expect(roster.people).toEqual([contact(1), contact(2)]);
		expect(codes(roster)).toEqual([[3, 'severalAddresses']]);
	});
});

describe('an address that several people share', () => {
	const rows = ['twin@example.com', 'trio@example.com'];

	test('is refused unless told otherwise, with the number of people and no address in the reason', async () => {
		const roster = await read(rows);

		const [exception] = oddOnes(roster);
		expect(roster.countRows().ambiguous).toBe(2);
		expect(exception).toMatchObject({ row: 1, outcome: 'ambiguous', value: 'twin@example.com' });
		expect(exception?.reason).toMatch(/^2 people /);
		expect(exception?.reason).not.toContain('@');
	});

	test('stands beside ids that are read as ids, in the order of the rows', async () => {
		const stranger = idOf(999_999, '99999999');
		const roster = await read([`{${idOf(11).toUpperCase()}}`, ...rows, idOf(11), stranger], BY_EMAIL, {
			severalMatches: 'all',
		});

		expect(roster.people).toEqual([11, 1, 2, 10].map((n) => idOf(n)));
		expect(roster.rowAt(rows.length + 1)).toMatchObject({ status: 'duplicate', firstRow: 0 });
		expect(roster.rowAt(rows.length + 2)).toMatchObject({ status: 'unmatched', value: stranger });
	});

	test('means all of them when asked to, and the sums still hold', async () => {
		const roster = await read(['no address', ...rows, rows[0]], BY_EMAIL, { severalMatches: 'all' });
		expect(roster.people).toEqual([1, 2, 10, 11].map((n) => idOf(n)));
		expect(countMembers(roster)).toMatchObject({ rows: 4, invalid: 1, matched: 2, duplicates: 1, people: 4 });
		expect(roster.rowAt(1)).toMatchObject({ id: idOf(1), more: [{ id: idOf(2) }] });
	});

	test('means the one created last when asked to', async () => {
		const roster = await read(rows.slice(0, 1), BY_EMAIL, { severalMatches: 'newest' });

		expect(roster.people).toEqual([idOf(2)]);
	});
});

describe('people identified by another column', () => {
	test('are found by text and by number', async () => {
		const roster = await read(['c-100', 12], { by: 'column', column: 'externaluseridentifier' });

		expect(roster.people).toEqual([idOf(10)]);
		expect(codes(roster)).toEqual([[2, 'notFound']]);
	});

	test('may be found by the key itself, which is read as an ID', async () => {
		const rows = [`{${contact(1).toUpperCase()}}`, 'no id'];
		const roster = await read(rows, { by: 'column', column: ' ContactId ' });

		expect(roster.people).toEqual([contact(1)]);
		expect(codes(roster)).toEqual([[2, 'notAnId']]);
	});

	test('may be leads', async () => {
		const lead = environment.emulator.control.rows('leads')[0];
		const roster = await read([lead?.emailaddress1], BY_EMAIL, { table: 'lead', severalMatches: 'newest' });

		expect(roster.people).toEqual([lead?.leadid]);
	});

	test('are not looked up by a name that is no column name', async () => {
		await expect(read(['x'], { by: 'column', column: "a' or 1" })).rejects.toThrow(DataverseError);
		expect(environment.requests()).toHaveLength(0);
	});

	test('are asked for once when the table has no such column, which its columns prove', async () => {
		await expect(read(['x', 'y'], { by: 'column', column: 'new_missing' })).rejects.toThrow(DataverseError);
		expect(environment.requests().map(({ path }) => /[^/]+(?=\?)/.exec(path)?.[0])).toEqual([
			'contacts',
			'Attributes',
		]);
	});
});

describe('a value with characters that nobody sees', () => {
	const byNumber = { by: 'column', column: 'externaluseridentifier' } as const;

	test('finds its person in another column', async () => {
		const roster = await read(['C-100\u200B', '\u202Ac-100\u202C', '\uFEFF'], byNumber);

		expect(statuses(roster)).toEqual(['matched', 'duplicate', 'invalid']);
		expect(codes(roster)).toEqual([[3, 'noValue']]);
	});

	test('is an ID all the same', async () => {
		const odd = [`\u200B${contact(1)}`, `"${contact(1)}";`, contact(1).replaceAll('-', '\u2011'), '\u200B'];
		const taken = await read(odd, { by: 'id' });
		const checked = await read(odd, { by: 'id' }, { checkThatPeopleExist: true });

		for (const roster of [taken, checked]) {
			expect(statuses(roster)).toEqual(['matched', 'duplicate', 'duplicate', 'invalid']);
			expect(codes(roster)).toEqual([[4, 'noId']]);
		}
	});
});

describe('people identified by ID', () => {
	const missing = idOf(999_999);

	test('are taken as they are without a request', async () => {
		const roster = await read([contact(1), missing], { by: 'id' });

		expect(roster.people).toEqual([contact(1), missing]);
		expect(environment.requests()).toHaveLength(0);
	});

	test('are checked when asked to: missing and inactive ones are unmatched', async () => {
		const ids = [contact(1), contact(1).toUpperCase(), missing, idOf(3), 'no id'];
		const roster = await read(ids, { by: 'id' }, { checkThatPeopleExist: true });

		expect(statuses(roster)).toEqual(['matched', 'duplicate', 'unmatched', 'unmatched', 'invalid']);
		expect(codes(roster)).toEqual([
			[3, 'notFound'],
			[4, 'inactive'],
			[5, 'notAnId'],
		]);
		// One for the contacts, one to see whether the missing ID is a lead's.
		expect(environment.requests()).toHaveLength(2);
	});

	test('are refused where there are more than the segment holds', async () => {
		await expect(read([contact(1), contact(2)], { by: 'id' }, { mostPeople: 1 })).rejects.toThrow(
			'more than 1 different people',
		);
	});

	test('come from a file in batches like from anywhere else', async () => {
		async function* file() {
			yield await Promise.resolve([contact(1), contact(2)]);
			yield [contact(2)];
		}
		const roster = await readPeople(file(), { by: 'id' }, { table: 'contact' });

		expect(countMembers(roster)).toMatchObject({ rows: 3, matched: 2, duplicates: 1 });
	});
});

describe('what is told of people beside the roster', () => {
	test.each([['email'], ['id']] as const)('further columns come with their look-up (by %s)', async (by) => {
		const seen: unknown[] = [];
		const rows = by === 'email' ? ['c%d@example.com', 'nobody@example.com'] : [idOf(6), idOf(999)];

		const roster = await read(
			rows,
			{ by },
			{
				reader: {
					columns: ['emailaddress1'],
					onPerson: (person, row) => void seen.push([person, row.emailaddress1]),
				},
			},
		);

		expect(seen).toEqual([[0, 'c%d@example.com']]);
		expect(roster.countRows()).toMatchObject({ matched: 1, unmatched: 1 });
	});

	test('a value that nobody has can mean somebody who is to be created; inactive people are not created again', async () => {
		const asked: unknown[] = [];
		const personFor = (value: string, row: number) => {
			asked.push([value, row]);
			return value.startsWith('new') ? idOf(700) : undefined;
		};

		const roster = await read(
			['New@Example.com', 'new@example.com', 'other@example.com', 'retired@example.com'],
			BY_EMAIL,
			{ newPeople: { personFor } },
		);

		expect(statuses(roster)).toEqual(['matched', 'duplicate', 'unmatched', 'unmatched']);
		expect(roster.people).toEqual([idOf(700)]);
		expect(asked).toEqual([
			['new@example.com', 0],
			['new@example.com', 1],
			['other@example.com', 2],
		]);
	});
});
