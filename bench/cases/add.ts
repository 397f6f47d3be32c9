/** A million ids into a segment. */

import type { Measurement, SystemName } from '../job';
import type { Case } from './case';
import { sideBySide, type Comparison, type Figure } from './sideBySide';

export const MILLION = 1_000_000;
const MEGABYTE = 1_000_000;
const RESOURCES = { outbound: 'an outbound', realTime: 'a real-time' } as const;

/** Resident at the peak, less what the items themselves take up. */
export const BESIDE_ITEMS: Figure = {
	unit: 'MB',
	of: ({ memory }: Measurement) => (memory.rssPeak - memory.itemBytes) / MEGABYTE,
};

export const addCases: readonly Case[] = (['realTime', 'outbound'] as const).flatMap((system) => [
	...[0, 20].flatMap((latencyMs) => [1, 4].map((parallel) => addCase(system, latencyMs, parallel))),
	memoryCase(system),
]);

/**
 * Where a run is mostly waiting, the peer is a bare loop. Without latency, and for the 50 calls of an outbound segment, n8n's
 * own passes over a million items are most of a run: the loop runs inside a node of the same engine, where they count on both
 * sides.
 */
function addCase(system: SystemName, latencyMs: number, parallel: number): Case {
	const isMostlyWaiting = system === 'realTime' && latencyMs > 0;
	return sideBySide({
		...workOf(system, parallel),
		name: `add-${system}-${latencyMs}ms-${parallel}`,
		about: `1,000,000 ids into ${RESOURCES[system]} segment, ${latencyMs} ms latency, ${parallel} in flight`,
		latencyMs,
		rounds: roundsOf(system, latencyMs, parallel),
		...(isMostlyWaiting ? { budget: 1.25 } : { budget: 1.8, peerSide: 'peerInEngine' as const }),
	});
}

/** What is mostly waiting takes long and varies by a hundredth or two; a thousand calls without waiting vary most. */
function roundsOf(system: SystemName, latencyMs: number, parallel: number): number {
	if (latencyMs === 0) return 3;
	if (system === 'realTime') return parallel === 1 ? 1 : 3;
	return 2;
}

/** The bare loop runs inside a node here: n8n's copies of the items are neither ours nor the loop's. */
function memoryCase(system: SystemName): Case {
	return sideBySide({
		...workOf(system, 1),
		name: `memory-${system}`,
		about: `the same into ${RESOURCES[system]} segment: peak memory beside the items`,
		latencyMs: 0,
		rounds: 2,
		budget: 1.3,
		peerSide: 'peerInEngine',
		figure: BESIDE_ITEMS,
	});
}

function workOf(system: SystemName, parallel: number): Pick<Comparison, 'work'> {
	return { work: { kind: 'add', system, people: MILLION, parallel } };
}
