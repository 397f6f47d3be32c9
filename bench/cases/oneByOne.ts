/** The same million ids with one request each, as nodes do that know rows only: measured on a sample. */

import type { Job } from '../job';
import { measureJob } from '../measure';
import { MILLION } from './add';
import type { Case } from './case';
import { checkTally } from './check';

const SAMPLE = 1_000;
const LATENCY_MS = 20;
const PARALLEL = 4;

export const oneByOneCases: readonly Case[] = (['realTime', 'outbound'] as const).map((system) => ({
	name: `one-by-one-${system}`,
	about: `1,000,000 ids, ${LATENCY_MS} ms latency, ${PARALLEL} in flight; the peer sends one request per id, extrapolated`,
	run: async ({ stub, note }) => {
		note(`one-by-one-${system}`);
		const measure = async (job: Pick<Job, 'side' | 'work'>) => {
			const whole = { ...job, url: stub.url, latencyMs: LATENCY_MS };
			const measurement = await measureJob(whole);
			checkTally(whole, measurement);
			return measurement.ms / 1_000;
		};
		const work = { system, parallel: PARALLEL } as const;
		const sample = await measure({ side: 'peer', work: { ...work, kind: 'addOneByOne', people: SAMPLE } });
		const ours = await measure({ side: 'ours', work: { ...work, kind: 'add', people: MILLION } });
		const peer = (sample * MILLION) / SAMPLE;
		const ratio = ours / peer;
		return {
			name: `one-by-one-${system}`,
			ours,
			peer,
			against: `one request per id, extrapolated from ${SAMPLE} ids in ${sample.toFixed(2)} s`,
			ratio,
			budget: 0.01,
			ok: ratio <= 0.01,
			unit: 's',
			extrapolated: true,
		};
	},
}));
