/** What a case is, and what it finds. */

import type { StubProcess } from '../measure';

export interface CaseContext {
	readonly stub: StubProcess;
	/** Told what is being measured, for people who wait. */
	readonly note: (text: string) => void;
	/** At most so many people in a comparison: a try, whose ratios say nothing. */
	readonly mostPeople?: number;
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
	/** The bare loop, or another program that does the like. */
	readonly peer: number;
	/** What is compared with what, where it is more than ours by peer's. */
	readonly against: string;
	readonly ratio: number;
	/** The largest ratio that is ok. */
	readonly budget: number;
	readonly ok: boolean;
	readonly unit: 'CPU s' | 'exponent' | 'MB' | 'ms' | 's';
	readonly sides?: { readonly ours: SideFigures; readonly peer: SideFigures };
	/** Seconds of processor time, medians. */
	readonly processor?: { readonly ours: number; readonly peer: number };
	/** What the whole case took, preparation included. */
	readonly tookSeconds?: number;
	readonly extrapolated?: boolean;
	readonly details?: Readonly<Record<string, unknown>>;
}

export interface Case {
	readonly name: string;
	readonly about: string;
	run(context: CaseContext): Promise<CaseResult>;
}
