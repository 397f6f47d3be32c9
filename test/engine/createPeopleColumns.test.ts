/** Every type of column that a person has: what stands in an item or a file comes back from Dynamics the same. */

import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { msalToken } from '../support/msalToken';
import { REAL_TIME, seedRealTime } from './realTimeSeed';
import { byId, World } from './world';

const ACCOUNT = '0f0f0f0f-0000-4000-8000-000000000001';
const CONTACT = '0f0f0f0f-0000-4000-8000-000000000002';

const ROUTES = ['items, automatically', 'items, by hand', 'a file, automatically'] as const;
type Route = (typeof ROUTES)[number];

let world: World;
beforeAll(async () => {
	world = await World.start({ contacts: 5 });
	world.control.seed({
		rows: {
			accounts: [{ accountid: ACCOUNT, name: 'Contoso', statecode: 0 }],
			contacts: [{ contactid: CONTACT, lastname: 'Parent', statecode: 0 }],
		},
	});
	for (const [index, route] of ROUTES.entries()) await runRoute(route, `everything${index}@example.org`);
});
afterAll(async () => await world.close());

interface Case {
	readonly type: string;
	readonly column: string;
	/** In the JSON of an item. */
	readonly given: unknown;
	/** In a cell of a file, where that is another text. */
	readonly cell?: string;
	readonly stored: unknown;
	/** Under which name it is read. */
	readonly readAs?: string;
}

const CASES: readonly Case[] = [
	{ type: 'text', column: 'firstname', given: ' Zoë; "Ada" ', stored: ' Zoë; "Ada" ' },
	{ type: 'text of a number', column: 'jobtitle', given: 42, stored: '42' },
	{ type: 'text that looks like a formula', column: 'lastname', given: '=1+1', stored: '=1+1' },
	{ type: 'several lines', column: 'cr1f2_notes', given: 'one\ntwo', stored: 'one\ntwo' },
	{ type: 'whole number', column: 'cr1f2_children', given: 3, stored: 3 },
	{ type: 'big whole number', column: 'cr1f2_loyaltypoints', given: 9_007_199_254, stored: 9_007_199_254 },
	{ type: 'decimal', column: 'cr1f2_score', given: 12.5, stored: 12.5 },
	{ type: 'floating point', column: 'cr1f2_rating', given: 4.5, stored: 4.5 },
	{ type: 'currency', column: 'cr1f2_budget', given: '1999.99', stored: 1999.99 },
	{ type: 'yes or no', column: 'cr1f2_vip', given: true, stored: true },
	{ type: 'choice by its label', column: 'cr1f2_tier', given: 'gold', stored: 100000002 },
	{ type: 'choice by its number', column: 'gendercode', given: 2, stored: 2 },
	{
		type: 'several choices',
		column: 'cr1f2_interests',
		given: ['Music', 1],
		cell: 'Music; 1',
		stored: '1,9',
	},
	{ type: 'status reason', column: 'preferredcontactmethodcode', given: 'Phone', stored: 3 },
	{ type: 'date only', column: 'birthdate', given: '1990-02-28', stored: '1990-02-28' },
	{
		type: 'time by the zone of the user',
		column: 'cr1f2_lastvisit',
		given: '2026-05-31T08:00:00+02:00',
		stored: '2026-05-31T06:00:00Z',
	},
	{
		type: 'day by the zone of the user',
		column: 'cr1f2_nextcall',
		given: '2026-05-31',
		stored: '2026-05-31T12:00:00Z',
	},
	{
		type: 'time of no zone',
		column: 'cr1f2_webinarat',
		given: '2026-05-31T08:00:00+02:00',
		stored: '2026-05-31T08:00:00Z',
	},
	{
		type: 'look-up',
		column: 'cr1f2_sponsor',
		given: ACCOUNT,
		stored: ACCOUNT,
		readAs: '_cr1f2_sponsor_value',
	},
	{
		type: 'customer',
		column: 'parentcustomerid',
		given: `contacts(${CONTACT})`,
		stored: CONTACT,
		readAs: '_parentcustomerid_value',
	},
];

const stored = new Map<Route, Readonly<Record<string, unknown>>>();
const secondRuns = new Map<Route, unknown>();

async function runRoute(route: Route, email: string): Promise<void> {
	const { parameters, items } = inputOf(route, email);
	const segment = seedRealTime(world);
	const add = async () =>
		await world.members(
			{
				resource: REAL_TIME,
				operation: 'add',
				segment: byId(segment),
				ifNobodyMatches: 'createContact',
				alsoUpdateMatchedPeople: true,
				...parameters,
			},
			items,
		);
	const first = await add();
	expect(first.error).toBeUndefined();
	expect(first.items[0]?.json).toMatchObject({ created: 1, submitted: 1 });
	stored.set(route, await read(email));
	secondRuns.set(route, (await add()).items[0]?.json);
}

function inputOf(route: Route, email: string): { parameters: INodeParameters; items: INodeExecutionData[] } {
	const json = Object.fromEntries([['email', email], ...CASES.map(({ column, given }) => [column, given])]);
	switch (route) {
		case 'items, automatically':
			return { parameters: {}, items: [{ json }] };
		case 'items, by hand': {
			const value = Object.fromEntries(CASES.map(({ column }) => [column, `={{ $json.${column} }}`]));
			return { parameters: { columns: { mappingMode: 'defineBelow', value } }, items: [{ json }] };
		}
		case 'a file, automatically': {
			const names = ['email', ...CASES.map(({ column }) => column)];
			const cells = [email, ...CASES.map(({ cell, given }) => cell ?? String(given))];
			const line = (texts: readonly string[]) =>
				texts.map((text) => `"${text.replaceAll('"', '""')}"`).join(',');
			return {
				parameters: { peopleFrom: 'csv', csvColumn: 'email' },
				items: [fileOf(`${line(names)}\n${line(cells)}\n`)],
			};
		}
	}
}

function fileOf(text: string): INodeExecutionData {
	const data = Buffer.from(text).toString('base64');
	return { json: {}, binary: { data: { data, mimeType: 'text/csv', fileName: 'people.csv' } } };
}

/** As the Web API gives it, past the nodes. */
async function read(email: string): Promise<Readonly<Record<string, unknown>>> {
	const filter = encodeURIComponent(`emailaddress1 eq '${email}'`);
	const response = await fetch(`${world.emulator.url}/api/data/v9.2/contacts?$filter=${filter}`, {
		headers: { authorization: `Bearer ${await msalToken(world.emulator)}` },
	});
	const { value } = (await response.json()) as { readonly value: readonly Record<string, unknown>[] };
	expect(value).toHaveLength(1);
	return value[0] ?? {};
}

describe.each(ROUTES)('from %s', (route) => {
	test.each(CASES)('$type ($column) comes back the same', ({ column, readAs = column, stored: expected }) => {
		expect(stored.get(route)?.[readAs]).toEqual(expected);
	});

	test('a second run finds nothing to update', () => {
		expect(secondRuns.get(route)).toMatchObject({ created: 0, updated: 0, unchanged: 1 });
	});
});
