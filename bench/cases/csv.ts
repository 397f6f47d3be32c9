/** A million lines of a CSV file into a segment, beside csv-parse and axios. */

import { BESIDE_ITEMS, MILLION } from './add';
import type { Case } from './case';
import { sideBySide } from './sideBySide';

export const csvCases: readonly Case[] = (['id', 'email'] as const).flatMap((by) => {
	const shared = {
		work: { kind: 'csv', by, people: MILLION },
		budget: 1.3,
		against: 'a bare loop of csv-parse and axios',
	} as const;
	return [
		sideBySide({
			...shared,
			name: `csv-${by}`,
			about: `1,000,000 lines of a CSV file by ${by}, 20 ms latency, one call in flight`,
			latencyMs: 20,
			rounds: 1,
		}),
		sideBySide({
			...shared,
			name: `csv-${by}-memory`,
			about: 'the same: peak memory beside the file',
			latencyMs: 0,
			rounds: 1,
			figure: BESIDE_ITEMS,
		}),
	];
});
