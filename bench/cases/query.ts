/** Reading and checking a query of the segment language, and refusing hostile ones, beside parsers of other languages. */

import { askChild } from '../measure';
import type { HostileTimes, QueryTimes } from '../queryWorker';
import type { Case } from './case';

const QUERY_BUDGET = 2;
/** A megabyte that is no query is turned away as fast as graphql-js reads a megabyte that is a document. */
const HOSTILE_BUDGET = 1;

export const queryCases: readonly Case[] = [
	{
		name: 'query',
		about:
			'parsing and checking a query of 4000 characters beside graphql-js parsing a document of that length',
		run: async ({ note }) => {
			note('query');
			const { checkMs, graphqlMs, ...details } = await askChild<QueryTimes>('queryWorker.ts', {
				kind: 'query',
			});
			const ratio = checkMs / graphqlMs;
			return {
				name: 'query',
				ours: checkMs,
				peer: graphqlMs,
				against: 'graphql-js parsing a document of the same length',
				ratio,
				budget: QUERY_BUDGET,
				ok: ratio <= QUERY_BUDGET,
				unit: 'ms',
				details,
			};
		},
	},
	{
		name: 'query-hostile',
		about: 'turning away a hostile megabyte, the slowest of five kinds, beside graphql-js parsing a megabyte',
		run: async ({ note }) => {
			note('query-hostile');
			const { hostileMs, graphqlMs } = await askChild<HostileTimes>('queryWorker.ts', { kind: 'hostile' });
			const ours = Math.max(...Object.values(hostileMs));
			const ratio = ours / graphqlMs;
			return {
				name: 'query-hostile',
				ours,
				peer: graphqlMs,
				against: 'graphql-js parsing a document of a megabyte',
				ratio,
				budget: HOSTILE_BUDGET,
				ok: ratio <= HOSTILE_BUDGET,
				unit: 'ms',
				details: { hostileMs },
			};
		},
	},
];
