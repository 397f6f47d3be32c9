import type { IDataObject } from 'n8n-workflow';

import { seedJourney, seedRealTime, writes } from '../../../test/engine/realTimeSeed';
import { McpClient } from '../../lib/mcpClient';
import type { WorkflowFile } from '../../lib/n8nRest';
import { until } from '../../lib/processes';
import { sampleAddress } from '../../lib/samplePeople';
import { addressesIn, type Example, type ExampleTests, settle } from './example';

const TOKEN = 'agent-token';
const PERSON = 'Ask a Person';
const CHANGE = 'When a Change Is Asked For';
const NAME = 'Agents: readers';

/** What its user picks beside the credential of Dynamics 365: a token for the agents, and where mail is sent from. */
async function withCredentials({ workflow, world }: Example): Promise<WorkflowFile> {
	const token = await world.rest.createCredential('Agents', 'httpBearerAuth', { token: TOKEN });
	const mail = await world.rest.createCredential('Mail', 'smtp', { host: 'localhost', port: 25 });
	const nodes = workflow.nodes.map((node) => {
		if (node.type.endsWith('.mcpTrigger'))
			return { ...node, credentials: { httpBearerAuth: { id: token, name: 'Agents' } } };
		return node.name === PERSON ? { ...node, credentials: { smtp: { id: mail, name: 'Mail' } } } : node;
	});
	return { ...workflow, nodes };
}

/** Published under a path, and a client that is connected. */
async function connected({ world }: Example, file: WorkflowFile, path: string): Promise<McpClient> {
	const nodes = file.nodes.map((node) =>
		node.type.endsWith('.mcpTrigger') ? { ...node, parameters: { ...node.parameters, path } } : node,
	);
	await world.rest.activate(await world.importWorkflow({ ...file, nodes }));
	const client = new McpClient(`${world.n8n.url}/mcp/${path}`, TOKEN);
	// Publishing is only queued when the request is answered.
	await until('the MCP server to answer', async () => {
		try {
			await client.connect();
			return true;
		} catch {
			return undefined;
		}
	});
	return client;
}

export const segmentsForAgents: ExampleTests = (example) => {
	let segment = '';
	let client: McpClient;
	beforeAll(async () => {
		const { world } = example();
		segment = seedRealTime(world.emulator, { name: NAME, status: 'live' });
		seedJourney(world.emulator, segment, 'Agents journey');
		client = await connected(example(), await withCredentials(example()), 'segments');
	});

	test('an agent is offered the tools with what it has to fill in', async () => {
		const tools = await client.tools();

		expect(
			tools.map(({ inputSchema, name }) => [name, Object.keys(inputSchema.properties as object)]),
		).toEqual(
			expect.arrayContaining([
				['Find_Segments', ['Name_Contains']],
				['Get_Usage', ['Segment']],
				['Check_Membership', expect.arrayContaining(['Segment', 'Email_Addresses'])],
				['Plan_a_Sync', expect.arrayContaining(['Segment', 'Email_Addresses'])],
				['Ask_for_a_Change', expect.arrayContaining(['Change', 'Segment', 'Email_Addresses'])],
			]),
		);
	});

	test('it finds a segment, learns what uses it and plans a sync, and nothing is changed', async () => {
		const { world } = example();
		world.emulator.control.clearLog();

		const found = await client.call('Find_Segments', { Name_Contains: 'Agents:' });
		const usage = await client.call('Get_Usage', { Segment: segment });
		const plan = await client.call('Plan_a_Sync', {
			Segment: segment,
			Email_Addresses: `${sampleAddress('b')}, ${sampleAddress('c')}`,
		});

		expect(found).toContain(segment);
		expect(usage).toContain('Agents journey');
		expect(plan).toContain('"dryRun":true');
		expect(plan).toContain('"add":2');
		expect(writes(world.emulator)).toEqual([]);
		expect(addressesIn(world, NAME)).toEqual([]);
	});

	/** The part that the tool starts, with the person's answer pinned. */
	async function asked(change: IDataObject, approved: boolean) {
		const { world, workflow } = example();
		const pinData = { [PERSON]: [{ json: { data: { approved } } }] };
		const workflowId = await world.importWorkflow({ ...workflow, pinData });
		const execution = await world.rest.runManually(workflowId, {
			trigger: CHANGE,
			items: [{ json: change }],
		});
		settle(world);
		return execution;
	}

	test('a change is made only after a person agreed to it', async () => {
		const { world } = example();
		const change = { change: 'add', segment, emailAddresses: `${sampleAddress('b')}, nobody@example.com` };

		const refused = await asked(change, false);
		expect(refused.json('Nothing Was Changed')).toEqual([
			{ result: expect.stringContaining('did not agree') as string },
		]);
		expect(addressesIn(world, NAME)).toEqual([]);

		const agreed = await asked(change, true);
		expect(agreed.error?.message).toBeUndefined();
		expect(agreed.json('What Became of It')).toEqual([
			expect.objectContaining({
				result: '1 of 2 people submitted, 0 unchanged, 1 not delivered.',
				exceptions: [expect.objectContaining({ value: 'nobody@example.com' })],
			}),
		]);
		expect(addressesIn(world, NAME)).toEqual([sampleAddress('b')]);

		await asked({ change: 'remove', segment, emailAddresses: sampleAddress('b') }, true);
		expect(addressesIn(world, NAME)).toEqual([]);
	});

	test('the tool that asks for a change waits for the answer and tells what became of it', async () => {
		const { world } = example();
		const file = await withCredentials(example());
		// A person who agrees to everything, in place of the mail.
		const assignments = [{ id: 'data', name: 'data', type: 'object', value: '{ "approved": true }' }];
		const nodes = file.nodes.map((node) =>
			node.name === PERSON
				? {
						...node,
						type: 'n8n-nodes-base.set',
						typeVersion: 3.4,
						parameters: { assignments: { assignments }, options: {} },
						credentials: undefined,
					}
				: node,
		);
		const agreeing = await connected(example(), { ...file, nodes }, 'segments-agreed');

		const told = await agreeing.call('Ask_for_a_Change', {
			Change: 'add',
			Segment: segment,
			Email_Addresses: sampleAddress('c'),
		});
		settle(world);

		expect(told).toContain('1 of 1 people submitted');
		expect(addressesIn(world, NAME)).toEqual([sampleAddress('c')]);
		await asked({ change: 'remove', segment, emailAddresses: sampleAddress('c') }, true);
	});

	test('what is neither an addition nor a removal changes nothing, whatever the person says', async () => {
		const { world } = example();
		world.emulator.control.clearLog();
		const run = await asked({ change: 'delete', segment, emailAddresses: sampleAddress('b') }, true);
		expect(run.json('Nothing Was Changed')).toEqual([
			{ result: expect.stringContaining('add or remove') as string },
		]);
		expect(writes(world.emulator)).toEqual([]);
	});
};
