/** Reading members, resolving addresses, consent, new people, and whole segments, each beside a bare loop that does the same. */

import { BESIDE_ITEMS } from './add';
import type { Case } from './case';
import { sideBySide } from './sideBySide';

const beside = { latencyMs: 20, rounds: 2, budget: 1.3 } as const;

/** What is measured twice: its time, and its memory. */
const WORK = {
	compare: { kind: 'compare', people: 200_000, changed: 2_000 },
	consent: { kind: 'consent', people: 100_000 },
	'copy-segment': { kind: 'copySegment', people: 200_000 },
	create: { kind: 'create', people: 10_000 },
} as const;

export const peopleCases: readonly Case[] = [
	sideBySide({
		...beside,
		budget: 1.25,
		rounds: 3,
		name: 'read-members',
		about: '500,000 members read, 5000 to a page, 20 ms latency',
		work: { kind: 'read', people: 500_000 },
	}),
	sideBySide({
		...beside,
		name: 'read-members-names',
		about: '100,000 members with names and addresses, 500 to a query, 20 ms latency',
		work: { kind: 'read', people: 100_000, named: true },
	}),
	sideBySide({
		...beside,
		name: 'resolve-addresses',
		about: '100,000 addresses resolved, 500 to a query, 20 ms latency',
		work: { kind: 'resolve', people: 100_000 },
	}),
	sideBySide({
		...beside,
		name: 'sync',
		about: 'Sync of 200,000 people with 1 % change, 20 ms latency',
		work: { kind: 'sync', people: 200_000, changed: 2_000 },
	}),
	sideBySide({
		...beside,
		name: 'consent',
		sameRequests: true,
		about: '100,000 addresses looked up, their consent asked for and added, 20 ms latency',
		work: WORK.consent,
	}),
	sideBySide({
		...beside,
		name: 'create',
		sameRequests: true,
		about: '10,000 people created in batches of 100, 4 at once, and added, 20 ms latency',
		work: WORK.create,
	}),
	sideBySide({
		...beside,
		name: 'compare',
		about: 'Compare of 200,000 people with 1 % change, 20 ms latency',
		work: WORK.compare,
	}),
	sideBySide({
		...beside,
		name: 'copy-segment',
		about: '200,000 members of one segment into another, 20 ms latency',
		work: WORK['copy-segment'],
	}),
	...(['compare', 'consent', 'copy-segment', 'create'] as const).map(memoryCase),
];

/** The loop runs inside a node here: what n8n itself takes up is neither ours nor the loop's. */
function memoryCase(name: keyof typeof WORK): Case {
	return sideBySide({
		...beside,
		latencyMs: 0,
		name: `${name}-memory`,
		about: `${name} without latency: peak memory beside the items`,
		work: WORK[name],
		peerSide: 'peerInEngine',
		figure: BESIDE_ITEMS,
	});
}
