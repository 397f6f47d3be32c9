/** One column of a CSV file, as a stream: a reader holds a few thousand lines at a time, whatever the length of the file. */

import type { RowValue } from '../../accounting/rowValue';
import { beginsWithHeader, ColumnReader, RowReader } from './columnReader';
import type { CsvColumn, FurtherColumns } from './columnReader';
import { findDialect } from './csvDialect';
import { noOneDelimiter } from './csvErrors';
import { tidyName } from './csvHeader';
import { CsvParser } from './csvParser';
import { decodeText } from './csvText';

export type { CsvColumn, FurtherColumns } from './columnReader';

/** Text to find the delimiter in: this much, and the whole first line unless it is longer than any line. */
const SAMPLE_LENGTH = 65_536;
const LONGEST_SAMPLE = 2_000_000;

/**
 * The values of one column in batches, in the order of the lines; '' where a line is too short, an `UnreadableRow` where
 * it has more values than the file has columns. Lines without a single character are no rows. Delimiter (comma,
 * semicolon, tab, bar) and encoding are detected.
 * @throws DataverseError `invalidInput`: an empty file, no such column (with the columns there are), several of that name
 * (with their numbers), quotes that do not work out (with their lines), a file that is not text.
 */
export async function* csvColumn(
	bytes: AsyncIterable<Uint8Array>,
	column: CsvColumn,
	further?: FurtherColumns,
): AsyncGenerator<readonly RowValue[]> {
	const reader = further === undefined ? new ColumnReader(column) : new RowReader(column, further);
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

/**
 * The names of the columns, as people see them and in their order; undefined where the first line is a row. Only as much
 * is read as needed.
 * @throws DataverseError `invalidInput` for a file that is not text, and a delimiter that is not one character
 */
export async function csvHeader(
	bytes: AsyncIterable<Uint8Array>,
	column: CsvColumn,
): Promise<readonly string[] | undefined> {
	const told = checkedDelimiter(column.delimiter);
	let sample = '';
	let isWhole = true;
	for await (const text of decodeText(bytes)) {
		sample += text;
		if (!isEnough(sample)) continue;
		isWhole = false;
		break;
	}
	const { records } = findDialect(sample, isWhole, column.name, told);
	const [first] = records;
	return first !== undefined && beginsWithHeader(column, records) ? first.map(tidyName) : undefined;
}

function isEnough(sample: string): boolean {
	return sample.length >= SAMPLE_LENGTH && (sample.length >= LONGEST_SAMPLE || /[\r\n]/.test(sample));
}

function checkedDelimiter(delimiter: string | undefined): string | undefined {
	if (delimiter === undefined || (delimiter.length === 1 && !/["\r\n]/.test(delimiter))) return delimiter;
	throw noOneDelimiter();
}
