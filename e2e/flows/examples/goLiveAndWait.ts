import { writes } from '../../../test/engine/realTimeSeed';
import { withParameters } from '../../lib/workflowFiles';
import { type Example, type ExampleTests, runChanged, segmentId } from './example';

const NAME = 'People with an E-Mail Address';
const TRIGGER = 'Start Here';
const SEGMENT = 'Segment to Take Live';

/** A segment of its own, so that it is not live yet. */
const runNamed = async (example: Example, name: string, wait = {}) =>
	await runChanged(
		example,
		withParameters(withParameters(example.workflow, SEGMENT, { name }), 'Go Live and Wait', wait),
		TRIGGER,
	);

export const goLiveAndWait: ExampleTests = (example) => {
	test('makes the segment, takes it live, and says with how many people', async () => {
		const { world, workflowId } = example();

		const execution = await world.rest.runManually(workflowId, TRIGGER);

		expect(execution.status).toBe('success');
		const members = world.emulator.control.members(segmentId(world, NAME)) ?? [];
		expect(members.length).toBeGreaterThan(100);
		expect(execution.json('Live')[0]?.message).toBe(`"${NAME}" is live with ${members.length} people.`);
	});

	test('the second time nothing is written, and the way on is the same', async () => {
		const { world, workflowId } = example();
		world.emulator.control.clearLog();

		const execution = await world.rest.runManually(workflowId, TRIGGER);

		expect(execution.items('Live')).toHaveLength(1);
		expect(writes(world.emulator)).toEqual([]);
	});

	test('one step in the middle can be run alone, as one does while building', async () => {
		const { world, workflowId } = example();
		const before = await world.rest.runManually(workflowId, TRIGGER);

		const step = await world.rest.runStep(workflowId, 'Go Live and Wait', before);

		expect(step.error).toBeUndefined();
		expect(step.json('Go Live and Wait')[0]).toMatchObject({ name: NAME, status: 'live' });
	});

	test('live with warnings is a way of its own', async () => {
		example().world.emulator.control.setAssumption('realTimePublishOutcome', 'warnings');

		const execution = await runNamed(example(), 'With warnings');

		expect(execution.status).toBe('success');
		expect(execution.items('Live')).toEqual([]);
		expect(execution.json('Live with Warnings')[0]?.message).toContain(
			'"With warnings" is live with warnings.',
		);
	});

	test('one that is still at work when the time is up is another', async () => {
		example().world.emulator.control.setClockSpeed(0);

		const execution = await runNamed(example(), 'Takes its time', { waitMinutes: 0.01 });

		expect(execution.status).toBe('success');
		expect(execution.json('Still at Work')[0]?.message).toContain('"Takes its time" is Computing');
	});

	test('one that does not go live fails the run with the reason of the service', async () => {
		example().world.emulator.control.setAssumption('realTimePublishOutcome', 'error');

		const execution = await runNamed(example(), 'Does not work');

		expect(execution.status).toBe('error');
		expect(execution.error?.message).toContain('Segment "Does not work" did not go live');
		expect(execution.error?.message).toContain('The service says: The computation failed.');
	});
};
