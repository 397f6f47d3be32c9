/** Where the people of a run come from: parameters, and their values as one stream. */

import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { invalidInput } from '../../../../core/dataverse/errors';
import { csvColumn } from '../../../../core/members/csv';
import type { RowSource, RowValue } from '../../../../core/members/rows';
import { binaryStream } from '../../../shared/binary';
import { valueAtPath } from '../../../shared/fieldPath';
import { listValues, readFlag, readOptionalText, readText } from '../../../shared/read';

/** An expression that yields more values than this runs n8n out of memory; items and files do not. */
const LONGEST_LIST = 100_000;

const shown = (...from: string[]) => ({ show: { membersFrom: from } });

export const sourceProperties: readonly INodeProperties[] = [
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
	{
		displayName: 'ID Field',
		name: 'idField',
		type: 'string',
		default: 'id',
		required: true,
		requiresDataPath: 'single',
		placeholder: 'e.g. contactid',
		displayOptions: shown('items'),
		description:
			'Name of the input field that holds the ID (or what Identify By says), without {{ }}. Drag the field here from the input.',
	},
	{
		displayName: 'IDs',
		name: 'ids',
		type: 'string',
		typeOptions: { rows: 3 },
		default: '',
		required: true,
		placeholder: 'e.g. 1405f4ba-1ee9-e811-a99d-000d3a35f12f, 0604cdd1-1ee9-e811-a99d-000d3a35f12f',
		displayOptions: shown('list'),
		description:
			'IDs (or what Identify By says), separated by commas, spaces or lines, or an expression that gives an array. For more than 100,000 use Input Items or a CSV file.',
	},
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
		description: 'Name of the column with the ID (or what Identify By says), or its number from 1',
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
	const path = readText(functions, 'idField', itemIndices[0] ?? 0).trim();
	if (path === '') {
		throw invalidInput(
			'ID Field is empty.',
			'Name the input field that holds the ID, for example contactid.',
		);
	}
	const items = functions.getInputData();
	return {
		rows: (function* () {
			for (const index of itemIndices) yield valueAtPath(items[index]?.json, path);
		})(),
		itemOfRow: (row) => itemIndices[row] ?? 0,
		field: path,
	};
}

function listSource(functions: IExecuteFunctions, itemIndices: readonly number[]): PeopleSource {
	const indices = isExpression(functions, 'ids') ? itemIndices : itemIndices.slice(0, 1);
	const values: RowValue[] = [];
	const items: number[] = [];
	for (const index of indices) {
		for (const value of listValues(functions.getNodeParameter('ids', index))) {
			values.push(value);
			items.push(index);
			if (values.length > LONGEST_LIST) throw listTooLong();
		}
	}
	if (values.length === 0) {
		throw invalidInput('IDs holds no ID.', 'Give at least one, or choose Input Items under Members From.');
	}
	return { rows: values, itemOfRow: (row) => items[row] ?? 0, field: 'IDs' };
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

function listTooLong() {
	return invalidInput(
		`IDs holds more than ${LONGEST_LIST} IDs.`,
		'Choose Input Items under Members From and give one person per item, or a CSV file; neither has a limit.',
	);
}
