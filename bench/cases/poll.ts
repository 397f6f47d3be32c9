/** Triggers that find nothing new. */

import { BESIDE_ITEMS } from './add';
import type { Case } from './case';
import { sideBySide } from './sideBySide';

/** Each takes a quarter of a second on both sides: n8n starts an isolate to evaluate the credential of a trigger. */
const POLLS = 15;
/** Of the activation of both triggers. */
const FIRST_REQUESTS = 3;

const polls = {
	work: { kind: 'poll', people: 3_000, polls: POLLS },
	peerSide: 'peerInEngine',
	against: 'the same two requests a poll by triggers that only read their credential',
	latencyMs: 0,
	rounds: 3,
	mostRequests: 2 * POLLS + FIRST_REQUESTS,
} as const;

export const pollCases: readonly Case[] = [
	sideBySide({
		...polls,
		name: 'poll',
		about: `${POLLS} polls of two triggers over 3,000 segments with nothing new`,
		budget: 1.5,
		figure: { unit: 'CPU s', of: ({ cpuMs }) => cpuMs / 1_000 },
	}),
	sideBySide({
		...polls,
		name: 'poll-memory',
		about: 'the same: peak memory',
		budget: 1.3,
		figure: BESIDE_ITEMS,
	}),
];
