/** One item per row beside the summary: what it costs to give every row back. */

import type { Case } from './case';
import { sideBySide } from './sideBySide';

const PEOPLE = 100_000;

export const rowsCase: Case = sideBySide({
	name: 'rows',
	about: '100,000 rows with one item per row beside a summary, 20 ms latency, error output off',
	work: { kind: 'rows', report: 'oneItemPerRow', people: PEOPLE },
	peerWork: { kind: 'rows', report: 'summary', people: PEOPLE },
	peerSide: 'ours',
	against: 'the same run with a summary',
	latencyMs: 20,
	rounds: 2,
	budget: 1.5,
});
