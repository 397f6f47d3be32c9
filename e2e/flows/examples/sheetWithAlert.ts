import { seedRealTime, writes } from '../../../test/engine/realTimeSeed';
import { SAMPLE_LETTERS, sampleAddress } from '../../lib/samplePeople';
import { addressesIn, pinned, settle, type Example, type ExampleTests } from './example';

const NAME = 'Webinar Guests';
const TRIGGER = 'Every Morning at Six';
const everybody = SAMPLE_LETTERS.map(sampleAddress);
/** Enough rows for one stranger to be less than 5 % of them; every twentieth person of the emulator is inactive. */
const many = Array.from({ length: 42 }, (_, n) => n)
	.filter((n) => n % 20 !== 19)
	.map((n) => `person${n}@example.com`);

async function run(example: Example, addresses: readonly string[]) {
	const rows = addresses.map((Email, n) => ({ row_number: n + 2, Name: `Guest ${n}`, Email }));
	const workflowId = await pinned(example, { 'Read the Sheet': rows });
	return await example.world.rest.runManually(workflowId, TRIGGER);
}

export const sheetToSegmentWithAlert: ExampleTests = (example) => {
	beforeAll(() => {
		seedRealTime(example().world.emulator, { name: NAME });
	});

	test('a sheet of people who are known is planned, then synced', async () => {
		const { world } = example();

		const execution = await run(example(), everybody);
		settle(world);

		expect(execution.error?.message).toBeUndefined();
		expect(execution.json('Plan the Sync')[0]).toMatchObject({ dryRun: true, planned: { add: 8 } });
		expect(execution.items('Write the Alert')).toEqual([]);
		expect(execution.json('Sync the Segment')[0]).toMatchObject({ rows: 8, submitted: 8 });
		expect(addressesIn(world, NAME)).toEqual(everybody);
	});

	test('a sheet with too many strangers changes nothing, and somebody is told the figures', async () => {
		const { world } = example();
		world.emulator.control.clearLog();

		const execution = await run(example(), [...everybody, 'x@example.net']);

		expect(execution.error?.message).toBeUndefined();
		expect(execution.json('Write the Alert').map(({ text }) => String(text))).toEqual([
			expect.stringMatching(
				/^The sync of "Webinar Guests" was not started: 1 of 9 rows of the sheet belong to nobody/,
			),
		]);
		expect(execution.runData).not.toHaveProperty('Sync the Segment');
		expect(writes(world.emulator)).toEqual([]);
		expect(addressesIn(world, NAME)).toEqual(everybody);
	});

	test('a few strangers do not stop it: they come out with their row and the reason', async () => {
		const { world } = example();

		const execution = await run(example(), [...everybody, ...many, 'x@example.net']);
		settle(world);

		expect(execution.error?.message).toBeUndefined();
		expect(execution.json('Sync the Segment')[0]).toMatchObject({ rows: 49, unmatched: 1, submitted: 40 });
		expect(execution.json('Rows to Correct')).toEqual([
			{
				...{ row_number: 50, Name: 'Guest 48', Email: 'x@example.net' },
				reason: expect.stringContaining('Nobody with this value'),
				remedy: expect.any(String),
			},
		]);
		expect(addressesIn(world, NAME)).toHaveLength(48);
	});
};
