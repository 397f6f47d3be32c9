/** A measured process: makes the items, warms up, does the work once, and tells what it took. */

import { performance } from 'node:perf_hooks';
import { inspect } from 'node:util';

import type { INodeExecutionData } from 'n8n-workflow';

import type { Job, Measurement } from './job';
import { itemsOf, smaller, stateFor } from './material';
import { heapInUse, watchMemory } from './memory';
import { doPeer } from './peers';
import { resetStub, tallyOf } from './stub/control';

/** People of the run that warms the code up. */
const WARM_UP = 5_000;

async function measure(job: Job): Promise<Measurement> {
	const engine = job.side === 'peer' ? undefined : await import('./ours.js');
	const expressions = await engine?.startExpressions();
	const doWork = async ({ side, work, url }: Job, items: readonly INodeExecutionData[]) => {
		if (side === 'ours') return await engine?.doOurs(work, items, url);
		if (side === 'peer') return await doPeer(work, items, url);
		if (work.kind === 'poll') return await engine?.pollBare(work.polls, url);
		return await engine?.doInEngine(items, async (input) => await doPeer(work, input, url));
	};
	const warmUp = { ...job, work: smaller(job.work, WARM_UP) };
	await resetStub(job.url, { ...stateFor(warmUp.work), latencyMs: 0 });
	await doWork(warmUp, itemsOf(warmUp.work));
	const withoutItems = heapInUse();
	const items = itemsOf(job.work);
	const itemBytes = heapInUse() - withoutItems;
	await resetStub(job.url, { ...stateFor(job.work), latencyMs: job.latencyMs });
	const memory = watchMemory(job.watchesMemory ?? false);
	const processor = process.cpuUsage();
	const start = performance.now();
	const found = await doWork(job, items);
	const ms = performance.now() - start;
	const { system, user } = process.cpuUsage(processor);
	const cpuMs = (system + user) / 1_000;
	return { ms, cpuMs, memory: { ...memory(), itemBytes }, tally: await tallyOf(job.url), found, expressions };
}

const answer = (reply: object, code: number) => process.send?.(reply, () => process.exit(code));

// The process that asked has gone.
process.once('disconnect', () => process.exit(1));

process.once('message', (job: Job) => {
	measure(job).then(
		(measurement) => answer({ measurement }, 0),
		(error: unknown) => answer({ error: inspect(error) }, 1),
	);
});
