import type { ActionHandler, ActionResult, Row, ServiceContext } from '../../contracts';
import { integerParameter, missingRow, refusedByPlugin, refuseUndeclared, requirePrivilege } from '../faults';
import { declarationOf } from './declarations';
import { groupsOf } from './groups';
import { sortByAge } from './newPeople';
import { IDS_PER_CALL, MAX_GROUP_MEMBERS, MEMBERS_PER_PAGE, segmentStatus } from './options';
import { refusePastEnd, requireId, requireIds, requireSegment } from './parameters';
import { audienceOf, groupState, segmentId, stateOf, type SegmentRows, type StaticGroup } from './state';
import { isLive, refuseWhileInJourney } from './usage';

/** How many changes a group remembers for those that may have overlooked them. */
const REMEMBERED_CHANGES = 64;

/** `msdynmkt_AddStaticMembers`: puts up to 1000 people into a group, at once. */
export const addStaticMembers: ActionHandler = (parameters, context) => {
	const { rows, group } = requireChangeable('msdynmkt_AddStaticMembers', parameters, context);
	const ids = requireIds(parameters, 'EntityIds');
	refuseTooMany(ids);
	refuseDuplicates(ids, context);
	const audience = audienceOf(rows.segment);
	const people = context.store.table(audience);
	const strangers = context.assumption('realTimeUnknownIds');
	const known = strangers === 'kept' ? ids : ids.filter((id) => people.get(id) !== undefined);
	if (known.length < ids.length && strangers === 'refused') {
		const stranger = ids.find((id) => people.get(id) === undefined) ?? '';
		throw refusedByPlugin(`The ${audience} with id ${stranger} does not exist.`);
	}
	const { now, later } = sortByAge(known, (id) => people.get(id), context);
	forgetOverlooked(rows, group, context);
	const added = [...new Set(now)].filter((id) => !group.ids.has(id));
	for (const [id, due] of later) group.waiting.set(id, due);
	if (group.ids.size + added.length > MAX_GROUP_MEMBERS) {
		throw refusedByPlugin(
			`The group holds ${group.ids.size} members; ${added.length} more would exceed ${MAX_GROUP_MEMBERS}.`,
		);
	}
	return change(rows, group, { added, removed: [] }, context);
};

/** `msdynmkt_RemoveStaticMembers`: takes people out of a group, at once. Who is not in it is left out silently. */
export const removeStaticMembers: ActionHandler = (parameters, context) => {
	const { rows, group } = requireChangeable('msdynmkt_RemoveStaticMembers', parameters, context);
	const ids = requireIds(parameters, 'EntityIds');
	if (context.assumption('realTimeRemoveLimit') !== 'none') refuseTooMany(ids);
	refuseDuplicates(ids, context);
	forgetOverlooked(rows, group, context);
	for (const id of ids) group.waiting.delete(id);
	const removed = [...new Set(ids)].filter((id) => group.ids.has(id));
	return change(rows, group, { added: [], removed }, context);
};

/** `msdynmkt_ListGroupMembers`: one page of the ids of a group; there is no total. */
export const listGroupMembers: ActionHandler = (parameters, context) => {
	refuseUndeclared(declarationOf('msdynmkt_ListGroupMembers', context), parameters);
	requirePrivilege('prvReadmsdynmkt_segment', context);
	const { group } = requireGroup(parameters, context);
	const page = requirePositive(parameters, 'PageNo');
	const asked = requirePositive(parameters, 'PageSize');
	const cap = context.assumption('realTimeGroupPageCap') === 'none' ? asked : MEMBERS_PER_PAGE;
	const size = Math.min(asked, cap);
	group.paged ??= [...group.ids];
	const entityIds = group.paged.slice((page - 1) * size, page * size);
	if (entityIds.length === 0) refusePastEnd(page, context);
	const absent = entityIds.length === 0 && context.assumption('realTimeEmptyPage') === 'absent';
	const response = { ...(!absent && { entityIds }), additionalProperties: {} };
	return { kind: 'outputs', outputs: { Response: JSON.stringify(response) } };
};

interface GroupOfSegment {
	readonly rows: SegmentRows;
	readonly group: StaticGroup;
}

function requireChangeable(action: string, parameters: Row, context: ServiceContext): GroupOfSegment {
	refuseUndeclared(declarationOf(action, context), parameters);
	requirePrivilege('prvWritemsdynmkt_segment', context);
	const found = requireGroup(parameters, context);
	refuseStatus(found.rows.segment, context);
	if (context.assumption('realTimeMembersInJourney') === 'refused') {
		refuseWhileInJourney('Members cannot be changed', segmentId(found.rows.segment), context);
	}
	return found;
}

function requireGroup(parameters: Row, context: ServiceContext): GroupOfSegment {
	const rows = requireSegment(parameters, context);
	const groupId = requireId(parameters, 'GroupId');
	if (!groupsOf(rows.definition).some((group) => group.groupId === groupId)) {
		throw missingRow('Static group', groupId);
	}
	return { rows, group: groupState(stateOf(rows.definition, context.store), groupId) };
}

function refuseStatus(segment: Readonly<Row>, context: ServiceContext): void {
	const manners = context.assumption('realTimeMembersStatus');
	const busy =
		segment.statuscode === segmentStatus.computing || segment.statuscode === segmentStatus.stopping;
	const refused = manners !== 'any' && (busy || (manners === 'notLive' && isLive(segment)));
	if (!refused) return;
	throw refusedByPlugin(
		`Members of the segment ${segmentId(segment)} cannot be changed in status code ${String(segment.statuscode)}.`,
	);
}

function requirePositive(parameters: Row, name: string): number {
	const value = integerParameter(parameters, name);
	if (value === undefined || value < 1) throw refusedByPlugin(`${name} must be 1 or more.`);
	return value;
}

/** "Up to 1000 ids per call" (real-time segment API page). */
function refuseTooMany(ids: readonly string[]): void {
	if (ids.length <= IDS_PER_CALL) return;
	throw refusedByPlugin(
		`EntityIds holds ${ids.length} ids; at most ${IDS_PER_CALL} are allowed in one call.`,
	);
}

function refuseDuplicates(ids: readonly string[], context: ServiceContext): void {
	if (context.assumption('realTimeDuplicateIds') === 'ignored') return;
	if (new Set(ids).size !== ids.length) throw refusedByPlugin('EntityIds holds the same id twice.');
}

/**
 * Under `realTimeConcurrentAdds=lost` a request works on the group as it was when the request arrived: whatever others
 * did to the group since is overwritten.
 */
function forgetOverlooked({ definition }: SegmentRows, group: StaticGroup, context: ServiceContext): void {
	if (context.request === undefined || context.assumption('realTimeConcurrentAdds') === 'safe') return;
	const { arrived } = context.request;
	for (const { acting, added, removed } of [...group.recent].reverse()) {
		if (acting < arrived) break;
		for (const id of added) group.ids.delete(id);
		for (const id of removed) group.ids.add(id);
	}
	group.recent = group.recent.filter(({ acting }) => acting < arrived);
	noteChange(definition, group, context);
}

function change(
	{ definition }: SegmentRows,
	group: StaticGroup,
	{ added, removed }: { readonly added: readonly string[]; readonly removed: readonly string[] },
	context: ServiceContext,
): ActionResult {
	for (const id of added) group.ids.add(id);
	for (const id of removed) group.ids.delete(id);
	noteChange(definition, group, context);
	if (context.request !== undefined) {
		const { acting } = context.request;
		group.recent = [...group.recent.slice(1 - REMEMBERED_CHANGES), { acting, added, removed }];
	}
	return { kind: 'none' };
}

/** What was worked out from the group before holds no longer. */
function noteChange(definition: Readonly<Row>, group: StaticGroup, context: ServiceContext): void {
	group.paged = undefined;
	stateOf(definition, context.store).revision++;
}
