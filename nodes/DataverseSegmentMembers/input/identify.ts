/** Who is meant by a value: parameters, and the settings they give to the reader. */

import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { invalidInput } from '../../../core/dataverse/errors/errors';
import type { ColumnGuard } from '../../../core/people/conditions';
import type { Identify, ReadPeopleOptions } from '../../../core/people/readPeople';
import { listValues, readFlag, readText } from '../../shared/read';

export const identifyProperties: readonly INodeProperties[] = [
	{
		displayName: 'Identify By',
		name: 'identifyBy',
		type: 'options',
		default: 'id',
		options: [
			{
				name: 'Column',
				value: 'column',
				description: 'Any column of the contact or lead, for example a customer number',
			},
			{
				name: 'Email',
				value: 'email',
				description: 'The main e-mail address (emailaddress1); an ID among the addresses is read as an ID',
			},
			{ name: 'ID', value: 'id', description: 'The GUID of the contact or lead' },
		],
		description: 'What the values say about the people',
	},
	{
		displayName: 'Column Name',
		name: 'identifyColumn',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. employeeid',
		displayOptions: { show: { identifyBy: ['column'] } },
		description: 'Logical name of the column that holds the values',
	},
];

/** Entries of the collection Options that have to do with who is meant. */
export const identifyOptions: readonly INodeProperties[] = [
	{
		displayName: 'Block If Column Has Value',
		name: 'blockIf',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add condition',
		default: {},
		options: [
			{
				displayName: 'Conditions',
				name: 'conditions',
				values: [
					{
						displayName: 'Column Name',
						name: 'column',
						type: 'string',
						default: 'donotbulkemail',
						description: 'Logical name of a column of the contact or lead',
					},
					{
						displayName: 'Value',
						name: 'value',
						type: 'string',
						default: 'true',
						description: 'People with this value are not sent and counted as blocked',
					},
				],
			},
		],
		description: 'Conditions under which a person is left out and counted as blocked',
	},
	{
		displayName: 'Check That People Exist',
		name: 'checkExistence',
		type: 'boolean',
		default: false,
		description:
			'Whether to look IDs up first and count unknown ones as unmatched; the service ignores them in silence. Costs one request per 500 IDs, and a few more to recognise contacts among leads.',
	},
	{
		displayName: 'If Several Match',
		name: 'ifSeveralMatch',
		type: 'options',
		default: 'refuse',
		options: [
			{ name: 'All', value: 'all', description: 'Take every person with the value' },
			{ name: 'Newest', value: 'newest', description: 'Take the person created last' },
			{ name: 'Refuse', value: 'refuse', description: 'Take nobody and count the row as ambiguous' },
		],
		description: 'What to do with a row whose e-mail address or column value belongs to several people',
	},
	{
		displayName: 'Include Inactive People',
		name: 'includeInactive',
		type: 'boolean',
		default: false,
		description: 'Whether to take deactivated contacts and leads as well',
	},
	{
		displayName: 'Only These Business Units',
		name: 'businessUnits',
		type: 'string',
		default: '',
		placeholder: 'e.g. 0b4b85cc-7f6c-ea11-a811-000d3a54d359',
		description:
			'GUIDs of business units, separated by commas. People of others are blocked: one contact that the owner cannot reach can hang an outbound segment for good.',
	},
];

export function readIdentify(functions: IExecuteFunctions, itemIndex: number): Identify {
	const by = readText(functions, 'identifyBy', itemIndex, 'id');
	if (by === 'email') return { by };
	if (by !== 'column') return { by: 'id' };
	const column = readText(functions, 'identifyColumn', itemIndex).trim();
	if (column !== '') return { by, column };
	throw invalidInput('Column Name is empty.', 'Give the logical name of the column that holds the values.');
}

export function readIdentifyOptions(
	functions: IExecuteFunctions,
	itemIndex: number,
): Omit<ReadPeopleOptions, 'client' | 'mostPeople' | 'table'> {
	const several = readText(functions, 'options.ifSeveralMatch', itemIndex, 'refuse');
	const units = listValues(functions.getNodeParameter('options.businessUnits', itemIndex, '')).map(String);
	const columns = readConditions(functions, itemIndex);
	return {
		severalMatches: several === 'all' || several === 'newest' ? several : 'refuse',
		includeInactive: readFlag(functions, 'options.includeInactive', itemIndex, false),
		checkThatPeopleExist: readFlag(functions, 'options.checkExistence', itemIndex, false),
		guards: {
			...(units.length > 0 ? { businessUnits: units } : {}),
			...(columns.length > 0 ? { columns } : {}),
		},
	};
}

/** Whether the values have to be looked up; bare IDs are taken as they are. */
export function needsLookUp(functions: IExecuteFunctions, itemIndex: number): boolean {
	const { guards, checkThatPeopleExist } = readIdentifyOptions(functions, itemIndex);
	return (
		readIdentify(functions, itemIndex).by !== 'id' ||
		checkThatPeopleExist === true ||
		Object.keys(guards ?? {}).length > 0
	);
}

function readConditions(functions: IExecuteFunctions, itemIndex: number): readonly ColumnGuard[] {
	const stored = functions.getNodeParameter('options.blockIf.conditions', itemIndex, []) as unknown;
	if (!Array.isArray(stored)) return [];
	return stored.map((entry: { readonly column?: unknown; readonly value?: unknown }) => ({
		column: String(entry.column ?? '').trim(),
		is: entry.value === '' || entry.value === undefined ? null : String(entry.value as string),
	}));
}
