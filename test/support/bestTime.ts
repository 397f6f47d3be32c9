import type { ServiceLimits } from '../../emulator/contracts';

export interface Load {
	/** Equal calls in all. */
	readonly calls: number;
	/** As many as the callers have in flight together. */
	readonly parallel: number;
	readonly executionMs: number;
	readonly latencyMs: number;
	readonly limits: ServiceLimits;
}

/**
 * The least time for a number of equal calls by somebody who knows everything and is never refused: each call starts as
 * soon as a place in flight is free and the window has room for it. For equal calls nothing can be gained by waiting, so
 * this is the optimum.
 */
export function bestTimeMs({ calls, parallel, executionMs, latencyMs, limits }: Load): number {
	const places = Math.min(parallel, limits.concurrent);
	// A request is let in while the time used up is below the limit, so the last one may go beyond it.
	const byTime = executionMs > 0 ? Math.ceil(limits.executionMsPerWindow / executionMs) : Infinity;
	const perWindow = Math.min(limits.requestsPerWindow, byTime);
	const starts = new Float64Array(calls);
	for (let call = 0; call < calls; call += 1) {
		const placeFree = call < places ? 0 : (starts[call - places] ?? 0) + executionMs + latencyMs;
		const windowFree = call < perWindow ? 0 : (starts[call - perWindow] ?? 0) + limits.windowMs;
		starts[call] = Math.max(placeFree, windowFree);
	}
	return (starts[calls - 1] ?? 0) + executionMs + latencyMs;
}
