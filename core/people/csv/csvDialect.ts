/** Detecting the delimiter of a CSV file from its first lines. */

import { DataverseError } from '../../dataverse/errors/errors';
import { isSameColumnName } from './csvHeader';
import { CsvParser } from './csvParser';

/** Of two that fit equally well the first is taken: commas stand in numbers and names as well. */
const DELIMITERS = ['\t', ';', '|', ','] as const;
/** Nothing divides the first line, so the file has one column, and commas in its values are part of them. */
const NO_DELIMITER = '';
const RECORDS_LOOKED_AT = 50;
/** Byte order marks; the second spelling is one in UTF-8 that was read as windows-1252 and written as UTF-8 again. */
const MARKS = /^(?:\uFEFF|ï»¿)+/;
/** What Excel writes and reads above the table, in quotes where all fields are; cells of other delimiters may follow. */
const SEPARATOR_LINE = /^("?)sep=([^\r\n"])\1([,;\t|]*)(?:\r\n|\r|\n)/i;

export interface CsvDialect {
	/** One character, or '' in a file of one column. */
	readonly delimiter: string;
	/** Characters before the first record: byte order marks, and a `sep=;` line. */
	readonly skip: number;
	/** The first records. */
	readonly records: readonly (readonly string[])[];
}

/**
 * @param sample the beginning of the text.
 * @param isWhole whether that is all of it; otherwise what follows its last line end is cut off.
 * @param column a column name that is expected: what makes it appear in the first line is right.
 * @param delimiter the delimiter, where it is known.
 */
export function findDialect(
	sample: string,
	isWhole: boolean,
	column?: string,
	delimiter?: string,
): CsvDialect {
	const marks = MARKS.exec(sample)?.[0].length ?? 0;
	const told = SEPARATOR_LINE.exec(sample.slice(marks));
	const skip = marks + (told?.[0].length ?? 0);
	const parts = partsOf(sample.slice(skip), isWhole);
	const [, , named, tail = ''] = told ?? [];
	const isToldClearly = named !== undefined && tail.replaceAll(named, '') === '';
	const known = delimiter ?? (isToldClearly ? named : undefined);
	if (known !== undefined)
		return { delimiter: known, skip, records: firstRecords(parts, known, isWhole).records };
	let best = {
		delimiter: NO_DELIMITER,
		records: firstRecords(parts, NO_DELIMITER, isWhole).records,
		score: 0,
	};
	for (const candidate of DELIMITERS) {
		const first = firstRecords(parts, candidate, isWhole);
		const score = scoreOf(first, column);
		if (score > best.score) best = { delimiter: candidate, records: first.records, score };
	}
	return { delimiter: best.delimiter, skip, records: best.records };
}

interface FirstRecords {
	readonly records: readonly (readonly string[])[];
	/** The quotes do not work out with this delimiter. */
	readonly isBroken: boolean;
}

/** The named column outweighs everything; then quotes that work out, how many records are as wide as the first, its width. */
function scoreOf({ records, isBroken }: FirstRecords, column: string | undefined): number {
	const [header = []] = records;
	const width = header.length;
	if (width < 2) return 0;
	const hasColumn = column !== undefined && header.some((name) => isSameColumnName(name, column));
	const alike = records.filter((record) => record.length === width).length / records.length;
	const hasHalfQuotes = records.some((record) => record.some((field) => field.split('"').length % 2 === 0));
	const quotes = isBroken ? 0 : hasHalfQuotes ? 1 : 2;
	return (hasColumn ? 10 : 0) + quotes + alike + Math.min(width, 1_000) / 10_000;
}

function firstRecords(parts: readonly string[], delimiter: string, isWhole: boolean): FirstRecords {
	const records: (readonly string[])[] = [];
	let record: string[] = [];
	const parser = new CsvParser(delimiter, {
		wants: () => true,
		field: (_, text) => void record.push(text),
		record: () => {
			records.push(record);
			record = [];
		},
	});
	try {
		for (const part of parts) {
			parser.push(part);
			if (records.length >= RECORDS_LOOKED_AT) return { records, isBroken: false };
		}
		// Where the text goes on, quotes may be closed behind its end.
		if (isWhole || records.length === 0) parser.end();
	} catch (error) {
		if (!(error instanceof DataverseError)) throw error;
		return { records, isBroken: true };
	}
	return { records, isBroken: false };
}

/** Line by line, so that no more is read than is looked at. */
function partsOf(text: string, isWhole: boolean): readonly string[] {
	const lines = text.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? [];
	const isCut = !isWhole && lines.length > 1 && !/[\r\n]$/.test(text);
	return isCut ? lines.slice(0, -1) : lines;
}
