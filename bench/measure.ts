/** Fresh processes, medians and spread. */

import { fork } from 'node:child_process';
import path from 'node:path';

import type { Job, Measurement } from './job';

const LONGEST_MS = 300_000;

type Reply = { readonly measurement: Measurement } | { readonly error: string };

/** Does a job in a process of its own. */
export async function measureJob(job: Job): Promise<Measurement> {
	const reply = await askChild<Reply>('worker.ts', job);
	if ('error' in reply) throw new Error(`A measured process failed: ${reply.error}`);
	return reply.measurement;
}

/** Starts a script of this folder, hands it the question and returns its first answer. */
export async function askChild<Answer>(script: string, question?: object): Promise<Answer> {
	const child = forkScript(script);
	const timer = setTimeout(() => child.kill(), LONGEST_MS);
	try {
		return await new Promise<Answer>((resolve, reject) => {
			child.once('message', (answer) => resolve(answer as Answer));
			child.once('exit', (code) => reject(new Error(`${script} ended with ${code} before it answered`)));
			if (question !== undefined) child.send(question);
		});
	} finally {
		clearTimeout(timer);
	}
}

export interface StubProcess {
	readonly url: string;
	stop(): void;
}

/** Starts the stub service in a process of its own. */
export async function startStubProcess(): Promise<StubProcess> {
	const child = forkScript('stub/main.ts');
	const url = await new Promise<string>((resolve, reject) => {
		child.once('message', (message) => resolve(String(message)));
		child.once('exit', (code) => reject(new Error(`The stub ended with ${code}`)));
	});
	return { url, stop: () => child.disconnect() };
}

// What a child prints must not stand between the figures on stdout.
const forkScript = (script: string) =>
	fork(path.join(__dirname, script), {
		// A plain script is measured without the loader, which would slow its `require` down.
		execArgv: [...(script.endsWith('.ts') ? ['--import', 'tsx'] : []), '--expose-gc', ...profiling()],
		stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
	});

/** `BENCH_PROFILE=<folder>` leaves a processor profile of every measured process there. */
function profiling(): readonly string[] {
	const folder = process.env.BENCH_PROFILE;
	return folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`];
}

export function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const half = sorted.length >> 1;
	const [low, high] = [sorted[sorted.length % 2 === 0 ? half - 1 : half] ?? 0, sorted[half] ?? 0];
	return (low + high) / 2;
}

/** How far apart the measurements lie, as a share of their median. */
export function spread(values: readonly number[]): number {
	return (Math.max(...values) - Math.min(...values)) / median(values);
}
