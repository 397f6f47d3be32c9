/** For tests in which how long the nodes wait is no promise. */

import { n8nClock } from '../../nodes/shared/transport';

const TIMES_FASTER = 20;

/** The nodes' clock runs faster in this file, with everything that they measure or wait for by it. */
export function shortWaits(): void {
	const real = { ...n8nClock };
	jest.spyOn(n8nClock, 'now').mockImplementation(() => real.now() * TIMES_FASTER);
	jest
		.spyOn(n8nClock, 'sleep')
		.mockImplementation(async (ms, signal) => await real.sleep(ms / TIMES_FASTER, signal));
}
