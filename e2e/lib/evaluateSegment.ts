/** An evaluation of a segment, as a user brings it about: by the operation Go Live. */

import { randomUUID } from 'node:crypto';

import type { IDataObject } from 'n8n-workflow';

import type { WorkflowFile } from './n8nRest';
import { PACKAGE, type World } from './world';

const COMPUTED_MS = 90_000;
const START = 'Start';
const GO_LIVE = 'Go Live';

/**
 * Publishes the segment through the node, once more where it is live, and lets the evaluation come to its end.
 * @param id of the row of msdynmkt_segment
 */
export async function evaluateSegment(world: World, id: string): Promise<void> {
	const run = await world.rest.runManually(await world.importWorkflow(goLiveWorkflow(id)), START);
	if (run.status !== 'success') throw new Error(run.error?.message);
	world.emulator.control.advanceClock(COMPUTED_MS);
	world.emulator.control.members(id);
}

function goLiveWorkflow(id: string): WorkflowFile {
	const node = (name: string, type: string, x: number, parameters: IDataObject) => ({
		id: randomUUID(),
		name,
		type,
		typeVersion: 1,
		position: [x, 0] as const,
		parameters,
	});
	return {
		name: `Evaluate ${id}`,
		nodes: [
			node(START, 'n8n-nodes-base.manualTrigger', 0, {}),
			node(GO_LIVE, `${PACKAGE}.dataverseSegment`, 220, {
				resource: 'realTimeSegment',
				operation: 'goLive',
				segment: { __rl: true, mode: 'id', value: id },
				options: { publishAgain: true },
			}),
		],
		connections: { [START]: { main: [[{ node: GO_LIVE, type: 'main', index: 0 }]] } },
		settings: { executionOrder: 'v1' },
	};
}
