import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import {
	checkCredentialTest,
	CredentialStore,
	isolatedEngine,
	listSearch,
	loadOptions,
	runNode,
	runWorkflow,
	type StartedRun,
	useVmExpressions,
} from '../support/engine';
import { TestOAuth2Api, testNode, whoAmI } from '../support/engine/fixtures';
import { startTokenServer, type TokenServer } from '../support/tokenServer';

const people = (...names: string[]): INodeExecutionData[] => names.map((name) => ({ json: { name } }));

describe('a node in the engine', () => {
	const shout = testNode(async function (this: IExecuteFunctions) {
		return [
			this.getInputData().map((_, item) => ({
				json: { loud: (this.getNodeParameter('text', item) as string).toUpperCase() },
				pairedItem: { item },
			})),
		];
	});

	it('gets the items, resolves expressions for each of them and hands its own on', async () => {
		const result = await runNode(
			{ type: shout, parameters: { text: '={{ $json.name }} of {{ $input.all().length }}' } },
			people('ada', 'grace'),
		);

		expect(result.status).toBe('success');
		expect(result.items.map(({ json }) => json.loud)).toEqual(['ADA OF 2', 'GRACE OF 2']);
		expect(result.items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
	});

	it('is one of several in a workflow, each with its own output', async () => {
		const chained = await runWorkflow({
			nodes: ['First', 'Second'].map((name, index) => ({
				id: name,
				name,
				type: 'test.shout',
				typeVersion: 1,
				position: [index * 200, 0],
				parameters: { text: index === 0 ? 'hello' : '={{ $json.loud }}!' },
			})),
			connections: { First: { main: [[{ node: 'Second', type: 'main', index: 0 }]] } },
			nodeTypes: { 'test.shout': shout },
		});

		expect(chained.output('First')[0]?.json).toEqual({ loud: 'HELLO' });
		expect(chained.output('Second')[0]?.json).toEqual({ loud: 'HELLO!' });
	});

	it('sends failed items to the error output together with what came in', async () => {
		const half = testNode(async function (this: IExecuteFunctions) {
			return [
				this.getInputData().map(({ json }, item) => ({
					json: item === 1 ? { error: 'no such person' } : json,
					pairedItem: { item },
				})),
			];
		});

		const result = await runNode({ type: half, onError: 'continueErrorOutput' }, people('ada', 'nobody'));

		expect(result.branches[0]?.map(({ json }) => json)).toEqual([{ name: 'ada' }]);
		expect(result.branches[1]?.map(({ json }) => json)).toEqual([
			{ name: 'nobody', error: 'no such person' },
		]);
	});

	it('ends the run with its error when it throws', async () => {
		const broken = testNode(async () => {
			throw new Error('the segment is gone');
		});

		const result = await runNode({ type: broken }, people('ada'));

		expect(result.status).toBe('error');
		expect(result.error?.message).toBe('the segment is gone');
	});

	it.each([
		['canceled', 'canceled'],
		['error', 'the wait was broken off'],
	])(
		'is told of a cancel while it waits; the run ends as %s when it then throws "%s"',
		async (status, words) => {
			let reached: () => void = () => undefined;
			const waiting = new Promise<void>((resolve) => (reached = resolve));
			let told = false;
			const patient = testNode(async function (this: IExecuteFunctions) {
				reached();
				const signal = this.getExecutionCancelSignal();
				await new Promise((resolve) => signal?.addEventListener('abort', resolve));
				told = true;
				throw new Error(words);
			});
			let run: StartedRun | undefined;

			const finished = runNode({ type: patient }, people('ada'), { onStart: (started) => (run = started) });
			await waiting;
			run?.cancel();

			expect((await finished).status).toBe(status);
			expect(told).toBe(true);
		},
	);

	it('may leave hints, messages for the editor, log lines and files, and the test sees them all', async () => {
		const talkative = testNode(async function (this: IExecuteFunctions) {
			this.addExecutionHints({ message: '2 of 3 were members', type: 'info', location: 'outputPane' });
			this.sendMessageToUI('chunk 1');
			this.logger.warn('waited', { seconds: 2 });
			const binary = { data: await this.helpers.prepareBinaryData(Buffer.from('id\r\n1'), 'ids.csv') };
			return [[{ json: {}, binary }]];
		});

		const result = await runNode({ type: talkative }, people('ada'));

		expect(result.hints).toMatchObject([{ message: '2 of 3 were members' }]);
		expect(result.uiMessages).toMatchObject([{ type: 'sendConsoleMessage' }]);
		expect(result.logs).toContainEqual({ level: 'warn', message: 'waited', metadata: { seconds: 2 } });
		expect(result.items[0]?.binary?.data?.fileName).toBe('ids.csv');
	});

	it('is refused with a list of known types when the workflow names a type that was not given', async () => {
		const node = { id: '1', name: 'A', type: 'test.other', typeVersion: 1, position: [0, 0], parameters: {} };

		await expect(
			runWorkflow({ nodes: [{ ...node, position: [0, 0] }], nodeTypes: { 'test.shout': shout } }),
		).rejects.toThrow('"test.other", but only these were given: test.shout');
	});
});

describe('the editor', () => {
	const lists = testNode(async () => [[]], {
		loadOptions: {
			async colours() {
				return [{ name: this.getCurrentNodeParameter('text') as string, value: 'red' }];
			},
		},
		listSearch: {
			async search(filter, paginationToken) {
				return { results: [{ name: filter ?? '', value: paginationToken ?? '' }], paginationToken: '2' };
			},
		},
	});

	it('fills dropdowns with regard to the other parameters of the node', async () => {
		expect(await loadOptions({ type: lists, parameters: { text: 'Red' } }, 'colours')).toEqual([
			{ name: 'Red', value: 'red' },
		]);
	});

	it('searches lists page by page', async () => {
		const page = await listSearch({ type: lists }, 'search', {}, { filter: 'vip', paginationToken: '1' });

		expect(page).toEqual({ results: [{ name: 'vip', value: '1' }], paginationToken: '2' });
	});
});

describe('a credential', () => {
	let server: TokenServer;
	const caller = testNode(whoAmI);
	const stored = (secret = 'right') =>
		new CredentialStore({
			cred: {
				environmentUrl: `${server.url}/`,
				clientId: 'app',
				clientSecret: secret,
				accessTokenUrl: 'http://x',
			},
		});
	const node = { type: caller, credentials: { testOAuth2Api: 'cred' } };
	const credentialType = new TestOAuth2Api();
	const credentialTypes = [credentialType];

	beforeEach(async () => {
		server = await startTokenServer();
	});
	afterEach(async () => await server.close());

	it('signs in once for all requests, and the token outlives the run', async () => {
		const credentials = stored();

		const first = await runNode(node, people('ada', 'grace'), { credentialTypes, credentials });
		await runNode(node, people('ada'), { credentialTypes, credentials });

		expect(first.items.map(({ json }) => json.status)).toEqual([200, 200]);
		expect(server.tokenRequests).toHaveLength(1);
		expect(server.tokenRequests[0]).toMatchObject({ scope: `${server.url}/.default` });
		expect(credentials.count('saveToken')).toBe(1);
	});

	it('takes hidden addresses from its declaration, whatever is stored', async () => {
		const result = await runNode(node, people('ada'), { credentialTypes, credentials: stored() });

		expect(result.status).toBe('success');
		expect(server.tokenRequests).toHaveLength(1);
	});

	it('is renewed once when the service refuses the token, and the request is sent again', async () => {
		const credentials = stored();
		await runNode(node, people('ada'), { credentialTypes, credentials });
		server.expireTokens();

		const result = await runNode(node, people('ada', 'grace'), { credentialTypes, credentials });

		expect(result.items.map(({ json }) => json.status)).toEqual([200, 200]);
		expect(server.tokenRequests).toHaveLength(2);
	});

	it('fails the run when the sign-in is refused', async () => {
		const result = await runNode(node, people('ada'), { credentialTypes, credentials: stored('wrong') });

		expect(result.status).toBe('error');
		expect(JSON.stringify(result.logs)).not.toContain('wrong');
	});

	it('can be tested as the Test button does', async () => {
		expect(await checkCredentialTest(credentialType, 'cred', { credentials: stored() })).toEqual({
			status: 'OK',
		});
		expect(await checkCredentialTest(credentialType, 'cred', { credentials: stored('wrong') })).toMatchObject(
			{
				status: 'Error',
			},
		);
		expect(server.calls).toHaveLength(1);
	});
});

describe("the server's expression engine", () => {
	it('evaluates parameters and credentials in an isolate, and gives the old one back', async () => {
		const { engine, stop } = await useVmExpressions();
		const echo = testNode(async function (this: IExecuteFunctions) {
			return [[{ json: { text: this.getNodeParameter('text', 0) } }]];
		});

		try {
			const result = await runNode({ type: echo, parameters: { text: '={{ 6 * 7 }}' } }, people('ada'));
			expect(result.items[0]?.json.text).toBe(42);
			expect(engine).toBe(isolatedEngine());
		} finally {
			await stop();
		}
	});
});
