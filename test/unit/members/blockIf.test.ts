/** Block If: values as Dynamics shows them, and those that no person can have. */

import { contact, oddOnes, usePeople } from './people';

const { environment, read } = usePeople();
const ADDRESS = 'blocked@example.com';
const SPONSOR = 'a0000000-0000-4000-8000-00000000beef';

beforeAll(() => {
	const { control } = environment.emulator;
	control.seed({
		rows: {
			accounts: [{ accountid: SPONSOR, name: 'Sponsor' }],
			contacts: [
				{
					contactid: crypto.randomUUID(),
					lastname: 'Blocked',
					emailaddress1: ADDRESS,
					donotbulkemail: true,
					gendercode: 2,
					creditlimit: 50_000,
					numberofchildren: 3,
					birthdate: '1990-05-31',
					cr1f2_score: 12.5,
					cr1f2_tier: 100000001,
					cr1f2_interests: '1,2',
					cr1f2_lastvisit: '2026-05-31T08:00:00Z',
					parentcustomerid: SPONSOR,
					'parentcustomerid@table': 'account',
				},
			],
		},
	});
});

const blocked = async (column: string, is: boolean | number | string | null) => {
	const guards = { columns: [{ column, is }] };
	const roster = await read([ADDRESS], { by: 'email' }, { guards });
	return roster.countPeople().blocked === 1;
};

test.each([
	['donotbulkemail', 'Yes'],
	['donotbulkemail', '1'],
	['donotbulkemail', 'TRUE'],
	['donotbulkemail', true],
	['gendercode', 'female'],
	['gendercode', '2'],
	['cr1f2_tier', 'Silver'],
	['creditlimit', '50000.00'],
	['creditlimit', 50_000],
	['cr1f2_score', '12.50'],
	['numberofchildren', '3'],
	['birthdate', '1990-05-31'],
	['cr1f2_lastvisit', '2026-05-31'],
	['cr1f2_lastvisit', '2026-05-31T10:00:00+02:00'],
	['lastname', ' blocked '],
	['parentcustomerid', SPONSOR.toUpperCase()],
	['_parentcustomerid_value', SPONSOR],
	['statecode', 'Active'],
	['jobtitle', null],
])('a person is blocked by %s = %j', async (column, is) => {
	expect(await blocked(column, is)).toBe(true);
});

test.each([
	['donotbulkemail', 'No'],
	['gendercode', 'Male'],
	['creditlimit', '50000.01'],
	['birthdate', '1990-05-30'],
	['cr1f2_lastvisit', '2026-05-31T08:00:01Z'],
	['lastname', 'Other'],
])('and not by %s = %j', async (column, is) => {
	expect(await blocked(column, is)).toBe(false);
});

test.each([
	['donotbulkemail', 'Do Not Allow', 'not one of its choices'],
	['donotbulkemail', '2', 'not one of its choices'],
	['gendercode', 'Femail', 'not one of its choices'],
	['creditlimit', '50,000.00', 'not a number'],
	['creditlimit', '$50000', 'not a number'],
	['birthdate', '31/05/1990', 'not a date'],
	['birthdate', '1990-02-30', 'not a date'],
	['parentcustomerid', 'Sponsor', 'not an ID'],
	['nosuchcolumn', 'x', 'has no column "nosuchcolumn"'],
])('a condition that can block nobody is refused: %s = %j', async (column, is, why) => {
	await expect(blocked(column, is)).rejects.toMatchObject({
		kind: 'invalidInput',
		message: expect.stringContaining(why) as string,
	});
	const people = environment.requests().filter(({ path }) => path.includes('contacts'));
	expect(people).toEqual([]);
});

test('a choice that is not there is answered with those that are', async () => {
	await expect(blocked('cr1f2_tier', 'Platinum')).rejects.toMatchObject({
		remedy: expect.stringContaining('Bronze, Silver, Gold') as string,
	});
});

test('the types are read once for all conditions and rows', async () => {
	const guards = { columns: [1, 2, 3].map((n) => ({ column: 'numberofchildren', is: n })) };
	const roster = await read([ADDRESS, contact(1)], { by: 'email' }, { guards });

	expect(oddOnes(roster)[0]).toMatchObject({ code: 'blockedByColumn' });
	expect(environment.requests().filter(({ path }) => path.includes('EntityDefinitions'))).toHaveLength(1);
});
