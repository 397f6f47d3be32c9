/** One column of a CSV file, as a stream: whoever reads it holds a few thousand lines at a time, whatever its length. */

import { invalidInput, type DataverseError } from '../../dataverse/errors/errors';
import { findDialect } from './csvDialect';
import { CsvParser } from './csvParser';
import { decodeText } from './csvText';

export interface CsvColumn {
	/** The column by its name in the first line (blanks around it and, where that is clear, case do not count) … */
	readonly name?: string;
	/** … or by its number, from 1. */
	readonly number?: number;
	/** Whether the first line names the columns; always so for a column by name. */
	readonly hasHeader: boolean;
	/** One character; found out when absent. */
	readonly delimiter?: string;
}

/** Text to find the delimiter in. */
const SAMPLE_LENGTH = 65_536;
const COLUMNS_SHOWN = 30;
const NAME_SHOWN = 40;

/**
 * The values of one column in batches, in the order of the lines; '' where a line is too short. Lines without a single
 * character are no rows. Delimiter (comma, semicolon, tab, bar) and encoding are found out.
 * @throws DataverseError `invalidInput`: an empty file, no such column (with the columns there are), an open quote (with
 * its line), a file that is no text.
 */
export async function* csvColumn(
	bytes: AsyncIterable<Uint8Array>,
	column: CsvColumn,
): AsyncGenerator<readonly string[]> {
	const reader = new ColumnReader(column);
	let parser: CsvParser | undefined;
	let sample = '';
	const begin = (): CsvParser => {
		const { delimiter, skip } = findDialect(sample, column.name);
		const begun = new CsvParser(checkedDelimiter(column.delimiter) ?? delimiter, reader);
		begun.push(sample.slice(skip));
		return begun;
	};
	for await (const text of decodeText(bytes)) {
		if (parser === undefined) {
			sample += text;
			if (sample.length < SAMPLE_LENGTH) continue;
			parser = begin();
		} else parser.push(text);
		const batch = reader.takeBatch();
		if (batch.length > 0) yield batch;
	}
	parser ??= begin();
	parser.end();
	reader.end();
	const rest = reader.takeBatch();
	if (rest.length > 0) yield rest;
}

/** Takes the fields of the header, then those of the one column. */
class ColumnReader {
	private batch: string[] = [];
	private readonly header: string[] = [];
	private inHeader: boolean;
	private wanted: number;
	private value = '';
	private records = 0;

	/** @throws DataverseError `invalidInput` when the column is neither named nor numbered. */
	constructor(private readonly column: CsvColumn) {
		const { name, number } = column;
		const isNumber = number !== undefined && Number.isInteger(number) && number >= 1;
		if (name === undefined ? !isNumber : name.trim() === '') {
			throw invalidInput('No column of the file is chosen.', 'Give its name, or its number from 1.');
		}
		this.inHeader = name !== undefined || column.hasHeader;
		this.wanted = name === undefined && number !== undefined ? number - 1 : -1;
	}

	wants(index: number): boolean {
		return this.inHeader || index === this.wanted;
	}

	field(index: number, text: string): void {
		if (this.inHeader) this.header.push(text);
		else if (index === this.wanted) this.value = text;
	}

	record(fields: number): void {
		this.records += 1;
		if (this.inHeader) {
			this.inHeader = false;
			this.wanted = this.findColumn(fields);
			return;
		}
		if (this.records === 1 && this.wanted >= fields) throw noSuchNumber(this.wanted + 1, fields);
		this.batch.push(ownCopy(this.value));
		this.value = '';
	}

	takeBatch(): readonly string[] {
		const { batch } = this;
		this.batch = [];
		return batch;
	}

	/** @throws DataverseError `invalidInput` when there was not a single line. */
	end(): void {
		if (this.records > 0) return;
		throw invalidInput('The file is empty.', 'Check the node that makes the file.');
	}

	private findColumn(fields: number): number {
		const { name } = this.column;
		if (name === undefined) {
			if (this.wanted >= fields) throw noSuchNumber(this.wanted + 1, fields);
			return this.wanted;
		}
		const names = this.header.map((field) => field.trim());
		const exact = names.indexOf(name.trim());
		if (exact !== -1) return exact;
		const alike = names.flatMap((field, index) =>
			field.toLowerCase() === name.trim().toLowerCase() ? [index] : [],
		);
		const [only] = alike;
		if (only !== undefined && alike.length === 1) return only;
		throw noSuchColumn(name.trim(), names);
	}
}

/** Cut-out text keeps all of the text it was cut from in memory; a copy of its own does not. */
function ownCopy(text: string): string {
	return text === '' ? text : ` ${text}`.slice(1);
}

function checkedDelimiter(delimiter: string | undefined): string | undefined {
	if (delimiter === undefined || (delimiter.length === 1 && !/["\r\n]/.test(delimiter))) return delimiter;
	throw invalidInput('The delimiter is not one character.', 'Give one character, such as a semicolon.');
}

/** A first line with addresses is no header, and addresses do not belong into messages. */
function noSuchColumn(name: string, names: readonly string[]): DataverseError {
	const missing = `The file has no column "${shortened(name)}".`;
	if (names.some((field) => field.includes('@'))) {
		return invalidInput(
			`${missing} Its first line seems to hold values, not names.`,
			'Choose the column by number and say that the file has no header.',
		);
	}
	const shown = names.slice(0, COLUMNS_SHOWN).map((field) => `"${shortened(field)}"`);
	const more = names.length > COLUMNS_SHOWN ? ` and ${names.length - COLUMNS_SHOWN} more` : '';
	return invalidInput(
		`${missing} It has: ${shown.join(', ')}${more}.`,
		'Choose one of these, or check the delimiter.',
	);
}

function noSuchNumber(number: number, fields: number): DataverseError {
	return invalidInput(
		`The file has no column number ${number}; its first line has ${fields}.`,
		'Give a number that the file has, or check the delimiter.',
	);
}

function shortened(text: string): string {
	return text.length > NAME_SHOWN ? `${text.slice(0, NAME_SHOWN)}…` : text;
}
