/** Stopping an execution: nothing more is sent, and running it again finishes the job. */

import { contacts, seedRealTime } from '../../test/engine/realTimeSeed';
import type { Execution, WorkflowFile } from '../lib/n8nRest';
import { until } from '../lib/processes';
import { PACKAGE, startWorld, type World } from '../lib/world';

const PEOPLE = 60_000;
const IDS_PER_CALL = 1000;
const ADD = 'msdynmkt_AddStaticMembers';
const SILENT_WITHIN_MS = 1_000;
const LISTEN_MS = 2_000;

let world: World;
beforeAll(async () => {
	world = await startWorld({ name: 'cancel', emulator: { contacts: PEOPLE } });
});
afterAll(async () => await world?.close());
afterEach(() => world.emulator.control.clearFaults());

/** A file of the ids of all people, added to one segment. */
function delivery(segmentId: string): WorkflowFile {
	const ids = `={{ ['id', ...Array.from({ length: ${PEOPLE} }, (_, n) => 'c0000000-0000-4000-8000-' + n.toString(16).padStart(12, '0'))].join('\\n') }}`;
	const steps = [
		node('Start', 'n8n-nodes-base.manualTrigger', 1, {}),
		node('People', 'n8n-nodes-base.set', 3.4, {
			assignments: { assignments: [{ id: '1', name: 'csv', value: ids, type: 'string' }] },
			options: {},
		}),
		node('File', 'n8n-nodes-base.convertToFile', 1.1, {
			operation: 'toText',
			sourceProperty: 'csv',
			options: {},
		}),
		node('Add', `${PACKAGE}.dataverseSegmentMembers`, 1, {
			resource: 'realTimeSegment',
			operation: 'add',
			segment: { __rl: true, mode: 'id', value: segmentId },
			peopleFrom: 'csv',
			identifyBy: 'id',
			csvColumn: 'id',
		}),
	];
	const link = (to: string) => ({ main: [[{ node: to, type: 'main', index: 0 }]] });
	const connections = { Start: link('People'), People: link('File'), File: link('Add') };
	return { name: `Delivery to ${segmentId}`, nodes: steps, connections };
}

const node = (
	name: string,
	type: string,
	typeVersion: number,
	parameters: WorkflowFile['nodes'][0]['parameters'],
) => ({
	id: crypto.randomUUID(),
	name,
	type,
	typeVersion,
	position: [0, 0],
	parameters,
});

const addCalls = () => world.emulator.control.log({ path: ADD }).length;
const wait = async (ms: number) => await new Promise((resolve) => setTimeout(resolve, ms));

interface Stopped {
	readonly execution: Execution;
	/** How many requests came later than a second after the stop. */
	readonly late: number;
	/** Whether the node itself had ended by then; n8n calls the execution canceled at once, whatever its nodes do. */
	readonly nodeEnded: boolean;
}

async function stopAndListen(executionId: string, segmentId: string): Promise<Stopped> {
	const { control } = world.emulator;
	await world.rest.stop(executionId);
	await wait(SILENT_WITHIN_MS);
	const heard = control.log().length;
	const nodeEnded = world.n8n.log().includes(`Dataverse segment ${segmentId}: canceled; `);
	const execution = await world.rest.ended(executionId);
	await wait(LISTEN_MS);
	return { execution, nodeEnded, late: control.log().length - heard };
}

/** Runs the workflow again and lets the service carry out what it accepted. */
async function runAgain(workflowId: string, segmentId: string) {
	const { control } = world.emulator;
	control.clearFaults();
	control.clearLog();
	const execution = await world.rest.runManually(workflowId, 'Start');
	control.advanceClock(3_600_000);
	const members = [...(control.members(segmentId) ?? [])].sort();
	return { summary: execution.json('Add')[0], members, calls: addCalls() };
}

test('in the middle of a long delivery: silence within a second, and the second run sends the rest', async () => {
	const { control } = world.emulator;
	const segmentId = seedRealTime(world.emulator, { status: 'live' });
	const workflowId = await world.importWorkflow(delivery(segmentId));
	control.clearLog();
	control.addFault({ match: { path: ADD }, times: 0, effect: { kind: 'slow', ms: 300 } });
	const executionId = await world.rest.startManually(workflowId, 'Start');
	await until('some calls', () => addCalls() >= 10 || undefined);

	const { execution, late, nodeEnded } = await stopAndListen(executionId, segmentId);
	const sent = addCalls();
	const { summary, members, calls } = await runAgain(workflowId, segmentId);

	expect(execution.status).toBe('canceled');
	expect({ late, nodeEnded }).toEqual({ late: 0, nodeEnded: true });
	expect(sent).toBeLessThan(PEOPLE / IDS_PER_CALL / 2);
	expect(summary).toMatchObject({ people: PEOPLE, failed: 0, notSent: 0, published: true });
	// The call that was on its way when the run was stopped may have been carried out.
	expect(Number(summary?.unchanged)).toBeGreaterThanOrEqual((sent - 1) * IDS_PER_CALL);
	expect(calls).toBeLessThanOrEqual(PEOPLE / IDS_PER_CALL - sent + 1);
	expect(members).toEqual(contacts(0, PEOPLE));
});

test('while the service makes it wait: the wait ends at once, and the second run sends everybody', async () => {
	const { control } = world.emulator;
	const segmentId = seedRealTime(world.emulator, { status: 'live' });
	const workflowId = await world.importWorkflow(delivery(segmentId));
	control.clearLog();
	control.addFault({
		match: { path: ADD },
		skip: 3,
		times: 0,
		effect: { kind: 'status', status: 429, retryAfter: 120 },
	});
	const executionId = await world.rest.startManually(workflowId, 'Start');
	await until('the refusal', () => control.faultsHit() > 0 || undefined);
	await wait(300);

	const { execution, late, nodeEnded } = await stopAndListen(executionId, segmentId);
	const refused = control.faultsHit();
	const { summary, members } = await runAgain(workflowId, segmentId);

	expect(execution.status).toBe('canceled');
	expect({ late, nodeEnded, refused }).toEqual({ late: 0, nodeEnded: true, refused: 1 });
	expect(summary).toMatchObject({ people: PEOPLE, unchanged: 3 * IDS_PER_CALL, failed: 0, notSent: 0 });
	expect(members).toEqual(contacts(0, PEOPLE));
});
