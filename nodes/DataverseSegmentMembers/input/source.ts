/** Where the people of a run come from: parameters, and their values as one stream. */

import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { invalidInput } from '../../../core/dataverse/errors/errors';
import { csvColumn } from '../../../core/people/csv/csv';
import { valuesOfList } from '../../../core/people/listText';
import type { Identify, RowSource, RowValue } from '../../../core/people/readPeople';
import { binaryStream } from '../../shared/binary';
import { fieldReader } from '../../shared/fieldPath';
import { readFlag, readOptionalText, readText } from '../../shared/read';
import { identifyProperties, readIdentify } from './identify';

/** An expression that yields more values than this runs n8n out of memory; items and files do not. */
const LONGEST_LIST = 100_000;

type Labels = Readonly<Record<Identify['by'], string>>;

/** What a field is called depends on what its values say about the people. */
const FIELD: Labels = { id: 'ID Field', email: 'Email Field', column: 'Value Field' };
const LIST: Labels = { id: 'IDs', email: 'Email Addresses', column: 'Values' };
const FIELD_EXAMPLE: Labels = { id: 'contactid', email: 'emailaddress1', column: 'customerNumber' };
const LIST_EXAMPLE: Labels = {
	id: '1405f4ba-1ee9-e811-a99d-000d3a35f12f, 0604cdd1-1ee9-e811-a99d-000d3a35f12f',
	email: 'anna@contoso.com, ben@contoso.com',
	column: 'C-1001, C-1002',
};

const shown = (...from: string[]) => ({ show: { membersFrom: from } });

function labelled(property: INodeProperties, labels: Labels, examples: Labels): INodeProperties[] {
	return (['id', 'email', 'column'] as const).map((by) => ({
		...property,
		displayName: labels[by],
		placeholder: `e.g. ${examples[by]}`,
		displayOptions: { show: { ...property.displayOptions?.show, identifyBy: [by] } },
	}));
}

/** Where the people come from and who is meant by a value. */
export const peopleProperties: readonly INodeProperties[] = [
	{
		displayName: 'Members From',
		name: 'membersFrom',
		type: 'options',
		default: 'items',
		options: [
			{
				name: 'CSV File',
				value: 'csv',
				description: 'One person per line of a CSV file in the binary data of the input',
			},
			{ name: 'Input Items', value: 'items', description: 'One person per input item; any number of items' },
			{ name: 'List', value: 'list', description: 'One list of up to 100,000 people' },
		],
		description: 'Where the people come from',
	},
	...identifyProperties,
	...labelled(
		{
			displayName: FIELD.id,
			name: 'idField',
			type: 'string',
			default: 'id',
			required: true,
			requiresDataPath: 'single',
			displayOptions: shown('items'),
			description:
				'Name of the input field that holds what Identify By says, without {{ }}. Drag the field here from the input.',
		},
		FIELD,
		FIELD_EXAMPLE,
	),
	...labelled(
		{
			displayName: LIST.id,
			name: 'ids',
			type: 'string',
			typeOptions: { rows: 4 },
			default: '',
			required: true,
			displayOptions: shown('list'),
			description:
				'Separated by commas, semicolons or lines, IDs and addresses by spaces as well; or an expression that gives an array. For more than 100,000 use Input Items or a CSV file.',
		},
		LIST,
		LIST_EXAMPLE,
	),
	{
		displayName: 'Input Binary Field',
		name: 'binaryField',
		type: 'string',
		default: 'data',
		required: true,
		displayOptions: shown('csv'),
		hint: 'The name of the input field that holds the file',
		description: 'Name of the binary field with the CSV file; delimiter and encoding are found out',
	},
	{
		displayName: 'CSV Column',
		name: 'csvColumn',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. emailaddress1',
		displayOptions: shown('csv'),
		description: 'Name of the column that holds what Identify By says, or its number from 1',
	},
	{
		displayName: 'File Has Header',
		name: 'hasHeader',
		type: 'boolean',
		default: true,
		displayOptions: shown('csv'),
		description: 'Whether the first line of the file holds the names of the columns',
	},
];

export interface PeopleSource {
	readonly rows: RowSource;
	/** How many rows there are, where that is known before they are read. */
	readonly expectedRows?: number;
	/** Input item that a row (0-based) came from; valid for rows that have been read. */
	itemOfRow(row: number): number;
	/** How the input is named in messages. */
	readonly field: string;
}

/** The values of the given items. Field names and lists are evaluated once, never once per item. */
export function peopleSource(functions: IExecuteFunctions, itemIndices: readonly number[]): PeopleSource {
	const first = itemIndices[0] ?? 0;
	switch (readText(functions, 'membersFrom', first, 'items')) {
		case 'csv':
			return csvSource(functions, itemIndices);
		case 'list':
			return listSource(functions, itemIndices);
		default:
			return itemSource(functions, itemIndices);
	}
}

function itemSource(functions: IExecuteFunctions, itemIndices: readonly number[]): PeopleSource {
	const path = readText(functions, 'idField', itemIndices[0] ?? 0);
	if (path.trim() === '') {
		const { by } = readIdentify(functions, itemIndices[0] ?? 0);
		throw invalidInput(
			`${FIELD[by]} is empty.`,
			`Name the input field that holds it, for example ${FIELD_EXAMPLE[by]}.`,
		);
	}
	const items = functions.getInputData();
	const valueOf = fieldReader(path);
	return {
		rows: (function* () {
			for (const index of itemIndices) yield valueOf(items[index]?.json);
		})(),
		expectedRows: itemIndices.length,
		itemOfRow: (row) => itemIndices[row] ?? 0,
		field: path,
	};
}

function listSource(functions: IExecuteFunctions, itemIndices: readonly number[]): PeopleSource {
	const { by } = readIdentify(functions, itemIndices[0] ?? 0);
	const label = LIST[by];
	const indices = isExpression(functions, 'ids') ? itemIndices : itemIndices.slice(0, 1);
	const values: RowValue[] = [];
	const items: number[] = [];
	for (const index of indices) {
		for (const value of valuesOfList(functions.getNodeParameter('ids', index), by)) {
			values.push(value);
			items.push(index);
			if (values.length > LONGEST_LIST) throw listTooLong(label);
		}
	}
	if (values.length === 0) {
		throw invalidInput(
			`${label} is empty.`,
			'Give at least one person, or choose Input Items under Members From.',
		);
	}
	return { rows: values, expectedRows: values.length, itemOfRow: (row) => items[row] ?? 0, field: label };
}

function csvSource(functions: IExecuteFunctions, itemIndices: readonly number[]): PeopleSource {
	/** First row of each file, to find the item of a row again. */
	const starts: { readonly row: number; readonly item: number }[] = [];
	const column = readOptionalText(functions, 'csvColumn', itemIndices[0] ?? 0);
	async function* rows(): AsyncGenerator<readonly RowValue[]> {
		let row = 0;
		for (const item of itemIndices) {
			starts.push({ row, item });
			const field = readText(functions, 'binaryField', item, 'data');
			const bytes = await binaryStream(functions, item, field);
			const hasHeader = readFlag(functions, 'hasHeader', item, true);
			for await (const batch of csvColumn(bytes, { ...columnOf(column, hasHeader), hasHeader })) {
				row += batch.length;
				yield batch;
			}
		}
	}
	return {
		rows: rows(),
		itemOfRow: (row) => starts.findLast((start) => start.row <= row)?.item ?? 0,
		field: column ?? 'CSV Column',
	};
}

/** A number means a column by its place, unless the file has a header that might be called that. */
function columnOf(column: string | undefined, hasHeader: boolean) {
	if (column === undefined) {
		throw invalidInput('CSV Column is empty.', 'Give the name of the column, or its number from 1.');
	}
	const number = /^\d{1,4}$/.test(column) ? Number(column) : undefined;
	if (number !== undefined) return { number };
	if (hasHeader) return { name: column };
	throw invalidInput(
		`CSV Column is "${column}", but the file has no header to look it up in.`,
		'Give the number of the column from 1, or turn File Has Header on.',
	);
}

/** Whether the stored value of a parameter is an expression; a constant is read once, not once per item. */
function isExpression(functions: IExecuteFunctions, parameter: string): boolean {
	const raw = functions.getNode().parameters[parameter];
	return typeof raw === 'string' && raw.startsWith('=');
}

function listTooLong(label: string) {
	return invalidInput(
		`${label} holds more than ${LONGEST_LIST} values.`,
		'Choose Input Items under Members From and give one person per item, or a CSV file; neither has a limit.',
	);
}
