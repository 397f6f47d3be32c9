/** Two executions that meet the same new people at the same moment, and a large input with everything that can happen. */

import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { ownId } from '../../core/dataverse/text/ownId';
import { expectSums } from '../support/reportSums';
import { REAL_TIME, seedRealTime, writes } from './realTimeSeed';
import { byId, World } from './world';

let world: World;
beforeAll(async () => {
	world = await World.start({ contacts: 20 });
});
afterAll(async () => await world.close());
beforeEach(() => {
	world.control.clearLog();
	world.control.clearFaults();
});

type Table = 'contact' | 'lead';
type Row = Readonly<Record<string, unknown>>;

const add = async (segment: string, items: readonly INodeExecutionData[], parameters: INodeParameters) =>
	await world.members(
		{ resource: REAL_TIME, operation: 'add', segment: byId(segment), ...parameters },
		items,
	);
const itemsOf = (rows: readonly object[]) => rows.map((json) => ({ json })) as INodeExecutionData[];
const rowsOf = (table: Table): readonly Row[] => world.control.rows(`${table}s`);
const whoHas = (table: Table, email: string) =>
	rowsOf(table).filter(({ emailaddress1 }) => emailaddress1 === email);

let count = 0;
const fresh = () => `moment${(count += 1)}@example.org`;

describe.each(['contact', 'lead'] as const)('two runs with the same new %s at the same moment', (table) => {
	const own = (email: string) => ownId(table, world.emulator.url, table, 'emailaddress1', email, '0');
	const seedOwn = (email: string, more: object) =>
		world.control.seed({
			rows: { [`${table}s`]: [{ [`${table}id`]: own(email), lastname: 'Own', ...more }] },
		});
	const closed = table === 'contact' ? { statecode: 1, statuscode: 2 } : { statecode: 1, statuscode: 3 };

	test.each(Array.from({ length: 10 }, (_, n) => n))(
		'make nobody twice, and both add up (schedule %i)',
		async (schedule) => {
			const segment = seedRealTime(world, { audience: table });
			const unknown = Array.from({ length: 4 }, fresh);
			const [closedSame, closedOther, changed] = [fresh(), fresh(), fresh()];
			seedOwn(closedSame, { emailaddress1: closedSame, ...closed });
			seedOwn(closedOther, { emailaddress1: fresh(), ...closed });
			seedOwn(changed, { emailaddress1: fresh(), statecode: 0 });
			// One request of the two runs together waits while the other run goes on; each schedule has another one.
			for (const skip of [schedule, 2 * schedule + 3]) {
				world.control.addFault({ match: { path: '/api/' }, skip, effect: { kind: 'slow', ms: 40 } });
			}
			const emails = [...unknown, closedSame, closedOther, changed];
			const items = itemsOf([...emails, unknown[0]].map((email) => ({ email, lastname: 'New' })));
			const parameters = {
				identifyBy: 'email',
				emailField: 'email',
				ifNobodyMatches: table === 'lead' ? 'createLead' : 'createContact',
			};

			const both = await Promise.all([
				add(segment, items, parameters),
				add(segment, schedule % 2 === 0 ? items : [...items].reverse(), parameters),
			]);

			const figures = both.map(({ items: [item] }) => item?.json ?? {});
			for (const each of figures) {
				expectSums(each);
				expect(each).toMatchObject({ rows: 8, duplicates: 1, matched: 6, unmatched: 1, failed: 0 });
			}
			expect(Number(figures[0]?.created) + Number(figures[1]?.created)).toBe(6);
			for (const email of emails) expect(whoHas(table, email)).toHaveLength(1);
			const active = emails.filter((email) => email !== closedSame);
			expect([...(world.control.members(segment) ?? [])].sort()).toEqual(
				active.map((email) => String(whoHas(table, email)[0]?.[`${table}id`])).sort(),
			);
		},
	);
});

test('10,000 rows with 2,000 new people, 100 that do not fit, 50 refused by a rule and 30 twice: exact, and the second run writes nothing', async () => {
	const segment = seedRealTime(world);
	const number = (what: string, n: number) => `${what}-${n}`;
	const many = <T>(length: number, make: (n: number) => T) => Array.from({ length }, (_, n) => make(n));
	const known = many(7_820, (n) => ({
		contactid: crypto.randomUUID(),
		externaluseridentifier: number('known', n),
		emailaddress1: `known${n}@example.org`,
		lastname: 'Known',
		jobtitle: 'Analyst',
		statecode: 0,
	}));
	world.control.seed({ rows: { contacts: known } });
	const items = itemsOf([
		...many(2_000, (n) => ({ externaluseridentifier: number('new', n), lastname: `New ${n}` })),
		...many(30, (n) => ({ externaluseridentifier: number('new', n * 3), lastname: 'Twice' })),
		...many(100, (n) => ({ externaluseridentifier: number('bad', n), birthdate: '31.02.1990' })),
		...many(50, (n) => ({
			externaluseridentifier: number('rule', n),
			emailaddress1: `known${n}@example.org`,
		})),
		...many(7_820, (n) => ({ externaluseridentifier: number('known', n), jobtitle: 'Analyst' })),
	]);
	const parameters = {
		identifyBy: 'column',
		columnName: 'externaluseridentifier',
		valueField: 'externaluseridentifier',
		ifNobodyMatches: 'createContact',
		alsoUpdateMatchedPeople: true,
	};
	const before = rowsOf('contact').length;

	const first = await add(segment, items, parameters);

	const rows = { rows: 10_000, matched: 9_820, duplicates: 30, invalid: 100, unmatched: 50 };
	expect(first.items[0]?.json).toMatchObject({
		...rows,
		people: 9_820,
		submitted: 9_820,
		// New people are always read back.
		confirmed: 2_000,
		unconfirmed: 7_820,
		failed: 0,
		created: 2_000,
		updated: 0,
		exceptionsTotal: 150,
	});
	expect(first.branches[1]).toHaveLength(150);
	expect(rowsOf('contact')).toHaveLength(before + 2_000);
	expect(rowsOf('contact').filter(({ lastname }) => lastname === 'Twice')).toEqual([]);

	world.control.clearLog();
	const second = await add(segment, items, parameters);

	expect(second.items[0]?.json).toMatchObject({
		...rows,
		unchanged: 9_820,
		submitted: 0,
		created: 0,
		updated: 0,
		calls: 0,
	});
	// Those whom a rule refuses are tried again, and refused again.
	expect(writes(world).filter((name) => name !== 'contacts')).toEqual([]);
	expect(rowsOf('contact')).toHaveLength(before + 2_000);
	expect(world.control.members(segment)).toHaveLength(9_820);
});
