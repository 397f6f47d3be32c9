import { randomUUID } from 'node:crypto';
import type { SegmentModule, ServiceContext } from '../../contracts';
import { refusedByPlugin } from '../faults';
import { normaliseId } from '../ids';
import { realTimeAssumptions } from './assumptions';
import { realTimeDeclarations } from './declarations';
import { groupsOf } from './groups';
import { currentMembers, liveMembers, publishMembers } from './membership';
import { membersList, segmentStatusAction } from './membersList';
import { DEFINITION_TABLE, SEGMENT_TABLE } from './options';
import { publishSegmentDefinition } from './publish';
import { settle } from './settle';
import { executionTable, interactionTables } from './sideTables';
import { definitionId, groupState, queryOf, rowsById, segmentId, stateOf, type SegmentRows } from './state';
import { addStaticMembers, listGroupMembers, removeStaticMembers } from './staticMembers';
import { stopSegments } from './stop';
import { isLive } from './usage';
import { journeyTable, usageTable } from './usageTables';
import { defaultTables } from './variants';

/** The system of real-time journeys: two rows per segment and seven actions. What it remembers belongs to the store. */
export const realTimeModule: SegmentModule = {
	tables: [...defaultTables(), executionTable, journeyTable, usageTable, ...interactionTables],
	actions: {
		msdynmkt_AddStaticMembers: addStaticMembers,
		msdynmkt_RemoveStaticMembers: removeStaticMembers,
		msdynmkt_ListGroupMembers: listGroupMembers,
		msdynmkt_PublishSegmentDefinition: publishSegmentDefinition,
		msdynmkt_MembersList: membersList,
		msdynmkt_StopSegments: stopSegments,
		msdynmkt_SegmentStatus: segmentStatusAction,
	},
	assumptions: realTimeAssumptions,
	declarations: realTimeDeclarations,
	settle,
	members(id, context) {
		const rows = rowsById(id, context);
		return rows && [...(currentMembers(rows, context) ?? liveMembers(rows, context))];
	},
	setMembers(id, ids, context) {
		const rows = rowsById(id, context);
		if (rows === undefined) throw refusedByPlugin(`There is no real-time segment ${id}.`);
		const members = ids.map((member) => normaliseId(member) ?? member);
		if (queryOf(rows.definition) !== '') {
			takeOver(rows, new Set(members), context);
			return;
		}
		const filled = fillFirstGroup(rows, members, context);
		if (isLive(rows.segment)) takeOver(filled, undefined, context);
	},
};

/** A static segment keeps its members in its first include group, which is made when there is none. */
function fillFirstGroup(rows: SegmentRows, members: readonly string[], context: ServiceContext): SegmentRows {
	const groups = groupsOf(rows.definition);
	const known = groups.find(({ includeType }) => includeType === 'Include');
	const group = known ?? { groupId: randomUUID(), includeType: 'Include' as const, name: 'Members' };
	const text = JSON.stringify([...groups, group].map((each) => ({ ...each, inputType: 'manualSelect' })));
	const definition =
		known !== undefined
			? rows.definition
			: context.store
					.table(DEFINITION_TABLE)
					.patch(definitionId(rows.definition), { msdynmkt_staticlistmembers: text });
	const state = stateOf(definition, context.store);
	const { ids } = groupState(state, group.groupId);
	ids.clear();
	for (const id of members) ids.add(id);
	groupState(state, group.groupId).paged = undefined;
	state.revision++;
	return { ...rows, definition };
}

/** Counts as computed from now on. */
function takeOver(
	rows: SegmentRows,
	queried: ReadonlySet<string> | undefined,
	context: ServiceContext,
): void {
	const members = publishMembers(rows, queried, context);
	context.store.table(SEGMENT_TABLE).patch(segmentId(rows.segment), { msdynmkt_membercount: members.size });
}
