import { writes } from '../../../test/engine/realTimeSeed';
import { SAMPLE_LETTERS, sampleAddress } from '../../lib/samplePeople';
import { withParameters } from '../../lib/workflowFiles';
import { addressesIn, type Example, type ExampleTests, runChanged, settle } from './example';

const NAME = 'Newsletter Readers';
const TRIGGER = 'Every Night at Two';
const everybody = SAMPLE_LETTERS.map(sampleAddress);

const run = async ({ world, workflowId }: Example) => await world.rest.runManually(workflowId, TRIGGER);

/** The same, with another spreadsheet in place of the sample. */
async function runWith(example: Example, addresses: readonly string[]) {
	const csv = ['email', ...addresses].join('\n');
	const sample = { assignments: { assignments: [{ id: '1', name: 'csv', value: csv, type: 'string' }] } };
	return await runChanged(example, withParameters(example.workflow, 'Sample Spreadsheet', sample), TRIGGER);
}

export const nightlySync: ExampleTests = (example) => {
	test('the first night makes the segment, puts everybody in, and hands out who is left', async () => {
		const { world } = example();

		const execution = await run(example());
		settle(world);

		expect(execution.status).toBe('success');
		expect(execution.json('Plan the Sync')[0]?.planned).toMatchObject({ add: 8, remove: 0 });
		expect(execution.hints('Sync the Segment')).toContain(
			`There was no segment named "${NAME}", so it was created.`,
		);
		expect(addressesIn(world, NAME)).toEqual(everybody);
		const [exceptions] = execution.items('Exceptions to Send');
		expect(exceptions?.json.subject).toBe(`Rows of the sync of "${NAME}" that need a look: 1`);
		const file = await world.rest.file(String(exceptions?.binary?.notDelivered?.id));
		expect(file.split('\r\n')[1]).toMatch(/^9,unmatched,,nobody@example\.com,notFound,/);
	});

	test('the second night changes nothing', async () => {
		const { world } = example();
		world.emulator.control.clearLog();

		const execution = await run(example());

		expect(execution.status).toBe('success');
		expect(execution.json('Sync the Segment')[0]).toMatchObject({ unchanged: 8, submitted: 0 });
		expect(execution.json('Take It Live')[0]).toMatchObject({ status: 'live', changed: false });
		expect(writes(world.emulator)).toEqual([]);
	});

	test('who is gone from the file is removed, who is new is added', async () => {
		const { world } = example();
		const wanted = ['person1@example.com', ...everybody.slice(1)];

		const execution = await runWith(example(), wanted);
		settle(world);

		expect(execution.json('Sync the Segment')[0]?.planned).toMatchObject({ add: 1, remove: 1 });
		expect(addressesIn(world, NAME)).toEqual(wanted);
		expect(execution.items('Exceptions to Send')).toEqual([]);
	});

	test('a file that was cut off ends the run before anything is changed, with the figures', async () => {
		const { world } = example();
		const before = addressesIn(world, NAME);
		world.emulator.control.clearLog();

		const execution = await runWith(example(), everybody.slice(1, 4));

		expect(execution.status).toBe('error');
		expect(execution.error?.message).toContain('it would remove 5 of 8 members, and 0 of 3 rows mean nobody');
		expect(writes(world.emulator)).toEqual([]);
		expect(addressesIn(world, NAME)).toEqual(before);
	});

	test('a file of strangers ends it too', async () => {
		const strangers = ['x', 'y', 'z'].map((name) => `${name}@example.net`);

		const execution = await runWith(example(), [...everybody, ...strangers]);

		expect(execution.status).toBe('error');
		expect(execution.error?.message).toContain('3 of 11 rows mean nobody');
	});
};
