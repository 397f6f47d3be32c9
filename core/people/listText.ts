/** The values of a list that was typed, pasted, or given by an expression. */

import { invalidInput } from '../dataverse/errors/errors';
import type { Identify } from './readPeople';

/**
 * @param value an array, a JSON array in text, text with separators between the values, or a single value.
 * @param by what the values are. Commas, semicolons, tabs and lines separate all of them. Blanks separate IDs, and
 * addresses where no name stands beside them (`Ada Lovelace <ada@example.com>`); `C 1001` of another column is one value.
 * @throws DataverseError `invalidInput` for a text that begins like a JSON array and is none: a part of it is not all of it
 */
export function valuesOfList(value: unknown, by: Identify['by']): readonly unknown[] {
	if (Array.isArray(value)) return value;
	if (typeof value !== 'string') return value === undefined || value === null ? [] : [value];
	const text = value.trim();
	if (text.startsWith('[')) {
		try {
			const parsed: unknown = JSON.parse(withExactNumbers(text));
			if (Array.isArray(parsed)) return parsed;
		} catch {
			if (beginsLikeJson(text)) throw brokenJson('The list');
			// Not JSON after all: read as separated text, where the brackets make the ends invalid and visible.
		}
	}
	return separated(text, by).filter((part) => part !== '');
}

/** Whether a text begins as an array of texts, objects or arrays does: `[A] 12` of a column does not. */
export function beginsLikeJson(text: string): boolean {
	return /^\s*\[\s*["[{]/.test(text);
}

/** @param what the list, at the beginning of a sentence */
export function brokenJson(what: string) {
	return invalidInput(
		`${what} begins like JSON but cannot be read as JSON. It may have been cut off.`,
		'Use the whole array, or values separated by commas.',
	);
}

/** Whole numbers of more digits than a number can hold, as texts. */
function withExactNumbers(json: string): string {
	if (!/\d{16}/.test(json)) return json;
	return json.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (token) =>
		/^-?\d{16,}$/.test(token) ? `"${token}"` : token,
	);
}

function separated(text: string, by: Identify['by']): readonly string[] {
	switch (by) {
		case 'id':
			return text.split(/[\s,;]+/);
		case 'email':
			return addressParts(text).flatMap((part) => (/<[^<>]*>$/.test(part) ? [part] : part.split(/\s+/)));
		case 'column':
			return text.split(/[,;\t\r\n\v\f\u0085\u2028\u2029]/).map((part) => part.trim());
	}
}

/** Separators within the quotes of a name do not count: `"Lovelace, Ada" <ada@example.com>`. */
function addressParts(text: string): readonly string[] {
	return text
		.split(/[;\t\r\n\v\f\u0085\u2028\u2029]/)
		.flatMap((line) => line.match(/(?:"[^"<>@]*"(?=\s*<)|[^,"]+|")+/g) ?? [])
		.map((part) => part.trim());
}
