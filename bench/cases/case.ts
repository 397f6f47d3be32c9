/** What a case is, and what it finds. */

import type { StubProcess } from '../measure';

export interface CaseContext {
	readonly stub: StubProcess;
	/** Told what is being measured, for people who wait. */
	readonly note: (text: string) => void;
}

export interface SideFigures {
	readonly runs: readonly number[];
	/** Largest less smallest, as a share of the median. */
	readonly spread: number;
	readonly peakRssMb?: number;
	readonly peakHeapMb?: number;
}

export interface CaseResult {
	readonly name: string;
	/** Medians, in `unit`. */
	readonly ours: number;
	/** The bare loop, or the limit where nobody else does the like. */
	readonly peer: number;
	/** What is compared with what, where it is more than ours by peer's. */
	readonly against: string;
	readonly ratio: number;
	/** The largest ratio that is ok. */
	readonly budget: number;
	readonly ok: boolean;
	readonly unit: 'bytes' | 'exponent' | 'MB' | 'ms' | 's';
	readonly sides?: { readonly ours: SideFigures; readonly peer: SideFigures };
	readonly extrapolated?: boolean;
	readonly details?: Readonly<Record<string, unknown>>;
}

export interface Case {
	readonly name: string;
	readonly about: string;
	run(context: CaseContext): Promise<CaseResult>;
}

/** A figure that has a limit of its own instead of a peer. */
export function underLimit(
	result: Pick<CaseResult, 'details' | 'name' | 'ours' | 'unit'>,
	limit: number,
): CaseResult {
	const ratio = result.ours / limit;
	return { ...result, peer: limit, against: 'the limit', ratio, budget: 1, ok: ratio <= 1 };
}
