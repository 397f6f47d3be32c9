/** People in an output: with ID, name, email address and the columns that were asked for, as fields or as lines of a file. */

import type { IBinaryData, IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { BYTE_ORDER_MARK, csvLine, spreadsheetLine } from '../../../core/accounting/exceptionsCsv';
import type { WhyUnread } from '../../../core/segments/types';

import { CHOOSE_SEVERAL, listFrom } from '../../shared/editorList';

/** Fields of the output, each with the column that it comes from. */
export type Columns = ReadonlyMap<string, string>;

/** Logical names of the columns to read, by the names that they have in the output. */
export function columnsToRead(isSimple: boolean, more: readonly string[]): Columns {
	const usual: readonly (readonly [string, string])[] = [
		['fullName', 'fullname'],
		['email', 'emailaddress1'],
	];
	return new Map([...(isSimple ? usual : []), ...more.map((name) => [name, name] as const)]);
}

export const columns: INodeProperties = {
	displayName: 'Columns',
	name: 'columns',
	type: 'multiOptions',
	typeOptions: listFrom('getPeopleColumns', 'segment.value'),
	default: [],
	description: `Further columns of the people to return. ${CHOOSE_SEVERAL}.`,
};

export const safeForSpreadsheets: INodeProperties = {
	displayName: 'Safe for Spreadsheets',
	name: 'safeForSpreadsheets',
	type: 'boolean',
	default: true,
	description:
		'Whether the CSV file is for a spreadsheet: values that would run as a formula get an apostrophe in front, and the file a byte order mark. Leave it off when a program reads the file.',
};

/**
 * The fields of somebody, in the order of the columns; null for what is empty or may not be read.
 * @param unread why the columns are not known, where they are not
 */
export function member(
	id: string,
	row: Readonly<Record<string, unknown>>,
	names: Columns,
	unread?: WhyUnread,
): IDataObject {
	const json: IDataObject = { id };
	for (const [name, column] of names)
		json[name] = (valueOfColumn(row, column) as IDataObject | undefined) ?? null;
	if (unread !== undefined) json.notRead = unread;
	return json;
}

/**
 * The value of a column. A lookup column stands under `_name_value` in what the Web API returns, and under its own name in
 * what an action may return; it is found under either, whichever of the two was asked for.
 */
export function valueOfColumn(row: Readonly<Record<string, unknown>>, column: string): unknown {
	if (Object.hasOwn(row, column)) return row[column];
	const other = /^_(.+)_value$/i.exec(column)?.[1] ?? `_${column}_value`;
	return Object.hasOwn(row, other) ? row[other] : undefined;
}

const LINES_PER_PART = 5_000;

/** A CSV file that is written line by line. */
export class CsvWriter {
	private readonly parts: Buffer[] = [];
	private readonly lineOf: (values: readonly unknown[]) => string;
	private text: string;
	private lines = 1;

	/** @param isForSpreadsheet see the option Safe for Spreadsheets */
	constructor(header: readonly string[], isForSpreadsheet: boolean) {
		this.lineOf = isForSpreadsheet ? spreadsheetLine : csvLine;
		this.text = (isForSpreadsheet ? BYTE_ORDER_MARK : '') + this.lineOf(header);
	}

	/** Adds a line. @param values in the order of the header */
	write(values: readonly unknown[]): void {
		this.text += this.lineOf(values);
		this.lines += 1;
		if (this.lines >= LINES_PER_PART) this.flush();
	}

	/** The whole as binary data of an item. */
	async toBinary({ helpers }: Pick<IExecuteFunctions, 'helpers'>, name: string): Promise<IBinaryData> {
		this.flush();
		return await helpers.prepareBinaryData(Buffer.concat(this.parts), name, 'text/csv');
	}

	private flush(): void {
		this.parts.push(Buffer.from(this.text, 'utf8'));
		this.text = '';
		this.lines = 0;
	}
}
