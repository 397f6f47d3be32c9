/** Reading members, resolving addresses, Sync and Compare, each beside a bare loop that does the same. */

import type { Case } from './case';
import { sideBySide } from './sideBySide';

const beside = { latencyMs: 20, rounds: 3, budget: 1.3 } as const;

export const peopleCases: readonly Case[] = [
	sideBySide({
		...beside,
		name: 'read-members',
		about: '500,000 members read, 5000 to a page, 20 ms latency',
		work: { kind: 'read', people: 500_000 },
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
		name: 'compare',
		about: 'Compare of 200,000 people with 1 % difference, 20 ms latency',
		work: { kind: 'compare', people: 200_000, changed: 1_000 },
	}),
];
