/** Four executions that do not know each other, under the service protection limits of one user. */

import { runUnderLimits } from '../../test/support/limitsScenario';

import type { Case } from './case';

const EXECUTIONS = 4;
const BUDGET = 1.1;
/** Share of requests that the service may refuse, and how far apart the executions may end. */
const MOST_REFUSED = 0.01;
const MOST_SPREAD = 1.5;

export const limitsCase: Case = {
	name: 'service-limits',
	about: `${EXECUTIONS} executions of 16 calls in flight, 5 s of execution time a call, virtual clock`,
	run: async () => {
		const load = await runUnderLimits({
			work: 'deliveries',
			executions: EXECUTIONS,
			callsInFlight: 16,
			segments: 4,
			calls: 268,
			idsPerCall: 5,
			executionMs: 5_000,
		});
		const { bestSeconds, early, refusedShare, seconds, spread } = load;
		const ratio = seconds / bestSeconds;
		const isFair = refusedShare <= MOST_REFUSED && spread <= MOST_SPREAD && early === 0;
		return {
			name: 'service-limits',
			ours: seconds,
			peer: bestSeconds,
			against: 'the least possible time',
			ratio,
			budget: BUDGET,
			ok: ratio <= BUDGET && isFair,
			unit: 's',
			details: { refusedShare, spread, early },
		};
	},
};
