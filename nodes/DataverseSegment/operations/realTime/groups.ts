/** Groups of chosen people: the parameters that make and change them, and reading them. */

import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { invalidInput } from '../../../../core/dataverse/errors/errors';
import { parseGuid } from '../../../../core/dataverse/text/guid';
import { GROUP_LIMIT } from '../../../../core/segments/realTime';
import type { GroupChoice, GroupEdit, IncludeType, NewGroup } from '../../../../core/segments/realTime';
import { readEntries } from '../../../shared/read';

const groupName: INodeProperties = {
	displayName: 'Name',
	name: 'name',
	type: 'string',
	default: '',
	placeholder: 'e.g. From the trade fair',
	description: 'Name of the group',
};

const includeType: INodeProperties = {
	displayName: 'Include Type',
	name: 'includeType',
	type: 'options',
	default: 'Include',
	options: [
		{ name: 'Exclude', value: 'Exclude', description: 'Its people are kept out, whatever else puts them in' },
		{ name: 'Include', value: 'Include', description: 'Its people are in the segment' },
	],
	description: 'Whether the people of the group are in the segment or kept out of it',
};

const existing: INodeProperties = {
	displayName: 'Group',
	name: 'group',
	type: 'string',
	default: '',
	placeholder: 'e.g. Members 1',
	description: 'Name or ID of a group that the segment has',
};

/** Groups of a new segment. */
export const groupsField: INodeProperties = {
	displayName: 'Member Groups',
	name: 'groups',
	type: 'fixedCollection',
	typeOptions: {
		multipleValues: true,
		fixedCollection: { itemTitle: '={{ $collection.item.value.name }}' },
	},
	placeholder: 'Add Member Group',
	default: {},
	displayOptions: { show: { '/type': ['mixed', 'static'] } },
	description: `Groups of chosen people, at most ${GROUP_LIMIT}; without any, one group called "Members 1" is created`,
	options: [{ displayName: 'Group', name: 'group', values: [includeType, groupName] }],
};

/** Changes to the groups of a segment that exists. */
export const groupEditsField: INodeProperties = {
	displayName: 'Group Changes',
	name: 'groupChanges',
	type: 'fixedCollection',
	typeOptions: {
		multipleValues: true,
		fixedCollection: {
			itemTitle:
				'={{ $collection.item.value.name || $collection.item.value.newName || $collection.item.value.group }}',
		},
	},
	placeholder: 'Add Change',
	default: {},
	description:
		'Changes to the groups of chosen people: first those to existing groups, then removals, then new groups',
	options: [
		{ displayName: 'Add Group', name: 'add', values: [includeType, groupName] },
		{
			displayName: 'Change Group',
			name: 'change',
			values: [
				existing,
				{
					...includeType,
					displayName: 'New Include Type',
					name: 'newIncludeType',
					default: '',
					options: [...(includeType.options ?? []), { name: 'Unchanged', value: '' }],
				},
				{
					...groupName,
					displayName: 'New Name',
					name: 'newName',
					description: 'New name of the group; when empty, the name does not change',
				},
			],
		},
		{ displayName: 'Remove Group and Its People', name: 'remove', values: [existing] },
	],
};

/** The groups of a new static segment, in the order in which they stand in the sheet. */
export function readGroups(functions: IExecuteFunctions, itemIndex: number): readonly NewGroup[] {
	return readEntries(functions, 'options.groups', 'group', itemIndex).map(newGroup);
}

/** The changes in the order in which they are made: room is freed before it is needed. */
export function readGroupEdits(functions: IExecuteFunctions, itemIndex: number): readonly GroupEdit[] {
	const entries = (key: string) => readEntries(functions, 'groupChanges', key, itemIndex);
	return [
		...entries('change').map((entry): GroupEdit => ({
			kind: 'change',
			group: choice(entry.group),
			name: text(entry.newName) === '' ? undefined : text(entry.newName),
			includeType: text(entry.newIncludeType) === '' ? undefined : includeTypeOf(entry.newIncludeType),
		})),
		...entries('remove').map((entry): GroupEdit => ({ kind: 'remove', group: choice(entry.group) })),
		...entries('add').map((entry): GroupEdit => ({ kind: 'add', group: newGroup(entry) })),
	];
}

function newGroup(entry: Readonly<Record<string, unknown>>): NewGroup {
	const name = text(entry.name);
	if (name === '') throw invalidInput('A group has no name.', 'Fill in the name of every group.');
	return { name, includeType: includeTypeOf(entry.includeType) };
}

function choice(value: unknown): GroupChoice {
	const name = text(value);
	const id = parseGuid(name);
	if (name === '') throw invalidInput('No group is named.', 'Enter the name or the ID of the group.');
	return id === undefined ? { name } : { id };
}

function includeTypeOf(value: unknown): IncludeType {
	const word = text(value).toLowerCase();
	if (word === '' || word === 'include') return 'Include';
	if (word === 'exclude') return 'Exclude';
	throw invalidInput('Include Type has to be Include or Exclude.', 'Choose one of the two.');
}

function text(value: unknown): string {
	if (value === undefined || value === null) return '';
	if (typeof value === 'string' || typeof value === 'number') return String(value).trim();
	throw invalidInput('The name of a group is not a text.', 'Check the expression that gives it.');
}
