/** Both workflows in turn, round after round, each time in a fresh server: time, memory, and what n8n stores. */

import type { CaseResult, SideFigures } from '../cases/case';
import { median, spread } from '../measure';
import { measureInServer, type PreparedServer, type ServerMeasurement } from './measure';
import type { ServerSide } from './workflows';

const MEGABYTE = 1_000_000;
const BUDGET = 1;
const AGAINST = 'Extract From File, Code and HTTP Request in the same server';

export interface ServerComparison {
	readonly rows: number;
	readonly latencyMs: number;
	readonly rounds: number;
	/** Told what is being measured. */
	readonly note: (text: string) => void;
}

type Measurements = Readonly<Record<ServerSide, readonly ServerMeasurement[]>>;

/** @returns a result each for time, memory and the stored execution */
export async function compareInServer(
	server: PreparedServer,
	{ latencyMs, note, rounds, rows }: ServerComparison,
): Promise<readonly CaseResult[]> {
	const all: Record<ServerSide, ServerMeasurement[]> = { ours: [], peer: [] };
	for (let round = 0; round < rounds; round += 1) {
		// Who goes first changes, as in the other cases.
		for (const side of round % 2 === 0 ? (['peer', 'ours'] as const) : (['ours', 'peer'] as const)) {
			note(`server, round ${round + 1}, ${side}`);
			all[side].push(await measureInServer(server, { side, rows, latencyMs }));
		}
	}
	const seconds = (each: ServerMeasurement) => each.ms / 1_000;
	const processor = { ours: medianOf(all.ours, cpuSeconds), peer: medianOf(all.peer, cpuSeconds) };
	return [
		{ ...conclude('server-time', 's', all, seconds), processor },
		{ ...conclude('server-memory', 'MB', all, (each) => each.rssPeak / MEGABYTE), details: idle(all) },
		conclude('server-stored', 'MB', all, (each) => each.storedBytes / MEGABYTE),
	];
}

const cpuSeconds = ({ cpuMs }: ServerMeasurement) => cpuMs / 1_000;

/** What the servers took before the file came. */
const idle = (all: Measurements) => ({
	idleMb: {
		ours: all.ours.map(({ rssBefore }) => rssBefore / MEGABYTE),
		peer: all.peer.map(({ rssBefore }) => rssBefore / MEGABYTE),
	},
});

const medianOf = (
	measurements: readonly ServerMeasurement[],
	of: (measurement: ServerMeasurement) => number,
) => median(measurements.map(of));

function conclude(
	name: string,
	unit: CaseResult['unit'],
	all: Measurements,
	of: (measurement: ServerMeasurement) => number,
): CaseResult {
	const [ours, peer] = [medianOf(all.ours, of), medianOf(all.peer, of)];
	const figures = (side: ServerSide): SideFigures => {
		const runs = all[side].map(of);
		const peakRssMb = Math.round(Math.max(...all[side].map(({ rssPeak }) => rssPeak)) / MEGABYTE);
		return { runs, spread: spread(runs), peakRssMb };
	};
	const sides = { ours: figures('ours'), peer: figures('peer') };
	const ratio = ours / peer;
	return { name, ours, peer, against: AGAINST, ratio, budget: BUDGET, ok: ratio <= BUDGET, unit, sides };
}
