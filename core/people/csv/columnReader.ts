/** What is read from the records of a CSV file: one column and, on request, further ones by name. */

import { TOO_FEW_VALUES, TOO_MANY_VALUES } from '../../accounting/rowReasons';
import { UnreadableRow, type RowValue } from '../../accounting/rowValue';
import { emptyFile, noColumnChosen, noSuchNumber, otherOrder } from './csvErrors';
import { findByName, findByNumber, isHeader, tidyName } from './csvHeader';
import type { CsvSink, WholeRecord } from './csvSink';
import { lineShape, looksMoved, type LineShape } from './lineShape';

/** Between two files that were put together. */
const MARK = '\uFEFF';

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

/** Further columns of the same rows. */
export interface FurtherColumns {
	/** As `csvHeader` gives them; of several columns with one name the first is taken. */
	readonly names: readonly string[];
	/** Told each row, before the batch that its value is in: the cells in the order of the names, '' where a line is too short. */
	readonly onRow: (cells: readonly string[]) => void;
}

/**
 * Whether the first record names the columns.
 * @param records the first records of the file
 */
export function beginsWithHeader(
	{ hasHeader, name, number = 1 }: CsvColumn,
	records: readonly (readonly string[])[],
): boolean {
	if (name !== undefined || !hasHeader) return name !== undefined;
	// A number that is not the place of a column can only be a name.
	const isPlace = number - 1 < (records[0]?.length ?? 0);
	return !isPlace || isHeader(records, number - 1);
}

/** Takes the fields of the header, then those of the one column. */
export class ColumnReader implements CsvSink {
	private batch: RowValue[] = [];
	private readonly header: string[] = [];
	protected inHeader: boolean;
	private wanted: number;
	/** Fields of a line; in one with more of them a value may have moved out of its own column. */
	private width = Infinity;
	private shape: LineShape = [];
	/** Fields of the header up to its last name, where most lines have so many. */
	private namelessWidth = Infinity;
	/** Names of the other columns: one of them in the wanted column is a second header. */
	private otherNames: ReadonlySet<string> = new Set();
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
		this.inHeader = beginsWithHeader(this.column, records);
		if (!this.inHeader) this.width = usualWidth(records);
		else this.namelessWidth = widthWithoutNameless(records);
		const width = this.inHeader ? this.namelessWidth : this.width;
		this.shape = lineShape(this.inHeader ? records.slice(1) : records, width === Infinity ? 0 : width);
	}

	/** All of the header, to find the column in it; of the other rows the one field. */
	wants(index: number): boolean {
		return index === this.wanted || this.inHeader;
	}

	protected isWanted(index: number): boolean {
		return index === this.wanted;
	}

	/** Keeps a name of the header, or the value of the row. */
	field(_index: number, text: string): void {
		if (this.inHeader) this.header.push(text);
		else this.value = text;
	}

	/**
	 * Ends the header, or a row: its value goes into the batch.
	 * @throws DataverseError `invalidInput` when the file does not have the column, or names its columns again in another order
	 */
	record(fields: number, whole: WholeRecord): void {
		this.records += 1;
		if (this.inHeader) {
			this.inHeader = false;
			this.wanted = this.findColumn();
			this.width = Math.min(fields, this.namelessWidth);
			this.otherNames = new Set(this.header.filter((name, at) => at !== this.wanted && name.trim() !== ''));
			this.named(this.header);
			return;
		}
		if (this.records === 1 && this.wanted >= fields) throw noSuchNumber(this.wanted + 1, fields);
		if (this.otherNames.has(this.value.startsWith(MARK) ? this.value.slice(1) : this.value))
			refuseOtherOrder(this.header, whole.fieldsOfRecord(), this.records - 1);
		const value = ownCopy(withoutFormula(this.value));
		if (fields === this.width) this.batch.push(value);
		else if (fields > this.width) this.batch.push(new UnreadableRow(TOO_MANY_VALUES, value));
		else this.batch.push(this.isMoved(fields, whole) ? new UnreadableRow(TOO_FEW_VALUES, value) : value);
		this.value = '';
	}

	/** No value can move into the first column, and a missing value is reported as missing. */
	private isMoved(fields: number, whole: WholeRecord): boolean {
		if (this.width === Infinity || this.wanted === 0 || this.wanted >= fields) return false;
		return looksMoved(whole.fieldsOfRecord(), this.wanted, this.shape);
	}

	/** Told the names of the columns, where the file has them. */
	protected named(_header: readonly string[]): void {
		// One column is found by itself.
	}

	/** The values of the rows since the last call, in the order of the rows. */
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

/**
 * Fields of the header. Separators behind its last name are no columns where most lines go without them: there a line with as
 * many fields as the header has a value too many, and its values have moved.
 */
function widthWithoutNameless([header = [], ...others]: readonly (readonly string[])[]): number {
	const named = header.findLastIndex((name) => tidyName(name) !== '') + 1;
	const usual = named < header.length ? usualWidth(others) : Infinity;
	return usual >= named && usual < header.length ? usual : header.length;
}

/** @throws DataverseError `invalidInput` where the record names the columns in another order: two files put together. */
function refuseOtherOrder(header: readonly string[], fields: readonly string[], row: number): void {
	const isSame = (one: readonly string[], other: readonly string[]) =>
		one.length === other.length && [...one].sort().join('\n') === [...other].sort().join('\n');
	if (isSame(header.map(tidyName), fields.map(tidyName))) throw otherOrder(row);
}

/** How many fields most of the records have; without a header nothing else says how many columns there are. */
function usualWidth(records: readonly (readonly string[])[]): number {
	const counts = new Map<number, number>();
	for (const { length } of records) counts.set(length, (counts.get(length) ?? 0) + 1);
	for (const [width, count] of counts) if (count * 2 > records.length) return width;
	return Infinity;
}

/** `="0042"` is how programs keep a spreadsheet from turning it into a number. */
function withoutFormula(text: string): string {
	if (text.charCodeAt(0) !== 0x3d) return text;
	return /^="([^"]*)"$/.exec(text)?.[1] ?? text;
}

/** Cut-out text keeps all of the text it was cut from in memory; a copy of its own does not. */
function ownCopy(text: string): string {
	return text === '' ? text : ` ${text}`.slice(1);
}

/** The same with further columns; a separate class, so that reading one column does not pay for it. */
export class RowReader extends ColumnReader {
	private places = new Map<number, number>();
	private cells: string[];

	/** @throws DataverseError as `ColumnReader` */
	constructor(
		column: CsvColumn,
		private readonly further: FurtherColumns,
	) {
		super(column);
		this.cells = this.empty();
	}

	/** The one field, and those of the further columns. */
	override wants(index: number): boolean {
		return super.wants(index) || this.places.has(index);
	}

	/** Keeps the value, or the cell of a further column. */
	override field(index: number, text: string): void {
		const place = this.inHeader ? undefined : this.places.get(index);
		if (place !== undefined) this.cells[place] = ownCopy(withoutFormula(text));
		if (this.inHeader || this.isWanted(index)) super.field(index, text);
	}

	/** Ends a row, and passes on its further cells. @throws DataverseError as `ColumnReader` */
	override record(fields: number, whole: WholeRecord): void {
		const isRow = !this.inHeader;
		super.record(fields, whole);
		if (!isRow) return;
		this.further.onRow(this.cells);
		this.cells = this.empty();
	}

	protected override named(header: readonly string[]): void {
		const names = header.map(tidyName);
		this.places = new Map(this.further.names.map((name, place) => [names.indexOf(name), place]));
		this.places.delete(-1);
	}

	private empty(): string[] {
		return this.further.names.map(() => '');
	}
}
