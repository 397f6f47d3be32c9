/** How the time grows with the number of ids: t = c · n^exponent. */

import { measureJob } from '../measure';
import type { Job, Side } from '../job';
import { MILLION } from './add';
import type { Case } from './case';
import { checkTally } from './check';

const SIZES = [1_000, 10_000, 100_000, MILLION];

export const growthCase: Case = {
	name: 'growth',
	about: 'exponent of the time to add 1000 to 1,000,000 ids, 0 ms latency, one in flight',
	run: async ({ stub, note }) => {
		const times: Record<'ours' | 'peer', number[]> = { ours: [], peer: [] };
		const measure = async (side: Side, people: number) => {
			const work = { kind: 'add', system: 'realTime', people, parallel: 1 } as const;
			const job: Job = { side, work, url: stub.url, latencyMs: 0 };
			const measurement = await measureJob(job);
			checkTally(job, measurement);
			return measurement.ms;
		};
		for (const people of SIZES) {
			note(`growth, ${people} ids`);
			times.peer.push(await measure('peer', people));
			times.ours.push(await measure('ours', people));
		}
		const ours = exponent(SIZES, times.ours);
		return {
			name: 'growth',
			ours,
			peer: exponent(SIZES, times.peer),
			against: 'linear growth, exponent 1',
			ratio: ours,
			budget: 1.1,
			ok: ours <= 1.1,
			unit: 'exponent',
			details: { sizes: SIZES, ms: times },
		};
	},
};

/** The slope of the line through the logarithms, by least squares. */
function exponent(sizes: readonly number[], times: readonly number[]): number {
	const [x, y] = [sizes.map(Math.log), times.map(Math.log)];
	const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
	const [meanX, meanY] = [mean(x), mean(y)];
	const covariance = mean(x.map((value, i) => (value - meanX) * ((y[i] ?? 0) - meanY)));
	return covariance / mean(x.map((value) => (value - meanX) ** 2));
}
