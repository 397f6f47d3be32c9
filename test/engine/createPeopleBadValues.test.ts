/** Values that do not fit their columns: each row is told with the column, before anything is sent about it. */

import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { REAL_TIME, seedRealTime, writes } from './realTimeSeed';
import { byId, World } from './world';

let world: World;
beforeAll(async () => {
	world = await World.start({ contacts: 5 });
});
afterAll(async () => await world.close());
beforeEach(() => world.control.clearLog());

interface Case {
	readonly what: string;
	readonly column: string;
	readonly given: string;
	/** What the reason and its remedy say. */
	readonly words: string;
}

const CASES: readonly Case[] = [
	{
		what: 'a text that is too long',
		column: 'firstname',
		given: 'x'.repeat(51),
		words: 'longer than the 50',
	},
	{
		what: 'a memo that is too long',
		column: 'cr1f2_notes',
		given: 'x'.repeat(201),
		words: 'longer than the 200',
	},
	{ what: 'no whole number', column: 'cr1f2_children', given: '1.5', words: 'is not a whole number' },
	{
		what: 'a comma for a point',
		column: 'cr1f2_score',
		given: '12,5',
		words: 'with a decimal point',
	},
	{ what: 'a number out of range', column: 'cr1f2_score', given: '101', words: 'from 0 to 100' },
	{ what: 'an amount out of range', column: 'cr1f2_budget', given: '-1', words: 'from 0 to 1000000' },
	{ what: 'neither yes nor no', column: 'cr1f2_vip', given: 'perhaps', words: 'Use one of these: ' },
	{ what: 'no choice of the column', column: 'cr1f2_tier', given: 'Platinum', words: '100000002 for "Gold"' },
	{ what: 'one choice of several', column: 'cr1f2_interests', given: 'Music; Nothing', words: 'for "Music"' },
	{ what: 'a day that no month has', column: 'birthdate', given: '2026-02-30', words: 'is not a date' },
	{ what: 'a day before 1753', column: 'birthdate', given: '1700-01-01', words: 'from 1753 on' },
	{ what: 'a date in words', column: 'cr1f2_lastvisit', given: 'last Friday', words: 'is not a date' },
	{ what: 'no time of a day', column: 'cr1f2_webinarat', given: '2026-05-31T25:00', words: 'is not a date' },
	{ what: 'no ID', column: 'cr1f2_sponsor', given: 'Contoso', words: 'is not the ID of a row' },
	{
		what: 'an ID without its table',
		column: 'parentcustomerid',
		given: '0f0f0f0f-0000-4000-8000-000000000001',
		words: 'does not say which table',
	},
];

const email = (n: number) => `bad.value${n}@example.org`;
const good = 'good.value@example.org';

function inputOf(route: string): { parameters: INodeParameters; items: readonly INodeExecutionData[] } {
	const rows = CASES.map(({ column, given }, n) => ({ email: email(n), [column]: given }));
	const all: readonly Record<string, string>[] = [...rows, { email: good }];
	const names = [...new Set(CASES.map(({ column }) => column))];
	if (route === 'a file') {
		const cell = (text = '') => `"${text}"`;
		const lines = all.map((row) => ['email', ...names].map((name) => cell(row[name])).join(','));
		const data = Buffer.from(`email,${names.join(',')}\n${lines.join('\n')}\n`).toString('base64');
		const binary = { data: { data, mimeType: 'text/csv', fileName: 'people.csv' } };
		return { parameters: { peopleFrom: 'csv', csvColumn: 'email' }, items: [{ json: {}, binary }] };
	}
	const items = all.map((json) => ({ json }));
	if (route === 'items') return { parameters: {}, items };
	const value = Object.fromEntries(names.map((name) => [name, `={{ $json.${name} }}`]));
	return { parameters: { columns: { mappingMode: 'defineBelow', value } }, items };
}

describe.each(['items', 'items, by hand', 'a file'])('from %s', (route) => {
	let told: readonly Record<string, unknown>[] = [];
	let created: unknown;

	beforeAll(async () => {
		const { items, parameters } = inputOf(route);
		world.control.clearLog();
		const run = await world.members(
			{
				...{ resource: REAL_TIME, operation: 'add', segment: byId(seedRealTime(world)) },
				...{ ifNobodyMatches: 'createContact', report: 'oneItemPerRow', ...parameters },
			},
			items,
		);
		expect(run.error).toBeUndefined();
		told = (run.branches[1] ?? []).map(({ json }) => json.delivery as Record<string, unknown>);
		created = run.branches[0]?.length;
	});

	test.each(CASES.map((each, n) => ({ ...each, n })))('$what ($column): $words', ({ column, n, words }) => {
		expect(told[n]).toMatchObject({ outcome: 'invalid', code: 'wrongValue', row: n + 1 });
		const { reason, remedy } = told[n] ?? {};
		expect(String(reason)).toContain(`column ${column} `);
		expect(`${String(reason)} ${String(remedy)}`).toContain(words);
	});

	test('the other row is delivered, and nobody else exists', () => {
		expect(told).toHaveLength(CASES.length);
		expect(created).toBe(1);
		const known = world.control.rows('contacts').map(({ emailaddress1 }) => String(emailaddress1));
		expect(known.filter((address) => address.includes('.value'))).toEqual([good]);
	});
});

test('where all rows are like that, nothing is written at all', async () => {
	const items = CASES.map(({ column, given }, n) => ({ json: { email: email(n), [column]: given } }));
	const run = await world.members(
		{
			...{ resource: REAL_TIME, operation: 'add', segment: byId(seedRealTime(world)) },
			...{ ifNobodyMatches: 'createContact', report: 'oneItemPerRow' },
		},
		items,
	);
	expect(run.branches[1]).toHaveLength(CASES.length);
	expect(writes(world)).toEqual([]);
});
