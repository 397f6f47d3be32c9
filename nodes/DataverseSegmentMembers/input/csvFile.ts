/** People From: CSV File. */

import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { DataverseError, invalidInput } from '../../../core/dataverse/errors/errors';
import { csvColumn, csvHeader, type FurtherColumns } from '../../../core/people/csv/csv';
import type { RowValue } from '../../../core/people/readPeople';
import { binaryStream } from '../../shared/binary';
import type { OperationContext } from '../../shared/operation';
import { readFlag, readOptionalText, readText } from '../../shared/read';
import type { PeopleFrom, PeopleSource, RowFields } from './peopleSource';

const properties: readonly INodeProperties[] = [
	{
		displayName: 'Input Binary Field',
		name: 'inputBinaryField',
		type: 'string',
		default: 'data',
		required: true,
		hint: 'The name of the input field that holds the file',
		description: 'Name of the binary field with the CSV file; delimiter and encoding are detected',
	},
	{
		displayName: 'CSV Column',
		name: 'csvColumn',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. Email',
		description: 'Column that contains what is chosen in Identify By: its name, or its number from 1',
	},
	{
		displayName: 'File Has Header',
		name: 'fileHasHeader',
		type: 'boolean',
		default: true,
		description:
			'Whether the first line of the file contains the names of the columns. If the column is given by its number, a first line that may be a person is also read as a row.',
	},
];

/** Each item has a file of its own, and says for itself where it is and which column is meant. */
export const csvFile: PeopleFrom = {
	value: 'csv',
	name: 'CSV File',
	description: 'One person per line of a CSV file in the binary data of the input',
	properties,
	source: csvSource,
};

function csvSource({ functions }: OperationContext, itemIndices: readonly number[]): PeopleSource {
	/** First row of each file, to find the item of a row again. */
	const starts: { readonly row: number; readonly item: number }[] = [];
	const cells = new RowCells();
	async function* rows(): AsyncGenerator<readonly RowValue[]> {
		let row = 0;
		for (const item of itemIndices) {
			starts.push({ row, item });
			try {
				const { bytes, column } = await fileOf(functions, item);
				for await (const batch of csvColumn(bytes, column, cells.wanted)) {
					row += batch.length;
					yield batch;
				}
			} catch (error) {
				throw itemIndices.length > 1 ? namingItem(error, item) : error;
			}
		}
	}
	return {
		rows: rows(),
		itemOfRow: (row) => starts.findLast((start) => start.row <= row)?.item ?? 0,
		field: readOptionalText(functions, 'csvColumn', itemIndices[0] ?? 0) ?? 'CSV Column',
		fields: async () => await namesInFiles(functions, itemIndices),
		keepFields: (names) => {
			cells.keep(names);
		},
		fieldOf: (row, field) => cells.of(row, field),
		rowsDone: (row) => {
			cells.drop(row);
		},
	};
}

/** Which of several files it is, as n8n names items in its own errors. */
function namingItem(error: unknown, item: number): unknown {
	if (!(error instanceof DataverseError) || error.kind === 'cancelled') return error;
	return new DataverseError({ ...error, message: `${error.message} [item ${item}]` });
}

async function fileOf(functions: IExecuteFunctions, item: number) {
	const field = readText(functions, 'inputBinaryField', item);
	const hasHeader = readFlag(functions, 'fileHasHeader', item);
	const column = columnOf(readOptionalText(functions, 'csvColumn', item), hasHeader);
	return { bytes: await binaryStream(functions, item, field), column: { ...column, hasHeader } };
}

/** Each file is opened once more for its first lines: what goes where is decided before the first row. */
async function namesInFiles(
	functions: IExecuteFunctions,
	itemIndices: readonly number[],
): Promise<RowFields> {
	const names = new Set<string>();
	const repeated = new Set<string>();
	for (const item of itemIndices) {
		const header = await headerOf(functions, item).catch((error: unknown) => {
			throw itemIndices.length > 1 ? namingItem(error, item) : error;
		});
		for (const [place, name] of header.entries()) {
			if (name !== '') names.add(name);
			if (header.indexOf(name) !== place) repeated.add(name);
		}
	}
	return { names, repeated };
}

async function headerOf(functions: IExecuteFunctions, item: number): Promise<readonly string[]> {
	const { bytes, column } = await fileOf(functions, item);
	return (await csvHeader(bytes, column)) ?? [];
}

/** The cells of further columns of the rows that wait for their people to be found. */
class RowCells {
	private names: readonly string[] = [];
	private rows: (readonly string[])[] = [];
	/** Number of the first row that is kept. */
	private first = 0;

	keep(names: readonly string[]): void {
		this.names = names;
	}

	/** Undefined where one column is enough. */
	get wanted(): FurtherColumns | undefined {
		if (this.names.length === 0) return undefined;
		return { names: this.names, onRow: (cells) => void this.rows.push(cells) };
	}

	of(row: number, name: string): string | undefined {
		return this.rows[row - this.first]?.[this.names.indexOf(name)];
	}

	drop(row: number): void {
		this.rows = this.rows.slice(row - this.first);
		this.first = row;
	}
}

/** A number means a column by its place, unless the file has a header that might be called that. */
function columnOf(column: string | undefined, hasHeader: boolean) {
	if (column === undefined) {
		throw invalidInput('CSV Column is empty.', 'Enter the name of the column, or its number from 1.');
	}
	const number = /^\d{1,4}$/.test(column) ? Number(column) : undefined;
	if (number !== undefined) return { number };
	if (hasHeader) return { name: column };
	throw invalidInput(
		`CSV Column is "${column}", but the file has no header to look it up in.`,
		'Enter the number of the column (from 1), or turn on File Has Header.',
	);
}
