import type { ServiceContext, TableDefinition } from '../../../emulator/contracts';
import { createStore } from '../../../emulator/data/store';
import { organisationTables } from '../../../emulator/data/tables/organisation';
import { peopleTables } from '../../../emulator/data/tables/people';
import { outboundModule } from '../../../emulator/segments';
import { interactionTables } from '../../../emulator/segments/realTime/sideTables';
import { prepareOutbound, readQuery } from '../../../emulator/segments/outbound/queries';
import { AssumptionSwitches } from '../../../emulator/web/assumptions';

const NOW = Date.UTC(2026, 4, 17, 12, 30, 45);
const acme = 'acc00000-0000-4000-8000-000000000001';
const zeta = 'acc00000-0000-4000-8000-000000000002';
const static1 = '5e000000-0000-4000-8000-000000000001';
const static2 = '5e000000-0000-4000-8000-000000000002';
const never = '5e000000-0000-4000-8000-000000000003';

const people = {
	ann: {
		firstname: 'Ann',
		lastname: 'Abel',
		address1_city: 'Leeds',
		emailaddress1: 'ann@a.test',
		birthdate: '1990-05-17',
	},
	bob: {
		firstname: 'bob',
		lastname: "O'Hara",
		address1_city: 'LEEDS',
		birthdate: '2000-12-31',
		annualincome: -10.5,
	},
	cem: {
		firstname: 'Cem',
		lastname: 'Back\\slash',
		emailaddress1: 'cem@c.test',
		annualincome: 40,
		donotemail: true,
	},
	dee: { firstname: 'Dee', address1_city: 'York', gendercode: 2, annualincome: 3_000_000_000 },
} as const;
type Person = keyof typeof people;

const DAY = 86_400_000;
/** Who opened which mail, how many days ago, with which value. */
const opened: readonly (readonly [Person, number, number, string])[] = [
	['ann', 1, 5, 'Spring'],
	['ann', 400, 7, 'Autumn'],
	['bob', 1, 1, 'Spring'],
	['bob', 2, 3, 'Summer'],
	['cem', 40, 9, 'spring'],
];

const idOf = (name: Person) => `c0000000-0000-4000-8000-00000000000${Object.keys(people).indexOf(name)}`;
const nameOf = (id: string) => Object.keys(people).find((name) => idOf(name as Person) === id);

function environment(assumptions: Readonly<Record<string, string>> = {}): ServiceContext {
	const tables: readonly TableDefinition[] = [
		...organisationTables,
		...peopleTables,
		...outboundModule.tables,
		...interactionTables,
	];
	const clock = { now: () => NOW };
	const switches = new AssumptionSwitches(outboundModule.assumptions, assumptions);
	const store = createStore(tables, clock);
	const context: ServiceContext = {
		store,
		clock,
		user: { userId: acme, businessUnitId: acme, organizationId: acme, missingPrivileges: [] },
		assumption: (id) => switches.get(id),
		environmentUrl: 'http://127.0.0.1',
	};
	store.table('account').insert({ accountid: acme, name: 'Acme', primarycontactid: idOf('dee') });
	store.table('account').insert({ accountid: zeta, name: 'Zeta' });
	for (const [name, person] of Object.entries(people)) {
		const company = { ann: acme, bob: acme, cem: zeta, dee: undefined }[name as Person];
		store.table('contact').insert({
			contactid: idOf(name as Person),
			...person,
			...(company && { parentcustomerid: company, 'parentcustomerid@table': 'account' }),
		});
	}
	for (const [person, days, value, name] of opened) {
		store.table('msdynmkt_emailopened').insert({
			msdynmkt_entityid: idOf(person),
			msdynmkt_entityid_logicalname: 'contact',
			msdynmkt_timestamp: new Date(NOW - days * DAY).toISOString(),
			msdynmkt_value: value,
			msdynmkt_name: name,
		});
	}
	const segment = (msdyncrm_segmentid: string, msdyncrm_segmenttype: number) =>
		store.table('msdyncrm_segment').insert({ msdyncrm_segmentid, msdyncrm_segmenttype });
	segment(static1, 192350001);
	segment(static2, 192350001);
	segment(never, 192350000);
	outboundModule.setMembers(static1, [idOf('ann'), idOf('bob'), idOf('cem')], context);
	outboundModule.setMembers(static2, [idOf('cem'), idOf('dee')], context);
	return context;
}

const segmentName = (id: string) => `SEGMENT_CRM_ID_${id.replaceAll('-', '')}`;
const one = `SEGMENT(${segmentName(static1)})`;
const two = `SEGMENT(${segmentName(static2)})`;

function run(query: string, assumptions?: Readonly<Record<string, string>>): string {
	const context = environment(assumptions);
	const ids = prepareOutbound(readQuery(query, context), context).run();
	const names = ids.map(nameOf);
	return (query.includes('ORDERBY') ? names : names.sort()).join(' ');
}

const interaction = 'INTERACTION(EmailOpened, EmailOpened_ContactLink)';
const contacts = (filter: string) => `PROFILE(contact).FILTER(${filter})`;

describe('people are picked as the query says', () => {
	it.each([
		['PROFILE(contact)', 'ann bob cem dee'],
		["profile(Contact, c).filter(c.FirstName == 'ann')", 'ann'],
		[contacts("address1_city == 'Leeds'"), 'ann bob'],
		[contacts("address1_city != 'Leeds'"), 'dee'],
		[contacts('ISNULL(emailaddress1)'), 'bob dee'],
		[contacts('NOT(ISNULL(emailaddress1)) && donotemail == True'), 'cem'],
		[contacts('ISNOTNULL(emailaddress1) || gendercode == 2'), 'ann cem dee'],
		[contacts("lastname CONTAINS 'o''h'"), 'bob'],
		[contacts("lastname ENDSWITH 'SLASH'"), 'cem'],
		[contacts("firstname STARTSWITH 'a' || firstname STARTSWITH 'd'"), 'ann dee'],
		[contacts("lastname == 'Back\\slash'"), 'cem'],
		[contacts('annualincome < 0'), 'bob'],
		[contacts('annualincome == -10.5'), 'bob'],
		[contacts('annualincome > 2147483647'), 'dee'],
		[contacts('(annualincome - 30) * 2 + 1 == 21'), 'cem'],
		[contacts('annualincome / 0 == 1'), ''],
		[contacts("birthdate >= '1995-01-01'"), 'bob'],
		[contacts('birthdate == DATE(1990, 5, 17)'), 'ann'],
		[contacts('DATEDIFF(YEAR, birthdate, DATETIMEUTCNOW()) >= 36'), 'ann'],
		[contacts('DATEADD(month, 2, birthdate) == DATE(2001, 2, 28)'), 'bob'],
		[contacts('createdon <= DATETIMEUTCNOW()'), ''],
		[contacts("firstname != 'Ann' && (annualincome > 0 || ISNULL(annualincome))"), 'cem dee'],
		[contacts('firstname == lastname'), ''],
		[contacts(`contactid == '{${idOf('ann').toUpperCase()}}'`), 'ann'],
		[contacts(`parentcustomerid == '${acme}'`), 'ann bob'],
	])('%s', (query, expected) => {
		expect(run(query)).toBe(expected);
	});
});

describe('relationships lead to the people at their other end', () => {
	it.each([
		["PROFILE(account, a).FILTER(a.name == 'Acme').TRAVERSE(contact_account_parentcustomerid, c)", 'ann bob'],
		[
			'PROFILE(account).TRAVERSE(contact_account_parentcustomerid, FILTER(ISNOTNULL(emailaddress1)))',
			'ann cem',
		],
		["PROFILE(account).TRAVERSE(contact_account_parentcustomerid, c, FILTER(c.firstname == 'cem'))", 'cem'],
		["PROFILE(account).TRAVERSE('contact_account_parentcustomerid').FILTER(firstname == 'cem')", 'cem'],
		["PROFILE(account).FILTER(name == 'Acme').TRAVERSE(account_contact_primarycontactid)", 'dee'],
		[
			"PROFILE(contact).FILTER(firstname == 'Ann').TRAVERSE     (contact_account_parentcustomerid)" +
				'.TRAVERSE(contact_account_parentcustomerid)',
			'ann bob',
		],
	])('%s', (query, expected) => {
		expect(run(query)).toBe(expected);
	});
});

describe('segments combine from left to right', () => {
	it.each([
		[one, 'ann bob cem'],
		[`${one} UNION ${two}`, 'ann bob cem dee'],
		[`${one}INTERSECT ${two}`, 'cem'],
		[`${one} EXCEPT ${two}`, 'ann bob'],
		[`${one} UNION ${two} INTERSECT ${two}`, 'cem dee'],
		[`${one} UNION (${two} INTERSECT ${two})`, 'ann bob cem dee'],
		[`${one}.FILTER(address1_city == 'Leeds').FILTER(firstname != 'Bob')`, 'ann'],
		[`${two} EXCEPT PROFILE(contact).FILTER(gendercode == 2)`, 'cem'],
	])('%s', (query, expected) => {
		expect(run(query)).toBe(expected);
	});
});

describe('people are found by what they did', () => {
	it.each([
		[`${interaction}.HAVING(COUNT() > 0)`, 'ann bob cem'],
		[`${interaction}.HAVING(COUNT() > 1, UTCDAYS(30))`, 'bob'],
		[`${interaction}.HAVING(COUNT() == 1, UTCMONTHS(2))`, 'ann cem'],
		[`${interaction}.HAVING(COUNT() > 0, UTCYEARS(1))`, 'ann bob cem'],
		[`${interaction}.FILTER(Name == 'Spring').HAVING(COUNT() > 0)`, 'ann bob cem'],
		[`${interaction}.HAVING(COUNT() > 0, UTCDAYS(7)).FILTER(msdynmkt_name == 'Summer')`, 'bob'],
		[`${interaction}.HAVING(SUM(value) >= 9)`, 'ann cem'],
		[`interaction(emailopened, EmailOpenedContactLink).having(avg(value) < 3)`, 'bob'],
		[`PROFILE(contact) EXCEPT ${interaction}.HAVING(COUNT() != 0)`, 'dee'],
		[`${one} INTERSECT (${interaction}.HAVING(MAX(value) > 6) UNION ${two})`, 'ann cem'],
	])('%s', (query, expected) => {
		expect(run(query)).toBe(expected);
	});

	it.each([
		['COUNT() >= 1', 'HAVING(COUNT() >= 1)'],
		['COUNT() != 2', 'HAVING(COUNT() != 2)'],
		['COUNT() == 0', 'HAVING(COUNT() == 0)'],
		['COUNT() > -1', 'HAVING(COUNT() > -1)'],
		['COUNT() > 1.5', 'HAVING(COUNT() > 1.5)'],
	])('but HAVING(%s) is forbidden', (having, named) => {
		expect(() => run(`${interaction}.HAVING(${having})`)).toThrow(`${named} is not allowed`);
	});

	it.each([
		["Name CONTAINS 'x'", 'CONTAINS'],
		["value == 1 && NOT(Name STARTSWITH 'x')", 'STARTSWITH'],
		["Name ENDSWITH 'x'", 'ENDSWITH'],
		['timestamp > DATETIMEUTCNOW()', 'DATETIMEUTCNOW'],
		['timestamp > DATE(2026, 1, 1)', 'DATE'],
		['DATEDIFF(DAY, timestamp, timestamp) + 1 > 1', 'DATEDIFF'],
		["DATEADD(DAY, 1, timestamp) > '2026-01-01'", 'DATEADD'],
	])('but FILTER(%s) is forbidden there', (filter, named) => {
		const query = `${interaction}.FILTER(${filter}).HAVING(COUNT() > 0)`;
		expect(() => run(query)).toThrow(`${named} is not allowed in the FILTER of an INTERACTION`);
	});
});

describe('people come in the order that was asked for', () => {
	it.each([
		[`(${one}).ORDERBY(firstname DESC).SKIP(0).TAKE(15).SELECT(contactid)`, 'cem bob ann'],
		['PROFILE(contact).ORDERBY(address1_city ASC, firstname DESC)', 'cem bob ann dee'],
		['PROFILE(contact, c).ORDERBY(c.birthdate)', 'cem dee ann bob'],
	])('%s', (query, expected) => {
		expect(run(query)).toBe(expected);
	});
});

describe('what cannot be answered is refused by name, never answered with nobody', () => {
	it.each([
		['PROFILE(UnknownEntity)', "The entity 'UnknownEntity' does not exist."],
		[contacts("shoesize == 'x'"), "has no column 'shoesize'"],
		["PROFILE(contact, c).FILTER(d.firstname == 'x')", "The alias 'd'"],
		["PROFILE(account, a).TRAVERSE(contact_account_parentcustomerid).FILTER(a.name == 'x')", "The alias 'a'"],
		['PROFILE(account).TRAVERSE(HavingAccount)', "The relationship 'HavingAccount' does not exist"],
		['PROFILE(lead).TRAVERSE(contact_account_parentcustomerid)', "does not start at 'lead'"],
		['PROFILE(account).TRAVERSE(account_account_parentaccountid)', 'joins a table to itself'],
		['PROFILE(account)', "ends at 'account'; it has to end at contact"],
		['PROFILE(account) UNION PROFILE(contact)', "UNION joins 'account' and 'contact'"],
		['SEGMENT(segment1)', "The segment 'segment1' does not exist."],
		[`SEGMENT(${segmentName(never)})`, 'has not been evaluated yet'],
		[contacts("gendercode == 'female'"), "'female' stands where a number is needed"],
		[contacts('firstname == 7'), 'A text cannot be compared with a number'],
		[contacts('donotemail > False'), "'>' does not go with a boolean"],
		[contacts("gendercode CONTAINS '2'"), "'gendercode' holds no text"],
		[contacts("birthdate > 'soon'"), "'soon' is not a date"],
		[contacts('birthdate > DATE(2021, 2, 29)'), 'DATE(2021, 2, 29) is not a date'],
		[
			'INTERACTION(EmailOpened, EmailOpenedLeadLink).HAVING(COUNT() > 0)',
			'INTERACTION(EmailOpened, EmailOpenedLeadLink) cannot be evaluated',
		],
		[
			`${one} UNION INTERACTION(E, L).FILTER(Name == 'x').HAVING(COUNT() > 10, UTCMONTHS(1))`,
			'INTERACTION(E, L) cannot be evaluated',
		],
		[`${interaction}.HAVING(COUNT() < 3)`, 'COUNT() < 3'],
		[`${interaction}.HAVING(COUNT() > 0, UTCDAYS(1.5))`, 'A window of 1.5 days'],
		[`${interaction}.HAVING(SUM(nothing) > 1)`, "has no column 'nothing'"],
		[`${interaction}.HAVING(SUM(Name) > 1)`, "'Name' holds no number"],
		[`${one}.FILTER(shoesize == 1)`, "has no column 'shoesize'"],
		['PROFILE(contact).TAKE(-1)', 'SKIP and TAKE count people'],
		[contacts('birthdate > DATE(2021, 2.5, 1)'), 'DATE(2021, 2.5, 1) is not a date'],
		['PROFILE(contact).ORDERBY(nothing)', "has no column 'nothing'"],
	])('%s', (query, reason) => {
		expect(() => run(query)).toThrow(reason);
	});
});

describe('text that is no query is refused with its place', () => {
	it.each([
		["INTERACTION(EmailOpened, Link).FILTER(Name == 'Campaign 1')).HAVING(COUNT()>0)", 'Line 1, column 60'],
		["PROFILE(contact).FILTER(firstname = 'a')", 'Line 1, column 35'],
		['PROFILE(contact)\n.FILTER(firstname == "a")', 'Line 2, column 22'],
		['PROFILE(contact).FILTER(DATEDIFF(month, birthdate, DATETIMEUTCNOW()) 1)', 'Line 1'],
		["FILTER(Contact.firstname MATCHES_REGEX '^[A-Z]+$')", 'Line 1, column 1'],
		["PROFILE(contact).FILTER(CONTAINS(firstname, 'x'))", 'Line 1'],
		["PROFILE(contact).FILTER(firstname == 'open)", 'Line 1'],
		["PROFILE(contact).FILTER(firstname == 'a' AND lastname == 'b')", 'Line 1, column 42'],
		[`${one} UNION ${two}.ORDERBY(fullname)`, 'Line 1'],
		['INTERACTION(EmailOpened, Link)', 'Line 1'],
		['PROFILE(contact) MINUS PROFILE(contact)', 'Line 1, column 18'],
		['', 'Line 1, column 1'],
	])('%s', (query, place) => {
		expect(() => run(query)).toThrow(place);
	});

	it.each([
		['brackets', '('.repeat(1_000_000)],
		['an open quote', `PROFILE(contact).FILTER(firstname == '${'x'.repeat(1_000_000)}`],
		['NOT(', `PROFILE(contact).FILTER(${'NOT('.repeat(250_000)}`],
	])('a megabyte of %s fails cleanly', (_, query) => {
		expect(() => run(query)).toThrow(/allowed/);
	});

	it('a chain of conditions as long as the column is evaluated', () => {
		const chain = Array.from({ length: 180 }, (_, index) => `annualincome==${index}`).join('||');
		expect(run(contacts(chain))).toBe('cem');
	});
});

describe('each undocumented corner of the language has a switch', () => {
	it('a quote in a text is doubled, or escaped by a backslash', () => {
		expect(run(contacts("lastname == 'O\\'Hara'"), { outboundQueryQuote: 'backslash' })).toBe('bob');
		expect(() => run(contacts("lastname == 'O''Hara'"), { outboundQueryQuote: 'backslash' })).toThrow(
			'Line 1',
		);
		expect(run(contacts("lastname == 'O''Hara'"))).toBe('bob');
		for (const query of ["lastname == 'O\\'Hara'", "lastname == 'O''Hara'"]) {
			expect(run(contacts(query), { outboundQueryQuote: 'either' })).toBe('bob');
		}
	});

	it('AND and OR are words of the language only where accepted', () => {
		const query = contacts("address1_city == 'York' OR firstname == 'Ann' AND gendercode == 1");
		expect(run(query, { outboundQueryLogicWords: 'accepted' })).toBe('dee');
	});

	it('&& binds tighter than ||, or both bind from left to right', () => {
		const query = contacts("address1_city == 'York' || firstname == 'Ann' && gendercode == 1");
		expect(run(query)).toBe('dee');
		expect(run(query, { outboundQueryLogicOrder: 'leftToRight' })).toBe('');
	});

	it('INTERSECT binds as the others do, or tighter', () => {
		const query = `${one} UNION ${two} INTERSECT ${two}`;
		expect(run(query, { outboundQuerySetOrder: 'intersectFirst' })).toBe('ann bob cem dee');
	});

	it('negative numbers and decimals can be refused', () => {
		expect(() => run(contacts('annualincome == -10.5'), { outboundQueryNumbers: 'integersOnly' })).toThrow(
			'Line 1',
		);
		expect(run(contacts('annualincome == 40'), { outboundQueryNumbers: 'integersOnly' })).toBe('cem');
	});

	it('names can have to be written exactly', () => {
		expect(() => run('PROFILE(Contact)', { outboundQueryNameCase: 'exact' })).toThrow(
			"'Contact' does not exist",
		);
	});

	it('texts can be compared with regard to case', () => {
		expect(run(contacts("address1_city == 'Leeds'"), { outboundQueryTextCase: 'exact' })).toBe('ann');
	});

	it('a segment that was never live can count as empty', () => {
		expect(run(`SEGMENT(${segmentName(never)})`, { outboundUnevaluatedSegment: 'empty' })).toBe('');
	});
});
