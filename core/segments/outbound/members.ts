/** Reading and writing the members of an outbound segment. */

import type { DataverseClient } from '../../dataverse/client';
import { invalidInput } from '../../dataverse/errors';
import { fetchXmlText } from '../../dataverse/fetchxml';
import type { Segment, MemberAccess, MemberChange, MemberPage, MemberReadOptions } from '../types';
import { OUTBOUND_SCOPE } from './optionSets';
import type { OutboundScope } from './optionSets';
import { explainRemoval } from './removal';
import { contactIdOf, readFetchedContacts } from './replies';
import { segmentQueryName } from './row';

/** "usually in batches of up to 20.000 contacts each time" (how-to of 2025-06-26). */
export const OUTBOUND_IDS_PER_CALL = 20_000;
const LARGEST_PAGE = 5_000;
const UPDATE_ACTION = 'msdyncrm_SegmentMembersUpdate';
const FETCH_ACTION = 'msdyncrm_FetchContactsByQuery';

const BY_IDS: Readonly<Record<MemberChange, string>> = { add: 'addByIds', remove: 'removeByIds' };

/** Where the service should look for the members; absent = all of the organization. */
export interface OutboundReadScope {
	readonly scope?: OutboundScope;
	readonly businessUnitId?: string;
	readonly timeZone?: number;
}

/** Members can be written to static segments only (how-to since 2020-04). Throws `invalidInput` otherwise. */
export function requireStatic(segment: Segment): void {
	if (segment.type === 'static') return;
	throw invalidInput(
		`Segment "${segment.name}" is ${segment.type === 'unknown' ? 'not static' : segment.type}, and only static segments take members.`,
		'Choose a static segment, or change the query of this one with Update.',
	);
}

export function outboundMembers(
	client: DataverseClient,
	segment: Segment,
	options: OutboundReadScope & { readonly idsPerCall?: number } = {},
): MemberAccess {
	return {
		idsPerCall: options.idsPerCall ?? OUTBOUND_IDS_PER_CALL,
		change: async (change, ids) => {
			requireStatic(segment);
			await call(client, UPDATE_ACTION, {
				msdyncrm_segmentid: segment.id,
				msdyncrm_operation: BY_IDS[change],
				msdyncrm_memberids: JSON.stringify(ids),
			});
		},
		pages: (read) => memberPages(client, segment, options, read),
	};
}

/**
 * Pages through the members by `msdyncrm_FetchContactsByQuery`. SKIP and TAKE of the query and page and count of the
 * FetchXML advance together: the query pages the ids, the FetchXML shapes their rows.
 */
async function* memberPages(
	client: DataverseClient,
	segment: Segment,
	scope: OutboundReadScope,
	read: MemberReadOptions,
): AsyncGenerator<MemberPage> {
	const size = Math.min(read.pageSize ?? LARGEST_PAGE, LARGEST_PAGE, read.limit ?? LARGEST_PAGE);
	const columns = [...new Set(['contactid', ...(read.columns ?? [])])];
	let seen = 0;
	for (let page = 1; ; page += 1) {
		const reply = await call(client, FETCH_ACTION, {
			Query: membersQuery(segmentQueryName(segment), (page - 1) * size, size),
			FetchXml: fetchXmlText({
				entity: 'contact',
				attributes: columns,
				orders: [{ attribute: 'contactid' }],
				count: size,
				page,
				returnTotalRecordCount: true,
			}),
			...scopeParameters(segment, scope),
		});
		const fetched = readFetchedContacts(reply);
		if (!fetched.known) {
			yield { ids: [], rows: [], unknownReply: fetched.reply };
			return;
		}
		const ids = fetched.rows.flatMap((row) => contactIdOf(row) ?? []);
		seen += ids.length;
		yield { ids, rows: fetched.rows, total: fetched.total };
		if (ids.length === 0 || (read.limit !== undefined && seen >= read.limit)) return;
		if (isLastPage(fetched, ids.length, size, seen, segment)) return;
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
	if (fetched.more !== undefined) return !fetched.more;
	if (fetched.total !== undefined && fetched.total >= seen) return seen >= fetched.total;
	return received < size && seen >= (segment.memberCount ?? 0);
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
	const rowScope = segment.row.msdyncrm_scope;
	const rowUnit = segment.row._owningbusinessunit_value;
	return {
		OwningBusinessUnit: scope.businessUnitId ?? (typeof rowUnit === 'string' ? rowUnit : null),
		Scope:
			scope.scope !== undefined
				? OUTBOUND_SCOPE[scope.scope]
				: typeof rowScope === 'number'
					? rowScope
					: OUTBOUND_SCOPE.organization,
		TimeZone: scope.timeZone ?? null,
	};
}

async function call(
	client: DataverseClient,
	action: string,
	parameters: Readonly<Record<string, unknown>>,
): Promise<unknown> {
	try {
		return await client.action(action, parameters, { repeatable: true });
	} catch (error) {
		throw explainRemoval(error, action);
	}
}
