/** Changing a real-time segment: its texts, its query, its groups. */

import type { DataverseClient } from '../../../dataverse/client';
import { DataverseError, invalidInput } from '../../../dataverse/errors/errors';
import { ownString, ownValue } from '../../../dataverse/http/json';
import { parseGuid } from '../../../dataverse/text/guid';
import { nameKey, ownId } from '../../../dataverse/text/ownId';
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
	const warnings = [...(await checkQueryLength(client, update.query))];
	if (changesDefinition || hasGroups) requireEditableDefinition(own, 'The definition');
	try {
		if (hasGroups) {
			const edits = (update.groups ?? []).map((edit) => prepared(edit, own, warnings));
			await changeGroups(client, finder, own, (groups) => edited(groups, edits), rows.definition);
		} else if (changesDefinition) {
			await client.updateRow(DEFINITION_SET, own.definitionId, rows.definition, { ifMatch: '*' });
		}
		if (Object.keys(rows.segment).length > 0) {
			await client.updateRow(SEGMENT_SET, own.id, rows.segment, { ifMatch: '*' });
		}
	} catch (error) {
		throw explainByStatus(error, own);
	}
	return [...new Set(warnings)];
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

/**
 * The environment has no column for groups: it is older than October 2025 and keeps members in other columns, which are not
 * written. Assumption: realTimeStaticColumns
 */
export function withoutGroups(segmentName: string): DataverseError {
	return invalidInput(
		`Segment "${segmentName}" cannot get groups: this environment keeps static members in an older form (msdynmkt_staticlistmembers is missing).`,
		'Update Customer Insights - Journeys in this environment, or change the members in the app.',
	);
}

/** The static groups of a definition row. */
export function groupsOf(definition: EntityRow): readonly StaticGroup[] {
	return parseGroups(ownValue(definition, 'msdynmkt_staticlistmembers'));
}

/** Makes one edit; called again with the groups as they are then when somebody else changed the row in between. */
type PreparedEdit = (groups: readonly StaticGroup[]) => readonly StaticGroup[];

function prepared(edit: GroupEdit, segment: OwnSegment, warnings: string[]): PreparedEdit {
	switch (edit.kind) {
		case 'add':
			return adding(edit.group, segment);
		case 'remove':
			return removing(edit.group, segment, warnings);
		case 'change':
			return (groups) => changed(groups, edit, segment.name);
	}
}

/** The id follows from the name, so that an update that was cut off and is run again finds the group that it has added. */
function adding(group: NewGroup, { definitionId }: OwnSegment): PreparedEdit {
	const fresh = newGroup(group);
	const own = { ...fresh, id: group.id ?? ownId('segmentGroup', definitionId, nameKey(group.name)) };
	return (groups) => {
		const namesake = groups.find(({ id }) => id === own.id);
		if (namesake === undefined) return groups.some(({ id }) => id === fresh.id) ? groups : [...groups, own];
		if (nameKey(namesake.name) === nameKey(own.name)) return groups;
		// It was renamed since; this is another group.
		return groups.some(({ id }) => id === fresh.id) ? groups : [...groups, fresh];
	};
}

/** A group that is gone is what was wanted: an earlier run whose answer got lost has removed it. That it is gone is said. */
function removing(group: GroupChoice, segment: OwnSegment, warnings: string[]): PreparedEdit {
	let removed: string | undefined;
	return (groups) => {
		if (removed === undefined && !isThere(groups, group)) {
			const wanted = 'id' in group ? group.id : group.name;
			const names = groups.map(({ id, name }) => `"${name}" (${id})`).join(', ');
			warnings.push(
				`Segment "${segment.name}" has no group "${wanted.slice(0, 100)}", so there was nothing to remove. Its groups: ${names === '' ? 'none' : names}.`,
			);
			return groups;
		}
		removed ??= chooseGroup(groups, group, segment.name).id;
		return groups.filter(({ id }) => id !== removed);
	};
}

function isThere(groups: readonly StaticGroup[], choice: GroupChoice): boolean {
	return groups.some(({ id, name }) =>
		'id' in choice ? id === parseGuid(choice.id) : nameKey(name) === nameKey(choice.name),
	);
}

function edited(groups: readonly StaticGroup[], edits: readonly PreparedEdit[]): readonly StaticGroup[] {
	return edits.reduce((current, edit) => edit(current), groups);
}

type GroupChange = Extract<GroupEdit, { kind: 'change' }>;

function changed(
	groups: readonly StaticGroup[],
	edit: GroupChange,
	segmentName: string,
): readonly StaticGroup[] {
	if (edit.name?.trim() === '') throw invalidInput('A group has no name.', 'Fill in the new name.');
	const chosen = renamedBefore(groups, edit) ?? chooseGroup(groups, edit.group, segmentName);
	const after = {
		...chosen,
		name: edit.name?.trim() ?? chosen.name,
		includeType: edit.includeType ?? chosen.includeType,
	};
	return groups.map((group) => (group.id === chosen.id ? after : group));
}

/** An update that was cut off after its first request has renamed the group already, and is to be finished. */
function renamedBefore(
	groups: readonly StaticGroup[],
	{ group, name }: GroupChange,
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
			'The environment returned no version (ETag) of the segment definition, so its groups were not changed.',
		remedy: 'Change the groups in the app: without a version, changes made by others could be lost.',
	});
}

function definitionGone(segment: RealTimeSegment): DataverseError {
	return new DataverseError({
		kind: 'notFound',
		message: `The definition of segment "${segment.name}" was deleted in the meantime.`,
		remedy: 'Delete the segment and create it again.',
	});
}
