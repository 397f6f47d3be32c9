/** Changing a real-time segment: its texts, its query, its groups. */

import type { DataverseClient } from '../../../dataverse/client';
import { DataverseError, invalidInput } from '../../../dataverse/errors/errors';
import { ownString, ownValue } from '../../../dataverse/http/json';
import type { EntityRow } from '../../../dataverse/types';
import { fieldsToRows, checkQueryLength, type RealTimeFields } from '../rows/fields';
import type { SegmentFinder } from '../rows/find';
import {
	chooseGroup,
	newGroup,
	parseGroups,
	printGroups,
	type GroupChoice,
	type IncludeType,
	type NewGroup,
	type StaticGroup,
} from '../members/groups';
import { explainByStatus, requireEditableDefinition, requireOwn, type OwnSegment } from './guards';
import { DEFINITION_SET, SEGMENT_SET } from '../rows/optionSets';
import type { RealTimeSegment } from '../rows/row';

/** Others may change the row as often as this between our reading and writing before we give up. */
const MOST_MERGES = 8;

export type GroupEdit =
	| { readonly kind: 'add'; readonly group: NewGroup }
	| { readonly kind: 'remove'; readonly group: GroupChoice }
	| {
			readonly kind: 'change';
			readonly group: GroupChoice;
			readonly name?: string;
			readonly includeType?: IncludeType;
	  };

export interface RealTimeUpdate extends RealTimeFields {
	/** Done in this order. Removing a group takes its people out of the segment. */
	readonly groups?: readonly GroupEdit[];
}

/**
 * Writes the given fields; `If-Match` keeps a wrong id from creating rows. The definition goes first: what the service
 * refuses is refused before anything is changed.
 * @returns warnings
 */
export async function updateRealTime(
	client: DataverseClient,
	finder: SegmentFinder,
	segment: RealTimeSegment,
	update: RealTimeUpdate,
): Promise<readonly string[]> {
	const own = requireOwn(segment);
	const rows = fieldsToRows(update);
	const hasGroups = (update.groups?.length ?? 0) > 0;
	const changesDefinition = Object.keys(rows.definition).length > 0;
	if (!hasGroups && !changesDefinition && Object.keys(rows.segment).length === 0) {
		throw invalidInput('There is nothing to update.', 'Add at least one field under Update Fields.');
	}
	requireSomeDefinition(own, update);
	const warnings = await checkQueryLength(client, update.query);
	if (changesDefinition || hasGroups) requireEditableDefinition(own, 'The definition');
	try {
		if (hasGroups) {
			// Ids of new groups are made once, so that a second try after a conflict finds its own group again.
			const edits = (update.groups ?? []).map(prepared);
			await changeGroups(client, finder, own, (groups) => edited(groups, edits, own.name), rows.definition);
		} else if (changesDefinition) {
			await client.updateRow(DEFINITION_SET, own.definitionId, rows.definition, { ifMatch: '*' });
		}
		if (Object.keys(rows.segment).length > 0) {
			await client.updateRow(SEGMENT_SET, own.id, rows.segment, { ifMatch: '*' });
		}
	} catch (error) {
		throw explainByStatus(error, own);
	}
	return warnings;
}

/** An empty query is right for a segment of groups, and leaves any other without anybody. */
function requireSomeDefinition(segment: OwnSegment, { groups = [], query }: RealTimeUpdate): void {
	if (query === undefined || query.trim() !== '') return;
	if (groupsOf(segment.definition).length > 0 || groups.some(({ kind }) => kind === 'add')) return;
	throw invalidInput(
		`Segment "${segment.name}" has no groups and needs a query.`,
		'Fill in Query, or leave it out of Update Fields.',
	);
}

/**
 * Changes the list of groups under the ETag of the definition's row. When somebody else changed the row in the meantime,
 * it is read again and the change is made to what is there now.
 * @param change called once per try; returns the groups that should be there
 * @param others further columns of the definition, written in the same request
 * @returns the groups as they are then
 */
export async function changeGroups(
	client: DataverseClient,
	finder: SegmentFinder,
	segment: OwnSegment,
	change: (groups: readonly StaticGroup[]) => readonly StaticGroup[],
	others: EntityRow = {},
): Promise<readonly StaticGroup[]> {
	for (let merges = 0; ; merges += 1) {
		const row = await finder.definitionRow(segment.definitionId);
		if (row === undefined) throw definitionGone(segment);
		if (!Object.hasOwn(row, 'msdynmkt_staticlistmembers')) throw withoutGroups(segment.name);
		const before = groupsOf(row);
		const after = change(before);
		const text = printGroups(after);
		if (text === printGroups(before) && Object.keys(others).length === 0) return before;
		try {
			await client.updateRow(
				DEFINITION_SET,
				segment.definitionId,
				{ ...others, msdynmkt_staticlistmembers: text },
				{ ifMatch: etagOf(row) },
			);
			return after;
		} catch (error) {
			if (!(error instanceof DataverseError) || error.status !== 412 || merges >= MOST_MERGES) throw error;
		}
	}
}

/** The environment has no column for groups: it is older than October 2025 and keeps members in other columns. */
export function withoutGroups(segmentName: string): DataverseError {
	return invalidInput(
		`Segment "${segmentName}" cannot get groups: this environment keeps static members in an older form (msdynmkt_staticlistmembers is missing).`,
		'Update Customer Insights - Journeys in this environment, or change the members in the app.',
	);
}

export function groupsOf(definition: EntityRow): readonly StaticGroup[] {
	return parseGroups(ownValue(definition, 'msdynmkt_staticlistmembers'));
}

type PreparedEdit =
	Exclude<GroupEdit, { kind: 'add' }> | { readonly kind: 'add'; readonly group: StaticGroup };

function prepared(edit: GroupEdit): PreparedEdit {
	return edit.kind === 'add' ? { kind: 'add', group: newGroup(edit.group) } : edit;
}

function edited(
	groups: readonly StaticGroup[],
	edits: readonly PreparedEdit[],
	segmentName: string,
): readonly StaticGroup[] {
	let current = groups;
	for (const edit of edits) current = applied(current, edit, segmentName);
	return current;
}

function applied(
	groups: readonly StaticGroup[],
	edit: PreparedEdit,
	segmentName: string,
): readonly StaticGroup[] {
	switch (edit.kind) {
		case 'add':
			return groups.some(({ id }) => id === edit.group.id) ? groups : [...groups, edit.group];
		case 'remove': {
			const { id } = chooseGroup(groups, edit.group, segmentName);
			return groups.filter((group) => group.id !== id);
		}
		case 'change': {
			if (edit.name?.trim() === '') throw invalidInput('A group has no name.', 'Fill in the new name.');
			const chosen = renamedBefore(groups, edit) ?? chooseGroup(groups, edit.group, segmentName);
			const changed = {
				...chosen,
				name: edit.name?.trim() ?? chosen.name,
				includeType: edit.includeType ?? chosen.includeType,
			};
			return groups.map((group) => (group.id === chosen.id ? changed : group));
		}
	}
}

/** An update that was cut off after its first request has renamed the group already, and is to be finished. */
function renamedBefore(
	groups: readonly StaticGroup[],
	{ group, name }: Extract<GroupEdit, { kind: 'change' }>,
): StaticGroup | undefined {
	if (name === undefined || 'id' in group) return undefined;
	const called = (wanted: string) =>
		groups.filter((each) => each.name.trim().toLowerCase() === wanted.trim().toLowerCase());
	const renamed = called(name);
	return called(group.name).length === 0 && renamed.length === 1 ? renamed[0] : undefined;
}

function etagOf(row: EntityRow): string {
	const etag = ownString(row, '@odata.etag');
	if (etag !== undefined) return etag;
	throw new DataverseError({
		kind: 'unexpectedReply',
		message:
			'The environment gave no version (ETag) of the segment definition, so its groups were not changed.',
		remedy: 'Change the groups in the app: without a version, changes of others could be lost.',
	});
}

function definitionGone(segment: RealTimeSegment): DataverseError {
	return new DataverseError({
		kind: 'notFound',
		message: `The definition of segment "${segment.name}" was deleted in the meantime.`,
		remedy: 'Delete the segment and create it anew.',
	});
}
