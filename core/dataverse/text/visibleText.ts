/** Text as people see it: removes what copying from cells, web pages and emails leaves in values unnoticed. */

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;
/**
 * Zero-width and direction marks, soft hyphens, byte order marks, variation selectors, tags. Joiners have a meaning in
 * some scripts, so what is looked up without them is looked up with them as well.
 */
const HIDDEN =
	/\u00AD|\u034F|\u061C|\u180E|[\u200B-\u200F]|[\u202A-\u202E]|[\u2060-\u206F]|[\uFE00-\uFE0F]|\uFEFF|[\u{E0000}-\u{E007F}]/gu;
/** Spaces other than the ordinary one: no-break, narrow, ideographic and so on. */
const OTHER_BLANKS = /[\u00A0\u1680\u2000-\u200A\u202F\u205F\u3000]/g;
/** Nobody looks up longer values. */
const LONGEST = 10_000;

/**
 * The text without characters that nobody sees, with ordinary blanks for all kinds of blanks, letters composed (é is one
 * code point), and neither blanks nor control characters at its ends.
 */
export function visibleText(text: string): string {
	if (PRINTABLE_ASCII.test(text) || text.length > LONGEST) return text.trim();
	return trimControls(text.replace(HIDDEN, '').replace(OTHER_BLANKS, ' ').normalize('NFC'));
}

/** Whether a control character stands in the text, line ends and tabs included. */
export function hasControlCharacter(text: string): boolean {
	for (let at = 0; at < text.length; at += 1) if (isControl(text.charCodeAt(at))) return true;
	return false;
}

function trimControls(text: string): string {
	let [start, end] = [0, text.length];
	while (start < end && isBlank(text.charCodeAt(start))) start += 1;
	while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
	return text.slice(start, end);
}

function isBlank(code: number): boolean {
	return code === 0x20 || code === 0x2028 || code === 0x2029 || isControl(code);
}

function isControl(code: number): boolean {
	return code < 0x20 || (code >= 0x7f && code <= 0x9f);
}
