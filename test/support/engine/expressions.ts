import { createRequire } from 'node:module';

import { Expression } from 'n8n-workflow';

/** `legacy` where this n8n has no isolates yet. */
export type IsolatedEngine = 'legacy' | 'quickjs' | 'vm';

export interface IsolatedExpressions {
	readonly engine: IsolatedEngine;
	/** Gives the old evaluator back; the isolates keep a process alive until then. */
	readonly stop: () => Promise<void>;
}

/** n8n's own defaults for its isolated engines: milliseconds an expression, megabytes, isolates kept ready. */
const SERVER_DEFAULTS = {
	bridgeTimeout: 5000,
	bridgeMemoryLimit: 128,
	poolSize: 1,
	maxCodeCacheSize: 1024,
} as const;

/** Whether the native module behind the `vm` engine loads; it is built for Node 24 and later only. */
function isVmEngineAvailable(): boolean {
	const requireHere = createRequire(__filename);
	const runtime = createRequire(requireHere.resolve('@n8n/expression-runtime', { paths: [enginePath()] }));
	try {
		runtime('isolated-vm');
		return true;
	} catch {
		return false;
	}
}

/** The engine that {@link useVmExpressions} takes here. */
export function isolatedEngine(): IsolatedEngine {
	if (!('initExpressionEngine' in Expression)) return 'legacy';
	return isVmEngineAvailable() ? 'vm' : 'quickjs';
}

const enginePath = (): string => createRequire(__filename).resolve('n8n-workflow');

/**
 * Evaluates expressions from here on as a server does: in an isolate, with its limits of time and memory. Without
 * this call the engine uses its old evaluator, which is faster and has no limits. Where the default engine `vm`
 * cannot be loaded (Node before 24) n8n's other isolated engine takes its place, under the same limits.
 *
 * @returns the engine in use, and the way back to the old one.
 */
export async function useVmExpressions(): Promise<IsolatedExpressions> {
	const engine = isolatedEngine();
	if (engine === 'legacy') return { engine, stop: async () => undefined };
	await Expression.initExpressionEngine({ engine, ...SERVER_DEFAULTS });
	return {
		engine,
		stop: async () => {
			await Expression.disposeExpressionEngine();
			Expression.setExpressionEngine('legacy');
		},
	};
}
