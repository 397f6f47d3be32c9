/** Row IDs: read in any form that people paste, and written in one form. */

import { randomUUID } from 'node:crypto';

import { visibleText } from './visibleText';

const DASHED = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const PLAIN = /^[0-9a-f]{32}$/i;
/** Characters around an ID in copied lists and cells. */
const EDGES = /^[\s,;"'“”„‘’]+|[\s,;"'“”„‘’]+$/g;
/** Word processors put these for a hyphen. */
const OTHER_DASHES = /[\u2010-\u2015\u2212]/g;
/** Longer text is not an ID, whatever is removed from it. */
const LONGEST = 100;
/** Outbound segments list contacts as `crm` + id. */
const SEGMENT_PREFIX = /^crm(?=[{(0-9a-f])/i;

/**
 * Reads a row id. Tolerates blanks, quotes and separators around it, `{…}` or `(…)`, the `crm` prefix of outbound member
 * lists, upper case, 32 digits without dashes, other dashes, and characters that nobody sees.
 * @returns 36 characters in lower case, or undefined when the text is no id.
 */
export function parseGuid(text: string): string | undefined {
	if (isGuid(text)) return text;
	const trimmed = text.trim();
	if (trimmed.length > LONGEST) return undefined;
	const visible = visibleText(trimmed).replace(EDGES, '').replace(OTHER_DASHES, '-');
	const inner = withoutBrackets(visible.replace(SEGMENT_PREFIX, ''));
	if (DASHED.test(inner)) return inner.toLowerCase();
	if (!PLAIN.test(inner)) return undefined;
	const digits = inner.toLowerCase();
	return [
		digits.slice(0, 8),
		digits.slice(8, 12),
		digits.slice(12, 16),
		digits.slice(16, 20),
		digits.slice(20),
	].join('-');
}

/** More ids than this in a text are an echo of the request, or a list that names nobody in particular. */
const MOST_NAMED = 50;
const LONGEST_TEXT = 20_000;
const IN_TEXT = /(?<![0-9a-z])[0-9a-f]{8}(-?)(?:[0-9a-f]{4}\1){3}[0-9a-f]{12}(?![0-9a-z])/gi;

/** The ids that a text of the service names, with dashes and without, each once; none where it names more than 50. */
export function guidsIn(text: string): readonly string[] {
	const found = text.slice(0, LONGEST_TEXT).match(IN_TEXT) ?? [];
	const ids = new Set(found.map((id) => parseGuid(id) ?? ''));
	return ids.size > MOST_NAMED ? [] : [...ids];
}

const DIGIT = 1;
const DASH = 2;
/** What each character of an id has to be. */
const FORM = Uint8Array.from('xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx', (character) =>
	character === '-' ? DASH : DIGIT,
);
/** What a character is, by its code; others are undefined or 0. */
const KINDS = new Uint8Array(128).fill(DASH, 0x2d, 0x2e).fill(DIGIT, 0x30, 0x3a).fill(DIGIT, 0x61, 0x67);

/**
 * Whether the text is an id exactly as `parseGuid` returns it. Asked for every row and every member, so it looks the
 * characters up in tables, which takes half the time of a regular expression.
 */
export function isGuid(text: string): boolean {
	if (text.length !== FORM.length) return false;
	for (let i = 0; i < FORM.length; i += 1) {
		if (KINDS[text.charCodeAt(i)] !== FORM[i]) return false;
	}
	return true;
}

/** A new random id. */
export function newGuid(): string {
	return randomUUID();
}

function withoutBrackets(text: string): string {
	const bracketed =
		(text.startsWith('{') && text.endsWith('}')) || (text.startsWith('(') && text.endsWith(')'));
	return bracketed ? text.slice(1, -1).trim() : text;
}
