/** What came out, row by row: the exceptions as CSV, and one outcome for each row that came in. */

import type { MemberException, PersonOutcome, Roster, RowFate, RowView } from './roster';

const COLUMNS = ['row', 'outcome', 'id', 'value', 'code', 'reason', 'remedy'] as const;
const LINES_PER_CHUNK = 1_000;

/**
 * The exceptions as CSV (RFC 4180: commas, quotes doubled, lines end with CRLF), in chunks of up to a thousand lines;
 * the first line names the columns. A cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return gets an
 * apostrophe in front, because spreadsheets would run it as a formula.
 * https://owasp.org/www-community/attacks/CSV_Injection
 */
export function* exceptionsAsCsv(exceptions: Iterable<MemberException>): Generator<string> {
	let chunk = csvLine(COLUMNS);
	let lines = 1;
	for (const exception of exceptions) {
		chunk += csvLine(COLUMNS.map((column) => exception[column]));
		lines += 1;
		if (lines < LINES_PER_CHUNK) continue;
		yield chunk;
		chunk = '';
		lines = 0;
	}
	if (lines > 0) yield chunk;
}

/** One line of such a file. What is neither text, number nor truth value is written as JSON; nothing as an empty cell. */
export function csvLine(values: readonly unknown[]): string {
	return `${values.map(cell).join(',')}\r\n`;
}

function cell(given: unknown): string {
	if (given === undefined || given === null) return '';
	if (typeof given === 'number' || typeof given === 'boolean') return String(given);
	const value = typeof given === 'string' ? given : JSON.stringify(given);
	const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
	return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** What became of one row that came in. */
export interface RowOutcome extends Omit<RowView, 'outcome'> {
	/** 1-based position in the input. */
	readonly row: number;
	/** One word: what became of the person, or why the row means nobody. A duplicate shares its person's outcome. */
	readonly outcome: Exclude<RowFate, 'duplicate' | 'matched'> | PersonOutcome;
	/** Whether somebody the row means, or the row itself, was not delivered. */
	readonly isException: boolean;
}

/** The worst first: a row that means several people is as good as the least of them. */
const WORST_FIRST: readonly PersonOutcome[] = [
	'failed',
	'notSent',
	'blocked',
	'unconfirmed',
	'confirmed',
	'unchanged',
];

/** One outcome per row, in the order of the input. */
export function* perRow(roster: Roster): Generator<RowOutcome> {
	for (let row = 0; row < roster.rows; row += 1) {
		const view = roster.rowAt(row);
		const outcome = outcomeOf(view);
		yield { ...view, row: row + 1, outcome, isException: !DELIVERED.has(outcome) };
	}
}

const DELIVERED: ReadonlySet<RowOutcome['outcome']> = new Set(['confirmed', 'unchanged', 'unconfirmed']);

function outcomeOf(view: RowView): RowOutcome['outcome'] {
	switch (view.fate) {
		case 'ambiguous':
		case 'invalid':
		case 'unmatched':
			return view.fate;
		case 'duplicate':
		case 'matched': {
			const outcomes = [view.outcome ?? 'notSent', ...(view.more ?? []).map(({ outcome }) => outcome)];
			return WORST_FIRST.find((outcome) => outcomes.includes(outcome)) ?? 'notSent';
		}
	}
}
