/** One column of a CSV file, as a stream: a reader holds a few thousand lines at a time, whatever the length of the file. */

import { TOO_MANY_VALUES } from '../../accounting/rowReasons';
import { UnreadableRow, type RowValue } from '../../accounting/rowValue';
import { findDialect } from './csvDialect';
import { emptyFile, noColumnChosen, noOneDelimiter, noSuchNumber } from './csvErrors';
import { findByName, findByNumber, isHeader } from './csvHeader';
import { CsvParser } from './csvParser';
import { decodeText } from './csvText';

export interface CsvColumn {
	/** The column by its name in the first line (blanks and, where that is clear, case do not count) … */
	readonly name?: string;
	/** … or by its number, from 1. */
	readonly number?: number;
	/**
	 * Whether the first line is said to name the columns; always so for a column by name. With a number the first line is
	 * a row all the same unless it clearly holds names.
	 */
	readonly hasHeader: boolean;
	/** One character; detected when absent. */
	readonly delimiter?: string;
}

/** Text to find the delimiter in: this much, and the whole first line unless it is longer than any line. */
const SAMPLE_LENGTH = 65_536;
const LONGEST_SAMPLE = 2_000_000;

/**
 * The values of one column in batches, in the order of the lines; '' where a line is too short, an `UnreadableRow` where
 * it has more values than the file has columns. Lines without a single character are no rows. Delimiter (comma,
 * semicolon, tab, bar) and encoding are detected.
 * @throws DataverseError `invalidInput`: an empty file, no such column (with the columns there are), several of that name
 * (with their numbers), quotes that do not work out (with their lines), a file that is no text.
 */
export async function* csvColumn(
	bytes: AsyncIterable<Uint8Array>,
	column: CsvColumn,
): AsyncGenerator<readonly RowValue[]> {
	const reader = new ColumnReader(column);
	const told = checkedDelimiter(column.delimiter);
	let parser: CsvParser | undefined;
	let sample = '';
	const begin = (isWhole: boolean): CsvParser => {
		const { delimiter, skip, records } = findDialect(sample, isWhole, column.name, told);
		reader.begin(records);
		const begun = new CsvParser(delimiter, reader);
		begun.push(sample.slice(skip));
		return begun;
	};
	for await (const text of decodeText(bytes)) {
		if (parser === undefined) {
			sample += text;
			if (!isEnough(sample)) continue;
			parser = begin(false);
		} else parser.push(text);
		const batch = reader.takeBatch();
		if (batch.length > 0) yield batch;
	}
	parser ??= begin(true);
	parser.end();
	reader.end();
	const rest = reader.takeBatch();
	if (rest.length > 0) yield rest;
}

function isEnough(sample: string): boolean {
	return sample.length >= SAMPLE_LENGTH && (sample.length >= LONGEST_SAMPLE || /[\r\n]/.test(sample));
}

/** Takes the fields of the header, then those of the one column. */
class ColumnReader {
	private batch: RowValue[] = [];
	private readonly header: string[] = [];
	private inHeader: boolean;
	private wanted: number;
	/** Fields of a line; in one with more of them a value may have moved out of its own column. */
	private width = Infinity;
	private value = '';
	private records = 0;

	/** @throws DataverseError `invalidInput` when the column is neither named nor numbered. */
	constructor(private readonly column: CsvColumn) {
		const { name, number } = column;
		const isNumber = number !== undefined && Number.isInteger(number) && number >= 1;
		if (name === undefined ? !isNumber : name.trim() === '') throw noColumnChosen();
		this.inHeader = name !== undefined || column.hasHeader;
		this.wanted = name === undefined && number !== undefined ? number - 1 : -1;
	}

	/** @param records the first records, to see whether the first one is a header. */
	begin(records: readonly (readonly string[])[]): void {
		if (this.inHeader && this.column.name === undefined) {
			// A number that is no place can only be a name.
			const isPlace = this.wanted < (records[0]?.length ?? 0);
			this.inHeader = !isPlace || isHeader(records, this.wanted);
		}
		if (!this.inHeader) this.width = usualWidth(records);
	}

	wants(index: number): boolean {
		return index === this.wanted || this.inHeader;
	}

	field(_index: number, text: string): void {
		if (this.inHeader) this.header.push(text);
		else this.value = text;
	}

	record(fields: number): void {
		this.records += 1;
		if (this.inHeader) {
			this.inHeader = false;
			this.wanted = this.findColumn();
			this.width = fields;
			return;
		}
		if (this.records === 1 && this.wanted >= fields) throw noSuchNumber(this.wanted + 1, fields);
		const value = ownCopy(withoutFormula(this.value));
		this.batch.push(fields > this.width ? new UnreadableRow(TOO_MANY_VALUES, value) : value);
		this.value = '';
	}

	takeBatch(): readonly RowValue[] {
		const { batch } = this;
		this.batch = [];
		return batch;
	}

	/** @throws DataverseError `invalidInput` when there was not a single line. */
	end(): void {
		if (this.records === 0) throw emptyFile();
	}

	private findColumn(): number {
		const { name } = this.column;
		return name === undefined ? findByNumber(this.header, this.wanted + 1) : findByName(this.header, name);
	}
}

/** How many fields most of the records have; without a header nothing else says how many columns there are. */
function usualWidth(records: readonly (readonly string[])[]): number {
	const counts = new Map<number, number>();
	for (const { length } of records) counts.set(length, (counts.get(length) ?? 0) + 1);
	for (const [width, count] of counts) if (count * 2 > records.length) return width;
	return Infinity;
}

/** `="0042"` is how programs keep a spreadsheet from making a number of it. */
function withoutFormula(text: string): string {
	if (text.charCodeAt(0) !== 0x3d) return text;
	return /^="([^"]*)"$/.exec(text)?.[1] ?? text;
}

/** Cut-out text keeps all of the text it was cut from in memory; a copy of its own does not. */
function ownCopy(text: string): string {
	return text === '' ? text : ` ${text}`.slice(1);
}

function checkedDelimiter(delimiter: string | undefined): string | undefined {
	if (delimiter === undefined || (delimiter.length === 1 && !/["\r\n]/.test(delimiter))) return delimiter;
	throw noOneDelimiter();
}
