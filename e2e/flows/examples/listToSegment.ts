import { writes } from '../../../test/engine/realTimeSeed';
import { SAMPLE_LETTERS, sampleAddress } from '../../lib/samplePeople';
import type { World } from '../../lib/world';
import { addressesIn, type ExampleTests, settle } from './example';

const TRIGGER = 'Start Here';
const everybody = SAMPLE_LETTERS.map(sampleAddress);

/** A static list of the contacts with these addresses. */
function seedList({ emulator: { control } }: World, listname: string, addresses: readonly string[]): void {
	const listid = crypto.randomUUID();
	const people = control.rows('contacts').filter((row) => addresses.includes(String(row.emailaddress1)));
	control.seed({
		rows: {
			lists: [{ listid, listname, type: false, createdfromcode: 2 }],
			listmembers: people.map(({ contactid }) => ({ listid, entityid: contactid, entitytype: 'contact' })),
		},
	});
}

export const listToSegment: ExampleTests = (example) => {
	test('two lists become one segment, and the list that is not there comes out with its reason', async () => {
		const { world, workflowId } = example();
		seedList(world, 'Newsletter 2019', everybody.slice(0, 5));
		seedList(world, 'Newsletter 2020', everybody.slice(3));

		const execution = await world.rest.runManually(workflowId, TRIGGER);
		settle(world);

		expect(execution.status).toBe('success');
		expect(execution.json('Moved')).toEqual([
			{ segment: 'Newsletter Subscribers', people: 8, new: 8, alreadyIn: 0 },
		]);
		expect(execution.json('Not Moved')).toEqual([
			expect.objectContaining({
				list: 'Trade Fair Visitors',
				why: expect.stringContaining('There is no marketing list named "Trade Fair Visitors"') as string,
			}),
		]);
		expect(addressesIn(world, 'Newsletter Subscribers')).toEqual(everybody);
	});

	test('the second time adds nobody', async () => {
		const { world, workflowId } = example();
		world.emulator.control.clearLog();

		const execution = await world.rest.runManually(workflowId, TRIGGER);

		expect(execution.json('Moved')[0]).toMatchObject({ new: 0, alreadyIn: 8 });
		expect(writes(world.emulator)).toEqual([]);
	});
};
