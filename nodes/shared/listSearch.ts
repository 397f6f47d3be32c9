/** Server-side search for the lists of the editor. */

import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { OutboundSegments } from '../../core/segments/outbound';
import { RealTimeSegments } from '../../core/segments/realTime';
import type { SegmentListQuery } from '../../core/segments/types';
import { toNodeError } from './errors';
import { RESOURCE } from './names';
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
		const isOutbound = this.getCurrentNodeParameter('resource') === RESOURCE.outbound;
		const query: SegmentListQuery = {
			filter: filter ? { nameContains: filter } : undefined,
			pageSize: PAGE_SIZE,
			continueFrom: paginationToken || undefined,
		};
		// A picker shows what is in the segment's own row; its definition would cost a request more.
		const pages = isOutbound
			? new OutboundSegments(client).list(query)
			: new RealTimeSegments(client).list({ ...query, definitions: 'skip' });
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
