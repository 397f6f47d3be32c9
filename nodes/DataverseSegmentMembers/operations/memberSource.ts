/** Where the members of a run come from: parameters, and reading them into a roster per segment. */

import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { invalidInput } from '../../../core/dataverse/errors';
import { Roster } from '../../../core/members/roster';
import type { Reason } from '../../../core/members/roster';
import { valueAtPath } from '../../shared/fieldPath';
import { listValues } from '../../shared/read';

/** An expression that yields more ids than this runs n8n out of memory; items and files do not. */
const LONGEST_LIST = 100_000;

export const memberSourceProperties: readonly INodeProperties[] = [
	{
		displayName: 'Members From',
		name: 'membersFrom',
		type: 'options',
		default: 'items',
		options: [
			{
				name: 'Input Items',
				value: 'items',
				description: 'One person per input item; any number of items',
			},
			{ name: 'List', value: 'list', description: 'One list of up to 100,000 IDs' },
		],
		description: 'Where the people come from',
	},
	{
		displayName: 'ID Field',
		name: 'idField',
		type: 'string',
		default: 'id',
		required: true,
		requiresDataPath: 'single',
		placeholder: 'e.g. contactid',
		displayOptions: { show: { membersFrom: ['items'] } },
		description:
			'Name of the input field that holds the ID of the contact, without {{ }}. Drag the field here from the input.',
	},
	{
		displayName: 'IDs',
		name: 'ids',
		type: 'string',
		typeOptions: { rows: 3 },
		default: '',
		required: true,
		placeholder: 'e.g. 1405f4ba-1ee9-e811-a99d-000d3a35f12f, 0604cdd1-1ee9-e811-a99d-000d3a35f12f',
		displayOptions: { show: { membersFrom: ['list'] } },
		description:
			'IDs of contacts, separated by commas, spaces or lines, or an expression that gives an array. For more than 100,000 use Input Items.',
	},
];

/** A roster, and which input item each of its rows came from. */
export interface SourcedRoster {
	readonly roster: Roster;
	/** Item index of each row; for a list all rows come from the same item. */
	readonly itemOfRow: (row: number) => number;
}

/**
 * Reads the people of the given items. The field name is read once and looked up in each item's JSON: an expression
 * per item would cost two hundred microseconds each.
 */
export function readMembers(functions: IExecuteFunctions, itemIndices: readonly number[]): SourcedRoster {
	const first = itemIndices[0] ?? 0;
	const source = functions.getNodeParameter('membersFrom', first, 'items') as string;
	return source === 'list' ? readList(functions, itemIndices) : readItems(functions, itemIndices);
}

function readItems(functions: IExecuteFunctions, itemIndices: readonly number[]): SourcedRoster {
	const path = String(functions.getNodeParameter('idField', itemIndices[0] ?? 0)).trim();
	if (path === '') {
		throw invalidInput(
			'ID Field is empty.',
			'Name the input field that holds the ID, for example contactid.',
		);
	}
	const items = functions.getInputData();
	const roster = new Roster();
	for (const index of itemIndices) {
		const value = valueAtPath(items[index]?.json, path);
		if (Array.isArray(value)) roster.addOddRow('invalid', listInField(path));
		else roster.addId(value);
	}
	if (itemIndices.length > 0 && roster.people.length === 0) throw noIds(roster, path);
	return { roster, itemOfRow: (row) => itemIndices[row] ?? 0 };
}

function readList(functions: IExecuteFunctions, itemIndices: readonly number[]): SourcedRoster {
	const roster = new Roster();
	const itemOfRow: number[] = [];
	const indices = hasExpression(functions, 'ids') ? itemIndices : itemIndices.slice(0, 1);
	for (const index of indices) {
		for (const value of listValues(functions.getNodeParameter('ids', index))) {
			roster.addId(value);
			itemOfRow.push(index);
			if (roster.rows > LONGEST_LIST) throw listTooLong();
		}
	}
	if (roster.rows === 0) {
		throw invalidInput('IDs holds no ID.', 'Give at least one ID, or choose Input Items under Members From.');
	}
	if (roster.people.length === 0) throw noIds(roster, 'IDs');
	return { roster, itemOfRow: (row) => itemOfRow[row] ?? 0 };
}

/** Whether the stored value of a parameter is an expression; a constant is read once, not once per item. */
function hasExpression(functions: IExecuteFunctions, parameter: string): boolean {
	const raw = functions.getNode().parameters[parameter];
	return typeof raw === 'string' && raw.startsWith('=');
}

function listTooLong() {
	return invalidInput(
		`IDs holds more than ${LONGEST_LIST} IDs.`,
		'Choose Input Items under Members From and give one person per item; there is no limit on items.',
	);
}

function listInField(path: string): Reason {
	return {
		code: 'listInField',
		reason: `The field "${path}" holds a list instead of one ID.`,
		remedy: 'Split the list into items (Split Out node), or choose List under Members From.',
	};
}

function noIds(roster: Roster, where: string) {
	return invalidInput(
		`None of the ${roster.rows} rows holds an ID in "${where}".`,
		'Check the field name and that it holds the GUID of a contact, like 1405f4ba-1ee9-e811-a99d-000d3a35f12f.',
	);
}
