/**
 * Reading parameters as what they should be. An expression can give anything; what does not fit is refused in words
 * that name the field, before it reaches a request.
 */

import type { IExecuteFunctions } from 'n8n-workflow';

import { invalidInput } from '../../core/dataverse/errors/errors';
import { parseGuid } from '../../core/dataverse/text/guid';
import { valuesOfList } from '../../core/people/listText';

type Reader = Pick<IExecuteFunctions, 'getNodeParameter'>;

export function readText(functions: Reader, name: string, itemIndex: number, fallback = ''): string {
	const value: unknown = functions.getNodeParameter(name, itemIndex, fallback);
	if (value === undefined || value === null) return fallback;
	if (typeof value === 'string') return value;
	if (typeof value === 'number' || typeof value === 'boolean') return String(value);
	throw wrongType(name, 'text');
}

/** Text, or undefined where the field is empty. */
export function readOptionalText(functions: Reader, name: string, itemIndex: number): string | undefined {
	const text = readText(functions, name, itemIndex).trim();
	return text === '' ? undefined : text;
}

export function readFlag(functions: Reader, name: string, itemIndex: number, fallback: boolean): boolean {
	const value: unknown = functions.getNodeParameter(name, itemIndex, fallback);
	if (typeof value === 'boolean') return value;
	if (value === 'true' || value === 'false') return value === 'true';
	if (value === undefined || value === null || value === '') return fallback;
	throw wrongType(name, 'true or false');
}

/** A finite number of at least `least`. */
export function readNumber(
	functions: Reader,
	name: string,
	itemIndex: number,
	fallback: number,
	least: number,
): number {
	const value: unknown = functions.getNodeParameter(name, itemIndex, fallback);
	if (value === undefined || value === null || value === '') return fallback;
	const number = typeof value === 'string' ? Number(value) : value;
	if (typeof number === 'number' && Number.isFinite(number) && number >= least) return number;
	throw wrongType(name, `a number of at least ${least}`);
}

/** A number, or undefined where the field was not added. */
export function readOptionalNumber(
	functions: Reader,
	name: string,
	itemIndex: number,
	least: number,
): number | undefined {
	const value: unknown = functions.getNodeParameter(name, itemIndex, null);
	return value === null || value === '' ? undefined : readNumber(functions, name, itemIndex, least, least);
}

/** True or false, or undefined where the field was not added. */
export function readOptionalFlag(functions: Reader, name: string, itemIndex: number): boolean | undefined {
	const value: unknown = functions.getNodeParameter(name, itemIndex, null);
	return value === null || value === '' ? undefined : readFlag(functions, name, itemIndex, false);
}

/** The entries under a key of a fixedCollection. */
export function readEntries(
	functions: Reader,
	name: string,
	key: string,
	itemIndex: number,
): ReadonlyArray<Readonly<Record<string, unknown>>> {
	const value: unknown = functions.getNodeParameter(name, itemIndex, {});
	const list = isEntry(value) && Object.hasOwn(value, key) ? value[key] : [];
	if (Array.isArray(list) && list.every(isEntry)) return list;
	if (isEntry(list)) return [list];
	throw wrongType(name, 'a list of entries');
}

function isEntry(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A list of texts: an array, or text with commas between. */
export function readTexts(functions: Reader, name: string, itemIndex: number): readonly string[] {
	const value: unknown = functions.getNodeParameter(name, itemIndex, []);
	if (value === undefined || value === null) return [];
	const parts = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : undefined;
	if (parts === undefined || parts.some((part) => typeof part !== 'string'))
		throw wrongType(name, 'a list of texts');
	return parts.map((part: string) => part.trim()).filter((part) => part !== '');
}

/** `options.giveUpAfter` → `Give Up After`: the field as the editor shows it. */
function fieldName(parameter: string): string {
	const last = parameter.slice(parameter.lastIndexOf('.') + 1);
	const words = last.replace(/([a-z])([A-Z])/g, '$1 $2');
	return (words.charAt(0).toUpperCase() + words.slice(1)).replace(/\bId(s?)\b/g, 'ID$1');
}

function wrongType(parameter: string, expected: string) {
	return invalidInput(
		`${fieldName(parameter)} has to be ${expected}.`,
		'Check the value or the expression that gives it.',
	);
}

/** A GUID, or undefined where the field is empty. */
export function readOptionalId(functions: Reader, name: string, itemIndex: number): string | undefined {
	const text = readOptionalText(functions, name, itemIndex);
	if (text === undefined) return undefined;
	const id = parseGuid(text);
	if (id !== undefined) return id;
	throw invalidInput(
		`${fieldName(name)}: "${text.slice(0, 60)}" is not an ID.`,
		'Give a GUID, like 0b4b85cc-7f6c-ea11-a811-000d3a54d359.',
	);
}

/** Distinct ids out of a text or an array; refuses the first that is none. */
export function readIds(functions: Reader, name: string, itemIndex: number): readonly string[] {
	const ids = new Set<string>();
	for (const value of listValues(functions.getNodeParameter(name, itemIndex, ''))) {
		const id = typeof value === 'string' ? parseGuid(value) : undefined;
		if (id === undefined) {
			throw invalidInput(
				`${fieldName(name)}: "${String(value).slice(0, 60)}" is not an ID.`,
				'Give GUIDs, separated by commas, or an array of them.',
			);
		}
		ids.add(id);
	}
	return [...ids];
}

/** The values of a list of IDs: an array, a JSON array in text, or text with commas, semicolons, blanks or lines between. */
export function listValues(value: unknown): readonly unknown[] {
	return valuesOfList(value, 'id');
}
