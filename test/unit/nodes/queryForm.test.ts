import { buildQuery, operatorsFor, parseQuery, printQuery } from '../../../core/query';
import { QueryMetadata } from '../../../core/environment/queryMetadata';
import { buildChosen } from '../../../nodes/shared/query/buildChosen';
import { asList, asScalar, choiceNumber } from '../../../nodes/shared/query/values';
import { clientOf, useServer } from '../dataverse/setup';

const server = useServer();

describe('the values of conditions', () => {
	test.each([
		['a text', 'Oslo', 'Oslo'],
		['a number', 5, 5],
		['true', true, true],
		['a date of JavaScript', new Date('2026-05-31T08:00:00Z'), '2026-05-31T08:00:00.000Z'],
		[
			"a time of n8n's expressions",
			{ toISO: () => '2026-05-31T08:00:00.000+02:00' },
			'2026-05-31T08:00:00.000+02:00',
		],
	])('can be %s', (_, given, read) => {
		expect(asScalar(given, 'c')).toBe(read);
	});

	test.each([[{}], [['a']], [new Date(Number.NaN)], [{ toISO: () => null }]])(
		'cannot be %p, and the refusal names the column',
		(given) => {
			expect(() => asScalar(given, 'city')).toThrow(
				'The value for the column "city" is a list or an object, but one value is needed.',
			);
		},
	);

	test.each([[undefined], [null], [''], ['  ']])(
		'cannot be %p: Is Empty finds rows without a value',
		(given) => {
			expect(() => asScalar(given, 'city')).toThrow('The condition on the column "city" has no value.');
		},
	);

	test.each([
		['an array', ['New York', 5], ['New York', 5]],
		['a JSON array in text', '["a, b", 2]', ['a, b', 2]],
		['text with commas', 'New York , Oslo,', ['New York', 'Oslo']],
		['text that only begins like JSON', '[a, b', ['[a', 'b']],
	])('are a list as %s', (_, given, read) => {
		expect(asList(given, 'c')).toEqual(read);
	});

	test('are no list when there is nothing in it', () => {
		expect(() => asList(' , ', 'city')).toThrow('The list of values for the column "city" is empty.');
	});

	test('are no list when they are JSON that broke off', () => {
		expect(() => asList('["Oslo", "Ber', 'city')).toThrow(
			'The list of values for the column "city" begins like JSON',
		);
	});

	test('of a choice are its number, whether given by number or by label', () => {
		const choices = [
			{ value: 1, label: 'Any' },
			{ value: 2, label: 'Email' },
			{ value: 3, label: 'email' },
		];

		expect(choiceNumber(' any', 'c', choices)).toBe(1);
		expect(choiceNumber('7', 'c', undefined)).toBe('7');
		expect(() => choiceNumber('Email', 'c', choices)).toThrow(
			'Several choices of the column "c" are called "Email".',
		);
		expect(() => choiceNumber('Fax', 'c', choices)).toThrow('"Fax" is not a choice of the column "c".');
	});
});

describe('the operators that are offered', () => {
	test('are only those that the language of the system has', () => {
		const lists = (dialect: 'outbound' | 'realTime') =>
			operatorsFor(undefined, dialect).filter((operator) => operator.endsWith('OneOf'));

		expect(lists('outbound')).toEqual([]);
		expect(lists('realTime')).toEqual(['isNotOneOf', 'isOneOf']);
	});

	test.each([
		['string', 'contains', 'greaterThan'],
		['choice', 'isOneOf', 'contains'],
		['boolean', 'equals', 'isOneOf'],
		['date', 'greaterThan', 'startsWith'],
		['number', 'lessThan', 'endsWith'],
		['lookup', 'equals', 'lessThan'],
	] as const)('fit a column of the type %s: %s, and not %s', (type, fitting, other) => {
		expect(operatorsFor(type, 'realTime')).toEqual(expect.arrayContaining([fitting, 'equals', 'isEmpty']));
		expect(operatorsFor(type, 'realTime')).not.toContain(other);
	});

	test.each(['outbound', 'realTime'] as const)('all make a query that can be read: %s', (dialect) => {
		const offered = operatorsFor(undefined, dialect);

		expect(offered.length).toBeGreaterThan(11);
		for (const operator of offered) {
			const isList = /OneOf/.test(operator);
			const text = printQuery(
				buildQuery({
					dialect,
					profile: 'contact',
					groupsCombinedBy: 'and',
					groups: [
						{
							combinedBy: 'and',
							conditions: [{ column: 'city', columnType: 'string', operator, value: isList ? ['a'] : 'a' }],
						},
					],
				}),
			);
			expect(parseQuery(text, { dialect }).kind).toBe('query');
		}
	});
});

describe('a real-time query that is built', () => {
	test('relates tables by schema name and keeps the conditions of a group on one row', async () => {
		const attribute = (LogicalName: string, AttributeType: string) => ({ LogicalName, AttributeType });
		const parent = {
			SchemaName: 'lead_parent_account',
			ReferencedEntity: 'account',
			ReferencingEntity: 'lead',
			ReferencingAttribute: 'parentaccountid',
		};
		server.play(
			{ body: { value: [attribute('subject', 'String')] } },
			{ body: { value: [parent] } },
			{ body: { value: [] } },
			{ body: { value: [] } },
			{ body: { value: [attribute('name', 'String'), attribute('revenue', 'Money')] } },
		);
		const chosen: Readonly<Record<string, unknown>> = {
			queryProfile: 'lead',
			queryCombineGroups: 'and',
			queryGroups: {
				own: [
					{
						combine: 'and',
						conditions: { condition: [{ column: 'subject', operator: 'contains', value: "it's" }] },
					},
				],
				related: [
					{
						combine: 'or',
						relationship: 'lead_parent_account',
						optional: true,
						conditions: {
							condition: [
								{ column: 'name', operator: 'isOneOf', value: 'Contoso, Fabrikam' },
								{ column: 'revenue', operator: 'greaterThan', value: 5 },
							],
						},
					},
				],
			},
			querySegments: {
				segment: [
					{
						setOperation: 'union',
						segment: { mode: 'id', value: 'B5466FBB-2cef-e911-a81d-000d3a6d200c' },
					},
				],
			},
		};
		const functions = {
			getNodeParameter: (name: string, _: number, fallback: unknown) => chosen[name] ?? fallback,
		} as unknown as Parameters<typeof buildChosen>[0];

		const query = await buildChosen(functions, 0, 'realTime', new QueryMetadata(clientOf(server).client));

		expect(printQuery(query)).toBe(
			"PROFILE(lead).FILTER(subject CONTAINS 'it''s')" +
				'.RELATEOPTIONAL(lead_parent_account, account_1)' +
				".FILTER(account_1.name IN ['Contoso', 'Fabrikam'] || account_1.revenue > 5)" +
				' UNION SEGMENT(SEGMENT_CJO_ID_b5466fbb2cefe911a81d000d3a6d200c)',
		);
	});
});
