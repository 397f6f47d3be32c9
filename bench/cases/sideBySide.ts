/** Both sides in turn, round after round, each time in fresh processes; medians are compared. */

import type { Job, Measurement, Side, Work } from '../job';
import { smaller } from '../material';
import { measureJob, median, spread } from '../measure';
import { checkTally } from './check';
import type { Case, CaseContext, CaseResult, SideFigures } from './case';

const MEGABYTE = 1_000_000;
/** A case that misses its budget after its rounds is given more of them: what counts is the median of all. */
const FURTHER_ROUNDS = 2;
/** A round that is this far within the budget settles the case: the measurements lie closer together than that. */
const CLEARLY_WITHIN = 0.85;

export interface Comparison {
	readonly name: string;
	readonly about: string;
	readonly work: Work;
	readonly latencyMs: number;
	/** At most, unless the case then misses its budget. */
	readonly rounds: number;
	readonly budget: number;
	/** Who the peer is; default: a bare loop. */
	readonly peerSide?: Side;
	/** Other work that the peer does; default: the same. */
	readonly peerWork?: Work;
	/** Who the peer is, in words; default: a bare loop, in a node where `peerSide` says so. */
	readonly against?: string;
	/** What is compared; default: seconds of the run. */
	readonly figure?: Figure;
	/** The most requests of our side, where the case counts them. */
	readonly mostRequests?: number;
	/** Both sides make as many requests of each kind; where they do not, there is no result. */
	readonly sameRequests?: boolean;
}

export interface Figure {
	readonly unit: 'CPU s' | 'MB' | 's';
	readonly of: (measurement: Measurement) => number;
}

export function sideBySide(comparison: Comparison): Case {
	const { name, about } = comparison;
	return { name, about, run: async (context) => await compare(comparison, context) };
}

async function compare(comparison: Comparison, { stub, note, mostPeople }: CaseContext): Promise<CaseResult> {
	const { name, latencyMs, work, peerSide = 'peer', peerWork = work } = comparison;
	const measure = async (side: Side, whose: Work) => {
		const job: Job = {
			side,
			work: mostPeople === undefined ? whose : smaller(whose, mostPeople),
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
	for (;;) {
		note(`${name}, round ${ours.length + 1}`);
		// Who goes first changes, so that a machine that grows slower or faster is unfair to neither.
		const isPeerFirst = ours.length % 2 === 0;
		for (const isOurs of isPeerFirst ? [false, true] : [true, false]) {
			if (isOurs) ours.push(await measure('ours', work));
			else peers.push(await measure(peerSide, peerWork));
		}
		if (comparison.sameRequests === true) refuseOtherRequests(name, ours.at(-1), peers.at(-1));
		const result = conclude(comparison, ours, peers);
		if (mostPeople !== undefined || isSettled(comparison, result, ours.length)) return result;
	}
}

/** Whether a further round would tell nothing that matters. @param done rounds so far */
export function isSettled(
	{ rounds }: Pick<Comparison, 'rounds'>,
	{ budget, ok, ratio }: Pick<CaseResult, 'budget' | 'ok' | 'ratio'>,
	done: number,
): boolean {
	if (ok && ratio <= CLEARLY_WITHIN * budget) return true;
	return ok ? done >= rounds : done >= rounds + FURTHER_ROUNDS;
}

const inSeconds = { unit: 's', of: ({ ms }: Measurement) => ms / 1_000 } as const;

function conclude(
	{ name, against, budget, figure = inSeconds, mostRequests = Infinity, peerSide }: Comparison,
	ours: readonly Measurement[],
	peers: readonly Measurement[],
): CaseResult {
	const our = median(ours.map(figure.of));
	const peer = median(peers.map(figure.of));
	const ratio = our / peer;
	const last = ours.at(-1);
	const loop = peerSide === 'peerInEngine' ? 'a bare loop in a node of the same engine' : 'a bare loop';
	return {
		name,
		ours: our,
		peer,
		against: against ?? loop,
		ratio,
		budget,
		ok: ratio <= budget && requestsOf(last) <= mostRequests,
		unit: figure.unit,
		sides: { ours: figuresOf(ours, figure.of), peer: figuresOf(peers, figure.of) },
		processor: { ours: processor(ours), peer: processor(peers) },
		details: {
			expressions: last?.expressions,
			requests: { ours: last?.tally.requests, peer: peers.at(-1)?.tally.requests },
		},
	};
}

/** @throws when one side makes a request that the other does not make */
function refuseOtherRequests(
	name: string,
	ours: Measurement | undefined,
	peer: Measurement | undefined,
): void {
	const [of, other] = [ours?.tally.requests ?? {}, peer?.tally.requests ?? {}];
	const kinds = [...new Set([...Object.keys(of), ...Object.keys(other)])];
	const differences = kinds
		.filter((kind) => of[kind] !== other[kind])
		.map((kind) => `${kind} ${of[kind] ?? 0} to ${other[kind] ?? 0}`);
	if (differences.length === 0) return;
	throw new Error(`${name}: the node and the loop make different requests: ${differences.join(', ')}`);
}

const requestsOf = (measurement: Measurement | undefined) =>
	Object.values(measurement?.tally.requests ?? {}).reduce((sum, count) => sum + count, 0);

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
