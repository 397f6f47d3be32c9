import { contactId } from '../../../emulator/data';
import { errorOf, dataService } from './support';

const { get, found, send } = dataService({ contacts: 3, accounts: 2 });
const people = [
	{
		firstname: 'Ann',
		lastname: "O'Bryan",
		gendercode: 2,
		annualincome: 100,
		birthdate: '1990-05-01',
		donotemail: true,
	},
	{ firstname: 'ANN', lastname: '100% Real', gendercode: 1, annualincome: 200.5, jobtitle: 'Ann' },
	{
		firstname: 'Bob',
		lastname: '100 Real',
		annualincome: 300,
		'parentcustomerid_account@odata.bind': '/accounts(acc00000-0000-4000-8000-000000000001)',
	},
	{ firstname: 'Zoë', lastname: 'a_c "q"', emailaddress2: 'z', telephone1: '' },
	{ firstname: 'Cyd', lastname: 'abc', emailaddress2: 'Z' },
];
for (const body of people) send('POST', 'contacts', { ...body, description: 'here' });
const names = (filter: string): string[] =>
	found('contacts', 'firstname', `description eq 'here' and (${filter})`);
const refusal = (filter: string) => errorOf(get(`contacts?$filter=${encodeURIComponent(filter)}`));

describe('$filter', () => {
	it.each([
		["firstname eq 'ann'", ['Ann', 'ANN']],
		["firstname ne 'ann'", ['Bob', 'Zoë', 'Cyd']],
		["emailaddress2 ne 'z'", ['Ann', 'ANN', 'Bob']],
		['annualincome gt 100', ['ANN', 'Bob']],
		['annualincome ge 200.5 and annualincome le 300', ['ANN', 'Bob']],
		['annualincome lt 200 or gendercode eq 1', ['Ann', 'ANN']],
		['not (annualincome lt 200 or gendercode eq 1)', ['Bob', 'Zoë', 'Cyd']],
		["not contains(firstname,'N')", ['Bob', 'Zoë', 'Cyd']],
		["contains(lastname,'REAL')", ['ANN', 'Bob']],
		["startswith(lastname,'O''b')", ['Ann']],
		["endswith(lastname,'BC')", ['Cyd']],
		["lastname eq 'O''Bryan'", ['Ann']],
		['birthdate eq 1990-05-01', ['Ann']],
		['birthdate lt 1990-05-01T00:00:01Z', ['Ann']],
		['annualincome eq null', ['Zoë', 'Cyd']],
		['gendercode ne null', ['Ann', 'ANN']],
		['donotemail eq true', ['Ann']],
		['firstname eq jobtitle', ['ANN']],
		["parentcustomerid_account/name eq 'Smith Ltd 1'", ['Bob']],
		['_parentcustomerid_value eq ACC00000-0000-4000-8000-000000000001', ['Bob']],
		["owningbusinessunit/name eq 'contoso' and gendercode eq 2", ['Ann']],
	])('E29 %s', (filter, expected) => {
		expect(names(filter)).toEqual(expected);
	});

	it('E29 and binds stronger than or', () => {
		expect(names("firstname eq 'Cyd' or firstname eq 'Bob' and annualincome eq 1")).toEqual(['Cyd']);
	});

	it('E29 an unpaired quote is told with its position', () => {
		expect(refusal("lastname eq 'O'Bryan'")).toEqual({
			status: 400,
			code: '0x80060888',
			message: "There is an unterminated literal at position 21 in 'lastname eq 'O'Bryan''.",
		});
	});

	it.each([
		['arithmetic', 'annualincome add 5 eq 105'],
		['a function that does not exist', "substringof('a',lastname)"],
		['a date function', 'year(createdon) eq 2020'],
		['an unknown column', 'shoesize eq 1'],
		['a text compared with a number', 'lastname eq 5'],
		['a text compared with a bare GUID', `lastname eq ${contactId(0)}`],
		['a choice compared with a text', "gendercode eq '1'"],
		['a GUID column compared with any text', "contactid eq 'x'"],
		['a comparison of two values', '1 eq 1'],
		['nothing', ''],
		['an open bracket', '(gendercode eq 1'],
	])('E29 %s is refused', (_name, filter) => {
		expect(refusal(filter)).toMatchObject({ status: 400, code: '0x80060888' });
	});

	it('E30 a bare GUID works, the older guid form does not', () => {
		expect(found('contacts', 'contactid', `contactid eq ${contactId(2).toUpperCase()}`)).toEqual([
			contactId(2),
		]);
		const { status, message } = refusal(`contactid eq guid'${contactId(2)}'`);
		expect([status, message]).toEqual([400, "Unrecognized 'Edm.String' literal 'guid'."]);
	});

	it.each([
		["lastname eq '100%'", ['ANN', 'Bob']],
		["lastname eq '100[%] real'", ['ANN']],
		["lastname eq 'a_c'", ['Cyd']],
		["contains(lastname,'a[_]c')", ['Zoë']],
		["lastname eq '[^0-9]bc'", ['Cyd']],
		["lastname eq '[a-c]b[!-d]'", ['Cyd']],
		["lastname eq '[z-a]bc'", []],
		["startswith(lastname,'1__[%]')", ['ANN']],
	])('E31 wildcards: %s', (filter, expected) => {
		expect(names(filter)).toEqual(expected);
	});

	const crm = (name: string, property: string, values: unknown) =>
		`Microsoft.Dynamics.CRM.${name}(PropertyName='${property}',PropertyValues=${JSON.stringify(values)})`;

	it.each([
		[crm('In', 'lastname', ["o'bryan", 'abc', 'a_c "q"']), ['Ann', 'Zoë', 'Cyd']],
		[crm('In', 'lastname', ['100%']), []],
		[crm('NotIn', 'firstname', ['ann', 'bob']), ['Zoë', 'Cyd']],
		[crm('In', 'gendercode', ['1', '2']), ['Ann', 'ANN']],
		[crm('Between', 'annualincome', ['150', '300']), ['ANN', 'Bob']],
		[crm('NotBetween', 'annualincome', ['150', '300']) + ' and annualincome ne null', ['Ann']],
		["Microsoft.Dynamics.CRM.Today(PropertyName='createdon')", ['Ann', 'ANN', 'Bob', 'Zoë', 'Cyd']],
		["Microsoft.Dynamics.CRM.LastXDays(PropertyName='birthdate',PropertyValue=30)", []],
		["Microsoft.Dynamics.CRM.OnOrBefore(PropertyName='birthdate',PropertyValue='1990-05-01')", ['Ann']],
		["Microsoft.Dynamics.CRM.EqualUserId(PropertyName='ownerid') and gendercode eq 1", ['ANN']],
	])('E32 %s', (filter, expected) => {
		expect(names(filter)).toEqual(expected);
	});

	it('E32 query functions need their namespace and values that fit', () => {
		expect(refusal('In(PropertyName=\'lastname\',PropertyValues=["a"])').status).toBe(400);
		expect(refusal(crm('In', 'gendercode', ['x'])).status).toBe(400);
		expect(refusal(crm('constructor', 'lastname', ['x'])).status).toBe(400);
		expect(refusal(crm('Between', 'annualincome', ['1'])).status).toBe(400);
	});

	it('E32 a list takes 500 values and not one more', () => {
		const ids = Array.from({ length: 501 }, (_, n) => contactId(n));
		expect(found('contacts', 'contactid', crm('In', 'contactid', ids.slice(1)))).toEqual([
			contactId(1),
			contactId(2),
		]);
		expect(refusal(crm('In', 'contactid', ids))).toMatchObject({ status: 400, code: '0x8004430C' });
		expect(refusal(ids.map((id) => `contactid eq ${id}`).join(' or '))).toMatchObject({ code: '0x8004430C' });
	});

	it('E33 aliases stand for values; one that is not assigned is null', () => {
		const query = (filter: string, rest: string) =>
			get(`contacts?$filter=${encodeURIComponent(filter)}${rest}`).json.value.map((row) => row.firstname);
		expect(query('lastname eq @p1', `&@p1=${encodeURIComponent("'O''Bryan'")}`)).toEqual(['Ann']);
		expect(query('description eq @p1 and contactid eq null', '')).toEqual([]);
		const list = "Microsoft.Dynamics.CRM.In(PropertyName='firstname',PropertyValues=@p1)";
		expect(query(list, `&@p1=${encodeURIComponent('["cyd"]')}`)).toEqual(['Cyd']);
	});

	it('resolves 100,000 e-mail addresses among 200,000 people', () => {
		const big = dataService({ contacts: 200_000 });
		let matches = 0;
		for (let start = 0; start < 100_000; start += 500) {
			const emails = Array.from({ length: 500 }, (_, n) => `PERSON${start + n}@example.com`);
			matches += big.found('contacts', 'contactid', crm('In', 'emailaddress1', emails)).length;
		}
		const missing = Math.floor(100_000 / 97);
		expect(matches).toBeGreaterThan(100_000 - missing - 50);
		expect(matches).toBeLessThanOrEqual(100_000);
	});
});
