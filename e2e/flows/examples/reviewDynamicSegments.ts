import { seedRealTime, writes } from '../../../test/engine/realTimeSeed';
import type { ExampleTests } from './example';

const TRIGGER = 'Every Monday Morning';

export const reviewDynamicSegments: ExampleTests = (example) => {
	test('says of each segment what is wrong with its query, where, and what to do; nothing of the others', async () => {
		const { world, workflowId } = example();
		const seed = (name: string, query?: string) =>
			seedRealTime(world.emulator, { name, query, status: 'live' });
		seed('Review: fine', 'PROFILE(contact).FILTER(ISNOTNULL(emailaddress1))');
		seed('Review: column', 'PROFILE(contact).FILTER(shoesize == 44)');
		seed('Review: half a query', 'PROFILE(contact).FILTER(jobtitle ==');
		seed('Review: by hand');
		world.emulator.control.clearLog();

		const execution = await world.rest.runManually(workflowId, TRIGGER);

		expect(execution.status).toBe('success');
		const ours = execution.json('Findings').filter(({ segment }) => String(segment).startsWith('Review: '));
		expect(ours).toEqual([
			expect.objectContaining({
				segment: 'Review: column',
				status: 'live',
				severity: 'error',
				place: 'line 1, column 25',
				finding: 'The table "contact" has no column "shoesize".',
				url: expect.stringContaining(world.emulator.url) as string,
			}),
			expect.objectContaining({ segment: 'Review: half a query', place: 'line 1, column 36' }),
		]);
		expect(writes(world.emulator)).toEqual([]);
	});

	test('a segment that cannot be checked does not end the review', async () => {
		const { world, workflowId } = example();
		const id = seedRealTime(world.emulator, { name: 'Review: gone', query: 'PROFILE(contact)' });
		world.emulator.control.addFault({
			match: { path: `msdynmkt_segments\\(${id}` },
			times: 0,
			effect: { kind: 'status', status: 404, code: '0x80040217', message: 'Does Not Exist' },
		});

		const execution = await world.rest.runManually(workflowId, TRIGGER);

		expect(execution.status).toBe('success');
		expect(execution.json('Could Not Be Checked')).toEqual([
			expect.objectContaining({ segment: 'Review: gone' }),
		]);
		expect(execution.json('Findings').map(({ segment }) => segment)).toContain('Review: column');
	});
};
