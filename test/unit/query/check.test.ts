import { buildQuery, checkQuery, printQuery } from '../../../core/query';
import { check, codes, contact, factsFor, filtered } from './environment';

describe('names that the environment does not have', () => {
	it('an unknown table is reported at its name', () => {
		expect(check('PROFILE(UnknownEntity)', 'outbound')).toEqual([
			expect.objectContaining({ code: 'unknownTable', severity: 'error', offset: 8, line: 1, column: 9 }),
		]);
	});

	it('an unknown column comes with the nearest one, on its line', () => {
		expect(check('PROFILE(contact)\n .FILTER(fristname == 1)')).toEqual([
			{
				severity: 'error',
				code: 'unknownColumn',
				message: 'The table "contact" has no column "fristname".',
				remedy: 'Did you mean "firstname"?',
				offset: 26,
				line: 2,
				column: 10,
			},
		]);
	});

	it('an unknown relationship comes with the nearest one', () => {
		const [finding] = check("PROFILE(contact).RELATE(contact_customer_account, a).FILTER(a.name == 'x')");
		expect(finding).toMatchObject({
			code: 'unknownRelationship',
			severity: 'error',
			offset: 24,
			remedy: 'Did you mean "contact_customer_accounts"?',
		});
	});

	it('names are compared without regard to case', () => {
		expect(check("PROFILE(Contact).FILTER(FirstName == 'A')")).toEqual([]);
	});

	it('without metadata nothing is reported about names', () => {
		const table = () => undefined;
		expect(check('PROFILE(foo).FILTER(bar == 1).RELATE(baz, b)', 'realTime', { table })).toEqual([]);
	});

	it('columns that the service makes itself are known', () => {
		expect(filtered("compliance_profile_06ba242267cf463d98c4e9aace82b774 == 'v:OptedIn'")).toEqual([]);
		expect(filtered("parentcustomerid_LogicalName == 'account'")).toEqual([]);
	});

	it('a table is looked up once', () => {
		const table = jest.fn(() => contact);
		check("PROFILE(contact) UNION PROFILE(Contact).FILTER(firstname == 'A')", 'realTime', { table });
		expect(table).toHaveBeenCalledTimes(1);
	});
});

describe('literals that do not fit their column', () => {
	it('text for a choice: the labels are listed and the meant one is named', () => {
		expect(filtered("persona == 'champion'")).toEqual([
			expect.objectContaining({
				code: 'literalDoesNotFit',
				offset: 35,
				remedy: 'Write 723720001 for "Champion". Its choices are: 723720000 Buyer, 723720001 Champion.',
			}),
		]);
	});

	it.each([
		['persona == 5', 'Its choices are: 723720000 Buyer, 723720001 Champion.'],
		["numberofchildren > '2'", 'Write a number without quotes.'],
		["donotemail == 'true'", 'Write true or false, without quotes.'],
		['firstname == 7', "Write it in quotes: '7'."],
		["birthdate > '2017-02-30'", "Write the date in quotes as '2017-03-30', or with a date function."],
		["birthdate > '30.03.2017'", "Write the date in quotes as '2017-03-30', or with a date function."],
		['birthdate > 2017-03-30', "Write: '2017-03-30'."],
		["contactid == 'Anna'", "Write the ID of the record in quotes: '00000000-0000-0000-0000-000000000000'."],
		["'2' < numberofchildren", 'Write a number without quotes.'],
		["numberofchildren IN [1, 'x']", 'Write a number without quotes.'],
		[
			"DATEDIFF(DAY, 'soon', DATETIMEUTCNOW()) < 3",
			"Use a date column, a date function or a date in quotes, such as '2017-03-30'.",
		],
	])('%s', (condition, remedy) => {
		expect(filtered(condition)).toEqual([
			expect.objectContaining({ code: 'literalDoesNotFit', severity: 'error', remedy }),
		]);
	});

	it.each([
		'persona == 723720000',
		"birthdate >= '2017-03-30T10:00:00Z'",
		"contactid == '1cc00a15-37ef-e911-a81d-000d3a6d200c'",
		'donotemail != false && numberofchildren >= 2.5',
		'DATEDIFF(YEAR, birthdate, DATETIMEUTCNOW()) > 18',
		'numberofchildren + 1 > 3',
	])('%s fits', (condition) => {
		expect(filtered(condition)).toEqual([]);
	});

	it('CONTAINS on a number, and a number as a date', () => {
		expect(codes(filtered("numberofchildren CONTAINS '2'"))).toEqual(['operatorDoesNotFit']);
		expect(codes(filtered('DATEDIFF(DAY, numberofchildren, birthdate) > 1'))).toEqual(['operatorDoesNotFit']);
	});

	it('a calculated column cannot be used', () => {
		expect(codes(filtered('age > 18'))).toEqual(['calculatedColumn']);
	});

	it('a quote or backslash in a text is a warning', () => {
		expect(filtered("firstname == 'O''Brien'")).toEqual([
			expect.objectContaining({ code: 'undocumentedEscape', severity: 'warning' }),
		]);
	});
});

describe('aliases', () => {
	const relate = '.RELATE(contact_customer_accounts, account_1)';

	it('used before it is defined', () => {
		const [finding, ...others] = check(`PROFILE(contact).FILTER(account_1.name == 'x')${relate}`);
		expect(finding).toMatchObject({ code: 'aliasBeforeMade', offset: 24, severity: 'error' });
		expect(others).toEqual([]);
	});

	it('made nowhere, with the nearest one', () => {
		const [finding] = check(`PROFILE(contact)${relate}.FILTER(acount_1.name == 'x')`);
		expect(finding).toMatchObject({ code: 'unknownAlias', remedy: 'Did you mean "account_1"?' });
	});

	it('made twice', () => {
		expect(codes(check(`PROFILE(contact)${relate}${relate}`))).toEqual(['duplicateAlias']);
	});

	it('of two names is used by its last one, and stands for its table', () => {
		const join = '.RELATE(contact_customer_accounts, account.account_1, RELATE(account_parent_account, p))';
		expect(codes(check(`PROFILE(contact)${join}.FILTER(account_1.name == 'x' && p.nam == 'y')`))).toEqual([
			'unknownColumn',
		]);
	});
});

describe('sets', () => {
	it('of different tables cannot be combined', () => {
		const findings = check('PROFILE(contact) UNION PROFILE(account)');
		expect(findings).toEqual([expect.objectContaining({ code: 'differentProfiles', offset: 23 })]);
	});

	it('findings come in reading order, each on its place', () => {
		const findings = check("PROFILE(contact).FILTER(foo == 1 && persona == 'x') UNION SEGMENT(y)");
		expect(codes(findings)).toEqual(['unknownColumn', 'literalDoesNotFit', 'segmentReference']);
	});

	it('a built query is checked on the text that is sent', () => {
		const query = buildQuery({
			dialect: 'realTime',
			profile: 'contact',
			groupsCombinedBy: 'and',
			groups: [
				{
					combinedBy: 'and',
					conditions: [{ column: 'fristname', columnType: 'string', operator: 'equals', value: 'A' }],
				},
			],
		});
		const [finding] = checkQuery(query, factsFor('realTime'));
		expect(finding?.code).toBe('unknownColumn');
		expect(printQuery(query).slice(finding?.offset)).toMatch(/^fristname/);
	});
});
