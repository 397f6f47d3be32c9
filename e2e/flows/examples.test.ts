/** Every example workflow, imported as a user imports it and run in the real n8n. */

import { n8nCommand } from '../lib/n8nServer';
import { seedSamplePeople } from '../lib/samplePeople';
import { readWorkflow, workflowNames, workflowsFolder } from '../lib/workflowFiles';
import { PACKAGE, startWorld, type World } from '../lib/world';
import { agentTool } from './examples/agentTool';
import { copyOutboundSegments } from './examples/copyOutboundSegments';
import type { Example, ExampleTests } from './examples/example';
import { formToSegment } from './examples/formToSegment';
import { goLiveAndWait } from './examples/goLiveAndWait';
import { listToSegment } from './examples/listToSegment';
import { mondayOverview } from './examples/mondayOverview';
import { nightlySync } from './examples/nightlySync';
import { optOutsToDynamics } from './examples/optOutsToDynamics';
import { orderToAudience } from './examples/orderToAudience';
import { reviewDynamicSegments } from './examples/reviewDynamicSegments';
import { segmentsForAgents } from './examples/segmentsForAgents';
import { sheetToSegmentWithAlert } from './examples/sheetWithAlert';
import { enteredSegmentToSlack, evaluationFailedAlert } from './examples/trigger';
import { warehouseAudience } from './examples/warehouse';

/** Virtual seconds per second, so that going live takes no time worth waiting for. */
const CLOCK_SPEED = 600;

const TESTS: Readonly<Record<string, ExampleTests>> = {
	'agent-tool': agentTool,
	'copy-outbound-segments': copyOutboundSegments,
	'entered-segment-to-slack': enteredSegmentToSlack,
	'evaluation-failed-alert': evaluationFailedAlert,
	'form-to-segment': formToSegment,
	'go-live-and-wait': goLiveAndWait,
	'list-to-segment': listToSegment,
	'monday-overview': mondayOverview,
	'nightly-sync': nightlySync,
	'opt-outs-to-dynamics': optOutsToDynamics,
	'order-to-audience': orderToAudience,
	'review-dynamic-segments': reviewDynamicSegments,
	'segments-for-agents': segmentsForAgents,
	'sheet-to-segment-with-alert': sheetToSegmentWithAlert,
	'warehouse-audience': warehouseAudience,
};

let world: World;
beforeAll(async () => {
	world = await startWorld({ name: 'examples', emulator: { contacts: 1000, clockSpeed: CLOCK_SPEED } });
	seedSamplePeople(world.emulator);
});
afterAll(async () => await world?.close());
afterEach(() => {
	const { control } = world.emulator;
	control.clearFaults();
	control.resetAssumptions();
	control.setClockSpeed(CLOCK_SPEED);
});

test('every file in workflows/ has tests here', () => {
	expect(Object.keys(TESTS)).toEqual(workflowNames());
});

for (const [name, tests] of Object.entries(TESTS)) {
	describe(name, () => {
		let example: Example;
		beforeAll(async () => {
			const workflow = readWorkflow(name);
			example = { world, workflow, workflowId: await world.importWorkflow(workflow) };
		});

		tests(() => example);
	});
}

test('the editor gets the fields of an operation before it has run, and of the trigger none', async () => {
	const fields = async (path: string) => {
		const answer = await fetch(`${world.n8n.url}/schemas/${PACKAGE}.${path}.json`, {
			headers: { cookie: world.rest.session },
		});
		return answer.status === 200
			? ((await answer.json()) as { properties: object }).properties
			: answer.status;
	};

	expect(await fields('dataverseSegment/1.0.0/realTimeSegment/getMany')).toHaveProperty('expiresAbout');
	expect(await fields('dataverseSegmentMembers/1.0.0/realTimeSegment/sync')).toHaveProperty('submitted');
	expect(await fields('dataverseSegmentTrigger/1.0.0/members')).toBe(404);
});

test("n8n's own command imports all of them as they are", async () => {
	const before = await world.rest.get<readonly object[]>('/rest/workflows');

	await n8nCommand(world.userFolder, ['import:workflow', '--separate', `--input=${workflowsFolder}`]);

	const after = await world.rest.get<readonly object[]>('/rest/workflows');
	expect(after.length - before.length).toBe(workflowNames().length);
});
