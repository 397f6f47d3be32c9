/** n8n's own REST interface, as its editor uses it: the owner, credentials, workflows, executions. */

import { randomUUID } from 'node:crypto';
import { Agent } from 'node:http';
import { createRequire } from 'node:module';

import axios, { type AxiosInstance } from 'axios';
import type { IDataObject, INodeExecutionData, IRun, IRunData } from 'n8n-workflow';

import { until } from './processes';

export const OWNER = {
	email: 'owner@example.org',
	password: 'Emulated-Owner-1',
	firstName: 'Olga',
	lastName: 'Owner',
} as const;

/** A workflow as the editor saves and exports it. */
export interface WorkflowFile {
	readonly name: string;
	readonly nodes: readonly {
		readonly name: string;
		readonly type: string;
		readonly parameters: IDataObject;
		readonly credentials?: Readonly<Record<string, { readonly id: string; readonly name: string }>>;
		readonly [more: string]: unknown;
	}[];
	readonly connections: object;
	readonly settings?: object;
	readonly pinData?: object;
}

/** Where a manual run begins; with items, the trigger is taken to have given these. */
export interface ManualStart {
	readonly trigger: string;
	readonly items?: readonly INodeExecutionData[];
}

/** An execution that n8n has stored. */
export interface Execution {
	readonly id: string;
	readonly status: IRun['status'];
	readonly runData: IRunData;
	/** The error that ended it, as the editor shows it. */
	readonly error?: {
		readonly message: string;
		readonly description?: string | null;
		readonly [more: string]: unknown;
	};
	/** What came out of a node in its last run: the items of one of its outputs. */
	items(node: string, output?: number): readonly INodeExecutionData[];
	/** The same, `json` alone. */
	json(node: string, output?: number): readonly IDataObject[];
	/** The sentences shown above a node's output. */
	hints(node: string): readonly string[];
}

// Its declarations are for ES modules only.
const { parse } = createRequire(__filename)('flatted') as { readonly parse: (text: string) => unknown };

/** What n8n keeps of a trigger that has run. */
const TRIGGERED = {
	startTime: 0,
	executionTime: 0,
	executionIndex: 0,
	executionStatus: 'success',
	source: [],
};

const ENDED: ReadonlySet<string> = new Set(['canceled', 'crashed', 'error', 'success']);

export class N8nRest {
	private cookie = '';

	private constructor(private readonly http: AxiosInstance) {}

	/** Makes the owner of a new server and signs in. */
	static async signUp(url: string): Promise<N8nRest> {
		return await N8nRest.enter(url, '/rest/owner/setup', OWNER);
	}

	/** Signs in at a server that has its owner. */
	static async signIn(url: string, emailOrLdapLoginId: string, password: string): Promise<N8nRest> {
		return await N8nRest.enter(url, '/rest/login', { emailOrLdapLoginId, password });
	}

	private static async enter(url: string, path: string, body: object): Promise<N8nRest> {
		const http = axios.create({
			baseURL: url,
			// A test that is busy with something else meets connections that n8n has closed in the meantime.
			httpAgent: new Agent({ keepAlive: false }),
			headers: { 'browser-id': randomUUID() },
			maxContentLength: Infinity,
			maxBodyLength: Infinity,
		});
		const rest = new N8nRest(http);
		await rest.keepingCookie(path, body);
		return rest;
	}

	/** The session's cookie, for a browser that is to be signed in. */
	get session(): string {
		return this.cookie;
	}

	async createCredential(name: string, type: string, data: IDataObject): Promise<string> {
		return (await this.post<{ id: string }>('/rest/credentials', { name, type, data })).id;
	}

	async deleteCredential(id: string): Promise<void> {
		await this.http.delete(`/rest/credentials/${id}`, { headers: { cookie: this.cookie } });
	}

	/**
	 * Stores a workflow as importing it from a file does. Without `pinData` n8n would store null, on which its "Execute
	 * step" fails.
	 */
	async createWorkflow(workflow: WorkflowFile): Promise<string> {
		const body = { settings: {}, pinData: {}, ...workflow, active: false };
		return (await this.post<{ id: string }>('/rest/workflows', body)).id;
	}

	/** Publishes the workflow's newest version: its triggers listen from then on. */
	async activate(workflowId: string): Promise<void> {
		const { versionId } = await this.get<{ versionId: string }>(`/rest/workflows/${workflowId}`);
		await this.post(`/rest/workflows/${workflowId}/activate`, { versionId });
	}

	async deactivate(workflowId: string): Promise<void> {
		await this.post(`/rest/workflows/${workflowId}/deactivate`, {});
	}

	/** Starts a workflow as "Execute workflow" does. @returns the id of the execution. */
	async startManually(workflowId: string, start: ManualStart | string): Promise<string> {
		const { trigger: name, items } = typeof start === 'string' ? { trigger: start } : start;
		const data = items && { ...TRIGGERED, data: { main: [items] } };
		return await this.postRun(workflowId, { triggerToStartFrom: { name, data } });
	}

	/** Runs one node as "Execute step" does, on what an earlier execution left before it. */
	async runStep(workflowId: string, node: string, before: Execution): Promise<Execution> {
		const destinationNode = { nodeName: node, mode: 'inclusive' };
		const { [node]: _itsOwn, ...runData } = before.runData;
		return await this.ended(await this.postRun(workflowId, { destinationNode, runData, dirtyNodeNames: [] }));
	}

	private async postRun(workflowId: string, how: object): Promise<string> {
		const workflowData = await this.get<object>(`/rest/workflows/${workflowId}`);
		const run = await this.post<{ executionId: string }>(`/rest/workflows/${workflowId}/run`, {
			workflowData,
			...how,
		});
		return run.executionId;
	}

	/** Starts a workflow and waits for its end, however it ends. */
	async runManually(workflowId: string, start: ManualStart | string, timeoutMs?: number): Promise<Execution> {
		return await this.ended(await this.startManually(workflowId, start), timeoutMs);
	}

	async stop(executionId: string): Promise<void> {
		await this.post(`/rest/executions/${executionId}/stop`, {});
	}

	/** Runs an ended execution again, from the node that failed. @returns the id of the new execution. */
	async retry(executionId: string): Promise<string> {
		return (await this.post<{ id: string }>(`/rest/executions/${executionId}/retry`, { loadWorkflow: false }))
			.id;
	}

	/** Waits until an execution is over. */
	async ended(executionId: string, timeoutMs = 120_000): Promise<Execution> {
		return await until(
			`execution ${executionId} to end`,
			async () => {
				const execution = await this.execution(executionId);
				return ENDED.has(execution.status) ? execution : undefined;
			},
			{ timeoutMs, everyMs: 250 },
		);
	}

	async execution(id: string): Promise<Execution> {
		const row = await this.get<{ id: string; status: IRun['status']; data: string }>(
			`/rest/executions/${id}`,
		);
		return toExecution(row);
	}

	/** Ids of the executions of a workflow, newest first, with their status. */
	async executionsOf(
		workflowId: string,
	): Promise<readonly { readonly id: string; readonly status: string }[]> {
		const filter = JSON.stringify({ workflowId });
		const { results } = await this.get<{ results: { id: string; status: string }[] }>('/rest/executions', {
			filter,
			limit: 100,
		});
		return results;
	}

	/** The text of a file that an execution has stored. @param id of an item's binary field */
	async file(id: string): Promise<string> {
		const params = { id, action: 'view' };
		const headers = { cookie: this.cookie };
		return (await this.http.get<string>('/rest/binary-data', { params, headers, responseType: 'text' })).data;
	}

	/** Anything else, signed in; gives n8n's `data`. */
	async get<T>(path: string, params: object = {}): Promise<T> {
		const answer = await this.http.get<{ data: T }>(path, { params, headers: { cookie: this.cookie } });
		return answer.data.data;
	}

	/** Anything else, signed in; gives n8n's `data`. @throws Error with n8n's own words. */
	async post<T>(path: string, body: object): Promise<T> {
		const answer = await this.http.post<{ data: T; message?: string }>(path, body, {
			headers: { cookie: this.cookie },
			validateStatus: () => true,
		});
		if (answer.status < 300) return answer.data.data;
		throw new Error(`n8n answered ${path} with ${answer.status}: ${answer.data.message ?? ''}`);
	}

	private async keepingCookie(path: string, body: object): Promise<void> {
		const answer = await this.http.post<unknown>(path, body);
		const cookies = answer.headers['set-cookie'] ?? [];
		this.cookie = cookies.map((cookie) => cookie.split(';', 1)[0]).join('; ');
	}
}

/** n8n stores what a run left behind as flattened JSON. */
function toExecution({ id, status, data }: { id: string; status: IRun['status']; data: string }): Execution {
	const stored = parse(data) as
		{ resultData?: { runData?: IRunData; error?: Execution['error'] } } | undefined;
	const resultData = stored?.resultData;
	const runData = resultData?.runData ?? {};
	const items = (node: string, output = 0) => runData[node]?.at(-1)?.data?.main?.[output] ?? [];
	return {
		id,
		status,
		runData,
		error: resultData?.error,
		items,
		json: (node, output) => items(node, output).map(({ json }) => json),
		hints: (node) => (runData[node]?.at(-1)?.hints ?? []).map(({ message }) => message),
	};
}
