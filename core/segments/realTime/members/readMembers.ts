/**
 * Reading members. `msdynmkt_MembersList` returns those of the last evaluation, in one answer that may be cut off; how to request
 * the next page is not documented, so the environment is asked for the inputs. Chosen people can be read completely, group by
 * group. If a list may be incomplete, its last page says so.
 */

import { DataverseError } from '../../../dataverse/errors/errors';
import { ownString } from '../../../dataverse/http/json';
import { TextIndex } from '../../../collections/textIndex';
import { hasPublishedMembers, STATUS_WORDS } from '../../status';
import type { MemberPage, MemberReadOptions } from '../../types';
import { MEMBERS_ACTION } from '../api/actions';
import { contradiction, isDoubtful } from './doubt';
import { furtherPages } from './evaluatedPages';
import { groupPages, type GroupReadOptions } from './groupPages';
import type { StaticGroup } from './groups';
import type { Services } from '../lifecycle/goLive';
import { PersonRows } from './personRows';
import { readMembersList, type ReadMembers } from '../api/replies';
import type { RealTimeSegment } from '../rows/row';

const LARGEST_PAGE = 5_000;

type Incomplete = NonNullable<MemberPage['incomplete']>;

/** The members of the segment, or of one of its groups. */
export async function* memberPages(
	services: Services,
	segment: RealTimeSegment,
	groups: readonly StaticGroup[],
	read: MemberReadOptions,
	chosen?: StaticGroup,
): AsyncGenerator<MemberPage> {
	if (chosen !== undefined) {
		yield* emit(services, segment, groupPages(services.actions, segment, chosen.id, read), read);
		return;
	}
	const isOfGroups = groups.length > 0 && segment.query === undefined;
	const isPublished = hasPublishedMembers(segment.status);
	if (isOfGroups && !isPublished) {
		yield* emit(
			services,
			segment,
			groupMembers(services, segment, groups, read),
			read,
			notPublished(segment, true),
		);
		return;
	}
	if (segment.status === 'draft') {
		yield { ids: [], rows: [], incomplete: { read: 0, why: notPublished(segment, false) } };
		return;
	}
	const reply = await membersReply(services, segment);
	const list = reply instanceof DataverseError ? undefined : readMembersList(reply);
	if (list === undefined && isOfGroups) {
		yield* chosenPeople(services, segment, groups, read);
	} else if (reply instanceof DataverseError) {
		const why = `${notPublished(segment, false)} The service says: ${reply.serviceText ?? reply.message}`;
		yield { ids: [], rows: [], incomplete: { read: 0, why } };
	} else if (list === undefined) {
		// An empty answer is no list of nobody.
		yield { ids: [], rows: [], unknownReply: reply ?? null };
	} else if (isOfGroups && !isComplete(list, segment)) {
		yield* chosenPeople(services, segment, groups, read);
	} else {
		const whole = await wholeList(services, segment, list, read.limit);
		const why = isPublished ? missing(whole, segment) : notPublished(segment, true);
		yield* emit(services, segment, slices(whole.ids), read, why, whole.total);
	}
}

/** The groups of a segment that is live, instead of its evaluation; they are not all when it counts more. */
async function* chosenPeople(
	services: Services,
	segment: RealTimeSegment,
	groups: readonly StaticGroup[],
	read: MemberReadOptions,
): AsyncGenerator<MemberPage> {
	const why = (people: number) =>
		isDoubtful(segment, people) ? contradiction(segment.name, people, segment.memberCount) : undefined;
	yield* emit(services, segment, groupMembers(services, segment, groups, read), read, why);
}

/** The list with its further pages, where it is cut and the environment tells how to ask for the next one. */
export async function wholeList(
	services: Services,
	segment: RealTimeSegment,
	list: ReadMembers,
	limit: number | undefined,
): Promise<ReadMembers> {
	const isCut = list.hasNextPage === true || (list.total !== undefined && list.ids.length < list.total);
	if (!isCut || list.ids.length >= (limit ?? Infinity)) return list;
	const ids = await furtherPages(services, segment, list, limit);
	return ids === undefined ? list : { ids, total: list.total, hasNextPage: ids.length < (list.total ?? 0) };
}

/** Everybody in the groups, or in one of them, whether or not an evaluation has seen it. */
export async function* placedPages(
	services: Services,
	segment: RealTimeSegment,
	groups: readonly StaticGroup[],
	chosen?: StaticGroup,
	read: Pick<GroupReadOptions, 'onChange'> = {},
): AsyncGenerator<MemberPage> {
	const pages =
		chosen === undefined
			? groupMembers(services, segment, groups, read)
			: groupPages(services.actions, segment, chosen.id, read);
	yield* emit(services, segment, pages, {});
}

/** The reply, or the refusal where the segment's status explains one. Assumption: realTimeUnpublishedMembers */
export async function membersReply({ actions }: Services, segment: RealTimeSegment): Promise<unknown> {
	try {
		return await actions.call(MEMBERS_ACTION, segment);
	} catch (error) {
		const isExplained = segment.status !== 'live' && segment.status !== 'liveWithWarnings';
		if (isExplained && error instanceof DataverseError && error.kind === 'refused') return error;
		throw error;
	}
}

/**
 * Whether the answer shows that nothing is missing: its total, its word that no page follows, or, without either, the
 * count in the segment's own row.
 */
export function isComplete(list: ReadMembers, segment: RealTimeSegment): boolean {
	const read = new Set(list.ids).size;
	if (list.hasNextPage === true) return false;
	if (countsMore(segment, read)) return false;
	if (list.total !== undefined) return read >= list.total;
	return list.hasNextPage === false || (segment.status !== 'computing' && segment.memberCount === read);
}

/** The count and the members are of the same evaluation, unless another one is under way. */
function countsMore({ memberCount = 0, status }: RealTimeSegment, read: number): boolean {
	return (status === 'live' || status === 'liveWithWarnings') && read < memberCount;
}

/** Why a list of members is not the whole of them, one sentence; undefined where it is. */
export function missing(list: ReadMembers, segment: RealTimeSegment): string | undefined {
	const read = new Set(list.ids).size;
	if (list.hasNextPage !== true && read >= (list.total ?? 0) && countsMore(segment, read)) {
		return `The service returned ${read} members, but the segment counts ${segment.memberCount ?? 'none'}.`;
	}
	if (!isComplete(list, segment)) {
		if (list.total === undefined && list.hasNextPage === undefined)
			return `The service returned ${read} members and does not say whether these are all of them.`;
		const { total = Infinity } = list;
		if (total < Infinity && read >= total)
			return `The service returned ${read} members and counts ${total}, but still says that there are more.`;
		const part = read === 0 ? 'none of the members' : `the first ${read} members`;
		return `The service returned ${part}${total < Infinity ? ` of ${total}` : ''}, and how to get more is not documented. To get all of them, export the segment in the app.`;
	}
	return segment.status === 'computing' ? ofLastEvaluation(segment, read) : undefined;
}

/** Said of a whole list of members while another evaluation is under way: nobody is missing in it. */
export function ofLastEvaluation(segment: RealTimeSegment, members: number): string {
	return members === 0 && isComputedFirst(segment)
		? `Segment "${segment.name}" is being computed for the first time: it has no members until that is done.`
		: `Segment "${segment.name}" is being computed; these are the members of its last evaluation.`;
}

/** No evaluation has ended yet, so that nobody can be a member. */
export function isComputedFirst({ row, status }: RealTimeSegment): boolean {
	return status === 'computing' && ownString(row, 'msdynmkt_lastevaluated') === undefined;
}

function notPublished(segment: RealTimeSegment, hasSome: boolean): string {
	const status = `Segment "${segment.name}" is ${STATUS_WORDS[segment.status]}`;
	return hasSome
		? `${status}: these are the people who were put into it or were last in it, not an audience that journeys use. Go Live makes it one.`
		: `${status}: it has no members until it goes live (Go Live).`;
}

/** Included and not excluded, each person once. */
export async function* groupMembers(
	{ actions }: Services,
	segment: RealTimeSegment,
	groups: readonly StaticGroup[],
	{ limit, onChange }: Pick<GroupReadOptions, 'limit' | 'onChange'> = {},
): AsyncGenerator<readonly string[]> {
	const excluded = new Set<string>();
	for (const { id, includeType } of groups) {
		if (includeType !== 'Exclude') continue;
		for await (const page of groupPages(actions, segment, id, { onChange }))
			for (const person of page) excluded.add(person);
	}
	const included = groups.filter(({ includeType }) => includeType === 'Include');
	const seen = new TextIndex();
	for (const { id } of included) {
		for await (const page of groupPages(actions, segment, id, { limit, onChange })) {
			const allowed = excluded.size === 0 ? page : page.filter((person) => !excluded.has(person));
			// With a single group, people can come twice only through its own pages, and remembering them costs memory.
			const fresh = included.length > 1 ? allowed.filter((person) => isNew(person, seen)) : allowed;
			if (fresh.length > 0) yield fresh;
		}
	}
}

/** Whether the person was not seen before. */
function isNew(person: string, seen: TextIndex): boolean {
	const before = seen.size;
	return seen.findOrAdd(person) === before;
}

function* slices(ids: readonly string[]): Generator<readonly string[]> {
	const distinct = [...new Set(ids)];
	for (let start = 0; start < distinct.length; start += LARGEST_PAGE) {
		yield distinct.slice(start, start + LARGEST_PAGE);
	}
}

/** Cuts at the limit, brings columns along, and puts what may be missing on the last page. There is always a page. */
async function* emit(
	{ client }: Services,
	segment: RealTimeSegment,
	pages: AsyncIterable<readonly string[]> | Iterable<readonly string[]>,
	{ columns, limit, pageSize = LARGEST_PAGE }: MemberReadOptions,
	why?: string | ((read: number) => string | undefined),
	total?: number,
): AsyncGenerator<MemberPage> {
	let read = 0;
	let held: MemberPage | undefined;
	const full = limit ?? Infinity;
	const people = columns?.length ? new PersonRows(client, segment.audience, columns) : undefined;
	for await (const page of rebatched(pages, pageSize)) {
		const ids = read + page.length <= full ? page : page.slice(0, Math.max(0, full - read));
		if (ids.length === 0) break;
		read += ids.length;
		const rows = (await people?.read(ids)) ?? [];
		if (held !== undefined) yield held;
		held = { ids, rows, unread: people?.unread, ...(total === undefined ? {} : { total }) };
		if (read >= full) break;
	}
	const last = held ?? { ids: [], rows: [] };
	// If a limit was asked for and reached, people beyond it are not missing.
	const reason = read < full ? (typeof why === 'function' ? why(read) : why) : undefined;
	const incomplete: Incomplete | undefined =
		reason === undefined ? undefined : { read, why: reason, ...(total === undefined ? {} : { total }) };
	yield incomplete === undefined ? last : { ...last, incomplete };
}

async function* rebatched(
	pages: AsyncIterable<readonly string[]> | Iterable<readonly string[]>,
	size: number,
): AsyncGenerator<readonly string[]> {
	for await (const page of pages) {
		if (page.length > 0 && page.length <= size) yield page;
		else for (let start = 0; start < page.length; start += size) yield page.slice(start, start + size);
	}
}
