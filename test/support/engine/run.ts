import type {
	ExecutionStatus,
	IConnections,
	IDataObject,
	INode,
	INodeExecutionData,
	INodeType,
	IRun,
	ITaskData,
	NodeExecutionHint,
	Workflow,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { WorkflowExecute } from 'n8n-core';

import type { CredentialStore } from './credentials';
import { listenToLogs, type LogLine } from './logs';
import { type NodeUnderTest, sourceNode, sourceNodeType, toNode } from './nodes';
import { expectNoSecrets } from './secrets';
import { type EngineOptions, setUpEngine, type UiMessage, type WorkflowParts } from './setup';

/** A run that has started and can be stopped as the editor's Stop button does. */
export interface StartedRun {
	cancel(): void;
}

export interface RunOptions extends EngineOptions {
	/** Told once the run is on its way; keep the argument to cancel later. */
	readonly onStart?: (run: StartedRun) => void;
	/** Told each time a node has finished, in order. */
	readonly onNodeFinished?: (nodeName: string) => void;
	/** Leaves the search for secrets out, which takes longer than a run over a million items. */
	readonly isMeasured?: boolean;
}

export interface WorkflowRunOptions extends RunOptions, WorkflowParts {
	/** The node to begin with, the first one by default. */
	readonly startNode?: string;
}

export interface RunResult {
	/** `success`, `error` or `canceled`. */
	readonly status: ExecutionStatus;
	/** What stopped the run, if something did. */
	readonly error: IRun['data']['resultData']['error'];
	/** Everything the engine would store of this run. */
	readonly run: IRun;
	readonly credentials: CredentialStore;
	readonly uiMessages: readonly UiMessage[];
	readonly logs: readonly LogLine[];
	readonly staticData: IDataObject;
	/** The items that left a node by one of its outputs, in its first run unless said otherwise. */
	output(nodeName: string, branch?: number, runIndex?: number): INodeExecutionData[];
}

export interface NodeRunResult extends RunResult {
	/** What the engine noted about the node's own run; undefined when it never came to run. */
	readonly task: ITaskData | undefined;
	/** Items by output; the last one is the error output where the node has one. */
	readonly branches: ReadonlyArray<INodeExecutionData[] | null>;
	/** Items of the first output. */
	readonly items: readonly INodeExecutionData[];
	readonly hints: readonly NodeExecutionHint[];
}

/**
 * Runs a workflow in the real engine, in this process, with real HTTP and credentials from memory.
 *
 * @throws when the workflow cannot be started at all; what fails while it runs is in the result.
 */
export async function runWorkflow(options: WorkflowRunOptions): Promise<RunResult> {
	const logsSoFar = listenToLogs();
	const { workflow, hooks, additionalData, credentials, uiMessages, mode } = setUpEngine(options, options);
	const startName = options.startNode ?? options.nodes[0]?.name;
	const startNode = startName === undefined ? null : workflow.getNode(startName);
	if (!startNode) throw new Error(`The workflow has no node "${startName ?? ''}" to start with`);

	let reported: IRun | undefined;
	hooks.addHandler('workflowExecuteAfter', (run) => {
		reported = run;
	});
	hooks.addHandler('nodeExecuteAfter', (nodeName) => options.onNodeFinished?.(nodeName));
	const running = start(new WorkflowExecute(additionalData, mode), workflow, startNode);
	options.onStart?.({ cancel: () => running.cancel() });
	// A cancelled run may resolve to nothing; what it was is then told to the hook alone.
	const run = ((await running) as IRun | undefined) ?? reported;
	if (!run) throw new Error('The engine ended the run without reporting it');

	const { resultData } = run.data;
	const { staticData } = workflow;
	const { runData, ...result } = resultData;
	if (options.isMeasured !== true) {
		expectNoSecrets({ runData, result, run, uiMessages, logs: logsSoFar(), staticData }, credentials);
	}
	return {
		status: run.status,
		error: resultData.error,
		run,
		credentials,
		uiMessages,
		logs: logsSoFar(),
		staticData,
		output: (nodeName, branch = 0, runIndex = 0) =>
			resultData.runData[nodeName]?.[runIndex]?.data?.main?.[branch] ?? [],
	};
}

type Run = WorkflowExecute['run'];

/** An n8n before 2.1 takes the workflow and its first node one by one. */
function start(execution: WorkflowExecute, workflow: Workflow, startNode: INode): ReturnType<Run> {
	const run = execution.run.bind(execution) as (...given: unknown[]) => ReturnType<Run>;
	return WorkflowExecute.prototype.run.length > 1 ? run(workflow, startNode) : run({ workflow, startNode });
}

/**
 * Feeds items through one node.
 *
 * @param node what stands on the canvas; its type is an instance of the node class
 * @param items what the node before it hands over; one empty list and n8n does not run the node at all
 */
export async function runNode(
	node: NodeUnderTest,
	items: readonly INodeExecutionData[],
	options: RunOptions = {},
): Promise<NodeRunResult> {
	const tested: INode = toNode(node);
	const connections: IConnections = {
		[sourceNode.name]: { main: [[{ node: tested.name, type: NodeConnectionTypes.Main, index: 0 }]] },
	};
	const nodeTypes: Record<string, INodeType> = {
		[sourceNode.type]: sourceNodeType(items),
		[tested.type]: node.type,
	};
	const result = await runWorkflow({ ...options, nodes: [sourceNode, tested], connections, nodeTypes });
	const task = result.run.data.resultData.runData[tested.name]?.[0];
	const branches = task?.data?.main ?? [];
	return { ...result, task, branches, items: branches[0] ?? [], hints: task?.hints ?? [] };
}
