/** Finding out what separates the fields of a CSV file, from its first lines. */

import { CsvParser } from './csvParser';

export type Delimiter = '\t' | ',' | ';' | '|';

const DELIMITERS: readonly Delimiter[] = [',', ';', '\t', '|'];
const RECORDS_LOOKED_AT = 50;

export interface Dialect {
	readonly delimiter: string;
	/** Characters before the first record: a `sep=;` line that Excel writes and reads. */
	readonly skip: number;
}

/**
 * @param sample the beginning of the text; what follows its last line end may be cut off.
 * @param column a column name that is expected: what makes it appear in the first line is right.
 */
export function findDialect(sample: string, column?: string): Dialect {
	const told = /^sep=([^\r\n"])(?:\r\n|\r|\n)/i.exec(sample);
	if (told?.[1] !== undefined) return { delimiter: told[1], skip: told[0].length };
	let best: { readonly delimiter: Delimiter; readonly score: number } = { delimiter: ',', score: 0 };
	for (const delimiter of DELIMITERS) {
		const score = scoreOf(firstRecords(sample, delimiter), column);
		if (score > best.score) best = { delimiter, score };
	}
	return { delimiter: best.delimiter, skip: 0 };
}

interface FirstRecords {
	readonly header: readonly string[];
	/** Fields of each record. */
	readonly widths: readonly number[];
}

/** The named column outweighs everything; then how many records are as wide as the first; then how wide that is. */
function scoreOf({ header, widths }: FirstRecords, column: string | undefined): number {
	const [width = 0] = widths;
	if (width < 2) return 0;
	const wanted = column?.trim().toLowerCase();
	const hasColumn = wanted !== undefined && header.some((name) => name.trim().toLowerCase() === wanted);
	const alike = widths.filter((other) => other === width).length / widths.length;
	return (hasColumn ? 10 : 0) + alike + Math.min(width, 1_000) / 10_000;
}

function firstRecords(sample: string, delimiter: string): FirstRecords {
	const header: string[] = [];
	const widths: number[] = [];
	const parser = new CsvParser(delimiter, {
		wants: () => widths.length === 0,
		field: (_, text) => void header.push(text),
		record: (fields) => void widths.push(fields),
	});
	const lastLine = Math.max(sample.lastIndexOf('\n'), sample.lastIndexOf('\r'));
	// A sample without a line end is one record; with one, what is behind the last may be cut off.
	for (const part of lastLine === -1 ? [sample] : linesOf(sample.slice(0, lastLine + 1))) {
		parser.push(part);
		if (widths.length >= RECORDS_LOOKED_AT) break;
	}
	if (lastLine === -1) widths.push(header.length + 1);
	return { header, widths };
}

function linesOf(text: string): readonly string[] {
	return text.match(/[^\r\n]*(?:\r\n|\r|\n)/g) ?? [];
}
