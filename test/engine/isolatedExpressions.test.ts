import { contactId } from '../../emulator/data';
import { useVmExpressions } from '../support/engine';
import type { IsolatedExpressions } from '../support/engine/expressions';
import { World } from './world';

let world: World;
let expressions: IsolatedExpressions;
beforeAll(async () => {
	world = await World.start({ contacts: 5_000 });
	expressions = await useVmExpressions();
});
afterAll(async () => {
	await expressions.stop();
	await world.close();
});

// n8n evaluates expressions in an isolate of its own, which costs time for each; the default engine of the tests does not.
describe('with the expression engine that n8n runs by default', () => {
	test('thousands of items go to a segment that an expression names, with one look-up of it', async () => {
		const id = world.seedSegment();
		world.control.clearLog();

		const { items, error } = await world.members(
			{
				operation: 'add',
				segment: { __rl: true, mode: 'id', value: "={{ $('Source').first().json.segment }}" },
				identifyBy: 'id',
				idField: 'contactid',
			},
			Array.from({ length: 5_000 }, (_, n) => ({ json: { contactid: contactId(n), segment: id } })),
		);

		expect(error).toBeUndefined();
		expect(items[0]?.json).toMatchObject({ segmentId: id, rows: 5_000, submitted: 5_000 });
		expect(world.requests().filter((request) => request.startsWith('GET '))).toHaveLength(1);
	});

	test('a segment that differs from item to item is read from each', async () => {
		const ids = [world.seedSegment(), world.seedSegment()];

		const { items } = await world.members(
			{
				operation: 'add',
				segment: { __rl: true, mode: 'id', value: '={{ $json.segment }}' },
				identifyBy: 'id',
				idField: 'contactid',
			},
			Array.from({ length: 10 }, (_, n) => ({ json: { contactid: contactId(n), segment: ids[n % 2] } })),
		);

		expect(items.map(({ json }) => [json.segmentId, json.people])).toEqual(ids.map((id) => [id, 5]));
	});
});
