/** Segments that are missing from the rows: deleted, or no longer readable. The two are told apart before either is reported. */

import { decodeServiceError, isMissingRow, unexpectedReply } from '../dataverse/errors/decodeError';
import { entityPath, queryString } from '../dataverse/text/odata';
import { SEGMENT_KEY, SEGMENT_SET } from '../segments/realTime/rows/optionSets';
import { PER_BATCH, type Reader } from './reading';

export interface Gone {
	readonly id: string;
	readonly change: 'deleted' | 'unreadable';
	readonly reason: string;
}

const FACTS = { method: 'GET', path: SEGMENT_SET } as const;
const DELETED = 'The segment was deleted.';
const OUT_OF_SIGHT =
	'The segment can no longer be read with this credential: the right to read it, or its business unit, has changed.';

/** What became of the segments; those that are there after all are left out. One request for 100 ids. */
export async function whatBecameOf({ client }: Reader, ids: readonly string[]): Promise<readonly Gone[]> {
	const gone: Gone[] = [];
	for (let start = 0; start < ids.length; start += PER_BATCH) {
		const asked = ids.slice(start, start + PER_BATCH);
		const query = queryString({ select: [SEGMENT_KEY] });
		const operations = asked.map((id) => ({
			method: 'GET' as const,
			path: `${entityPath(SEGMENT_SET, id)}${query}`,
		}));
		const parts = await client.batch(operations, { continueOnError: true });
		asked.forEach((id, index) => {
			const part = parts[index];
			const status = part?.status;
			if (part !== undefined && status === 404 && isMissingRow(decodeServiceError(part, FACTS)))
				gone.push({ id, change: 'deleted', reason: DELETED });
			else if (status === 403) gone.push({ id, change: 'unreadable', reason: OUT_OF_SIGHT });
			else if (status !== 200) {
				// A 404 can be about the table or the address as well.
				throw unexpectedReply('The environment did not say whether a segment was deleted.', FACTS, status);
			}
		});
	}
	return gone;
}
