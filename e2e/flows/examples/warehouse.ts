import type { IDataObject } from 'n8n-workflow';

import { contacts, seedRealTime, writes } from '../../../test/engine/realTimeSeed';
import { SAMPLE_LETTERS, sampleAddress } from '../../lib/samplePeople';
import { addressesIn, pinned, settle, type Example, type ExampleTests } from './example';

const NAME = 'Spring Campaign';
const NIGHTLY = 'Every Night at Two';
const WEEKLY = 'Every Monday at Six';
const everybody = SAMPLE_LETTERS.map(sampleAddress);
const rows = (addresses: readonly string[]): readonly IDataObject[] => addresses.map((email) => ({ email }));

/** Runs one of the two parts with what the warehouse gives. */
async function run(example: Example, trigger: string, addresses: readonly string[]) {
	const query = trigger === NIGHTLY ? 'Read the Audience' : 'Read the Audience Again';
	const workflowId = await pinned(example, { [query]: rows(addresses) });
	return await example.world.rest.runManually(workflowId, trigger);
}

export const warehouseAudience: ExampleTests = (example) => {
	const byHand = contacts(900, 903);
	const addressesByHand = [900, 901, 902].map((n) => `person${n}@example.com`);

	beforeAll(() => {
		// People whom somebody chose in the app are in the first group.
		const groups = [{ name: 'Chosen by hand' }, { name: 'Warehouse' }];
		seedRealTime(example().world.emulator, { name: NAME, groups, members: byHand });
	});

	test('the first night puts the audience into its own group and leaves the other one alone', async () => {
		const { world } = example();

		const execution = await run(example(), NIGHTLY, [...everybody, 'nobody@example.net']);
		settle(world);

		expect(execution.error?.message).toBeUndefined();
		expect(execution.json('Sync the Group')[0]).toMatchObject({ submitted: 8, unmatched: 1 });
		expect(execution.json('Rows to Correct')).toEqual([
			{
				email: 'nobody@example.net',
				reason: expect.stringContaining('Nobody with this value'),
				remedy: expect.any(String),
			},
		]);
		expect(addressesIn(world, NAME)).toEqual([...addressesByHand, ...everybody].sort());
	});

	test('who is gone from the warehouse leaves the group, and a second night changes nothing', async () => {
		const { world } = example();
		const wanted = everybody.slice(1);

		await run(example(), NIGHTLY, wanted);
		settle(world);
		world.emulator.control.clearLog();
		const again = await run(example(), NIGHTLY, wanted);

		expect(again.json('Sync the Group')[0]).toMatchObject({ unchanged: 7, submitted: 0 });
		expect(writes(world.emulator)).toEqual([]);
		expect(addressesIn(world, NAME)).toEqual([...addressesByHand, ...wanted].sort());
	});

	test('nothing is reported while group and warehouse are the same', async () => {
		const execution = await run(example(), WEEKLY, everybody.slice(1));

		expect(execution.error?.message).toBeUndefined();
		expect(execution.json('Compare with the Warehouse')[0]).toMatchObject({
			...{ group: 'Warehouse', same: 7, entered: 0, left: 0, changedPercent: 0 },
		});
		expect(execution.items('Write the Report')).toEqual([]);
	});

	test('what has drifted is reported, with a file that names everybody', async () => {
		const { world } = example();
		world.emulator.control.clearLog();

		const execution = await run(example(), WEEKLY, ['person1@example.com', ...everybody.slice(2)]);

		expect(execution.error?.message).toBeUndefined();
		const [report] = execution.items('Write the Report');
		expect(report?.json.subject).toBe(
			'The group "Warehouse" of "Spring Campaign" differs from the warehouse by 25 %',
		);
		expect(report?.json.text).toContain(
			'People of the warehouse who are not in the group: 1. People in the group who are not in the warehouse: 1. In both: 6.',
		);
		const file = await world.rest.file(String(report?.binary?.data?.id));
		const [header, left, entered] = file.replace('\uFEFF', '').split('\r\n');
		expect(header).toBe('change,id,fullName,email');
		expect(left).toMatch(/^left,[0-9a-f-]{36},.*,person1@example\.com$/);
		expect(entered).toMatch(/^entered,[0-9a-f-]{36},.*,someone_b@example\.com$/);
		expect(writes(world.emulator)).toEqual([]);
	});
};
