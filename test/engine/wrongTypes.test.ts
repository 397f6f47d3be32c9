/** Expressions that give something of another type than the field takes: told with the field, the row and what to do. */

import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { contactId } from '../../emulator/data';
import { runMembers, seedRealTime } from './realTimeSeed';
import { byId, World } from './world';

let world: World;
beforeAll(async () => {
	world = await World.start();
	world.control.seed({
		rows: {
			contacts: [{ contactid: contactId(9_001), emailaddress1: 'ada@example.com', telephone1: '4711' }],
		},
	});
});
afterAll(async () => await world.close());
beforeEach(() => world.control.clearLog());

const deliveriesOf = (items: readonly { readonly json: IDataObject }[] | null | undefined) =>
	(items ?? []).map(({ json }) => json.delivery as IDataObject);

describe('where a text is expected', () => {
	test.each([
		['a number', 4711],
		['true', true],
		['a list', ['ada@example.com']],
		['an object', { address: 'ada@example.com' }],
	])('%s in the field of an item is that row alone, with a reason', async (_, email) => {
		const segment = byId(seedRealTime(world, { status: 'live' }));

		const run = await runMembers(
			world,
			{ operation: 'add', segment, identifyBy: 'email', emailField: 'email', report: 'oneItemPerRow' },
			[{ json: { email } }, { json: { email: 'ada@example.com' } }],
		);

		expect(run.error).toBeUndefined();
		expect(deliveriesOf(run.branches[0])).toMatchObject([{ row: 2 }]);
		expect(deliveriesOf(run.branches[1])).toMatchObject([
			{ row: 1, outcome: 'invalid', reason: expect.stringContaining('The value') as string },
		]);
	});

	test('a number stands for its digits where people are found by a column', async () => {
		const id = seedRealTime(world, { status: 'live' });

		const run = await runMembers(
			world,
			{
				...{ operation: 'add', segment: byId(id), identifyBy: 'column', columnName: 'telephone1' },
				valueField: '={{ $json.number }}',
			},
			[{ json: { number: 4711 } }],
		);
		world.control.advanceClock(3_600_000);

		expect(run.error).toBeUndefined();
		expect(world.control.members(id)).toEqual([contactId(9_001)]);
	});

	test.each([
		['an object', '={{ ({ a: 1 }) }}'],
		['a list', '={{ ["Fair"] }}'],
	])('%s as the name of a new segment is refused before any request', async (_, name) => {
		const { error } = await world.segment({
			resource: 'realTimeSegment',
			operation: 'create',
			name,
			type: 'static',
		});

		expect(error?.message).toBe('Name has to be text.');
		expect(world.requests()).toEqual([]);
	});

	test('a number as the ID of a segment is refused before any request', async () => {
		const parameters: INodeParameters = { operation: 'add', segment: byId('={{ 4711 }}') };

		const { error } = await runMembers(world, parameters, [{ json: { contactid: contactId(1) } }]);

		expect(error?.message).toBe('Segment: "4711" is not an ID.');
		expect(world.requests()).toEqual([]);
	});
});

test.each([
	['Most Removals', { mostRemovals: '={{ "many" }}' }, 'Most Removals has to be a number of at least 0.'],
	['Removal Brake (%)', { removalBrakePercent: '={{ [20] }}' }, 'Removal Brake (%) has to be a number from'],
	['Allow Emptying', { allowEmptying: '={{ "yes" }}' }, 'Allow Emptying has to be true or false.'],
])('%s says what it takes, by its name in the editor', async (_, options, message) => {
	const segment = byId(seedRealTime(world, { status: 'live' }));

	const { error } = await runMembers(world, { operation: 'sync', segment, options }, [
		{ json: { email: 'ada@example.com' } },
	]);

	expect(error?.message).toContain(message);
	expect(world.requests()).toEqual([]);
});

describe('a column that cannot hold the value', () => {
	test.each([
		['a choice', 'gendercode', 'Female', '2 for "Female"'],
		['yes or no', 'donotbulkemail', 'Yes', 'true or false'],
	])('%s is told, with what it can hold, and a Sync removes nobody', async (_, columnName, value, told) => {
		const members = [contactId(9_001)];
		const id = seedRealTime(world, { status: 'live', members });
		const run = async (operation: string) =>
			await runMembers(
				world,
				{ operation, segment: byId(id), identifyBy: 'column', columnName, valueField: 'v' },
				[{ json: { v: value } }],
			);

		const [added, synced] = [await run('add'), await run('sync')];

		expect(added.error).toMatchObject({
			message: expect.stringContaining(columnName) as string,
			description: expect.stringContaining(told) as string,
		});
		expect(synced.error?.message).toContain('Nothing was changed');
		expect(world.control.members(id)).toEqual(members);
	});
});
