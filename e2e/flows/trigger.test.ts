/** The trigger in the real n8n: published over REST, polled by its timers, started by an evaluation in the emulator. */

import { randomUUID } from 'node:crypto';

import { seedRealTime } from '../../test/engine/realTimeSeed';
import { evaluateSegment } from '../lib/evaluateSegment';
import { startN8n } from '../lib/n8nServer';
import { type Execution, N8nRest, OWNER, type WorkflowFile } from '../lib/n8nRest';
import { until } from '../lib/processes';
import { PACKAGE, startWorld, type World } from '../lib/world';

const TRIGGER = 'Segment Trigger';
/** The shortest poll times that n8n takes are custom ones with a fixed second; each has a timer of its own. */
const EVERY_FIVE_SECONDS = Array.from({ length: 12 }, (_, n) => ({
	mode: 'custom',
	cronExpression: `${n * 5} * * * * *`,
}));

let world: World;
beforeAll(async () => {
	world = await startWorld({ name: 'trigger', emulator: { contacts: 40 } });
});
afterAll(async () => await world?.close());

const workflow = (parameters: object, name = TRIGGER): WorkflowFile => ({
	name: `Watch ${randomUUID()}`,
	nodes: [
		{
			id: randomUUID(),
			name,
			type: `${PACKAGE}.dataverseSegmentTrigger`,
			typeVersion: 1,
			position: [0, 0],
			parameters: { pollTimes: { item: EVERY_FIVE_SECONDS }, ...parameters },
		},
		{
			id: randomUUID(),
			name: 'Seen',
			type: 'n8n-nodes-base.noOp',
			typeVersion: 1,
			position: [220, 0],
			parameters: {},
		},
	],
	connections: { [name]: { main: [[{ node: 'Seen', type: 'main', index: 0 }]] } },
	settings: { executionOrder: 'v1' },
});

/** A live segment of everybody, evaluated once. */
async function liveSegment(name: string): Promise<string> {
	const { control } = world.emulator;
	const id = seedRealTime(world.emulator, { query: 'PROFILE(contact)', name, status: 'live' });
	control.setMembers(id, []);
	await evaluate(id);
	return id;
}

const evaluate = async (id: string): Promise<void> => await evaluateSegment(world, id);

async function published(workflowId: string): Promise<void> {
	await world.rest.activate(workflowId);
	await until(`workflow ${workflowId} to be published`, async () => {
		const status = await world.rest.get<{ status: string; triggers: readonly object[] }>(
			`/rest/workflows/${workflowId}/publication-status`,
		);
		if (status.status === 'failed') throw new Error(JSON.stringify(status.triggers));
		return status.status === 'published' ? status : undefined;
	});
}

/** The first execution beyond those that are known, after its end. */
async function nextExecution(workflowId: string, known: number, rest = world.rest): Promise<Execution> {
	return await until(
		`execution ${known + 1} of ${workflowId}`,
		async () => {
			const executions = await rest.executionsOf(workflowId);
			const next = executions.at(-1 - known);
			return next === undefined ? undefined : await rest.ended(next.id);
		},
		{ timeoutMs: 60_000 },
	);
}

test('an evaluation starts the workflow; nothing from before does, and nothing when it is off', async () => {
	const id = await liveSegment('Watched');
	const workflowId = await world.importWorkflow(workflow({ event: 'evaluated' }));
	await published(workflowId);
	await evaluate(id);

	const execution = await nextExecution(workflowId, 0);

	expect(execution.json(TRIGGER)).toEqual([
		expect.objectContaining({ change: 'evaluated', segmentId: id, segmentName: 'Watched', memberCount: 40 }),
	]);
	await world.rest.deactivate(workflowId);
	await evaluate(id);
	await new Promise((resolve) => setTimeout(resolve, 8_000));
	expect(await world.rest.executionsOf(workflowId)).toHaveLength(1);

	await published(workflowId);
	const later = await nextExecution(workflowId, 1);
	expect(later.json(TRIGGER)).toHaveLength(1);
	expect(later.json(TRIGGER)[0]?.eventId).not.toBe(execution.json(TRIGGER)[0]?.eventId);
	await world.rest.deactivate(workflowId);
}, 180_000);

test('who entered comes one by one, and a renamed or imported copy begins from now', async () => {
	const id = await liveSegment('Members');
	const parameters = {
		event: 'members',
		segments: { segment: [{ segment: { __rl: true, mode: 'id', value: id } }] },
		options: { columns: 'fullname' },
	};
	const workflowId = await world.importWorkflow(workflow(parameters));
	await published(workflowId);
	world.emulator.control.seed({ contacts: 43 });
	await evaluate(id);

	const execution = await nextExecution(workflowId, 0);

	const people = execution.json(TRIGGER);
	expect(people.length).toBeGreaterThan(0);
	expect(people.every(({ change }) => change === 'entered')).toBe(true);
	expect(people[0]).toMatchObject({ segmentId: id, person: { fullname: expect.any(String) as string } });
	await world.rest.deactivate(workflowId);

	const copyId = await world.importWorkflow(workflow(parameters, 'Renamed'));
	await published(copyId);
	await new Promise((resolve) => setTimeout(resolve, 8_000));
	expect(await world.rest.executionsOf(copyId)).toEqual([]);
	await world.rest.deactivate(copyId);
}, 180_000);

test('a segment that cannot be watched keeps the workflow from being published, with the reason', async () => {
	const workflowId = await world.importWorkflow(
		workflow({
			event: 'evaluated',
			scope: 'chosen',
			segments: { segment: [{ segment: { __rl: true, mode: 'id', value: randomUUID() } }] },
		}),
	);

	await expect(published(workflowId)).rejects.toThrow(/There is no real-time segment/);
}, 120_000);

test('a test event is fetched in the editor, and nothing is remembered of it', async () => {
	await liveSegment('Example');
	const workflowId = await world.importWorkflow(workflow({ event: 'evaluated' }));

	const run = await world.rest.runManually(workflowId, TRIGGER);

	expect(run.status).toBe('success');
	expect(run.json(TRIGGER)).toEqual([expect.objectContaining({ change: 'evaluated' })]);
	expect(await world.rest.get(`/rest/workflows/${workflowId}`)).toMatchObject({ staticData: null });
}, 120_000);

test('after a restart of n8n the trigger goes on, and what comes again has the same event ID', async () => {
	const id = await liveSegment('Restarted');
	const workflowId = await world.importWorkflow(workflow({ event: 'evaluated' }));
	await published(workflowId);
	await evaluate(id);
	const before = await nextExecution(workflowId, 0);
	await world.n8n.stop();
	world.emulator.control.advanceClock(31 * 60_000);
	world.emulator.control.members(id);
	const n8n = await startN8n({ name: 'trigger-restarted', userFolder: world.userFolder });
	try {
		const rest = await N8nRest.signIn(n8n.url, OWNER.email, OWNER.password);
		const after = await nextExecution(workflowId, 1, rest);
		const known = before.json(TRIGGER).map(({ eventId }) => eventId);
		const fresh = after.json(TRIGGER).filter(({ eventId }) => !known.includes(eventId));
		expect(fresh.map(({ segmentId }) => segmentId)).toContain(id);
	} finally {
		await n8n.stop();
	}
}, 240_000);
