import { parseQuery } from '../../../core/query';
import { copyFromOutbound, type RelationshipFacts } from '../../../core/segments/copyToRealTime/convert';
import { aSegment } from './aSegment';

const accountOfContact: RelationshipFacts = {
	schemaName: 'contact_customer_accounts',
	referencingTable: 'contact',
	referencedTable: 'account',
	referencingColumn: 'parentcustomerid',
};
const facts = { relationships: [accountOfContact] };
const dynamic = (query: string) => aSegment({ type: 'dynamic', query });
const copied = (query: string) => copyFromOutbound(dynamic(query), facts);

test('a profile query is carried over without its alias', () => {
	const plan = copied("PROFILE(contact, c).FILTER(c.address1_city == 'Rome' && ISNOTNULL(c.emailaddress1))");

	expect(plan.draft?.query).toBe(
		"PROFILE(contact).FILTER(address1_city == 'Rome' && ISNOTNULL(emailaddress1))",
	);
	expect(plan.notCarriedOver).toEqual([]);
	expect(plan.toCheck).toEqual([]);
	expect(plan.carriedOver).toContain('Query');
});

test('a TRAVERSE to contact becomes a RELATE under the name that metadata has', () => {
	const plan = copied(
		"PROFILE(account, a).FILTER(a.revenue > 100).FILTER(name CONTAINS 'x').TRAVERSE(contact_account_parentcustomerid, c).FILTER(c.statecode == 0)",
	);

	expect(plan.draft?.query).toBe(
		"PROFILE(contact).RELATE(contact_customer_accounts, account_1).FILTER(account_1.revenue > 100 && account_1.name CONTAINS 'x').FILTER(statecode == 0)",
	);
	expect(plan.toCheck.join(' ')).toContain('compare the number of members');
});

test('sets of profiles and of segments that have a counterpart are carried over', () => {
	const segments = new Map([['SEGMENT_CRM_ID_AA', '1405f4ba-1ee9-e811-a99d-000d3a35f12f']]);
	const plan = copyFromOutbound(dynamic('PROFILE(contact) EXCEPT SEGMENT(segment_crm_id_aa)'), { segments });

	expect(plan.draft?.query).toBe(
		'PROFILE(contact) EXCEPT SEGMENT(SEGMENT_CJO_ID_1405f4ba1ee9e811a99d000d3a35f12f)',
	);
});

test.each([
	['INTERACTION(EmailOpened, contact).HAVING(COUNT() > 1)', 'INTERACTION(EmailOpened, …)'],
	['PROFILE(contact) UNION SEGMENT(SEGMENT_CRM_ID_aa)', 'SEGMENT(SEGMENT_CRM_ID_aa)'],
	['PROFILE(account).FILTER(revenue > 1).TRAVERSE(contact_account_other)', 'TRAVERSE(contact_account_other)'],
	['PROFILE(account).TRAVERSE(contact_account_parentcustomerid)', 'TRAVERSE(contact_customer_accounts)'],
	['PROFILE(lead).FILTER(x == 1).TRAVERSE(a).TRAVERSE(b)', 'PROFILE(lead) with TRAVERSE a → b'],
	['PROFILE(contact).TRAVERSE(a).TRAVERSE(b)', 'PROFILE(contact) with TRAVERSE a → b'],
	['PROFILE(contact) UNION (PROFILE(contact) EXCEPT PROFILE(contact))', 'Sets in brackets'],
	['PROFILE(contact).ORDERBY(fullname ASC).SKIP(0).TAKE(5)', 'SKIP and TAKE'],
	[
		'PROFILE(account, a).TRAVERSE(contact_account_parentcustomerid, c).FILTER(a.name == c.lastname)',
		'A FILTER about two tables at once',
	],
])('%s is not carried over at all, and the part at fault is named', (query, what) => {
	const plan = copied(query);

	expect(plan.draft).toBeUndefined();
	expect(plan.carriedOver).toEqual([]);
	expect(plan.notCarriedOver[0]?.what).toBe(`The query, because of ${what}`);
	expect(plan.notCarriedOver[0]?.reason).toBeTruthy();
});

test('a query that cannot be read is shown with its place', () => {
	expect(copied('PROFILE(contact).FILTER(').notCarriedOver[0]?.reason).toContain('Line 1, column');
});

test('what no live real-time query shows is carried over and listed to be checked', () => {
	const plan = copied(
		"PROFILE(contact).FILTER(NOT(lastname STARTSWITH 'O''') && createdon > DATEADD(DAY, -3, DATETIMEUTCNOW()))",
	);

	expect(plan.draft?.query).toBeDefined();
	expect(plan.toCheck).toHaveLength(4);
	expect(() => parseQuery(plan.draft?.query ?? '', { dialect: 'realTime' })).not.toThrow();
});

describe('a static segment', () => {
	test('keeps its name and loses its members, and that is said', () => {
		const plan = copyFromOutbound(aSegment());

		expect(plan.draft).toMatchObject({ name: 'Readers', type: 'static', groups: [{ name: 'Members 1' }] });
		expect(plan.memberIds).toEqual([]);
		expect(plan.notCarriedOver[0]).toMatchObject({ what: 'The members' });
		expect(plan.notCarriedOver[0]?.reason).toContain('removed in May 2026');
	});

	test('brings the ids that an old row still has', () => {
		const member = '1405f4ba-1ee9-e811-a99d-000d3a35f12f';
		const row = { msdyncrm_segmentmemberids: JSON.stringify([`crm${member}`, member.toUpperCase(), 'x', 1]) };
		const plan = copyFromOutbound(aSegment({ row }));

		expect(plan.memberIds).toEqual([member]);
		expect(plan.toCheck).toHaveLength(1);
	});

	test('stays in its business unit', () => {
		const unit = 'b0000000-0000-4000-8000-000000000001';
		const row = { msdyncrm_scope: 270100001, _owningbusinessunit_value: unit };

		expect(copyFromOutbound(aSegment({ row })).draft).toMatchObject({
			scope: 'businessUnit',
			businessUnitId: unit,
		});
	});
});
