/** Server-side search for the lists of the editor. */

import type { ILoadOptionsFunctions, INodeListSearchItems, INodeListSearchResult } from 'n8n-workflow';

import type { DataverseClient } from '../../core/dataverse/client';
import { DataverseError } from '../../core/dataverse/errors/errors';
import { separateWords } from '../../core/dataverse/text/words';
import { OutboundSegments } from '../../core/segments/outbound';
import { RealTimeSegments } from '../../core/segments/realTime';
import type { Segment, SegmentListQuery, SegmentPage } from '../../core/segments/types';
import { forEditor, SEARCH_PAGE } from './editorList';
import { asError } from './errors';
import { RESOURCE } from './names';

/** Pages that are read until one has a segment to offer. */
const MOST_PAGES = 10;
/** Operations that put people into groups of a segment, or take them out. */
const CHANGE_MEMBERS: readonly unknown[] = ['add', 'remove', 'sync'];

/**
 * One page of segments whose name contains `filter`, each with its type, audience and status. The token is the service's
 * own link; the client refuses it unless it is of the environment's host.
 */
export async function searchSegments(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	return await search(this, { filter, paginationToken, isOffered: () => true });
}

/** The same for the segment that an operation works on: where members are changed, only segments that can take members. */
export async function searchTargetSegments(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const changes = CHANGE_MEMBERS.includes(this.getCurrentNodeParameter('operation'));
	return await search(this, { filter, paginationToken, isOffered: changes ? takesMembers : () => true });
}

interface Search {
	readonly filter?: string;
	readonly paginationToken?: string;
	readonly isOffered: (segment: Segment) => boolean;
}

async function search(
	functions: ILoadOptionsFunctions,
	{ filter, paginationToken, isOffered }: Search,
): Promise<INodeListSearchResult> {
	return await forEditor(functions, async (client) => {
		const query: SegmentListQuery = {
			filter: filter ? { nameContains: filter } : undefined,
			pageSize: SEARCH_PAGE,
			continueFrom: paginationToken || undefined,
		};
		const isOutbound = functions.getCurrentNodeParameter('resource') === RESOURCE.outbound;
		const results: INodeListSearchItems[] = [];
		let next: string | undefined;
		let pages = 0;
		for await (const page of isOutbound
			? new OutboundSegments(client).list(query)
			: realTime(client, query)) {
			results.push(...page.segments.filter(isOffered).map(itemOf));
			next = page.continueFrom;
			pages += 1;
			if (results.length > 0 || pages >= MOST_PAGES) break;
		}
		return { results, ...(next === undefined ? {} : { paginationToken: next }) };
	});
}

/** With their definitions, which say what a segment is; without, where the user may not read them. */
async function* realTime(client: DataverseClient, query: SegmentListQuery): AsyncGenerator<SegmentPage> {
	const segments = new RealTimeSegments(client);
	let isBegun = false;
	try {
		for await (const page of segments.list(query)) {
			isBegun = true;
			yield page;
		}
	} catch (error) {
		if (isBegun || !(error instanceof DataverseError) || error.kind !== 'forbidden') throw asError(error);
		yield* segments.list({ ...query, definitions: 'skip' });
	}
}

/** The editor shows the name alone, so the name says it all; the subtitle takes it off again. */
function itemOf(segment: Segment): INodeListSearchItems {
	const facts = isWithoutDefinition(segment)
		? [audienceOf(segment)]
		: [segment.type, audienceOf(segment), separateWords(segment.status).toLowerCase()];
	return { name: `${segment.name} (${facts.join(', ')})`, value: segment.id, url: segment.url };
}

/** People are put into groups; a dynamic segment has none, and copies from elsewhere are changed there. */
function takesMembers(segment: Segment): boolean {
	if (segment.type === 'static' || segment.type === 'mixed') return true;
	// What it is stands in its definition.
	return isWithoutDefinition(segment) && 'source' in segment && segment.source === 'realTime';
}

function isWithoutDefinition(segment: Segment): boolean {
	return segment.system === 'realTime' && !('definition' in segment && segment.definition !== undefined);
}

function audienceOf(segment: Segment): string {
	return 'audience' in segment && typeof segment.audience === 'string' && segment.audience !== ''
		? `${segment.audience}s`
		: 'contacts';
}
