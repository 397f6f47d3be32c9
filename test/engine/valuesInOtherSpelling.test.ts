/** Values that mean somebody although the service prints them in another way, and numbers that lost their last digits. */

import type { IDataObject } from 'n8n-workflow';

import { runMembers, seedRealTime } from './realTimeSeed';
import { byId, World } from './world';

let world: World;
beforeAll(async () => {
	world = await World.start({ contacts: 5 });
});
afterAll(async () => await world.close());
beforeEach(() => world.control.clearLog());

const ACCOUNT = '11111111-0000-4000-8000-000000000001';
const somebody = (row: IDataObject) => {
	const contactid = crypto.randomUUID();
	world.control.seed({ rows: { contacts: [{ contactid, statecode: 0, lastname: 'Known', ...row }] } });
	return contactid;
};
const run = async (
	operation: string,
	segment: string,
	columnName: string,
	values: readonly unknown[],
	more = {},
) =>
	await runMembers(
		world,
		{ operation, segment: byId(segment), identifyBy: 'column', columnName, valueField: 'v', ...more },
		values.map((v) => ({ json: { v } as IDataObject })),
	);

describe('a person is found by a column', () => {
	test.each([
		['of whole numbers', 'numberofchildren', 7, ['7', '07', '+7', '7.0', 7]],
		['of decimals', 'creditlimit', 12.5, ['12.5', '12.50', '012.5', 12.5]],
		['of lookups', 'parentcustomerid', ACCOUNT, [ACCOUNT, `{${ACCOUNT}}`, ACCOUNT.toUpperCase()]],
	])('%s, in whatever way the value is written', async (_, column, value, spellings) => {
		const id = somebody({ [column]: value });
		const segment = seedRealTime(world, { status: 'live', members: [id] });
		const name = column === 'parentcustomerid' ? '_parentcustomerid_value' : column;

		for (const spelling of spellings) {
			const { items } = await run('check', segment, name, [spelling]);
			expect([spelling, items[0]?.json.membership]).toMatchObject([spelling, { member: true, id }]);
		}
	});

	test('by yes in a column of yes and no, in whatever way it is written', async () => {
		const segment = seedRealTime(world, { status: 'live', members: [somebody({ donotbulkemail: true })] });

		for (const yes of ['true', 'TRUE', true, '1', 1]) {
			const { items } = await run('sync', segment, 'donotbulkemail', [yes], {
				dryRun: true,
			});
			expect([yes, items[0]?.json.unmatched, items[0]?.json.invalid]).toEqual([yes, 0, 0]);
		}
	});

	test('whom several rows mean in several ways, and a Sync keeps the person', async () => {
		const id = somebody({ numberofchildren: 31 });
		const segment = seedRealTime(world, { status: 'live', members: [id] });

		const { items } = await run('sync', segment, 'numberofchildren', ['31', '031', '31.0']);

		expect(items[0]?.json).toMatchObject({ rows: 3, duplicates: 2, matched: 1, unmatched: 0, unchanged: 1 });
	});

	test('and is not created once more', async () => {
		somebody({ numberofchildren: 41 });
		const segment = seedRealTime(world, { status: 'live' });

		const { items } = await run('add', segment, 'numberofchildren', ['041'], {
			ifNobodyMatches: 'createContact',
		});

		expect(items[0]?.json).toMatchObject({ matched: 1, created: 0, submitted: 1 });
	});

	test('of texts only by the very text: 0042 and 42 are two customers', async () => {
		somebody({ externaluseridentifier: '0042' });
		const segment = seedRealTime(world, { status: 'live' });

		const { items } = await run('add', segment, 'externaluseridentifier', ['42', 42, '42.0']);

		expect(items[0]?.json).toMatchObject({ rows: 3, unmatched: 3, submitted: 0 });
	});
});

describe('a number of more digits than a number can hold', () => {
	const CARD = '12345678901234567890';

	test('is not taken for the customer whose number it happens to be printed as', async () => {
		somebody({ externaluseridentifier: '12345678901234567000' });
		somebody({ externaluseridentifier: '77' });
		const segment = seedRealTime(world, { status: 'live' });

		const { items } = await run('add', segment, 'externaluseridentifier', [Number(CARD), 77]);

		expect(items[0]?.json).toMatchObject({ invalid: 1, matched: 1, submitted: 1 });
		expect(JSON.stringify(items[0]?.json.exceptions)).toContain('numberNotExact');
	});

	test('is read digit by digit from a list in JSON', async () => {
		const id = somebody({ externaluseridentifier: CARD });
		const segment = seedRealTime(world, { status: 'live', members: [id] });

		const { items } = await run('check', segment, 'externaluseridentifier', [1], {
			peopleFrom: 'list',
			values: `[${CARD}, "x"]`,
		});

		expect(JSON.stringify(items[0]?.json)).toContain(id);
	});
});

describe('a value that the column cannot hold', () => {
	test.each([
		['whole numbers', 'numberofchildren', 51, 'many'],
		['decimals', 'creditlimit', 51.5, '1,000'],
	])(
		'is a mistake in its own row, and the others are added: a column of %s',
		async (_, column, value, wrong) => {
			const id = somebody({ [column]: value });
			const segment = seedRealTime(world, { status: 'live' });

			const { branches } = await run('add', segment, column, [wrong, value], { report: 'oneItemPerRow' });

			expect(branches[0]?.map(({ json }) => json.delivery)).toMatchObject([{ row: 2, id }]);
			expect(branches[1]?.map(({ json }) => json.delivery)).toMatchObject([
				{ row: 1, outcome: 'invalid', code: 'wrongType', reason: expect.stringContaining(column) },
			]);
		},
	);
});
