/**
 * The further pages of `msdynmkt_MembersList`. Its answer has paging fields; the inputs that request a page are not
 * documented, but an environment declares them. A declaration proves nothing: the pages are accepted only if the page number in the
 * answer is the one requested, no person comes twice, and the sum is the total.
 * Assumption: realTimeMembersPageInputs, realTimeMembersPageNames
 */

import { TextIndex } from '../../../collections/textIndex';
import type { DataverseClient } from '../../../dataverse/client';
import { DataverseError } from '../../../dataverse/errors/errors';
import { Environment, type ActionFacts } from '../../../environment';
import { MEMBERS_ACTION, type SegmentActions } from '../api/actions';
import { readMembersList, type ReadMembers } from '../api/replies';
import type { RealTimeSegment } from '../rows/row';

/** An answer of the same size as the first, 100 million people and 5,000 a page, would need this many. */
const MOST_PAGES = 20_000;
/** Names under which a client counts pages, and the rows of one. */
const PAGE = /^(?:page(?:_?(?:no|nr|num|number|index))?|pageno)$/i;
const SIZE =
	/^(?:page_?size|size|count|take|top|limit|page_?limit|(?:records|rows|members|items)_?per_?page|max_?page_?size)$/i;

/** Inputs of the action that count pages. */
export interface PageInputs {
	readonly page: string;
	readonly size?: string;
}

/** The optional whole numbers that an action takes, by what their names say; undefined where none counts pages. */
export function pageInputsOf(action: ActionFacts): PageInputs | undefined {
	const numbers = action.inputs.filter(({ isOptional, type }) => isOptional && type === 'integer');
	const page = numbers.filter(({ name }) => PAGE.test(name));
	const size = numbers.filter(({ name }) => SIZE.test(name));
	const [only] = page;
	// Two that could count pages cannot be told apart.
	if (only === undefined || page.length > 1 || size.length > 1) return undefined;
	return { page: only.name, ...(size[0] === undefined ? {} : { size: size[0].name }) };
}

interface Reading {
	readonly client: DataverseClient;
	readonly actions: SegmentActions;
}

/**
 * All members, beginning with a first answer that says that there are more.
 * @param limit how many are wanted; the sum is not checked when reading ends there
 * @returns undefined when the environment declares no inputs for pages, or the pages do not add up
 */
export async function furtherPages(
	{ actions, client }: Reading,
	segment: RealTimeSegment,
	first: ReadMembers,
	limit = Infinity,
): Promise<readonly string[] | undefined> {
	const { pageNumber: start, total } = first;
	if (start === undefined || total === undefined || first.ids.length === 0) return undefined;
	const action = await Environment.of(client).action(MEMBERS_ACTION);
	const inputs = action.known && action.value !== undefined ? pageInputsOf(action.value) : undefined;
	if (inputs === undefined) return undefined;
	const seen = new TextIndex();
	const ids: string[] = [];
	if (!addAll(first.ids, seen, ids)) return undefined;
	for (let page = start + 1; ids.length < Math.min(limit, total); page += 1) {
		if (page - start > MOST_PAGES) return undefined;
		const size = inputs.size === undefined ? {} : { [inputs.size]: first.ids.length };
		const next = await pageOf(actions, segment, { [inputs.page]: page, ...size });
		const follows = next?.pageNumber === page && next.total === total && next.ids.length > 0;
		if (!follows || !addAll(next.ids, seen, ids)) return undefined;
	}
	return ids.length >= limit || ids.length === total ? ids : undefined;
}

/** A page that is refused is not a page: the declared inputs do not work. */
async function pageOf(
	actions: SegmentActions,
	segment: RealTimeSegment,
	parameters: Readonly<Record<string, number>>,
): Promise<ReadMembers | undefined> {
	try {
		return readMembersList(await actions.call(MEMBERS_ACTION, segment, parameters));
	} catch (error) {
		if (error instanceof DataverseError && error.kind === 'refused') return undefined;
		throw error;
	}
}

/** @returns false when one of them was there before */
function addAll(page: readonly string[], seen: TextIndex, ids: string[]): boolean {
	for (const id of page) {
		const before = seen.size;
		if (seen.findOrAdd(id) !== before) return false;
		ids.push(id);
	}
	return true;
}
