/** Random CSV tables, for the short and the long runs, judged by csv-parse. */

import { parse } from 'csv-parse/sync';
import fc from 'fast-check';

import { CsvParser } from '../../../core/people/csv/csvParser';

/** Every field of every record, by our parser, with the text cut into pieces of the given lengths. */
export function parsed(text: string, delimiter: string, lengths: readonly number[] = []): string[][] {
	const records: string[][] = [];
	let record: string[] = [];
	const parser = new CsvParser(delimiter, {
		wants: () => true,
		field: (index, value) => {
			expect(index).toBe(record.length);
			record.push(value);
		},
		record: (fields) => {
			expect(fields).toBe(record.length);
			records.push(record);
			record = [];
		},
	});
	let at = 0;
	for (const length of lengths) {
		parser.push(text.slice(at, at + length));
		at += length;
	}
	parser.push(text.slice(at));
	parser.end();
	return records;
}

const field = fc.oneof(
	fc.string({ maxLength: 8 }),
	fc.constantFrom(
		'',
		'ada@example.com',
		'a;b',
		'a,b',
		'"',
		'""',
		'one\ntwo',
		'one\r\ntwo',
		' ',
		'é€',
		'\t',
		'|',
	),
);

const table = fc
	.tuple(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 1, max: 8 }))
	.chain(([width, height]) =>
		fc.array(fc.array(field, { minLength: width, maxLength: width }), {
			minLength: height,
			maxLength: height,
		}),
	);

export function written(
	rows: readonly (readonly string[])[],
	delimiter: string,
	lineEnd: string,
	quoteAll: boolean,
): string {
	const cell = (text: string) =>
		quoteAll || text.includes(delimiter) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
	return rows.map((row) => row.map(cell).join(delimiter)).join(lineEnd);
}

/** Our parser and csv-parse find the same fields, however the text is cut. */
export function sameAsCsvParse(numRuns: number): void {
	fc.assert(
		fc.property(
			table,
			fc.constantFrom(',', ';', '\t', '|'),
			fc.constantFrom('\n', '\r\n', '\r'),
			fc.boolean(),
			fc.boolean(),
			fc.array(fc.integer({ min: 0, max: 7 }), { maxLength: 60 }),
			(rows, delimiter, lineEnd, quoteAll, endsWithLineEnd, lengths) => {
				const text = written(rows, delimiter, lineEnd, quoteAll) + (endsWithLineEnd ? lineEnd : '');
				const judged = parse(text, { delimiter, record_delimiter: lineEnd });
				expect(judged).toEqual(rows);
				expect(parsed(text, delimiter, lengths)).toEqual(judged);
			},
		),
		{ numRuns },
	);
}

/**
 * Text with quotes anywhere: where csv-parse reads it, our parser finds the same fields or refuses the lines in doubt; where
 * csv-parse finds a quote that is closed inside a value or never, so do we.
 */
export function neverLaxerThanCsvParse(numRuns: number): void {
	const piece = fc.constantFrom('"', '"', ',', '\n', 'a', 'ada@example.com', '""', '",', ',"', '\n"', '"\n');
	fc.assert(
		fc.property(
			fc.array(piece, { maxLength: 24 }).map((pieces) => pieces.join('')),
			fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 20 }),
			(text, lengths) => {
				const [judged, ours] = [outcomeOf(() => judge(text)), outcomeOf(() => parsed(text, ',', lengths))];
				if (typeof judged !== 'string') {
					if (typeof ours === 'string') expect(ours).toContain('look like separate rows');
					else expect(ours).toEqual(judged);
				} else if (judged !== 'CSV_INVALID_OPENING_QUOTE' && judged !== 'INVALID_OPENING_QUOTE') {
					expect(typeof ours).toBe('string');
				}
			},
		),
		{ numRuns },
	);
}

function judge(text: string): string[][] {
	return parse(text, { relax_column_count: true, record_delimiter: '\n', skip_empty_lines: true });
}

function outcomeOf(read: () => string[][]): string[][] | string {
	try {
		return read();
	} catch (error) {
		const { code, message } = error as Error & { readonly code?: string };
		return code !== undefined && code.includes('QUOTE') ? code : message;
	}
}
