/** The package as it is installed: how big, and how long it takes n8n to load. */

import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

import { askChild, median, spread } from '../measure';
import { underLimit, type Case } from './case';

const LOADS = 9;
const LOAD_LIMIT_MS = 50;
const SIZE_LIMIT = 500_000;
const ROOT = path.join(__dirname, '../..');

interface LoadTimes {
	readonly workflowMs: number;
	readonly packageMs: number;
}

export const packageCases: readonly Case[] = [
	{
		name: 'package-load',
		about: 'loading the nodes and the credential, beyond n8n-workflow itself, in fresh processes',
		run: async ({ note }) => {
			note('package-load');
			const times: LoadTimes[] = [];
			for (let load = 0; load < LOADS; load += 1) times.push(await askChild<LoadTimes>('loadWorker.mjs'));
			const runs = times.map(({ packageMs }) => packageMs);
			const workflowMs = median(times.map((time) => time.workflowMs));
			const details = { workflowMs, runs, spread: spread(runs) };
			return underLimit({ name: 'package-load', ours: median(runs), unit: 'ms', details }, LOAD_LIMIT_MS);
		},
	},
	{
		name: 'package-size',
		about: 'the package unpacked, as npm packs it',
		run: async ({ note }) => {
			note('package-size');
			const { stdout } = await promisify(execFile)('npm', ['pack', '--dry-run', '--json'], { cwd: ROOT });
			const [pack] = JSON.parse(stdout) as readonly PackReport[];
			if (pack === undefined) throw new Error('npm pack reports no package');
			const details = { packed: pack.size, files: pack.entryCount };
			return underLimit(
				{ name: 'package-size', ours: pack.unpackedSize, unit: 'bytes', details },
				SIZE_LIMIT,
			);
		},
	},
];

interface PackReport {
	readonly size: number;
	readonly unpackedSize: number;
	readonly entryCount: number;
}
