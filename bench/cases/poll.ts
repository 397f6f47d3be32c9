/** Triggers that find nothing new. */

import type { Case } from './case';
import { sideBySide } from './sideBySide';

const POLLS = 50;
/** Of the activation of both triggers. */
const FIRST_REQUESTS = 3;

export const pollCase: Case = sideBySide({
	name: 'poll',
	about: `${POLLS} polls of two triggers over 3,000 segments with nothing new`,
	work: { kind: 'poll', people: 3_000, polls: POLLS },
	peerSide: 'peerInEngine',
	against: 'the same two requests a poll by triggers that only read their credential',
	latencyMs: 0,
	rounds: 3,
	budget: 1.5,
	mostRequests: 2 * POLLS + FIRST_REQUESTS,
	figure: { unit: 'CPU s', of: ({ cpuMs }) => cpuMs / 1_000 },
});
