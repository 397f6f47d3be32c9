import type { DataverseClient } from '../../../core/dataverse/client';
import { checkQuery, parseQuery } from '../../../core/query';
import type { Dialect } from '../../../core/query';
import { loadQueryFacts } from '../../../core/environment/queryFacts';
import type { Reply, SeenRequest } from '../../support/scriptedServer';
import { clientOf, errorOf, refusal, useServer } from '../dataverse/setup';

const server = useServer();
const MANY = 40;

const column = (LogicalName: string, AttributeType: string, SourceType: number | null = 0) => ({
	LogicalName,
	AttributeType,
	SourceType,
});
const labelled = (Value: number, Label: string) => ({
	Value,
	Label: { UserLocalizedLabel: { Label } },
});
const employment = {
	SchemaName: 'contact_customer_accounts',
	ReferencedEntity: 'account',
	ReferencingEntity: 'contact',
	ReferencingAttribute: 'parentcustomerid',
};
const membership = {
	SchemaName: 'club_contacts',
	Entity1LogicalName: 'club',
	Entity2LogicalName: 'contact',
};
const OPTIONS = { Options: [labelled(1, 'Male'), labelled(2, 'Female')] };

/** What an environment with three tables answers, by the end of the path. */
const ANSWERS: Readonly<Record<string, unknown>> = {
	"EntityDefinitions(LogicalName='contact')/Attributes": {
		value: [
			column('contactid', 'Uniqueidentifier', null),
			column('firstname', 'String'),
			column('gendercode', 'Picklist'),
			column('globalcode', 'Picklist'),
			column('age', 'Integer', 3),
			column('hobbies', 'Virtual', null),
			column('constructor', 'String'),
		],
	},
	"EntityDefinitions(LogicalName='account')/Attributes": { value: [column('name', 'String')] },
	"EntityDefinitions(LogicalName='club')/Attributes": { value: [column('motto', 'Memo')] },
	"EntityDefinitions(LogicalName='contact')/ManyToOneRelationships": { value: [employment] },
	"EntityDefinitions(LogicalName='contact')/OneToManyRelationships": { value: [] },
	"EntityDefinitions(LogicalName='contact')/ManyToManyRelationships": { value: [membership] },
	"EntityDefinitions(LogicalName='account')/ManyToOneRelationships": { value: [] },
	"EntityDefinitions(LogicalName='account')/OneToManyRelationships": { value: [employment] },
	"EntityDefinitions(LogicalName='account')/ManyToManyRelationships": { value: [] },
	"Attributes(LogicalName='gendercode')/Microsoft.Dynamics.CRM.PicklistAttributeMetadata": {
		OptionSet: OPTIONS,
		GlobalOptionSet: null,
	},
	"Attributes(LogicalName='globalcode')/Microsoft.Dynamics.CRM.PicklistAttributeMetadata": {
		OptionSet: null,
		GlobalOptionSet: OPTIONS,
	},
};

function answer({ url }: SeenRequest): Reply {
	const path = decodeURIComponent(url.split('?')[0] ?? '');
	const key = Object.keys(ANSWERS).find((end) => path.endsWith(end));
	return key === undefined ? refusal(404, '0x80040217', 'Could not find it.') : { body: ANSWERS[key] };
}

const play = (reply: Reply | ((request: SeenRequest) => Reply)) =>
	server.play(...Array.from({ length: MANY }, () => reply));

async function findings(text: string, dialect: Dialect = 'outbound', client?: DataverseClient) {
	const query = parseQuery(text, { dialect });
	const { facts, complete, withoutSources } = await loadQueryFacts(
		client ?? clientOf(server).client,
		dialect,
		query,
	);
	return {
		complete,
		withoutSources,
		found: checkQuery(query, facts).map(({ code, remedy }) => `${code}: ${remedy}`),
	};
}

describe('the facts a query is checked against', () => {
	beforeEach(() => play(answer));

	test('are one request for a query about people', async () => {
		const { found, complete } = await findings("PROFILE(Contact).FILTER(fistname == 'Ada')");

		expect(found).toEqual(['unknownColumn: Did you mean "firstname"?']);
		expect(complete).toBe(true);
		expect(server.seen.map(({ url }) => decodeURIComponent(url))).toEqual([
			"/api/data/v9.2/EntityDefinitions(LogicalName='contact')/Attributes?$select=LogicalName,AttributeType,SourceType",
		]);
	});

	test('are read once per client, however many queries there are and however fast they come', async () => {
		const { client } = clientOf(server);

		await Promise.all([1, 2, 3].map(async () => await findings('PROFILE(contact)', 'outbound', client)));

		expect(server.seen).toHaveLength(1);
	});

	test('are not asked for where a query names no table', async () => {
		expect((await findings('SEGMENT(a) UNION SEGMENT(b)')).complete).toBe(true);
		expect(server.seen).toEqual([]);
	});

	test('follow relationships by the schema name, nested ones and N:N ones too', async () => {
		const nested = await findings(
			"PROFILE(contact).RELATE(contact_customer_accounts, a, RELATE(contact_customer_accounts, c)).FILTER(a.nam == 'x' && c.fistname == 'y')",
			'realTime',
		);
		const many = await findings(
			"PROFILE(contact).RELATE(club_contacts, club_1).FILTER(club_1.moto == 'x')",
			'realTime',
		);

		expect(nested.found).toEqual([
			'unknownColumn: Did you mean "name"?',
			'unknownColumn: Did you mean "firstname"?',
		]);
		expect(many.found).toEqual(['unknownColumn: Did you mean "motto"?']);
	});

	test('follow relationships by the name that the outbound store had for them', async () => {
		const { found } = await findings(
			"PROFILE(account).FILTER(name == 'x').TRAVERSE(contact_account_parentcustomerid).FILTER(fistname == 'y')",
		);

		expect(found).toEqual(['unknownColumn: Did you mean "firstname"?']);
	});

	test('bring the labels of a choice that is compared with a value, local or global', async () => {
		for (const name of ['gendercode', 'globalcode']) {
			const { found } = await findings(`PROFILE(contact).FILTER(${name} == 'female')`);

			expect(found).toEqual(['literalDoesNotFit: Write 2 for "Female". Its choices are: 1 Male, 2 Female.']);
		}
	});

	test('know formula, calculated and rollup columns', async () => {
		expect((await findings('PROFILE(contact).FILTER(age > 18)')).found).toEqual([
			expect.stringMatching(/^calculatedColumn/),
		]);
	});

	test('call a table unknown when the service has no definition of it, and go on', async () => {
		const { found, complete } = await findings(
			"PROFILE(contakt) UNION PROFILE(contact).FILTER(fistname == 'x')",
		);

		expect(found.map((one) => one.split(':')[0])).toEqual(['unknownTable', 'unknownColumn']);
		expect(complete).toBe(true);
	});

	test('do not confuse names with those of JavaScript', async () => {
		expect((await findings("PROFILE(contact).FILTER(constructor == 'x')")).found).toEqual([]);
		expect((await findings('PROFILE(__proto__)')).found).toEqual([expect.stringMatching(/^unknownTable/)]);
		expect((await findings('PROFILE(contact).FILTER(ISNULL(__proto__))')).found).toEqual([
			expect.stringMatching(/^unknownColumn/),
		]);
	});
});

describe('metadata that cannot be read', () => {
	test.each([
		['there is no right to it', refusal(403, '0x80040220')],
		['the service does not know such definitions', refusal(404, '0x80060888')],
		['the address is no Dataverse', { status: 404, body: 'Nothing here.' }],
		['the answer is of another shape', { body: { value: 'text' } }],
	])('leaves everything unsaid that depends on it: %s', async (_, reply) => {
		play(reply);

		const { found, complete } = await findings("PROFILE(contact).FILTER(fistname == 'x')");

		expect(found).toEqual([]);
		expect(complete).toBe(false);
	});

	test.each(['SourceType', 'AttributeType,SourceType', 'LogicalName,'])(
		'because the environment refuses %s in $select is asked for with less, and checked',
		async (refused) => {
			const isRefused = ({ url }: SeenRequest) => decodeURIComponent(url).includes(refused);
			play((request) =>
				isRefused(request) ? refusal(400, '0x80060888', 'No such property.') : answer(request),
			);

			const { found, complete } = await findings("PROFILE(contact).FILTER(fistname == 'x')");

			expect(found).toEqual(['unknownColumn: Did you mean "firstname"?']);
			expect(complete).toBe(true);
		},
	);

	test('because the environment refuses SourceType is checked, and what is not known of its columns is said', async () => {
		const asked = "PROFILE(contact).FILTER(firstname == 'x')";
		expect((await findings(asked)).withoutSources).toBe(false);
		play(({ url }) =>
			decodeURIComponent(url).includes('SourceType')
				? refusal(400, '0x80060888', 'No such property.')
				: { body: { value: [{ LogicalName: 'firstname', AttributeType: 'String' }] } },
		);

		expect(await findings(asked)).toMatchObject({ complete: true, withoutSources: true });
	});

	test('is asked for no second time, and the rules of the language are checked all the same', async () => {
		play(refusal(403, '0x80040220'));

		const { found, complete } = await findings(
			'PROFILE(contact) UNION PROFILE(contact) UNION INTERACTION(EmailOpened, contact_1).HAVING(COUNT() >= 2)',
		);

		expect(found).toEqual([expect.stringMatching(/^countRule/)]);
		expect(complete).toBe(false);
		expect(server.seen).toHaveLength(1);
	});

	test('ends the run where the whole run cannot go on', async () => {
		play(refusal(401, ''));

		const error = await errorOf(findings('PROFILE(contact)'));

		expect(error.kind).toBe('signIn');
	});
});
