/** Tells a quoted value with line breaks from rows that a stray pair of quotes has swallowed. */

/** A quoted value that goes over several lines. */
export interface QuotedLines {
	/** Lines of the file where it is opened and closed. */
	readonly from: number;
	readonly to: number;
	/** Which field of its record it is, from 0. */
	readonly index: number;
	/** The text with its quotes, and the blanks behind them. */
	readonly raw: string;
}

const ADDRESS_OR_ID = /[^\s@]@[^\s@]|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;

/**
 * Whether the lines of the value may be rows of their own. They hold delimiters then, and either the record has another
 * number of fields than the first one, or several of the lines would be whole rows if the quotes were part of the text.
 * In a table of two columns that is so for many a note as well; there the value has to hold an address or an ID too.
 */
export function looksSwallowed(
	{ index, raw }: QuotedLines,
	fields: number,
	width: number,
	delimiter: string,
): boolean {
	if (delimiter === '' || !raw.includes(delimiter)) return false;
	if (fields !== width) return true;
	const lines = raw.split(/\r\n|\r|\n/);
	const last = lines.length - 1;
	const wholeRows = lines.filter((line, at) => {
		const before = at === 0 ? index : 0;
		const behind = at === last ? fields - index - 1 : 0;
		return before + line.split(delimiter).length + behind === width;
	});
	const hasAddressOrId = ADDRESS_OR_ID.test(raw);
	if (wholeRows.length >= 2 && (width > 2 || hasAddressOrId)) return true;
	// A row beside another damage: one line is whole, and there are as many delimiters as a row has.
	const delimiters = raw.split(delimiter).length - 1;
	return wholeRows.length === 1 && width > 3 && delimiters >= width - 1 && hasAddressOrId;
}
