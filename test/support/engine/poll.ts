/** A polling trigger in the real engine, as a server runs it in memory mode: one context for all polls of an activation. */

import type { IDataObject, INodeExecutionData, IPollFunctions } from 'n8n-workflow';

import { PollContext } from 'n8n-core';

import { CredentialStore } from './credentials';
import { withIsolate } from './isolate';
import { listenToLogs, type LogLine } from './logs';
import { type NodeUnderTest, toNode } from './nodes';
import { expectNoSecrets } from './secrets';
import { type EngineOptions, setUpEngine } from './setup';

export interface PollOptions extends EngineOptions {
	/** n8n keeps the cursor in its database: what a poll is handed is a plain copy, taken over when it returns. */
	readonly isDurable?: boolean;
	readonly budgetMs?: number;
	/** Leaves the search for secrets out, which takes longer than a poll. */
	readonly isMeasured?: boolean;
}

/** What n8n has of a workflow: its static data as saved. */
export interface SavedData {
	staticData: IDataObject;
}

export interface Poller {
	/** One poll; the items of the first output, or null. What it throws is thrown. */
	poll(): Promise<INodeExecutionData[] | null>;
	/** So many polls without a new isolate for each, which n8n makes ahead. @returns how many items there were */
	pollAgain(times: number): Promise<number>;
	/** What n8n stored last: at the end of the activation and with each emission. */
	readonly saved: SavedData;
	readonly logs: () => readonly LogLine[];
}

/** Publishes a workflow with the trigger alone. @param saved static data as a server has it stored */
export function publish(node: NodeUnderTest, options: PollOptions, saved: SavedData): Poller {
	const logs = listenToLogs();
	const placed = toNode(node);
	const credentials =
		options.credentials instanceof CredentialStore
			? options.credentials
			: new CredentialStore(options.credentials);
	const mode = options.mode ?? 'trigger';
	const staticData = JSON.parse(JSON.stringify(saved.staticData)) as IDataObject;
	const engine = setUpEngine(
		{ nodes: [placed], nodeTypes: { [placed.type]: node.type } },
		{ ...options, credentials, mode, staticData },
	);
	const inWorkflow = engine.workflow.getNode(placed.name) ?? placed;
	const key = `node:${placed.name}`;
	let snapshot: IDataObject = {};
	const base = [
		engine.workflow,
		inWorkflow,
		engine.additionalData,
		mode,
		mode === 'manual' ? 'manual' : 'activate',
		() => undefined,
		() => undefined,
	] as const;
	const context = options.isDurable
		? new PollContext(
				...base,
				async () => undefined,
				undefined,
				() => snapshot,
				() => options.budgetMs ?? 36_000,
			)
		: new PollContext(...base);
	const save = () => {
		const data = engine.workflow.staticData;
		saved.staticData = JSON.parse(JSON.stringify(data)) as IDataObject;
	};
	let isActivated = false;
	const poll = async (): Promise<INodeExecutionData[] | null> => {
		if (node.type.poll === undefined) throw new Error('This node does not poll');
		const run = node.type.poll.bind(context as unknown as IPollFunctions);
		snapshot = JSON.parse(JSON.stringify(saved.staticData[key] ?? {})) as IDataObject;
		const left: Record<string, unknown> = {};
		try {
			const output = await withIsolate(engine.workflow.expression, async () => await run());
			left.output = output;
			if (options.isDurable && (output !== null || isActivated)) saved.staticData = { [key]: snapshot };
			if (!options.isDurable && mode !== 'manual' && (output !== null || !isActivated)) save();
			isActivated = true;
			return output === null ? null : (output[0] ?? []);
		} catch (error) {
			left.error = error;
			throw error;
		} finally {
			if (options.isMeasured !== true) expectNoSecrets({ ...left, logs: logs() }, engine.credentials);
		}
	};
	const pollAgain = async (times: number) =>
		await withIsolate(engine.workflow.expression, async () => {
			let items = 0;
			for (let count = 0; count < times; count += 1) items += (await poll())?.length ?? 0;
			return items;
		});
	return { poll, pollAgain, saved, logs };
}
