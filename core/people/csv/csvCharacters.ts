/** The character codes that the CSV parser looks for. */

const TAB = 0x09;
export const LINE_FEED = 0x0a;
export const CARRIAGE_RETURN = 0x0d;
export const SPACE = 0x20;
export const QUOTE = 0x22;

/** Where the character stands next, or the length of the text. */
export function indexOrEnd(text: string, character: string, from: number): number {
	const at = text.indexOf(character, from);
	return at === -1 ? text.length : at;
}

/** @param code of a UTF-16 unit */
export function isLineEnd(code: number): boolean {
	return code === LINE_FEED || code === CARRIAGE_RETURN;
}

/**
 * Returns the place behind blanks, and behind what nobody sees, between a delimiter and a quote.
 * @param delimiter its code; NaN for none
 */
export function behindBlanks(text: string, from: number, delimiter: number): number {
	let at = from;
	while (at < text.length && isBlank(text.charCodeAt(at)) && text.charCodeAt(at) !== delimiter) at += 1;
	return at;
}

/** Blanks, no-break blanks, zero-width characters and byte order marks. */
function isBlank(code: number): boolean {
	if (code <= SPACE) return code === SPACE || code === TAB;
	return code === 0xa0 || code === 0xfeff || (code >= 0x200b && code <= 0x200f) || code === 0x2060;
}
