/**
 * Reading a field out of an item's JSON by what n8n writes when the field is dragged into a parameter: `email`,
 * ` Full Name`, `contact.mail`, `mails[0].address`, `contact['Kd.-Nr.']`, `['E-Mail-Adr.']`, with `\'` for a quote
 * inside a name (`mappingUtils.ts` of n8n's editor).
 */

import { invalidInput } from '../../core/dataverse/errors/errors';

/**
 * Reads the path once, so that an item costs a look at its keys and nothing else.
 * @returns the value at the path, own properties only; undefined where there is none. A key that equals the whole path
 * wins, as n8n drops the brackets of a field at the top; blanks around the path count unless only the path without
 * them leads to a value.
 * @throws DataverseError `invalidInput` for a path that n8n cut: of `['E-Mail'].text` it leaves `'E-Mail'].tex`.
 */
export function fieldReader(path: string): (json: unknown) => unknown {
	if (/^'(?:[^'\\]|\\.)*'\]/.test(path)) throw wasCut();
	const asWritten = readerOf(path);
	const trimmed = path.trim();
	if (trimmed === path) return asWritten;
	const withoutBlanks = readerOf(trimmed);
	return (json) => {
		const value = asWritten(json);
		return value === undefined ? withoutBlanks(json) : value;
	};
}

/** A field that a parameter names by plain text. */
export interface NamedField {
	/** As the items have it. */
	readonly name: string;
	/** Its value in the JSON of an item; undefined where the item has no such field. */
	readonly valueIn: (json: unknown) => unknown;
}

/**
 * The field that a path names in these items, as for a column of a CSV file: capital letters count only where names differ
 * in nothing else. Where no item has the field as it is written, it is the one field of the items that differs in capital
 * letters only ("email" and a form's "Email"); several such fields are not guessed at.
 * @returns undefined where no item has the field.
 * @throws DataverseError as `fieldReader` does.
 */
export function fieldOfItems(
	items: readonly { readonly json: object }[],
	path: string,
): NamedField | undefined {
	const valueIn = fieldReader(path);
	const name = path.trim();
	if (items.some(({ json }) => valueIn(json) !== undefined)) return { name, valueIn };
	const wanted = name.toLowerCase();
	const similar = new Set<string>();
	for (const { json } of items) {
		for (const key of Object.keys(json)) if (key.trim().toLowerCase() === wanted) similar.add(key);
	}
	const [only] = similar;
	if (only === undefined || similar.size > 1) return undefined;
	return {
		name: only,
		valueIn: (json) => (isObject(json) && Object.hasOwn(json, only) ? json[only] : undefined),
	};
}

function readerOf(path: string): (json: unknown) => unknown {
	const keys = keysOf(path);
	return (json) => {
		if (isObject(json) && Object.hasOwn(json, path)) return json[path];
		let value: unknown = json;
		for (const key of keys) {
			if (!isObject(value) || !Object.hasOwn(value, key)) return undefined;
			value = value[key];
		}
		return value;
	};
}

function keysOf(path: string): readonly string[] {
	const keys: string[] = [];
	let at = 0;
	while (at < path.length) {
		if (path[at] === '.') {
			at += 1;
			continue;
		}
		const { key, end } = path[at] === '[' ? bracketed(path, at + 1) : bare(path, at);
		keys.push(key);
		at = end;
	}
	return keys;
}

interface Key {
	readonly key: string;
	/** Where the path goes on. */
	readonly end: number;
}

function bare(path: string, from: number): Key {
	const length = path.slice(from).search(/[.[]/);
	const end = length === -1 ? path.length : from + length;
	return { key: path.slice(from, end), end };
}

function bracketed(path: string, from: number): Key {
	const quote = path[from];
	if (quote === "'" || quote === '"') {
		const close = closeOf(path, from + 1, quote);
		if (close !== -1) {
			const key = path.slice(from + 1, close).replaceAll(`\\${quote}`, quote);
			return { key, end: close + 2 };
		}
	}
	const close = path.indexOf(']', from);
	const end = close === -1 ? path.length : close;
	return { key: path.slice(from, end).trim(), end: end + 1 };
}

/** n8n escapes quotes and no backslashes, so a name that ends with a backslash seems to end with an escaped quote. */
function closeOf(path: string, from: number, quote: string): number {
	const end = `${quote}]`;
	for (let at = path.indexOf(end, from); at !== -1; at = path.indexOf(end, at + 1)) {
		if (path[at - 1] !== '\\') return at;
	}
	return path.indexOf(end, from);
}

function wasCut() {
	return invalidInput(
		'The name of the field lost its first and its last character when it was dragged.',
		"Type the whole name, for example ['E-Mail'].text.",
	);
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null;
}
