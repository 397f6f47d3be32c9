/** The syncs of a test: published workflows that are called by their address, and what became of the calls. */

import type { IDataObject } from 'n8n-workflow';

import type { Execution } from '../lib/n8nRest';
import { until } from '../lib/processes';
import type { QueueWorld } from '../lib/queueWorld';
import type { Audience } from './audiences';
import { OUTBOUND, REAL_TIME, SYNC, syncOnCall } from './workflows';

const ALL_MS = 6 * 60_000;
const ONE_MS = 3 * 60_000;
const OVER: ReadonlySet<string> = new Set(['canceled', 'crashed', 'error', 'success']);

export class Syncs {
	private constructor(
		private readonly world: QueueWorld,
		private readonly workflows: Readonly<Record<string, string>>,
	) {}

	/** A workflow for each system of segments, listening. */
	static async publish(world: QueueWorld): Promise<Syncs> {
		const publish = async (resource: typeof OUTBOUND | typeof REAL_TIME) => {
			const id = await world.importWorkflow(syncOnCall(resource));
			await world.rest.activate(id);
			return [resource, id] as const;
		};
		return new Syncs(world, Object.fromEntries(await Promise.all([publish(REAL_TIME), publish(OUTBOUND)])));
	}

	/** Starts a sync of the segment with its people. n8n answers at once. */
	async call({ isOutbound, segmentId, url }: Audience): Promise<void> {
		const path = isOutbound ? OUTBOUND : REAL_TIME;
		await this.world.rest.post(`/webhook/${path}`, { segment: segmentId, people: url });
	}

	/** Starts a sync, and gives the id of its execution once n8n has it. */
	async start(audience: Audience): Promise<string> {
		const known = new Set((await this.list()).map(({ id }) => id));
		await this.call(audience);
		return await until('the execution of the call', async () =>
			(await this.list()).map(({ id }) => id).find((id) => !known.has(id)),
		);
	}

	/** All executions, once there are so many and all of them are over. */
	async ended(count: number): Promise<readonly Execution[]> {
		const ids = await until(
			`${count} executions to end`,
			async () => {
				const all = await this.list();
				const areOver = all.length >= count && all.every(({ status }) => OVER.has(status));
				return areOver ? all.map(({ id }) => id) : undefined;
			},
			{ timeoutMs: ALL_MS, everyMs: 500 },
		);
		return await Promise.all(ids.map(async (id) => await this.world.rest.execution(id)));
	}

	/** Waits for the end of one execution. */
	async end(executionId: string): Promise<Execution> {
		return await this.world.rest.ended(executionId, ONE_MS);
	}

	private async list(): Promise<readonly { readonly id: string; readonly status: string }[]> {
		const { rest } = this.world;
		const lists = Object.values(this.workflows).map(async (id) => await rest.executionsOf(id));
		return (await Promise.all(lists)).flat();
	}
}

/** The summary of a sync; undefined where the execution did not come so far. */
export const summaryOf = (execution: Execution): IDataObject | undefined => execution.json(SYNC)[0];

export function summariesOf(executions: readonly Execution[]): readonly IDataObject[] {
	return executions.map(summaryOf).filter((summary) => summary !== undefined);
}
