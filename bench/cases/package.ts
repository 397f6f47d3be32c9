/** The package as it is installed: how long it takes n8n to load, beside the library that both need. */

import { askChild, median, spread } from '../measure';
import type { Case } from './case';

const LOADS = 9;
const BUDGET = 0.3;

interface LoadTimes {
	readonly workflowMs: number;
	readonly workflowCpuMs: number;
	readonly packageMs: number;
	readonly packageCpuMs: number;
}

export const packageCases: readonly Case[] = [
	{
		name: 'package-load',
		about: 'loading the nodes and the credential beside loading n8n-workflow, in the same fresh processes',
		run: async ({ note }) => {
			note('package-load');
			const times: LoadTimes[] = [];
			for (let load = 0; load < LOADS; load += 1) times.push(await askChild<LoadTimes>('loadWorker.mjs'));
			const of = (key: keyof LoadTimes) => times.map((time) => time[key]);
			const [ours, peer] = [median(of('packageMs')), median(of('workflowMs'))];
			const ratio = ours / peer;
			return {
				name: 'package-load',
				ours,
				peer,
				against: "n8n-workflow's own load",
				ratio,
				budget: BUDGET,
				ok: ratio <= BUDGET,
				unit: 'ms',
				processor: {
					ours: median(of('packageCpuMs')) / 1_000,
					peer: median(of('workflowCpuMs')) / 1_000,
				},
				details: { runs: of('packageMs'), spread: spread(of('packageMs')) },
			};
		},
	},
];
