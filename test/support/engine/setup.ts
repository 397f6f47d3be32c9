import type {
	IConnections,
	ICredentialType,
	IDataObject,
	INode,
	IWorkflowExecuteAdditionalData,
	IWorkflowSettings,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { Workflow } from 'n8n-workflow';

import { ExecutionLifecycleHooks, ExternalSecretsProxy } from 'n8n-core';

import { type CredentialData, CredentialStore, InMemoryCredentialsHelper } from './credentials';
import { type AnyNodeType, KnownNodeTypes } from './nodeTypes';

/** What every kind of run is given. */
export interface EngineOptions {
	/** The credential types of the nodes; the parent `oAuth2Api` is always there. */
	readonly credentialTypes?: readonly ICredentialType[];
	/** Stored credentials by id; a {@link CredentialStore} is used as it is, so that tokens outlive the run. */
	readonly credentials?: CredentialStore | Readonly<Record<string, CredentialData>>;
	/** `manual` as the editor runs, by default. */
	readonly mode?: WorkflowExecuteMode;
	readonly settings?: IWorkflowSettings;
	readonly staticData?: IDataObject;
}

export interface WorkflowParts {
	readonly nodes: readonly INode[];
	readonly connections?: IConnections;
	/** By the full type name that the nodes write. */
	readonly nodeTypes: Readonly<Record<string, AnyNodeType>>;
}

/** A message that a manual run sends to the editor. */
export interface UiMessage {
	readonly type: string;
	readonly data: IDataObject | IDataObject[];
}

export interface Engine {
	readonly workflow: Workflow;
	readonly hooks: ExecutionLifecycleHooks;
	readonly additionalData: IWorkflowExecuteAdditionalData;
	readonly credentials: CredentialStore;
	readonly uiMessages: UiMessage[];
	readonly mode: WorkflowExecuteMode;
}

const EXECUTION_ID = '1';
const WORKFLOW = { id: 'workflow-1', name: 'Workflow' } as const;
// The engine builds resume addresses from these for every expression, so they have to be addresses.
const SERVER = 'http://localhost:5678';

const refuse = (what: string) => async (): Promise<never> => {
	throw new Error(`${what} is not available in a run without a server`);
};

/** Puts together what the engine needs to run a workflow or a method of a node. */
export function setUpEngine(parts: WorkflowParts, options: EngineOptions): Engine {
	const mode = options.mode ?? 'manual';
	const settings: IWorkflowSettings = { executionOrder: 'v1', ...options.settings };
	const nodes = structuredClone([...parts.nodes]);
	const connections = structuredClone(parts.connections ?? {});
	const credentials =
		options.credentials instanceof CredentialStore
			? options.credentials
			: new CredentialStore(options.credentials);
	const uiMessages: UiMessage[] = [];
	const workflow = new Workflow({
		...WORKFLOW,
		nodes,
		connections,
		active: false,
		nodeTypes: new KnownNodeTypes(parts.nodeTypes),
		settings,
		...(options.staticData && { staticData: options.staticData }),
	});
	const hooks = new ExecutionLifecycleHooks(mode, EXECUTION_ID, {
		...WORKFLOW,
		nodes,
		connections,
		settings,
		active: false,
		activeVersionId: null,
		isArchived: false,
		createdAt: new Date(0),
		updatedAt: new Date(0),
	});
	const additionalData: IWorkflowExecuteAdditionalData = {
		hooks,
		credentialsHelper: new InMemoryCredentialsHelper(options.credentialTypes ?? [], credentials),
		executionId: EXECUTION_ID,
		currentNodeExecutionIndex: 0,
		variables: {},
		externalSecretsProxy: new ExternalSecretsProxy(),
		restApiUrl: `${SERVER}/rest`,
		instanceBaseUrl: SERVER,
		webhookBaseUrl: `${SERVER}/webhook`,
		webhookTestBaseUrl: `${SERVER}/webhook-test`,
		webhookWaitingBaseUrl: `${SERVER}/webhook-waiting`,
		formBaseUrl: `${SERVER}/form`,
		formTestBaseUrl: `${SERVER}/form-test`,
		formWaitingBaseUrl: `${SERVER}/form-waiting`,
		mcpBaseUrl: `${SERVER}/mcp`,
		mcpTestBaseUrl: `${SERVER}/mcp-test`,
		sendDataToUI: (type, data) => uiMessages.push({ type, data }),
		setExecutionStatus: () => undefined,
		logAiEvent: () => undefined,
		getRunExecutionData: async () => undefined,
		getRuntimeCredential: async () => undefined,
		executeWorkflow: refuse('A sub-workflow'),
		startRunnerTask: refuse('A task runner'),
	};
	return { workflow, hooks, additionalData, credentials, uiMessages, mode };
}
