/** Everything that was not delivered, as a CSV file. */

import type { MemberException } from './statuses';

const COLUMNS = ['row', 'outcome', 'id', 'value', 'code', 'reason', 'remedy'] as const;
const LINES_PER_CHUNK = 1_000;

/** Without it Excel reads the file in the code page of the machine, and every accent is lost. */
export const BYTE_ORDER_MARK = '\uFEFF';

/**
 * The exceptions as CSV for a spreadsheet (RFC 4180: commas, quotes doubled, lines end with CRLF), in chunks of up to a
 * thousand lines; the first one begins with a byte order mark, its first line names the columns.
 */
export function* exceptionsAsCsv(exceptions: Iterable<MemberException>): Generator<string> {
	let chunk = BYTE_ORDER_MARK + spreadsheetLine(COLUMNS);
	let lines = 1;
	for (const exception of exceptions) {
		chunk += spreadsheetLine(COLUMNS.map((column) => exception[column]));
		lines += 1;
		if (lines < LINES_PER_CHUNK) continue;
		yield chunk;
		chunk = '';
		lines = 0;
	}
	if (lines > 0) yield chunk;
}

/**
 * One line of CSV for machines: every cell as it is. What is neither text, number nor truth value is written as JSON;
 * nothing as an empty cell.
 */
export function csvLine(values: readonly unknown[]): string {
	return `${values.map((value) => quoted(textOf(value))).join(',')}\r\n`;
}

/**
 * The same for people who open it in a spreadsheet: a cell that would run as a formula gets an apostrophe in front. Such
 * a cell begins with a line end, a tab, or one of `= + - @`, also in full width or behind blanks and characters that
 * nobody sees. https://owasp.org/www-community/attacks/CSV_Injection
 */
export function spreadsheetLine(values: readonly unknown[]): string {
	return `${values.map((value) => quoted(guarded(value))).join(',')}\r\n`;
}

/** Code points that print nothing although Unicode calls them letters or marks. */
const UNSEEN = '\\u034F|\\u115F|\\u1160|\\u17B4|\\u17B5|\\u3164|\\uFFA0|[\\uFE00-\\uFE0F]';
const FORMULA = new RegExp(`^(?:[\\t\\r\\n]|(?:[\\s\\p{C}]|${UNSEEN})*[=+\\-@＝＋－＠﹦﹢﹣﹫])`, 'u');

function guarded(value: unknown): string {
	const text = textOf(value);
	return typeof value !== 'number' && FORMULA.test(text) ? `'${text}` : text;
}

function textOf(value: unknown): string {
	if (value === undefined || value === null) return '';
	if (typeof value === 'string') return value;
	return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Semicolons and tabs end a cell where a spreadsheet takes them for the delimiter, and the next one could be a formula. */
function quoted(text: string): string {
	return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
