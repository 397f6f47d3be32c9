/**
 * Reading parameters as what they should be. An expression can give anything; what does not fit is refused in words
 * that name the field, before it reaches a request.
 */

import type { IExecuteFunctions } from 'n8n-workflow';

import { invalidInput } from '../../core/dataverse/errors/errors';
import { parseGuid } from '../../core/dataverse/text/guid';
import { valuesOfList } from '../../core/people/listText';
import { displayNameOf, parameterOf, pathOf } from './parameterBook';
import { isJsonObject } from '../../core/dataverse/http/json';

type Reader = Pick<IExecuteFunctions, 'getNodeParameter'>;

/** Stands for "not added": an option that was added and whose expression gives nothing must not look the same. */
const ABSENT = '\u0000absent';

/** The value as stored or evaluated; undefined where the field is not there. */
function readValue(functions: Reader, name: string, itemIndex: number): unknown {
	const value: unknown = functions.getNodeParameter(pathOf(functions, name), itemIndex, ABSENT);
	return value === ABSENT ? undefined : value;
}

/** As `readValue`, but refuses an expression that gives nothing: it is not the same as leaving the field alone. */
function readGiven(functions: Reader, name: string, itemIndex: number): unknown {
	const value = readGivenOrEmpty(functions, name, itemIndex);
	if (value === '') throw givesNothing(functions, name);
	return value;
}

/** As `readValue` for a field in which an empty text has a meaning; an expression that gives nothing is refused. */
export function readGivenOrEmpty(functions: Reader, name: string, itemIndex: number): unknown {
	const value: unknown = functions.getNodeParameter(pathOf(functions, name), itemIndex, ABSENT);
	if (value === undefined || value === null) throw givesNothing(functions, name);
	return value === ABSENT ? undefined : value;
}

function givesNothing(functions: Reader, name: string) {
	return invalidInput(
		`${displayNameOf(functions, name)} is empty, or its expression returns nothing.`,
		'Check the expression for this item, or remove it to use the default.',
	);
}

/**
 * A parameter as text; a number or a boolean by expression is written out.
 * @param fallback what an option that was not added means; otherwise its default in the editor
 * @throws DataverseError `invalidInput` for an object or a list
 */
export function readText(functions: Reader, name: string, itemIndex: number, fallback?: string): string {
	const value = readValue(functions, name, itemIndex) ?? fallback ?? defaultOf(functions, name) ?? '';
	if (typeof value === 'string') return value;
	if (typeof value === 'number' || typeof value === 'boolean') return String(value);
	throw wrongType(functions, name, 'text');
}

/** Text, or undefined where the field is empty or was not added: the default of an option is no value for an update. */
export function readOptionalText(functions: Reader, name: string, itemIndex: number): string | undefined {
	const text = readText(functions, name, itemIndex, '').trim();
	return text === '' ? undefined : text;
}

/**
 * One of the values of a parameter with a list. The default is that of the registry.
 * @throws DataverseError `invalidInput` for any other value, with the list
 */
export function readChoice<const Value extends string>(
	functions: Reader,
	name: string,
	itemIndex: number,
	values: readonly [Value, ...Value[]],
): Value {
	const value = readGiven(functions, name, itemIndex) ?? defaultOf(functions, name) ?? values[0];
	const known = values.find((candidate) => candidate === value);
	if (known !== undefined) return known;
	throw wrongType(functions, name, `one of ${values.join(', ')}`);
}

/** @param fallback what it is where the field is not there, if not what the registry says (an option is off then) */
export function readFlag(functions: Reader, name: string, itemIndex: number, fallback?: boolean): boolean {
	return readOptionalFlag(functions, name, itemIndex) ?? fallback ?? defaultOf(functions, name) === true;
}

/** A finite number. Without `fallback` and `least` the default and the bounds are those of the registry. */
export function readNumber(
	functions: Reader,
	name: string,
	itemIndex: number,
	fallback?: number,
	least?: number,
): number {
	const number = readOptionalNumber(functions, name, itemIndex, least) ?? fallback;
	return number ?? Number(defaultOf(functions, name) ?? 0);
}

/** A number, or undefined where the field was not added. */
export function readOptionalNumber(
	functions: Reader,
	name: string,
	itemIndex: number,
	least?: number,
): number | undefined {
	const value = readGiven(functions, name, itemIndex);
	if (value === undefined) return undefined;
	const { minValue, maxValue } = parameterOf(functions, name)?.property.typeOptions ?? {};
	const [from, to] = [least ?? minValue ?? -Infinity, maxValue ?? Infinity];
	const number = typeof value === 'string' ? Number(value) : value;
	if (typeof number === 'number' && Number.isFinite(number) && number >= from && number <= to) return number;
	const bounds = to === Infinity ? ` of at least ${from}` : ` from ${from} to ${to}`;
	throw wrongType(functions, name, `a number${from === -Infinity ? '' : bounds}`);
}

/** True or false, or undefined where the field was not added. */
export function readOptionalFlag(functions: Reader, name: string, itemIndex: number): boolean | undefined {
	const value = readGiven(functions, name, itemIndex);
	if (value === undefined || typeof value === 'boolean') return value;
	if (value === 'true' || value === 'false') return value === 'true';
	throw wrongType(functions, name, 'true or false');
}

function defaultOf(functions: Reader, name: string): unknown {
	return parameterOf(functions, name)?.fallback;
}

/** The entries under a key of a fixedCollection. */
export function readEntries(
	functions: Reader,
	name: string,
	key: string,
	itemIndex: number,
): ReadonlyArray<Readonly<Record<string, unknown>>> {
	const value = readValue(functions, name, itemIndex) ?? {};
	const list = isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : [];
	if (Array.isArray(list) && list.every(isJsonObject)) return list;
	if (isJsonObject(list)) return [list];
	throw wrongType(functions, name, 'a list of entries');
}

/** A list of texts: an array, or text with commas between. */
export function readTexts(functions: Reader, name: string, itemIndex: number): readonly string[] {
	const value = readValue(functions, name, itemIndex);
	if (value === undefined || value === null) return [];
	const parts = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : undefined;
	if (parts === undefined || parts.some((part) => typeof part !== 'string'))
		throw wrongType(functions, name, 'a list of texts');
	return parts.map((part: string) => part.trim()).filter((part) => part !== '');
}

function wrongType(functions: Reader, name: string, expected: string) {
	return invalidInput(
		`${displayNameOf(functions, name)} has to be ${expected}.`,
		'Check the value, or the expression that returns it.',
	);
}

/** A GUID, or undefined where the field is empty. */
export function readOptionalId(functions: Reader, name: string, itemIndex: number): string | undefined {
	const text = readOptionalText(functions, name, itemIndex);
	if (text === undefined) return undefined;
	const id = parseGuid(text);
	if (id !== undefined) return id;
	throw invalidInput(
		`${displayNameOf(functions, name)}: "${text.slice(0, 60)}" is not an ID.`,
		'Use a GUID, such as 0b4b85cc-7f6c-ea11-a811-000d3a54d359.',
	);
}

/** Distinct ids out of a text or an array; refuses the first that is none. */
export function readIds(functions: Reader, name: string, itemIndex: number): readonly string[] {
	const ids = new Set<string>();
	for (const value of listValues(readValue(functions, name, itemIndex))) {
		const id = typeof value === 'string' ? parseGuid(value) : undefined;
		if (id === undefined) {
			throw invalidInput(
				`${displayNameOf(functions, name)}: "${String(value).slice(0, 60)}" is not an ID.`,
				'Use GUIDs, separated by commas, or an array of them.',
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
