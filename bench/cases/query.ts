/** Reading and checking a query of the segment language, and refusing hostile ones. */

import { askChild } from '../measure';
import type { QueryTimes } from '../queryWorker';
import { underLimit, type Case } from './case';

const LIMIT_MS = 2;
/** A megabyte that is no query must be turned away before anybody notices. */
const HOSTILE_LIMIT_MS = 250;

export const queryCases: readonly Case[] = [
	{
		name: 'query',
		about: 'parsing and checking a query of 4000 characters',
		run: async ({ note }) => {
			note('query');
			const { checkMs, printMs, characters } = await askChild<QueryTimes>('queryWorker.ts', {
				kind: 'query',
			});
			return underLimit(
				{ name: 'query', ours: checkMs, unit: 'ms', details: { characters, printMs } },
				LIMIT_MS,
			);
		},
	},
	{
		name: 'query-hostile',
		about: 'turning away a hostile megabyte, the slowest of five kinds',
		run: async ({ note }) => {
			note('query-hostile');
			const { hostileMs } = await askChild<QueryTimes>('queryWorker.ts', { kind: 'hostile' });
			const ours = Math.max(...Object.values(hostileMs));
			return underLimit(
				{ name: 'query-hostile', ours, unit: 'ms', details: { hostileMs } },
				HOSTILE_LIMIT_MS,
			);
		},
	},
];
