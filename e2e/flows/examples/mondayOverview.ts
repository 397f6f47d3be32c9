import { seedJourney, seedRealTime, writes } from '../../../test/engine/realTimeSeed';
import type { ExampleTests } from './example';

const TRIGGER = 'Every Monday Morning';
const CHANNEL = 'Post to the Channel';

export const mondayOverview: ExampleTests = (example) => {
	const posted = { [CHANNEL]: [{ json: { id: 'posted' } }] };

	test('posts one table of the segments that need a look, and not of those that are used', async () => {
		const { world, workflow } = example();
		const query = 'PROFILE(contact)';
		const used = seedRealTime(world.emulator, { name: 'Monday: used', query, status: 'live' });
		seedJourney(world.emulator, used, 'Monday journey');
		seedRealTime(world.emulator, { name: 'Monday: <unused>', query, status: 'live' });
		seedRealTime(world.emulator, { name: 'Monday: draft' });
		const workflowId = await world.importWorkflow({ ...workflow, pinData: posted });
		world.emulator.control.clearLog();

		const execution = await world.rest.runManually(workflowId, TRIGGER);

		expect(execution.error?.message).toBeUndefined();
		const ours = execution
			.json('Say What Is the Matter')
			.filter(({ segment }) => /^Monday/.test(String(segment)));
		expect(ours.map(({ matter, segment }) => [segment, matter])).toEqual([
			['Monday: <unused>', expect.stringContaining('not used') as string],
			['Monday: draft', ''],
			['Monday: used', expect.not.stringContaining('not used') as string],
		]);
		const tables = execution.json('Write the Table').map(({ table }) => String(table));
		expect(tables).toHaveLength(1);
		expect(tables[0]).toContain('Ready to use');
		expect(tables[0]).not.toContain('Monday: draft');
		expect(execution.json(CHANNEL)).toEqual([{ id: 'posted' }]);
		expect(writes(world.emulator)).toEqual([]);
	});

	test('where usage may not be read, segments are listed as not known instead of as unused', async () => {
		const { world, workflow } = example();
		const { clientId, control } = world.emulator;
		control.changeUser(clientId, { missingPrivileges: ['prvReadmsdynmkt_segmentusage'] });
		const workflowId = await world.importWorkflow({ ...workflow, pinData: posted });

		const execution = await world.rest.runManually(workflowId, TRIGGER);
		control.changeUser(clientId, { missingPrivileges: [] });

		const unused = execution
			.json('Say What Is the Matter')
			.find(({ segment }) => segment === 'Monday: <unused>');
		expect(unused).toMatchObject({ matter: expect.stringContaining('use not known') as string });
		expect(execution.hints('All Segments').join(' ')).toContain('prvReadmsdynmkt_segmentusage');
	});
};
