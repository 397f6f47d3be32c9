/** Questions that members of a segment that is already there answer. Only numbers are looked at; no id is kept or told. */

import type { HttpResponse } from '../../core/dataverse/http/ports';
import { ownNumber, ownString } from '../../core/dataverse/http/json';
import { eq, gt, literal, and, or, orderBy, queryString } from '../../core/dataverse/text/odata';
import { pageInputsOf } from '../../core/segments/realTime/members/evaluatedPages';
import { readGroupPage, readMembersList } from '../../core/segments/realTime/api/replies';
import { readGroups } from './groupsColumn';
import { answer, isOk, json, unsettled, type Answer, type Asking } from '../asking';
import { declaredPageInputs } from './actions';

const MEMBERS = 'msdynmkt_MembersList';
const LIST = 'msdynmkt_ListGroupMembers';
const PAGE = 5000;

interface Sample {
	readonly id: string;
	readonly definitionId: string;
	readonly members: number;
}

/** Active and ComputedWithWarnings. */
const LIVE = or(eq('statuscode', literal.integer(1)), eq('statuscode', literal.integer(7)));

/** The smallest live segment with at least two members: the answer may hold all of them. */
async function smallest(asking: Asking): Promise<Sample | undefined> {
	const count = gt('msdynmkt_membercount', literal.integer(1));
	return await first(asking, and(LIVE, count), false);
}

async function largestStatic(asking: Asking): Promise<Sample | undefined> {
	const count = gt('msdynmkt_membercount', literal.integer(PAGE));
	return await first(asking, and(count, eq('msdynmkt_type', literal.integer(10))), true);
}

async function first(asking: Asking, filter: string, descending: boolean): Promise<Sample | undefined> {
	const query = queryString({
		select: ['msdynmkt_segmentid', 'msdynmkt_sourcesegmentuid', 'msdynmkt_membercount'],
		filter,
		orderBy: orderBy([{ column: 'msdynmkt_membercount', descending }]),
		top: 1,
	});
	const reply = await asking.raw({ path: `msdynmkt_segments${query}` });
	if (!isOk(reply)) return undefined;
	const rows = (json(reply) as { readonly value?: readonly unknown[] } | undefined)?.value ?? [];
	const [row] = rows;
	const id = ownString(row, 'msdynmkt_segmentid');
	const definitionId = ownString(row, 'msdynmkt_sourcesegmentuid');
	const members = ownNumber(row, 'msdynmkt_membercount');
	if (id === undefined || definitionId === undefined || members === undefined) return undefined;
	return { id, definitionId, members };
}

const NO_SAMPLE = 'there is no live segment with two members, or it may not be read';

export async function realTimeSegmentId(asking: Asking): Promise<Answer> {
	const sample = await smallest(asking);
	if (sample === undefined) return unsettled(NO_SAMPLE);
	const bySegment = await asking.call(MEMBERS, { SegmentId: sample.id });
	const byDefinition = await asking.call(MEMBERS, { SegmentId: sample.definitionId });
	return idAnswer(bySegment, byDefinition);
}

/** @param bySegment the answer to the id of the segment's row, `byDefinition` to that of its definition */
export function idAnswer(bySegment: HttpResponse, byDefinition: HttpResponse): Answer {
	const evidence = `id of the segment: status ${bySegment.status}, of the definition: status ${byDefinition.status}`;
	if (isOk(bySegment)) return answer(isOk(byDefinition) ? 'either' : 'segment', evidence);
	return isOk(byDefinition) ? answer('definition', evidence) : unsettled(evidence);
}

async function listOf(asking: Asking, sample: Sample, inputs: Readonly<Record<string, number>> = {}) {
	for (const id of [sample.id, sample.definitionId]) {
		const reply = await asking.call(MEMBERS, { SegmentId: id, ...inputs });
		if (isOk(reply)) return readMembersList(json(reply));
	}
	return undefined;
}

export async function realTimeMembersFields(asking: Asking): Promise<Answer> {
	const sample = await smallest(asking);
	if (sample === undefined) return unsettled(NO_SAMPLE);
	const list = await listOf(asking, sample);
	if (list === undefined) return unsettled('the list of members could not be read');
	const isPaged = list.pageNumber !== undefined || list.total !== undefined;
	return answer(
		isPaged ? 'paged' : 'unpaged',
		`the answer has ${isPaged ? '' : 'no '}totalCount and pageNumber`,
	);
}

/** Declared inputs are tried on a small segment: page 2 of one member each. */
export async function realTimeMembersPageInputs(asking: Asking): Promise<Answer> {
	const declared = await declaredPageInputs(asking);
	if (!declared.known) return unsettled(declared.why);
	if (declared.value.length === 0)
		return answer('refused', `${MEMBERS} declares no inputs that turn the page`);
	const action = await asking.environment.action(MEMBERS);
	const inputs = action.known && action.value !== undefined ? pageInputsOf(action.value) : undefined;
	if (inputs === undefined) return unsettled(`inputs ${declared.value.join(', ')}: none surely counts pages`);
	const sample = await smallest(asking);
	if (sample === undefined) return unsettled(NO_SAMPLE);
	const size = inputs.size === undefined ? {} : { [inputs.size]: 1 };
	const list = await listOf(asking, sample, { [inputs.page]: 2, ...size });
	if (list?.pageNumber === undefined) return unsettled('the answer has no page number');
	return answer(
		list.pageNumber === 2 ? 'honoured' : 'ignored',
		`page 2 was asked for by ${inputs.page}, the answer says page ${list.pageNumber}`,
	);
}

export async function realTimeGroupPageCap(asking: Asking): Promise<Answer> {
	const sample = await largestStatic(asking);
	if (sample === undefined) return unsettled(`there is no static segment of more than ${PAGE} members`);
	for (const groupId of await readGroups(asking, sample.definitionId)) {
		for (const id of [sample.id, sample.definitionId]) {
			const parameters = { SegmentId: id, GroupId: groupId, PageNo: 1, PageSize: 2 * PAGE };
			const reply = await asking.call(LIST, parameters);
			if (reply.status === 400) return unsettled('a page size of 10,000 is refused');
			const count = isOk(reply) ? (readGroupPage(json(reply))?.length ?? 0) : 0;
			const evidence = `10,000 ids were asked for, ${count} came`;
			if (count > PAGE) return answer('none', evidence);
			// Exactly a full page of a larger group: a group of that very size is told by its second page.
			if (count === PAGE && (await hasMore(asking, id, groupId))) return answer(String(PAGE), evidence);
		}
	}
	return unsettled(`no group of more than ${PAGE} members was found`);
}

async function hasMore(asking: Asking, id: string, groupId: string): Promise<boolean> {
	const next = await asking.call(LIST, { SegmentId: id, GroupId: groupId, PageNo: 2, PageSize: PAGE });
	return isOk(next) && (readGroupPage(json(next))?.length ?? 0) > 0;
}
