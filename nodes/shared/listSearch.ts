/** Server-side search for the lists of the editor. */

import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { OutboundSegments } from '../../core/segments/outbound';
import type { SegmentSystem } from '../../core/segments/types';
import { toNodeError } from './errors';
import { makeClient } from './run';

const PAGE_SIZE = 50;
/** The editor cannot cancel a search; it should not hang on one either. */
const TIMEOUT_MS = 20_000;

/**
 * One page of segments whose name contains `filter`. The token is the service's own link; the client refuses it unless
 * it is of the environment's host.
 */
export async function searchSegments(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	try {
		const client = await makeClient(this, { timeoutMs: TIMEOUT_MS, giveUpAfterMs: TIMEOUT_MS });
		const system: SegmentSystem = new OutboundSegments(client);
		const pages = system.list({
			filter: filter ? { nameContains: filter } : undefined,
			pageSize: PAGE_SIZE,
			continueFrom: paginationToken || undefined,
		});
		const next = await pages.next();
		if (next.done) return { results: [] };
		const page = next.value;
		return {
			results: page.segments.map((segment) => ({
				name: segment.name,
				value: segment.id,
				url: segment.url,
				description: `${segment.type}, ${segment.rawStatus.label}`,
			})),
			...(page.continueFrom === undefined ? {} : { paginationToken: page.continueFrom }),
		};
	} catch (error) {
		throw toNodeError(this.getNode(), error);
	}
}
