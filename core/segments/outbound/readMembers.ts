/** Reading the members of an outbound segment, in the recommended and in the older way. */

import type { DataverseClient } from '../../dataverse/client';
import { DataverseError, invalidInput } from '../../dataverse/errors/errors';
import { fetchXmlText } from '../../dataverse/text/fetchxml';
import type { MemberPage, MemberReadOptions, Segment } from '../types';
import { callOutbound, FETCH_ACTION } from './actions';
import { OUTBOUND_KEY, OUTBOUND_SCOPE, OUTBOUND_TABLE } from './optionSets';
import type { OutboundScope } from './optionSets';
import { STILL_WORKS } from './removal';
import { contactIdOf, readFetchedContacts } from './replies';
import { segmentQueryName } from './row';

/** A FetchXML answer has at most this many; whether the action returns more is not documented. Assumption: outboundFetchPageCap */
const LARGEST_PAGE = 5_000;
/** A longer list is taken for one that does not end. */
const MOST_PEOPLE = 10_000_000;

/** Where the service should look for the members; absent = as the segment itself says. */
export interface OutboundReadScope {
	readonly scope?: OutboundScope;
	readonly businessUnitId?: string;
	readonly timeZone?: number;
}

/**
 * Pages through the members by `msdyncrm_FetchContactsByQuery`. SKIP and TAKE of the query and page and count of the
 * FetchXML advance together, whichever of them the service goes by, and all five parameters are sent, whichever of them it
 * needs. Assumption: outboundFetchPaging, outboundFetchParameters
 */
export async function* readByFetch(
	client: DataverseClient,
	segment: Segment,
	scope: OutboundReadScope,
	read: MemberReadOptions,
): AsyncGenerator<MemberPage> {
	const size = pageSize(read);
	const seen = new Set<string>();
	for (let page = 1; ; page += 1) {
		const reply = await callOutbound(client, FETCH_ACTION, {
			Query: membersQuery(segmentQueryName(segment), (page - 1) * size, size),
			FetchXml: fetchXmlText({
				entity: 'contact',
				attributes: columnsOf(read),
				orders: [{ attribute: 'contactid' }],
				count: size,
				page,
				returnTotalRecordCount: true,
			}),
			...scopeParameters(segment, scope),
		});
		// Where the actions do nothing any more, an empty answer is not a list of nobody. Assumption: outboundRemoved
		if (reply === undefined) throw emptyReply();
		const fetched = readFetchedContacts(reply);
		if (!fetched.known) {
			yield { ids: [], rows: [], unknownReply: fetched.reply };
			return;
		}
		if (seen.size > MOST_PEOPLE) throw endless(segment);
		const before = seen.size;
		const fresh = fetched.rows.flatMap((row) => {
			const id = contactIdOf(row);
			if (id === undefined || seen.has(id)) return [];
			seen.add(id);
			return [{ id, row }];
		});
		yield { ids: fresh.map(({ id }) => id), rows: fresh.map(({ row }) => row), total: fetched.total };
		// A service that ignores SKIP would send the same page forever.
		if (seen.size === before || (read.limit !== undefined && seen.size >= read.limit)) return;
		if (isLastPage(fetched, fetched.rows.length, size, seen.size, segment)) return;
	}
}

/**
 * The older way: contacts joined to the segment by FetchXML. The how-to keeps it as "deprecated"; it reads the table's
 * own pages, so it is complete wherever it works at all.
 */
export async function* readByLink(
	client: DataverseClient,
	segment: Segment,
	read: MemberReadOptions,
): AsyncGenerator<MemberPage> {
	let seen = 0;
	const pages = client.fetchPages('contacts', {
		entity: 'contact',
		attributes: columnsOf(read),
		orders: [{ attribute: 'contactid' }],
		count: pageSize(read),
		links: [
			{
				table: OUTBOUND_TABLE,
				from: OUTBOUND_KEY,
				to: 'msdyncrm_segmentmemberid',
				alias: 'segment',
				filter: { conditions: [{ attribute: OUTBOUND_KEY, operator: 'eq', value: segment.id }] },
			},
		],
	});
	for await (const page of pages) {
		const ids = page.rows.flatMap((row) => contactIdOf(row) ?? []);
		seen += ids.length;
		yield { ids, rows: page.rows };
		if (read.limit !== undefined && seen >= read.limit) return;
	}
}

/**
 * A short page alone does not prove the end: the FetchXML drops contacts that the caller may not read. It is believed
 * only when nothing else (the reply's own word, its total, the segment's size) speaks of more.
 */
function isLastPage(
	fetched: { readonly more?: boolean; readonly total?: number },
	received: number,
	size: number,
	seen: number,
	segment: Segment,
): boolean {
	if (fetched.more === true) return false;
	// A larger total contradicts the statement that there is no more; the next page shows it.
	if (fetched.total !== undefined && fetched.total >= seen) return seen >= fetched.total;
	if (fetched.more === false) return true;
	return received < size && seen >= (segment.memberCount ?? 0);
}

function pageSize(read: MemberReadOptions): number {
	return Math.min(read.pageSize ?? LARGEST_PAGE, LARGEST_PAGE, read.limit ?? LARGEST_PAGE);
}

/** The Web API prints a lookup column under this name, and FetchXML asks for it by its own. */
const LOOKUP = /^_(.+)_value$/i;

function columnsOf(read: MemberReadOptions): readonly string[] {
	return [...new Set(['contactid', ...(read.columns ?? []).map((name) => LOOKUP.exec(name)?.[1] ?? name)])];
}

/** `name` comes from the service or from a GUID and is checked all the same: it stands in a query. */
function membersQuery(name: string, skip: number, take: number): string {
	if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
		throw invalidInput(
			'The segment has a query name with characters that a query cannot hold.',
			'Read msdyncrm_segmentqueryname of the segment and correct it.',
		);
	}
	return `(SEGMENT(${name})).ORDERBY(contactid ASC).SKIP(${skip}).TAKE(${take}).SELECT(contactid)`;
}

function scopeParameters(segment: Segment, scope: OutboundReadScope): Readonly<Record<string, unknown>> {
	const { msdyncrm_scope: rowScope, _owningbusinessunit_value: rowUnit } = segment.row;
	const own = typeof rowScope === 'number' ? rowScope : OUTBOUND_SCOPE.organization;
	return {
		OwningBusinessUnit: scope.businessUnitId ?? (typeof rowUnit === 'string' ? rowUnit : null),
		Scope: scope.scope === undefined ? own : OUTBOUND_SCOPE[scope.scope],
		TimeZone: scope.timeZone ?? null,
	};
}

function endless(segment: Segment): DataverseError {
	return new DataverseError({
		kind: 'unexpectedReply',
		message: `The list of members of segment "${segment.name}" does not end.`,
		remedy: 'Set Limit to read some of them.',
	});
}

function emptyReply(): DataverseError {
	return new DataverseError({
		kind: 'unexpectedReply',
		message: 'The service returned an empty answer instead of the members, so they are not known.',
		remedy: `Microsoft removed the outbound Segmentation API in May 2026. ${STILL_WORKS}`,
	});
}
