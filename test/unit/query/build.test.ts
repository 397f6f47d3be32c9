import {
	buildQuery,
	type ConditionGroup,
	type FormCondition,
	parseQuery,
	printQuery,
	QueryBuildError,
	type QueryForm,
	stripSpans,
} from '../../../core/query';

const name: FormCondition = { column: 'firstname', columnType: 'string', operator: 'equals', value: 'Anna' };
const children: FormCondition = {
	column: 'numberofchildren',
	columnType: 'number',
	operator: 'greaterThan',
	value: '2',
};
const city: FormCondition = {
	column: 'address1_city',
	columnType: 'string',
	operator: 'startsWith',
	value: 'New',
};
const own: ConditionGroup = { combinedBy: 'and', conditions: [name, children] };
const byAccount: ConditionGroup = {
	combinedBy: 'and',
	related: { relationship: 'contact_customer_accounts', table: 'account' },
	conditions: [city],
};

function written(form: Partial<QueryForm>): string {
	const query = buildQuery({
		dialect: 'realTime',
		profile: 'contact',
		groups: [],
		groupsCombinedBy: 'and',
		...form,
	});
	const text = printQuery(query);
	expect(stripSpans(parseQuery(text, { dialect: query.dialect }))).toEqual(query);
	return text;
}

const condition = (form: Partial<FormCondition>, dialect: QueryForm['dialect'] = 'realTime') =>
	written({ dialect, groups: [{ combinedBy: 'and', conditions: [{ ...name, ...form }] }] });

describe('groups', () => {
	it('of the profile share one FILTER', () => {
		const either: ConditionGroup = { combinedBy: 'or', conditions: [name, city] };
		expect(written({ groups: [own, either] })).toBe(
			"PROFILE(contact).FILTER((firstname == 'Anna' && numberofchildren > 2) && " +
				"(firstname == 'Anna' || address1_city STARTSWITH 'New'))",
		);
	});

	it('of a related table follow a RELATE in real-time', () => {
		const optional = { ...byAccount, related: { relationship: 'r2', table: 'account', optional: true } };
		expect(written({ groups: [byAccount, own, optional] })).toBe(
			"PROFILE(contact).FILTER(firstname == 'Anna' && numberofchildren > 2)" +
				".RELATE(contact_customer_accounts, account_1).FILTER(account_1.address1_city STARTSWITH 'New')" +
				".RELATEOPTIONAL(r2, account_2).FILTER(account_2.address1_city STARTSWITH 'New')",
		);
	});

	it('combined by "or" become a union when one is about a related table', () => {
		expect(written({ groups: [own, byAccount], groupsCombinedBy: 'or' })).toBe(
			"PROFILE(contact).FILTER(firstname == 'Anna' && numberofchildren > 2) UNION " +
				"PROFILE(contact).RELATE(contact_customer_accounts, account_1).FILTER(account_1.address1_city STARTSWITH 'New')",
		);
	});

	it('of a related table traverse to the contact in outbound', () => {
		const related = { relationship: 'contact_account_parentcustomerid', table: 'account', alias: 'a' };
		expect(written({ dialect: 'outbound', groups: [own, { ...byAccount, related }] })).toBe(
			"PROFILE(contact).FILTER(firstname == 'Anna' && numberofchildren > 2) INTERSECT " +
				"PROFILE(account, a).FILTER(a.address1_city STARTSWITH 'New').TRAVERSE(contact_account_parentcustomerid)",
		);
	});
});

describe('segments', () => {
	const segments = [
		{ operation: 'union', segmentName: 'one' },
		{ operation: 'except', segmentName: 'two' },
	] as const;

	it('are applied to the groups in order', () => {
		expect(written({ groups: [own], segments })).toBe(
			"PROFILE(contact).FILTER(firstname == 'Anna' && numberofchildren > 2) UNION SEGMENT(one) EXCEPT SEGMENT(two)",
		);
	});

	it('alone begin with the first one, or take it away from everybody', () => {
		expect(written({ segments, dialect: 'outbound' })).toBe('SEGMENT(one) EXCEPT SEGMENT(two)');
		expect(written({ segments: [...segments].reverse() })).toBe(
			'PROFILE(contact) EXCEPT SEGMENT(two) UNION SEGMENT(one)',
		);
		expect(written({})).toBe('PROFILE(contact)');
	});
});

describe('values are written by the type of their column', () => {
	it.each([
		[{ columnType: 'string', value: 7 }, "firstname == '7'"],
		[{ columnType: 'string', value: "') || (1 == 1" }, "firstname == ''') || (1 == 1'"],
		[{ columnType: 'number', value: '-1.50' }, 'firstname == -1.50'],
		[{ columnType: 'choice', value: 723720000 }, 'firstname == 723720000'],
		[{ columnType: 'boolean', value: 'True' }, 'firstname == true'],
		[{ columnType: 'date', value: '2017-03-30' }, "firstname == '2017-03-30'"],
		[
			{ columnType: 'guid', value: '{1CC00A15-37EF-E911-A81D-000D3A6D200C}' },
			"firstname == '1cc00a15-37ef-e911-a81d-000d3a6d200c'",
		],
		[{ columnType: 'other', value: false }, 'firstname == false'],
		[{ operator: 'doesNotContain' }, "NOT(firstname CONTAINS 'Anna')"],
		[{ operator: 'isEmpty', value: undefined }, 'ISNULL(firstname)'],
		[{ operator: 'isNotEmpty', value: undefined }, 'ISNOTNULL(firstname)'],
		[{ operator: 'isOneOf', value: ['a', 'b'] }, "firstname IN ['a', 'b']"],
		[{ operator: 'isNotOneOf', columnType: 'choice', value: [1, 2] }, 'NOT(firstname IN [1, 2])'],
	] as const)('%j', (form, expected) => {
		expect(condition(form)).toBe(`PROFILE(contact).FILTER(${expected})`);
	});
});

describe('what cannot be written is refused by name', () => {
	it('a list in outbound', () => {
		expect(() => condition({ operator: 'isOneOf', value: ['a'] }, 'outbound')).toThrow(
			'Outbound queries have no list operator, so Is One Of cannot be used.',
		);
	});

	it('an optional relation in outbound', () => {
		const related = { relationship: 'r', table: 'account', optional: true };
		const groups = [{ ...byAccount, related }];
		expect(() => written({ dialect: 'outbound', groups })).toThrow(
			'Outbound queries have no RELATEOPTIONAL.',
		);
	});

	it('a profile other than contact in outbound', () => {
		expect(() => written({ dialect: 'outbound', profile: 'lead' })).toThrow(
			'An outbound segment contains contacts.',
		);
	});

	it.each([
		[{ columnType: 'number', value: 'many' }, 'Enter a number.'],
		[{ columnType: 'number', value: Number.NaN }, 'Enter a number.'],
		[{ columnType: 'number', value: 1e21 }, 'Enter a number.'],
		[{ columnType: 'choice', value: 'Buyer' }, 'Enter the number of a choice.'],
		[{ columnType: 'boolean', value: 'yes' }, 'Enter true for yes, or false for no.'],
		[{ columnType: 'date', value: '2017-02-31x' }, 'Enter a date such as'],
		[{ columnType: 'lookup', value: 'Contoso' }, 'Enter the ID of a record.'],
		[{ value: undefined }, 'Enter one value.'],
		[{ value: ['a'] }, 'Enter one value.'],
		[{ operator: 'isOneOf', value: [] }, 'Enter a list of values.'],
		[
			{ operator: 'contains', columnType: 'number', value: 2 },
			'The operator Contains does not fit the number column "firstname". Use one of these: Equals, Not Equals,',
		],
		[
			{ operator: 'greaterThan', columnType: 'boolean', value: true },
			'Use one of these: Equals, Not Equals, Is Empty, Is Not Empty.',
		],
		[{ columnType: 'number', value: 'many' }, '"many" does not fit the number column "firstname".'],
		[{ operator: 'constructor' as 'equals' }, 'There is no operator "constructor".'],
		[{ column: "x' || 1 == 1" }, 'cannot be the name of a column'],
		[{ column: 'and' }, 'is a word of the language'],
	] as const)('%j', (form, words) => {
		expect(() => condition(form)).toThrow(QueryBuildError);
		expect(() => condition(form)).toThrow(words);
	});

	it('a group without conditions, names that break out, an alias used twice', () => {
		expect(() => written({ groups: [{ combinedBy: 'and', conditions: [] }] })).toThrow(
			'A group has no conditions.',
		);
		expect(() => written({ profile: 'contact)' })).toThrow('cannot be the name of a table');
		const segments = [{ operation: 'union', segmentName: 'a) UNION SEGMENT(b' }] as const;
		expect(() => written({ segments })).toThrow('cannot be the name of a segment');
		const related = { relationship: 'r', table: 'account', alias: 'a' };
		const twice = [
			{ ...byAccount, related },
			{ ...byAccount, related },
		];
		expect(() => written({ groups: twice })).toThrow('The alias "a" is used twice.');
	});

	it('a refusal never repeats the value', () => {
		expect(() => condition({ columnType: 'guid', value: 'anna@example.com' })).not.toThrow(/anna/);
	});
});
