/**
 * The groups of chosen people in a segment: `msdynmkt_staticlistmembers`, JSON in a text column. Read tolerantly, written
 * strictly; a property that the service put there and nobody documents is kept. ("Segment API", 2025-10-07 and later.)
 */

import { DataverseError, invalidInput } from '../../../dataverse/errors/errors';
import { newGuid, parseGuid } from '../../../dataverse/text/guid';
import { isJsonObject, parseJson, type JsonObject } from '../../../dataverse/http/json';
import { GROUP_LIMIT } from '../rows/optionSets';
import { valueInAnyCase } from '../api/replies';

export type IncludeType = 'Exclude' | 'Include';

export interface StaticGroup {
	/** Lower-case GUID, unique within the segment. */
	readonly id: string;
	readonly name: string;
	/** Exclusion beats inclusion. */
	readonly includeType: IncludeType;
	/** The entry as read, undocumented properties included; absent for a group that is not written yet. */
	readonly raw?: JsonObject;
}

export interface NewGroup {
	/** Made here when absent. */
	readonly id?: string;
	readonly name: string;
	readonly includeType?: IncludeType;
}

/** A group that is named by its id, or by its display name (case does not matter). */
export type GroupChoice = { readonly id: string } | { readonly name: string };

/**
 * Reads the column. Accepts the array or one group on its own, either as JSON text or parsed, and keys in any case.
 * @throws DataverseError `unexpectedReply` for a text that is no such list: writing over it would lose groups.
 */
export function parseGroups(column: unknown): readonly StaticGroup[] {
	if (column === undefined || column === null || column === '') return [];
	let value = typeof column === 'string' ? parseJson(column) : column;
	if (typeof value === 'string') value = parseJson(value);
	if (value === null) return [];
	const entries = Array.isArray(value) ? (value as readonly unknown[]) : [value];
	return entries.map((entry) => readGroup(entry));
}

function readGroup(entry: unknown): StaticGroup {
	const id = parseGuid(text(entry, 'groupId') ?? text(entry, 'id') ?? '');
	if (!isJsonObject(entry) || id === undefined) {
		throw new DataverseError({
			kind: 'unexpectedReply',
			message: 'The groups of the segment are kept in a form that is not documented.',
			remedy:
				'Read msdynmkt_staticlistmembers of the segment definition, and change the groups in the app; nothing was changed here.',
		});
	}
	const includeType = /^exclu/i.test(text(entry, 'includeType') ?? '') ? 'Exclude' : 'Include';
	return { id, name: text(entry, 'name') ?? '', includeType, raw: entry };
}

function text(entry: unknown, key: string): string | undefined {
	const value = valueInAnyCase(entry, key);
	return typeof value === 'string' ? value : undefined;
}

/** The text for the column: the documented keys, and what else an entry had. */
export function printGroups(groups: readonly StaticGroup[]): string {
	checkGroups(groups);
	const documented = new Set(['groupid', 'includetype', 'name']);
	return JSON.stringify(
		groups.map(({ id, includeType, name, raw }) => {
			const others = Object.entries(raw ?? {}).filter(([key]) => !documented.has(key.toLowerCase()));
			return { groupId: id, includeType, name, inputType: 'manualSelect', ...Object.fromEntries(others) };
		}),
	);
}

/** @throws DataverseError `invalidInput` for more than ten groups, a repeated id or name, or an empty name. */
export function checkGroups(groups: readonly StaticGroup[]): void {
	if (groups.length > GROUP_LIMIT) {
		throw invalidInput(
			`A segment can have ${GROUP_LIMIT} groups (include and exclude groups together), but this one would have ${groups.length}.`,
			'Use fewer groups: one holds up to 200,000 people. Put more people into a second segment.',
		);
	}
	const ids = new Set<string>();
	for (const { id, name, raw } of groups) {
		if (ids.has(id)) {
			throw invalidInput(`The group ID ${id} occurs twice.`, 'Give each group its own ID, or none.');
		}
		ids.add(id);
		// A nameless group that the service made is left as it is.
		if (name.trim() === '' && raw === undefined) {
			throw invalidInput('A group has no name.', 'Fill in the name of every group.');
		}
	}
}

/** Makes a group that can be written. @throws DataverseError `invalidInput` for an id that is none. */
export function newGroup(group: NewGroup): StaticGroup {
	const id = group.id === undefined ? newGuid() : parseGuid(group.id);
	if (id === undefined) {
		throw invalidInput(`"${group.name}" has a group ID that is not a GUID.`, 'Leave the group ID empty.');
	}
	return { id, name: group.name.trim(), includeType: group.includeType ?? 'Include' };
}

/** A name like `Members 3` that no group has. */
export function freeGroupName(groups: readonly StaticGroup[]): string {
	const used = new Set(groups.map(({ name }) => name.trim().toLowerCase()));
	let number = groups.length + 1;
	while (used.has(`members ${number}`)) number += 1;
	return `Members ${number}`;
}

/** @throws DataverseError `invalidInput` that names the groups there are, for one that is not there or fits twice. */
export function chooseGroup(
	groups: readonly StaticGroup[],
	choice: GroupChoice,
	segmentName: string,
): StaticGroup {
	const wanted = 'id' in choice ? choice.id : choice.name;
	const id = 'id' in choice ? parseGuid(choice.id) : undefined;
	const found = groups.filter((group) =>
		'id' in choice ? group.id === id : group.name.trim().toLowerCase() === choice.name.trim().toLowerCase(),
	);
	const [group] = found;
	if (group !== undefined && found.length === 1) return group;
	const names = groups.map(({ name, id: groupId }) => `"${name}" (${groupId})`).join(', ');
	throw invalidInput(
		found.length > 1
			? `${found.length} groups of segment "${segmentName}" are called "${wanted.slice(0, 100)}".`
			: `Segment "${segmentName}" has no group "${wanted.slice(0, 100)}".`,
		groups.length === 0
			? 'It has no groups at all. Add one with Update, or let the group be chosen automatically.'
			: `Choose one of its groups: ${names}.`,
	);
}
