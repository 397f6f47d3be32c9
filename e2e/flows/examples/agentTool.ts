import type { IDataObject } from 'n8n-workflow';

import { ScriptedServer } from '../../../test/support/scriptedServer';
import type { WorkflowFile } from '../../lib/n8nRest';
import { sampleAddress } from '../../lib/samplePeople';
import { PACKAGE } from '../../lib/world';
import { seedRealTime, writes } from '../../../test/engine/realTimeSeed';
import { addressesIn, type Example, type ExampleTests, settle } from './example';

const NAME = 'Agent: readers';
const CHAT = { sessionId: 'test', action: 'sendMessage', chatInput: 'Put someone_b into the readers.' };

/** What a language model of that interface answers: the call of a tool, or the last word. */
function says(step: { readonly tool: string; readonly with: IDataObject } | string): { body: IDataObject } {
	const isLast = typeof step === 'string';
	const call = isLast ? undefined : { name: step.tool, arguments: JSON.stringify(step.with) };
	const message = {
		role: 'assistant',
		content: isLast ? step : null,
		...(call && { tool_calls: [{ id: crypto.randomUUID(), type: 'function', function: call }] }),
	};
	const choice = { index: 0, message, finish_reason: isLast ? 'stop' : 'tool_calls' };
	const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
	return {
		body: {
			id: 'scripted',
			object: 'chat.completion',
			created: 1,
			model: 'scripted',
			choices: [choice],
			usage,
		},
	};
}

/** The workflow after its user has picked a credential for the model too. */
async function withModel({ world, workflow }: Example, url: string): Promise<WorkflowFile> {
	const data = { apiKey: 'none', url: `${url}/v1`, header: false };
	const id = await world.rest.createCredential('Scripted model', 'openAiApi', data);
	const credentials = { openAiApi: { id, name: 'Scripted model' } };
	const nodes = workflow.nodes.map((node) =>
		node.type.endsWith('.lmChatOpenAi') ? { ...node, credentials } : node,
	);
	return { ...workflow, nodes };
}

interface ModelRequest {
	readonly tools: readonly { readonly function: { readonly name: string; readonly parameters: object } }[];
	readonly messages: readonly { readonly role: string; readonly content: string }[];
}

export const agentTool: ExampleTests = (example) => {
	const model = new ScriptedServer();
	beforeAll(async () => await model.start());
	afterAll(async () => await model.stop());

	test('n8n offers both nodes as tools, and keeps what the workflow says of them', async () => {
		const { world, workflow, workflowId } = example();

		const stored = await world.rest.get<WorkflowFile>(`/rest/workflows/${workflowId}`);

		const tools = (file: WorkflowFile) =>
			file.nodes
				.filter(({ type }) => type.startsWith(`${PACKAGE}.`))
				.map(({ name, parameters, type }) => ({ name, parameters, type }));
		expect(tools(stored)).toEqual(tools(workflow));
		expect(new Set(tools(stored).map(({ type }) => type))).toEqual(
			new Set([`${PACKAGE}.dataverseSegmentTool`, `${PACKAGE}.dataverseSegmentMembersTool`]),
		);
	});

	test('the model is told what it may fill in, what it fills in is done, and it is told what came of it', async () => {
		const { world } = example();
		const segment = seedRealTime(world.emulator, { name: NAME, status: 'live' });
		const addresses = `${sampleAddress('b')}, nobody@example.com`;
		model.play(
			says({ tool: 'Find_Segments', with: { Name_Contains: 'Agent:' } }),
			says({ tool: 'Add_People', with: { Segment: segment, Email_Addresses: addresses } }),
			says({ tool: 'Check_Membership', with: { Segment: segment, Email_Addresses: addresses } }),
			says('One is in, one is unknown.'),
		);
		const workflowId = await world.importWorkflow(await withModel(example(), model.url));

		const execution = await world.rest.runManually(workflowId, {
			trigger: 'When Asked in the Chat',
			items: [{ json: CHAT }],
		});
		settle(world);

		expect(execution.error).toBeUndefined();
		expect(execution.json('Segment Assistant')).toEqual([{ output: 'One is in, one is unknown.' }]);
		expect(addressesIn(world, NAME)).toEqual([sampleAddress('b')]);
		const asked = model.seen.map(({ body }) => JSON.parse(body) as ModelRequest);
		expect(asked[0]?.tools.map(({ function: { name, parameters } }) => [name, parameters]).sort()).toEqual([
			['Add_People', expect.objectContaining({ required: ['Segment', 'Email_Addresses'] })],
			['Check_Membership', expect.objectContaining({ required: ['Segment', 'Email_Addresses'] })],
			['Find_Segments', expect.objectContaining({ required: ['Name_Contains'] })],
		]);
		const told = asked.slice(1).map(({ messages }) => messages.at(-1)?.content ?? '');
		expect(told[0]).toContain(segment);
		expect(told[1]).toContain('Nobody with this value exists');
		const checked = JSON.parse(told[2] ?? '') as readonly { readonly membership: IDataObject }[];
		expect(checked.map(({ membership }) => membership)).toEqual([
			expect.objectContaining({
				row: 1,
				id: expect.stringMatching(/^[-0-9a-f]{36}$/) as string,
				member: expect.any(Boolean) as boolean,
			}),
			expect.objectContaining({ row: 2, id: null, member: null, code: 'notFound' }),
		]);
	});

	test('a mistake of the model comes back to it in words, and nothing is changed', async () => {
		const { world } = example();
		model.play(
			says({ tool: 'Add_People', with: { Segment: 'readers', Email_Addresses: sampleAddress('c') } }),
			says('That was no id.'),
		);
		const workflowId = await world.importWorkflow(await withModel(example(), model.url));
		world.emulator.control.clearLog();

		await world.rest.runManually(workflowId, {
			trigger: 'When Asked in the Chat',
			items: [{ json: CHAT }],
		});

		const [, second] = model.seen.map(({ body }) => JSON.parse(body) as ModelRequest);
		expect(second?.messages.at(-1)?.content).toContain('is not an ID');
		expect(second?.messages.at(-1)?.content).toContain('Use the GUID of the segment');
		expect(writes(world.emulator)).toEqual([]);
	});
};
