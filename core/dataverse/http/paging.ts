/** Pages of lists: what is in one, and where the next one is. */

import { createHash } from 'node:crypto';
import { unexpectedReply, type RequestFacts } from '../errors/decodeError';
import { DataverseError } from '../errors/errors';
import { readPagingCookie, type FetchXml } from '../text/fetchxml';
import { refusalInside } from './answers';
import { isFollowable } from './host';
import { isJsonObject, ownNumber, ownString, ownValue, parseJson } from './json';
import type { HttpResponse } from './ports';
import { API_PATH, MAX_PAGE_SIZE } from './headers';
import type { EntityRow, Page } from '../types';

/** A list ends here at the latest: 100 million rows at 1000 a page. */
const MAX_PAGES = 100_000;
/** How many pages in a row may be empty: the service leaves out rows that the user may not read. */
const MOST_EMPTY_PAGES = 100;
/** Without a paging cookie the service reads no further: .../fetchxml/page-results#simple-paging */
const COOKIELESS_ROWS_LIMIT = 50_000;

/** Annotations without which a FetchXML answer does not say that there is more. */
const FETCH_PAGING_ANNOTATIONS =
	'Microsoft.Dynamics.CRM.fetchxmlpagingcookie,Microsoft.Dynamics.CRM.morerecords';

/**
 * Reads a list reply.
 * @throws DataverseError `unexpectedReply` when it is not a list.
 */
export function readPage(response: HttpResponse, facts: RequestFacts): { page: Page; reply: EntityRow } {
	const reply = parseJson(response.body);
	const rows = ownValue(reply, 'value');
	const isList = response.status === 200 && Array.isArray(rows) && rows.every(isJsonObject);
	// An error beside the rows means that some of them are missing.
	const isWhole = isJsonObject(reply) && (ownValue(reply, 'error') ?? '') === '';
	if (!isList || !isWhole) {
		const refusal = refusalInside(reply, facts, response.status);
		if (refusal !== undefined) throw refusal;
		throw unexpectedReply(
			'The environment answered with something that is not a list.',
			facts,
			response.status,
		);
	}
	const nextLink = nextLinkOf(reply, facts);
	const count = ownNumber(reply, '@odata.count');
	const page = {
		rows,
		...(nextLink === undefined ? {} : { nextLink }),
		...(count === undefined ? {} : { count }),
	};
	return { page, reply };
}

/** A link in another form does not mean that the list ends. */
function nextLinkOf(reply: EntityRow, facts: RequestFacts): string | undefined {
	const key = Object.keys(reply).find((name) => /^@?odata\.nextlink$/i.test(name));
	const link = key === undefined ? undefined : reply[key];
	if (link === undefined || link === null) return undefined;
	if (typeof link === 'string' && link !== '') return link;
	throw unexpectedReply('The environment named a next page in a form that is not known.', facts);
}

/** Checks that links and cookies lead onwards: each may come only once, and links must stay within the environment. */
export class PageGuard {
	private readonly seen = new Set<string>();
	private emptyPages = 0;

	constructor(
		private readonly origin: string,
		private readonly facts: RequestFacts,
	) {}

	/** @throws DataverseError `unexpectedReply` for a link to elsewhere, and as `onwards`. */
	pass(link: string, rows?: number): string {
		if (isFollowable(link, this.origin, API_PATH)) return this.onwards(link, rows);
		throw unexpectedReply(
			'The environment named a next page outside of itself, which is not followed.',
			this.facts,
		);
	}

	/**
	 * @param rows of the page that named the next one.
	 * @throws DataverseError `unexpectedReply` for a link or cookie met before, one too many, and no rows for too long.
	 */
	onwards(next: string, rows = 1): string {
		this.emptyPages = rows === 0 ? this.emptyPages + 1 : 0;
		const print = createHash('sha256').update(next).digest('base64');
		const isEndless = this.seen.size >= MAX_PAGES || this.emptyPages >= MOST_EMPTY_PAGES;
		if (isEndless || this.seen.has(print)) {
			throw unexpectedReply('The environment returned a list that does not end.', this.facts);
		}
		this.seen.add(print);
		return next;
	}
}

/**
 * The query for the page after this reply, undefined after the last page.
 * Pages are counted here: the `pagenumber` in the cookie is not reliable.
 * @throws DataverseError `refused` when the service gives no cookie and its 50,000 rows are read.
 */
export function nextFetch(fetch: FetchXml, reply: EntityRow, facts: RequestFacts): FetchXml | undefined {
	const more = ownValue(reply, '@Microsoft.Dynamics.CRM.morerecords') ?? false;
	if (/^false$/i.test(String(more))) return undefined;
	if (!/^true$/i.test(String(more))) {
		throw unexpectedReply('The environment did not say in a known form whether there are more rows.', facts);
	}
	const page = (fetch.page ?? 1) + 1;
	const annotation = ownString(reply, '@Microsoft.Dynamics.CRM.fetchxmlpagingcookie');
	if (annotation !== undefined && annotation !== '') {
		return { ...fetch, page, pagingCookie: readPagingCookie(annotation) };
	}
	if (page * (fetch.count ?? MAX_PAGE_SIZE) > COOKIELESS_ROWS_LIMIT) {
		throw new DataverseError({
			kind: 'refused',
			message: `Only the first ${COOKIELESS_ROWS_LIMIT} rows of "${facts.path}" can be read in this order.`,
			remedy: 'Sort by a column of the table itself, or narrow the filter.',
		});
	}
	return { ...fetch, page, pagingCookie: undefined };
}

/** The annotations a caller asks for, and those that paging needs. */
export function withPagingAnnotations(annotations: string | undefined): string {
	if (annotations === undefined || annotations === '') return FETCH_PAGING_ANNOTATIONS;
	return annotations === '*' ? '*' : `${annotations},${FETCH_PAGING_ANNOTATIONS}`;
}

/** The first page of a list, and no other; one without rows where there is none. */
export async function firstPage(pages: AsyncGenerator<Page>): Promise<Page> {
	const first = await pages.next();
	return first.done === true ? { rows: [] } : first.value;
}
