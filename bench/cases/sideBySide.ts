/** Both sides in turn, round after round, each time in fresh processes; medians are compared. */

import type { Job, Measurement, Side, Work } from '../job';
import { measureJob, median, spread } from '../measure';
import { checkTally } from './check';
import type { Case, CaseContext, CaseResult, SideFigures } from './case';

const MEGABYTE = 1_000_000;
/** A case that misses its budget after its rounds is given more of them: what counts is the median of all. */
const FURTHER_ROUNDS = 2;

export interface Comparison {
	readonly name: string;
	readonly about: string;
	readonly work: Work;
	readonly latencyMs: number;
	readonly rounds: number;
	readonly budget: number;
	readonly peerSide?: Side;
	/** Seconds that the peer is given on top, for what the node does and the bare loop does not. */
	readonly allowance?: number;
	/** What is compared; default: seconds of the run. */
	readonly figure?: { readonly unit: 'MB' | 's'; readonly of: (measurement: Measurement) => number };
}

export function sideBySide(comparison: Comparison): Case {
	const { name, about } = comparison;
	return { name, about, run: async (context) => await compare(comparison, context) };
}

async function compare(comparison: Comparison, { stub, note }: CaseContext): Promise<CaseResult> {
	const { name, latencyMs, rounds, work, peerSide = 'peer' } = comparison;
	const measure = async (side: Side) => {
		const job: Job = {
			side,
			work,
			url: stub.url,
			latencyMs,
			watchesMemory: comparison.figure?.unit === 'MB',
		};
		const measurement = await measureJob(job);
		checkTally(job, measurement);
		return measurement;
	};
	const ours: Measurement[] = [];
	const peers: Measurement[] = [];
	let result: CaseResult | undefined;
	while (ours.length < rounds || (result?.ok === false && ours.length < rounds + FURTHER_ROUNDS)) {
		note(`${name}, round ${ours.length + 1}`);
		// Who goes first changes, so that a machine that grows slower or faster is unfair to neither.
		const sides: readonly Side[] = ours.length % 2 === 0 ? [peerSide, 'ours'] : ['ours', peerSide];
		for (const side of sides) (side === 'ours' ? ours : peers).push(await measure(side));
		result = conclude(comparison, ours, peers);
	}
	return result ?? conclude(comparison, ours, peers);
}

const inSeconds = { unit: 's', of: ({ ms }: Measurement) => ms / 1_000 } as const;

function conclude(
	{ name, budget, allowance = 0, figure = inSeconds, peerSide }: Comparison,
	ours: readonly Measurement[],
	peers: readonly Measurement[],
): CaseResult {
	const our = median(ours.map(figure.of));
	const peer = median(peers.map(figure.of));
	const ratio = our / (peer + allowance);
	const last = ours.at(-1);
	const loop = peerSide === 'peerInEngine' ? 'a bare loop in a node of the same engine' : 'a bare loop';
	return {
		name,
		ours: our,
		peer,
		against: allowance === 0 ? loop : `${loop} + ${allowance} s`,
		ratio,
		budget,
		ok: ratio <= budget,
		unit: figure.unit,
		sides: { ours: figuresOf(ours, figure.of), peer: figuresOf(peers, figure.of) },
		details: {
			expressions: last?.expressions,
			requests: { ours: last?.tally.requests, peer: peers.at(-1)?.tally.requests },
			processorSeconds: { ours: processor(ours), peer: processor(peers) },
			...(allowance === 0 ? {} : { allowance }),
		},
	};
}

const processor = (measurements: readonly Measurement[]) =>
	median(measurements.map(({ cpuMs }) => cpuMs)) / 1_000;

function figuresOf(
	measurements: readonly Measurement[],
	of: (measurement: Measurement) => number,
): SideFigures {
	const runs = measurements.map(of);
	const peak = (part: 'heapPeak' | 'rssPeak') =>
		Math.round(Math.max(...measurements.map(({ memory }) => memory[part])) / MEGABYTE);
	return { runs, spread: spread(runs), peakRssMb: peak('rssPeak'), peakHeapMb: peak('heapPeak') };
}
