import type { Row, ServiceContext } from '../../../emulator/contracts';
import { createStore, standardTables } from '../../../emulator/data';
import { realTimeModule } from '../../../emulator/segments';
import { QueryRefusal } from '../../../emulator/segments/query/ast';
import { prepareRealTime } from '../../../emulator/segments/realTime/queries';
import { AssumptionSwitches } from '../../../emulator/web/assumptions';
import { queryName, status } from './realTimeSupport';

const NOW = Date.UTC(2026, 4, 17, 12, 30, 45);
const DAY = 86_400_000;
const acme = 'acc00000-0000-4000-8000-000000000001';
const zeta = 'acc00000-0000-4000-8000-000000000002';
const computed = '5e000000-0000-4000-8000-000000000001';
const never = '5e000000-0000-4000-8000-000000000002';

const people = {
	ann: { firstname: 'Ann', address1_city: 'Leeds', birthdate: '1990-05-17', parentcustomerid: acme },
	bob: { firstname: 'bob', address1_city: 'LEEDS', lastname: "O'Hara", parentcustomerid: acme },
	cem: { firstname: 'Cem', emailaddress1: 'cem@c.test', gendercode: 1, parentcustomerid: zeta },
	dee: { firstname: 'Dee', address1_city: 'York', gendercode: 2, annualincome: 30 },
} as const;
type Person = keyof typeof people;

const idOf = (name: string) => `c0000000-0000-4000-8000-00000000000${Object.keys(people).indexOf(name)}`;
const nameOf = (id: string) => Object.keys(people).find((name) => idOf(name) === id) ?? id;

/** Who was sent what, how many days ago. */
const delivered: readonly (readonly [Person, number, number])[] = [
	['ann', 1, 5],
	['ann', 400, 7],
	['bob', 1, 1],
	['bob', 2, 3],
	['cem', 800, 9],
];

function environment(assumptions: Readonly<Record<string, string>> = {}): ServiceContext {
	const clock = { now: () => NOW };
	const switches = new AssumptionSwitches(realTimeModule.assumptions, assumptions);
	const store = createStore([...standardTables, ...realTimeModule.tables], clock);
	const context: ServiceContext = {
		store,
		clock,
		user: { userId: acme, businessUnitId: acme, organizationId: acme, missingPrivileges: [] },
		assumption: (id) => switches.get(id),
		environmentUrl: 'http://127.0.0.1',
	};
	const insert = (table: string, row: Row) => store.table(table).insert(row);
	insert('account', { accountid: acme, name: 'Acme', industrycode: 12, primarycontactid: idOf('dee') });
	insert('account', { accountid: zeta, name: 'Zeta', industrycode: 7, parentaccountid: acme });
	for (const [name, person] of Object.entries(people)) {
		const company = 'parentcustomerid' in person ? { 'parentcustomerid@table': 'account' } : {};
		insert('contact', { contactid: idOf(name), ...person, ...company });
	}
	insert('lead', { leadid: acme, firstname: 'Lea', parentcontactid: idOf('ann'), subject: 'Hot' });
	insert('lead', { leadid: zeta, firstname: 'Leo', parentcontactid: idOf('ann'), companyname: 'Big' });
	for (const [person, days, value] of delivered) {
		insert('msdynmkt_emaildelivered', {
			msdynmkt_entityid: idOf(person),
			msdynmkt_entityid_logicalname: 'contact',
			msdynmkt_timestamp: new Date(NOW - days * DAY).toISOString(),
			msdynmkt_value: value,
		});
	}
	for (const id of [computed, never]) {
		const definition = id.replace('5e', 'de');
		insert('msdynmkt_segmentdefinition', { msdynmkt_segmentdefinitionid: definition });
		insert('msdynmkt_segment', {
			msdynmkt_segmentid: id,
			msdynmkt_sourcesegmentuid: definition,
			statuscode: id === computed ? status.active : status.inactive,
		});
	}
	realTimeModule.setMembers(computed, [idOf('ann'), idOf('dee')], context);
	return context;
}

function run(query: string, assumptions?: Readonly<Record<string, string>>, audience = 'contact'): string {
	const ids = prepareRealTime(query, audience, environment(assumptions)).run();
	return ids.map(nameOf).sort().join(' ');
}

function refusal(query: string): QueryRefusal {
	try {
		run(query);
	} catch (error) {
		if (error instanceof QueryRefusal) return error;
		throw error;
	}
	throw new Error(`not refused: ${query}`);
}

const contacts = (filter: string) => `PROFILE(contact).FILTER(${filter})`;
const account = 'PROFILE(contact).RELATE(contact_customer_accounts, account_1)';
const maybe = 'PROFILE(contact).RELATEOPTIONAL(contact_customer_accounts, account_1)';
const interaction = 'INTERACTION(msdynmkt_emaildelivered, msdynmkt_entityid)';
const manyJoins = Array.from({ length: 11 }, (_, n) => `.RELATE(lead_parent_contact, m${n})`).join('');
const segment = `SEGMENT(${queryName(computed)})`;

describe('people are picked as the query says', () => {
	it.each([
		['PROFILE(contact)', 'ann bob cem dee'],
		[contacts("address1_city == 'Leeds'"), 'ann bob'],
		[contacts("firstname CONTAINS 'E' && ISNOTNULL(emailaddress1)"), 'cem'],
		[contacts("lastname == 'O''Hara' || firstname STARTSWITH 'd'"), 'bob dee'],
		[contacts('gendercode IN [1, 2]'), 'cem dee'],
		[contacts("address1_city IN ['york', 'Rome'] || NOT(firstname in ['ann', 'bob', 'dee'])"), 'cem dee'],
		[contacts('DATEDIFF(YEAR, birthdate, DATETIMEUTCNOW()) == 36'), 'ann'],
		[contacts("DATEADD(DAY, 1, birthdate) > '1990-05-17' && birthdate < DATE(1991, 1, 1)"), 'ann'],
		[contacts('annualincome - 10 == 20'), 'dee'],
	])('%s', (query, names) => expect(run(query)).toBe(names));
});

describe('related rows', () => {
	it.each([
		['have to be there for RELATE', account, 'ann bob cem'],
		['need not be for RELATEOPTIONAL', maybe, 'ann bob cem dee'],
		['are spoken of by their alias', `${account}.FILTER(account_1.industrycode == 12)`, 'ann bob'],
		[
			'do not keep the profile from being spoken of',
			`${account}.FILTER(account_1.industrycode == 12 && firstname == 'bob')`,
			'bob',
		],
		[
			'can have an alias of two names',
			"PROFILE(contact).RELATE('contact_customer_accounts', account.account_1).FILTER(account.account_1.name == 'Zeta')",
			'cem',
		],
		['can be missing', `${maybe}.FILTER(ISNULL(account_1.name))`, 'dee'],
		['that are missing compare as nothing', `${maybe}.FILTER(account_1.name != 'Acme')`, 'cem'],
		[
			'have related rows of their own',
			'PROFILE(contact).RELATE(lead_parent_contact, l, RELATE(lead_parent_contact, c)).FILTER(c.firstname == l.firstname)',
			'',
		],
		[
			'are reached over several hops',
			`PROFILE(contact).RELATE(contact_customer_accounts, a, RELATE(account_primary_contact, p)).FILTER(p.firstname == 'Dee')`,
			'ann bob',
		],
		[
			'meet all conditions in one row',
			"PROFILE(contact).RELATE(lead_parent_contact, l).FILTER(l.subject == 'Hot' && l.companyname == 'Big')",
			'',
		],
		[
			'meet conditions of two aliases in two rows',
			"PROFILE(contact).RELATE(lead_parent_contact, l).FILTER(l.subject == 'Hot').RELATE(lead_parent_contact, m).FILTER(m.companyname == 'Big')",
			'ann',
		],
	])('%s', (_, query, names) => expect(run(query)).toBe(names));

	it('of leads lead to contacts', () => {
		const query = "PROFILE(lead).RELATE(lead_parent_contact, c).FILTER(c.firstname == 'Ann')";
		expect(run(query, {}, 'lead').split(' ')).toEqual([acme, zeta]);
	});
});

describe('sets are joined from left to right', () => {
	it.each([
		[segment, 'ann dee'],
		[`${segment} UNION ${contacts('gendercode == 1')}`, 'ann cem dee'],
		[`${segment} INTERSECT ${contacts("firstname == 'ANN'")}`, 'ann'],
		[`PROFILE(contact) EXCEPT ${segment} EXCEPT ${interaction}.HAVING(COUNT() >= 2)`, 'cem'],
	])('%s', (query, names) => expect(run(query)).toBe(names));
});

describe('behaviour is counted', () => {
	it.each([
		['.HAVING(COUNT() >= 2)', 'ann bob'],
		['.HAVING(COUNT() >= 2, UTCDAYS(30))', 'bob'],
		['.HAVING(COUNT() > 0, UTCMONTHS(24))', 'ann bob'],
		['.HAVING(COUNT() >= 1, UTCHOURS(25))', 'ann bob'],
		['.HAVING(COUNT() == 1, UTCWEEKS(1))', 'ann'],
		['.HAVING(COUNT() >= 1, UTCMINUTES(5))', ''],
		['.HAVING(SUM(msdynmkt_value) == 12)', 'ann'],
		['.HAVING(AVG(msdynmkt_value) < 3)', 'bob'],
		['.HAVING(MIN(msdynmkt_value) >= 5)', 'ann cem'],
		['.HAVING(MAX(msdynmkt_value) < 9)', 'ann bob'],
		[
			".FILTER((msdynmkt_entityid_LogicalName == 'contact' && msdynmkt_value > 4)).Having(Count() >= 1)",
			'ann cem',
		],
		[".FILTER(msdynmkt_entityid_LogicalName == 'lead').HAVING(COUNT() >= 1)", ''],
	])('%s', (rest, names) => expect(run(interaction + rest)).toBe(names));
});

describe('what cannot be evaluated is refused by name, never taken for nobody', () => {
	it.each([
		['unsupported', `${interaction}.HAVING(COUNT() < 3)`, 'COUNT() < 3'],
		['unsupported', 'INTERACTION(smssent, msdynmkt_entityid).HAVING(COUNT() > 0)', "'smssent'"],
		['unsupported', contacts(`consent_topic_${'0'.repeat(32)} == 'x'`), 'consent_topic_'],
		['unsupported', 'PROFILE(contact).RELATE(contact_customer_contacts, c)', 'itself'],
		[
			'unknown',
			'PROFILE(contact).RELATE(contact_account_parentcustomerid, a)',
			'contact_account_parentcustomerid',
		],
		['unknown', 'PROFILE(contact).RELATE(lead_parent_account, a)', 'does not start'],
		['unknown', `${account}.FILTER(account_2.name == 'x')`, "'account_2'"],
		['unknown', `${account}.FILTER(account_1.shoesize == 1)`, "'shoesize'"],
		['unknown', `${account}.RELATE(contact_customer_accounts, account_1)`, 'twice'],
		['unknown', contacts("gendercode IN ['x']"), "'x'"],
		['unknown', `SEGMENT(${queryName(never)})`, 'never computed'],
		['unknown', `SEGMENT(SEGMENT_CRM_ID_${'0'.repeat(32)})`, 'SEGMENT_CRM_ID_'],
		['unsupported', interaction, 'without HAVING'],
		['unsupported', contacts("LOWER(firstname) == 'ann'"), 'LOWER()'],
		['unsupported', `PROFILE(contact)${manyJoins}`, '11 RELATE'],
		['unknown', 'PROFILE(lead)', "ends at 'lead'"],
		['unknown', 'PROFILE(contact) UNION PROFILE(lead)', "'lead'"],
	])('%s: %s', (reason, query, words) => {
		expect(refusal(query)).toMatchObject({ reason, message: expect.stringContaining(words) as string });
	});

	it.each([
		['PROFILE(contact, c)', 16],
		['PROFILE(contact).TRAVERSE(contact_account_parentcustomerid)', 18],
		['PROFILE(contact).FILTER(gendercode IN [])', 40],
		['PROFILE(contact).FILTER(CONTAINS(firstname, "x"))', 25],
		['PROFILE(contact).FILTER(firstname == "x")', 38],
		["PROFILE(contact).FILTER(firstname == 'a' AND gendercode == 1)", 42],
	])('syntax: %s', (query, column) => {
		const { position, reason } = refusal(query);
		expect(reason).toBe('syntax');
		expect(position).toMatchObject({ line: 1, column });
	});

	it('paging stands in no segment', () => {
		expect(refusal('PROFILE(contact).ORDERBY(fullname)')).toMatchObject({ reason: 'syntax' });
	});
});

describe('a query as long as the column', () => {
	const MEGABYTE = 1_048_576;
	const filled = (piece: string, head = '') =>
		(head + piece.repeat(Math.ceil(MEGABYTE / piece.length))).slice(0, MEGABYTE);
	const related = 'PROFILE(contact).RELATE(lead_parent_contact, l)';

	it.each([
		['brackets', filled('(')],
		['brackets in a condition', filled('(', 'PROFILE(contact).FILTER(')],
		['NOT', filled('NOT(', 'PROFILE(contact).FILTER(')],
		['nested relations', filled('RELATE(lead_parent_contact, l,', 'PROFILE(contact).')],
		['an open text', filled('x', "PROFILE(contact).FILTER(firstname == '")],
		['open quotes', filled("'", 'PROFILE(contact).FILTER(firstname == ')],
		['texts side by side', filled("'a' ", 'PROFILE(contact).FILTER(')],
		['spaces', `${filled(' ', 'PROFILE(contact)').slice(0, -1)}?`],
		['one name', filled('x', 'PROFILE(contact).FILTER(')],
		['minus signs', filled('- ', 'PROFILE(contact).FILTER(')],
		['dots', filled('a.', 'PROFILE(contact).FILTER(')],
		['an open list', filled('1,', 'PROFILE(contact).FILTER(gendercode IN [')],
		['an open sum', filled('1+', 'PROFILE(contact).FILTER(')],
		['an open chain', filled('a == 1 && ', 'PROFILE(contact).FILTER(')],
		['sets without an end', filled('PROFILE(contact) UNION ')],
		['segments that are not there', `${'SEGMENT(x) UNION '.repeat(60_000)}SEGMENT(x)`],
		['steps behind a relation', related + '.FILTER(ISNULL(l.subject))'.repeat(40_000)],
		['functions', filled('f(', 'PROFILE(contact).FILTER(')],
	])('of %s is refused', (_, query) => {
		expect(query.length).toBeLessThanOrEqual(MEGABYTE);
		expect(refusal(query).message).not.toBe('');
	});

	it('is evaluated where it can be', () => {
		const chain = Array.from({ length: 40_000 }, (_, index) => `annualincome == ${index}`).join(' || ');
		expect(run(contacts(chain))).toBe('dee');
	});
});

describe('each undocumented corner has a switch', () => {
	it.each([
		['realTimeQueryLogicWords', 'accepted', contacts("firstname == 'Ann' AND ISNULL(gendercode)"), 'ann'],
		['realTimeQueryQuote', 'backslash', contacts("lastname == 'O\\'Hara'"), 'bob'],
		['realTimeQueryQuote', 'either', contacts("lastname == 'O\\'Hara'"), 'bob'],
		['realTimeQueryQuoteMark', 'either', contacts('lastname == "O\'Hara"'), 'bob'],
		['realTimeQueryTextCase', 'exact', contacts("address1_city == 'Leeds'"), 'ann'],
		[
			'realTimeQueryLogicOrder',
			'leftToRight',
			contacts("firstname == 'Ann' || firstname == 'Cem' && gendercode == 1"),
			'cem',
		],
	])('%s: %s', (id, value, query, names) => {
		expect(run(query, { [id]: value })).toBe(names);
		const otherwise = () => run(query);
		if (['accepted', 'backslash', 'either'].includes(value)) expect(otherwise).toThrow(QueryRefusal);
		else expect(otherwise()).not.toBe(names);
	});
});

it('every shape that was seen in use is read', () => {
	const seen = [
		'PROFILE(contact).FILTER(annualincome >= 30)',
		"PROFILE(contact).FILTER(gendercode == 2 && annualincome > 0).RELATEOPTIONAL(contact_customer_accounts, account_1).FILTER(account_1.industrycode == 16 && account_1.name == 'x')",
		`PROFILE(contact) UNION ${segment}`,
		`PROFILE(contact).FILTER(ISNOTNULL(emailaddress1)) UNION ${segment}`,
		'PROFILE(contact) INTERSECT PROFILE(contact).FILTER(gendercode IN [700370003, 700370004])',
		"Interaction(msdynmkt_emaildelivered, msdynmkt_entityid).FILTER((msdynmkt_entityid_LogicalName == 'contact' && msdynmkt_value > 0)).Having(Count() >= 1, UTCMONTHS(24))",
	];
	expect(seen.map((query) => run(query).split(' ').filter(Boolean).length)).toEqual([1, 0, 4, 3, 0, 2]);
});
