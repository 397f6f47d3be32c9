/** A million ids into a segment. */

import type { Measurement, SystemName } from '../job';
import type { Case } from './case';
import { sideBySide, type Comparison } from './sideBySide';

export const MILLION = 1_000_000;
const MEGABYTE = 1_000_000;
/** Seconds for a million ids: n8n's own passes over the items, reading, checking, keeping book. */
const ALLOWANCE = 1.5;
const RESOURCES = { outbound: 'an outbound', realTime: 'a real-time' } as const;

export const addCases: readonly Case[] = (['realTime', 'outbound'] as const).flatMap((system) => [
	...[0, 20].flatMap((latencyMs) => [1, 4].map((parallel) => addCase(system, latencyMs, parallel))),
	memoryCase(system),
]);

function addCase(system: SystemName, latencyMs: number, parallel: number): Case {
	return sideBySide({
		...workOf(system, parallel),
		name: `add-${system}-${latencyMs}ms-${parallel}`,
		about: `1,000,000 ids into ${RESOURCES[system]} segment, ${latencyMs} ms latency, ${parallel} in flight`,
		latencyMs,
		rounds: roundsOf(system, latencyMs, parallel),
		...(system === 'realTime' && latencyMs > 0 ? { budget: 1.3 } : { budget: 1, allowance: ALLOWANCE }),
	});
}

/** What is mostly waiting takes long and varies little; a thousand calls without waiting vary most. */
function roundsOf(system: SystemName, latencyMs: number, parallel: number): number {
	if (latencyMs === 0) return system === 'realTime' ? 5 : 3;
	return system === 'outbound' || parallel === 1 ? 2 : 3;
}

/** The bare loop runs inside a node here: n8n's copies of the items are neither ours nor the loop's. */
function memoryCase(system: SystemName): Case {
	return sideBySide({
		...workOf(system, 1),
		name: `memory-${system}`,
		about: `the same into ${RESOURCES[system]} segment: peak memory beside the items`,
		latencyMs: 0,
		rounds: 2,
		budget: 1.5,
		peerSide: 'peerInEngine',
		figure: { unit: 'MB', of: besideItems },
	});
}

/** Resident at the peak, less what the items themselves take up. */
function besideItems({ memory }: Measurement): number {
	return (memory.rssPeak - memory.itemBytes) / MEGABYTE;
}

function workOf(system: SystemName, parallel: number): Pick<Comparison, 'work'> {
	return { work: { kind: 'add', system, people: MILLION, parallel } };
}
