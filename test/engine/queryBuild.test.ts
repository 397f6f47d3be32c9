import type { INodeParameters } from 'n8n-workflow';

import { DataverseSegmentsOAuth2Api } from '../../credentials/DataverseSegmentsOAuth2Api.credentials';
import { accountId, contactId } from '../../emulator/data';
import { DataverseSegment } from '../../nodes/DataverseSegment/DataverseSegment.node';
import { DataverseSegmentMembers } from '../../nodes/DataverseSegmentMembers/DataverseSegmentMembers.node';
import { queryLists } from '../../nodes/shared/query/loadOptions';
import { loadOptions } from '../support/engine';
import { byId, CREDENTIAL, OUTBOUND, World } from './world';

const PEOPLE = {
	ada: contactId(9_001),
	grace: contactId(9_002),
	quote: contactId(9_003),
	slash: contactId(9_004),
};
const ACCOUNT = accountId(9_001);
const HOSTILE = "x' || ISNOTNULL(contactid) || lastname == '";

let world: World;
beforeAll(async () => {
	world = await World.start();
	world.control.seed({
		rows: {
			accounts: [{ accountid: ACCOUNT, name: 'Analytical Engines', industrycode: 7 }],
			contacts: [
				{
					contactid: PEOPLE.ada,
					firstname: 'Ada',
					lastname: 'Byron-King',
					gendercode: 2,
					parentcustomerid: ACCOUNT,
					'parentcustomerid@table': 'account',
				},
				{ contactid: PEOPLE.grace, firstname: 'Grace', lastname: 'Byron-King', gendercode: 1 },
				{ contactid: PEOPLE.quote, firstname: "D'Arcy \"the' one", lastname: 'Quoted' },
				{ contactid: PEOPLE.slash, firstname: "back\\' slash\\", lastname: 'Quoted' },
			],
		},
	});
});
afterAll(async () => await world.close());
beforeEach(() => {
	world.control.clearLog();
	world.control.clearFaults();
	world.control.resetAssumptions();
});

const settled = () => world.control.advanceClock(3_600_000);
const condition = (column: string, operator: string, value?: unknown) =>
	({ column, operator, ...(value === undefined ? {} : { value }) }) as INodeParameters;
const own = (...conditions: INodeParameters[]): INodeParameters => ({
	combine: 'and',
	conditions: { condition: conditions },
});
const built = (own: INodeParameters[], more: INodeParameters = {}): INodeParameters => ({
	queryMode: 'build',
	queryGroups: { own },
	...more,
});

/** Creates a dynamic segment that goes live; returns the text that was sent and who is in it then. */
async function make(parameters: INodeParameters) {
	const { items, error, hints } = await world.segment({
		operation: 'create',
		name: 'Built',
		type: 'dynamic',
		options: { goLive: true },
		...parameters,
	});
	settled();
	const id = String(items[0]?.json.id);
	return { error, hints, query: items[0]?.json.query, members: world.control.members(id) };
}

describe('a query that is built', () => {
	test('is sent as text, shown in the output, and selects the people it means', async () => {
		const { query, members, error, hints } = await make(
			built([
				own(condition('lastname', 'equals', 'Byron-King'), condition('gendercode', 'equals', 'female')),
			]),
		);

		expect(error).toBeUndefined();
		expect(query).toBe("PROFILE(contact).FILTER(lastname == 'Byron-King' && gendercode == 2)");
		expect(members).toEqual([PEOPLE.ada]);
		expect(hints).toEqual([]);
	});

	test('combines groups with or, each with its own conditions', async () => {
		const { query, members } = await make(
			built(
				[
					own(condition('firstname', 'startsWith', 'Grac'), condition('lastname', 'contains', '-')),
					own(condition('firstname', 'equals', 'Ada'), condition('lastname', 'endsWith', 'King')),
				],
				{ queryCombineGroups: 'or' },
			),
		);

		expect(query).toContain(' || ');
		expect(members?.toSorted()).toEqual([PEOPLE.ada, PEOPLE.grace]);
	});

	test('reaches related tables under the name that either system has for the relationship', async () => {
		for (const relationship of ['contact_account_parentcustomerid', 'contact_customer_accounts']) {
			const { query, members, error } = await make({
				queryMode: 'build',
				queryGroups: {
					related: [{ relationship, ...own(condition('name', 'equals', 'Analytical Engines')) }],
				},
			});

			expect(error).toBeUndefined();
			expect(query).toContain('TRAVERSE(contact_account_parentcustomerid');
			expect(members).toEqual([PEOPLE.ada]);
		}
	});

	test('takes the members of another segment away', async () => {
		const other = world.seedSegment();
		world.control.setMembers(other, [PEOPLE.grace]);

		const { query, members } = await make(
			built([own(condition('lastname', 'equals', 'Byron-King'))], {
				querySegments: { segment: [{ setOperation: 'except', segment: byId(other) }] },
			}),
		);

		expect(query).toContain(`EXCEPT SEGMENT(SEGMENT_CRM_ID_${other.replaceAll('-', '')})`);
		expect(members).toEqual([PEOPLE.ada]);
	});

	test('combines segments alone, for a compound segment, without asking for metadata', async () => {
		const [one, two] = [world.seedSegment(), world.seedSegment()];
		world.control.setMembers(one, [PEOPLE.ada, PEOPLE.grace]);
		world.control.setMembers(two, [PEOPLE.grace]);

		const { members, error } = await make({
			type: 'compound',
			queryMode: 'build',
			querySegments: {
				segment: [
					{ setOperation: 'union', segment: byId(one) },
					{ setOperation: 'intersect', segment: byId(two) },
				],
			},
		});

		expect(error).toBeUndefined();
		expect(members).toEqual([PEOPLE.grace]);
		expect(world.requests().some((request) => request.includes('EntityDefinitions'))).toBe(false);
	});

	test.each([
		['a quote of either kind', "D'Arcy \"the' one", () => [PEOPLE.quote]],
		['a text that would end the condition', HOSTILE, () => []],
	])('keeps %s inside the value', async (_, value, expected) => {
		const { members, error } = await make(built([own(condition('firstname', 'equals', value))]));

		expect(error).toBeUndefined();
		expect(members).toEqual(expected());
	});

	test.each(['doubled', 'backslash'])(
		'never lets a value end its text where the service reads quotes as %s',
		async (reading) => {
			world.control.setAssumption('outboundQueryQuote', reading);

			for (const value of [HOSTILE, `\\${HOSTILE}`, `\\\\${HOSTILE}\\`, `${HOSTILE}\\`]) {
				const { members, query } = await make(built([own(condition('firstname', 'equals', value))]));

				expect(members ?? []).toEqual([]);
				expect(query ?? '').not.toContain(`== '${HOSTILE}`);
			}
		},
	);

	test('tells that nobody documents how a backslash in a text is read', async () => {
		const { hints } = await make(built([own(condition('firstname', 'equals', "back\\' slash\\"))]));

		expect(hints.map(({ message }) => message)).toContainEqual(expect.stringMatching(/not documented/));
	});

	test('adds and removes members, and says which text was sent', async () => {
		const id = world.seedSegment();
		const parameters = built([own(condition('lastname', 'equals', 'Byron-King'))]);

		const added = await world.members({ operation: 'addByQuery', segment: byId(id), ...parameters });
		settled();
		expect(world.control.members(id)?.toSorted()).toEqual([PEOPLE.ada, PEOPLE.grace]);
		await world.members({ operation: 'removeByQuery', segment: byId(id), ...parameters });
		settled();

		expect(added.items[0]?.json.query).toBe("PROFILE(contact).FILTER(lastname == 'Byron-King')");
		expect(world.control.members(id)).toEqual([]);
	});

	test('replaces the query of a segment', async () => {
		const id = world.seedSegment({ msdyncrm_segmenttype: 192350000, statuscode: 192350000 });

		const { items, error } = await world.segment({
			operation: 'update',
			segment: byId(id),
			...built([own(condition('birthdate', 'greaterThan', '1990-01-01'))]),
		});

		expect(error).toBeUndefined();
		expect(items[0]?.json.query).toBe("PROFILE(contact).FILTER(birthdate > '1990-01-01')");
	});

	test('writes a number, true or false and an empty test as the column needs it', async () => {
		const { query } = await make(
			built([
				own(
					condition('annualincome', 'greaterThanOrEqual', '1000.50'),
					condition('donotemail', 'equals', 'true'),
					condition('emailaddress1', 'isNotEmpty'),
				),
			]),
		);

		expect(query).toBe(
			'PROFILE(contact).FILTER(annualincome >= 1000.50 && donotemail == true && ISNOTNULL(emailaddress1))',
		);
	});
});

describe('a form that makes no query', () => {
	test.each([
		[
			'an operator that the language lacks',
			built([own(condition('lastname', 'isOneOf', 'a, b'))]),
			/no list operator, so Is One Of cannot be used/,
		],
		[
			'an operator that does not exist',
			built([own(condition('lastname', 'sounds', 'a'))]),
			/no operator "sounds"/,
		],
		['a group without conditions', built([own()]), /A group has no conditions/],
		['no group at all', built([]), /would select everybody/],
		[
			'a column name that could end its place',
			built([own(condition('lastname) || (1', 'equals', 'a'))]),
			/cannot be the name of a column/,
		],
		[
			'a segment that is not chosen',
			built([], { querySegments: { segment: [{ setOperation: 'union', segment: byId('') }] } }),
			/not chosen/,
		],
		[
			'a segment that is no id',
			built([], { querySegments: { segment: [{ setOperation: 'union', segment: byId('News') }] } }),
			/"News" is not the ID of a segment/,
		],
	])('is refused before any request: %s', async (_, parameters, message) => {
		const { error } = await make(parameters);

		expect(error?.message).toMatch(message);
		expect(error?.description).toBeTruthy();
		expect(world.requests()).toEqual([]);
	});

	test.each([
		['an unknown column', condition('lastnam', 'equals', 'a'), /has no column "lastnam"/, /"lastname"/],
		[
			'a label that the choice lacks',
			condition('gendercode', 'equals', 'Unknown'),
			/"Unknown" is not a choice of the column "gendercode"/,
			/1 Male, 2 Female/,
		],
		[
			'a text in a number column',
			condition('annualincome', 'equals', 'much'),
			/number column "annualincome"/,
			/Enter a number/,
		],
		[
			'a text operator on a date',
			condition('birthdate', 'contains', '1990'),
			/Contains does not fit the date column "birthdate"/,
			/Use one of these: Equals, .*Less Than/,
		],
		[
			'an empty value',
			condition('lastname', 'equals', ' '),
			/The condition on the column "lastname" has no value/,
			/use Is Empty/,
		],
	])('is refused before anything is written: %s', async (_, wrong, message, remedy) => {
		const { error } = await make(built([own(wrong)]));

		expect(error?.message).toMatch(message);
		expect(error?.description).toMatch(remedy);
		expect(world.requests().every((request) => request.startsWith('GET '))).toBe(true);
	});

	test('says what to do when the types of the columns may not be read', async () => {
		world.control.addFault({
			match: { path: 'EntityDefinitions' },
			times: 0,
			effect: { kind: 'status', status: 403, code: '0x80040220', message: 'No privilege' },
		});

		const { error } = await make(built([own(condition('lastname', 'equals', 'a'))]));

		expect(error?.message).toMatch(/columns of the table "contact" could not be read/);
		expect(error?.description).toMatch(/switch Query Mode to Text/);
	});
});

describe('a column whose values are chosen', () => {
	const chosen = (operator: string, more: INodeParameters) =>
		own({ column: 'gendercode:choice', operator, value: 'left from before', ...more });

	test('is compared with the chosen one, by its label in the list and its number in the query', async () => {
		const { query, members, error } = await make(built([chosen('equals', { choice: 2 })]));

		expect(error).toBeUndefined();
		expect(query).toBe('PROFILE(contact).FILTER(gendercode == 2)');
		expect(members).toContain(PEOPLE.ada);
		expect(members).not.toContain(PEOPLE.grace);
	});

	test('of two choices is compared with true or false', async () => {
		const { query } = await make(
			built([own({ column: 'donotemail:choice', operator: 'notEquals', choice: 'true' })]),
		);

		expect(query).toBe('PROFILE(contact).FILTER(donotemail != true)');
	});

	test('is compared with several of them in a real-time segment', async () => {
		const { items, error } = await world.segment({
			resource: 'realTimeSegment',
			operation: 'create',
			name: 'Of two choices',
			type: 'dynamic',
			queryMode: 'build',
			queryGroups: { own: [chosen('isOneOf', { choices: [1, 2] })] },
		});

		expect(error).toBeUndefined();
		expect(items[0]?.json.query).toBe('PROFILE(contact).FILTER(gendercode IN [1, 2])');
	});

	test('needs one of them, whatever was written as a value before', async () => {
		const { error } = await make(built([chosen('equals', { choice: '' })]));

		expect(error?.message).toBe('The condition on the column "gendercode" has no value.');
	});
});

describe('the lists of the editor', () => {
	const listed = async (method: string, parameters: INodeParameters = {}, path = '') =>
		await loadOptions(
			{
				type: new DataverseSegment(),
				parameters: { resource: OUTBOUND, operation: 'create', type: 'dynamic', ...parameters },
				credentials: { dataverseSegmentsOAuth2Api: CREDENTIAL },
			},
			method,
			{ credentialTypes: [new DataverseSegmentsOAuth2Api()], credentials: world.credentials },
			path,
		);

	test('show the columns of people with their labels, in order', async () => {
		const options = await listed('getQueryColumns');

		expect(options).toContainEqual({
			name: 'First Name',
			value: 'firstname',
			description: 'firstname, text',
		});
		const names = options.map(({ name }) => name);
		expect(names).toEqual(names.toSorted((a, b) => a.localeCompare(b, 'en')));
	});

	test('show relationships under the table they lead to, two of one table told apart by the label of their column', async () => {
		const relationships = await listed('getQueryRelationships');

		expect(relationships.map(({ name }) => name)).toContain('Account (Sponsor)');
		expect(relationships).toContainEqual({
			name: 'Account (Company Name)',
			value: 'contact_account_parentcustomerid',
			description: 'contact_customer_accounts, table account',
		});
	});

	test('tell two relationships of one table apart by the label of a lookup of the other table as well', async () => {
		const names = (await listed('getQueryRelationships')).map(({ name }) => name);

		expect(names).toContain('Account (its Primary Contact)');
		expect(names.filter((name) => names.indexOf(name) !== names.lastIndexOf(name))).toEqual([]);
	});

	const beside = (column: string) => ({
		queryMode: 'build',
		queryGroups: {
			own: [own(condition('firstname', 'equals'), condition(column, 'equals'))],
			related: [{ relationship: 'contact_account_parentcustomerid', ...own(condition(column, 'equals')) }],
		},
	});
	const ofPerson = (field: string) => `parameters.queryGroups.own[0].conditions.condition[1].${field}`;
	const ofAccount = (field: string) => `parameters.queryGroups.related[0].conditions.condition[0].${field}`;
	const namesIn = async (method: string, column: string, path: string, more: INodeParameters = {}) =>
		(await listed(method, { ...beside(column), ...more }, path)).map(({ name }) => name);

	test('show the operators that fit the column of the same condition', async () => {
		expect(await namesIn('getQueryOperators', 'gendercode:choice', ofPerson('operator'))).toEqual([
			...['Equals', 'Is Empty', 'Is Not Empty', 'Not Equals'],
		]);
		expect(await namesIn('getQueryOperators', 'lastname', ofPerson('operator'))).toEqual([
			...['Contains', 'Does Not Contain', 'Ends With', 'Equals', 'Is Empty', 'Is Not Empty', 'Not Equals'],
			'Starts With',
		]);
		expect(await namesIn('getQueryOperators', 'numberofemployees', ofAccount('operator'))).toContain(
			'Greater Than',
		);
	});

	test.each(['', 'cr1f2_elsewhere', '={{ $json.column }}'])(
		'show all operators beside a column that is not known: %j',
		async (column) => {
			expect(await namesIn('getQueryOperators', column, ofPerson('operator'))).toHaveLength(12);
		},
	);

	test('show all operators where the types of the columns may not be read', async () => {
		world.control.addFault({
			match: { path: 'EntityDefinitions' },
			times: 0,
			effect: { kind: 'status', status: 403, code: '0x80040220', message: 'No privilege' },
		});

		expect(await namesIn('getQueryOperators', 'lastname', ofPerson('operator'))).toHaveLength(12);
	});

	test('show the choices of the column of the same condition by their labels', async () => {
		const options = await listed('getQueryChoices', beside('gendercode:choice'), ofPerson('choice'));

		expect(options).toEqual([
			{ name: 'Male', value: 1, description: '1' },
			{ name: 'Female', value: 2, description: '2' },
		]);
		const yesNo = await listed('getQueryChoices', beside('donotemail:choice'), ofPerson('choice'));
		expect(yesNo.map(({ value }) => value)).toEqual(['true', 'false']);
		expect(await namesIn('getQueryChoices', 'lastname', ofPerson('choice'))).toEqual([]);
		expect(await namesIn('getQueryChoices', 'industrycode:choice', ofAccount('choice'))).not.toEqual([]);
	});

	test('show for each group the columns of its own table', async () => {
		const parameters = {
			queryMode: 'build',
			queryGroups: {
				related: [
					{ relationship: 'contact_account_parentcustomerid' },
					{ relationship: 'contact_contact_parentcustomerid' },
				],
			},
		};
		const path = (group: number) => `parameters.queryGroups.related[${group}].conditions.condition[0].column`;

		const accounts = (await listed('getQueryRelatedColumns', parameters, path(0))).map(({ value }) => value);
		expect(accounts).toContain('numberofemployees');
		expect(accounts).not.toContain('lastname');
		const all = (await listed('getQueryRelatedColumns', parameters)).map(({ value }) => value);
		expect(all).toEqual(expect.arrayContaining(['numberofemployees', 'lastname']));
	});

	test('show the columns of the related table that a group names', async () => {
		const options = await listed('getQueryRelatedColumns', {
			queryMode: 'build',
			queryGroups: { related: [{ relationship: 'contact_account_parentcustomerid' }] },
		});

		expect(options.map(({ value }) => value)).toContain('numberofemployees');
		expect(options.map(({ value }) => value)).not.toContain('lastname');
	});

	test('are the same in both nodes', () => {
		for (const { methods } of [new DataverseSegment(), new DataverseSegmentMembers()]) {
			expect(methods.loadOptions).toMatchObject(queryLists);
		}
	});
});
