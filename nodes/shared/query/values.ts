/** Values of conditions: an expression can give anything, and a query takes texts, numbers and true or false. */

import { invalidInput, type DataverseError } from '../../../core/dataverse/errors/errors';
import type { ColumnFacts, FormScalar } from '../../../core/query';
import { beginsLikeJson, brokenJson } from '../../../core/people/listText';
import { excerpt } from '../../../core/query/excerpt';

/** @throws DataverseError `invalidInput`, naming the column */
export function asScalar(value: unknown, column: string): FormScalar {
	if (isNothing(value)) throw noValue(column);
	if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
	if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
	// What n8n's $now and its like are.
	const iso: unknown = hasToIso(value) ? value.toISO() : undefined;
	if (typeof iso === 'string') return iso;
	throw invalidInput(
		`The value for the column "${column}" is a list or an object, but one value is needed.`,
		'Use text, a number, true or false, or a date.',
	);
}

/** An array, a JSON array in text, or text with commas between. */
export function asList(value: unknown, column: string): readonly FormScalar[] {
	const list = Array.isArray(value) ? value : typeof value === 'string' ? splitText(value, column) : [value];
	if (list.length > 0 && !list.every(isNothing)) return list.map((one: unknown) => asScalar(one, column));
	throw invalidInput(
		`The list of values for the column "${column}" is empty.`,
		'Enter values separated by commas, or an array. To find rows without a value, use Is Empty.',
	);
}

/** An expression that yields nothing, or a field that was not filled in. */
function isNothing(value: unknown): boolean {
	return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

function noValue(column: string): DataverseError {
	return invalidInput(
		`The condition on the column "${column}" has no value.`,
		'Enter a value. To find rows without one, use Is Empty.',
	);
}

/** The number behind the label of a choice; a number stays. */
export function choiceNumber(value: FormScalar, column: string, choices: ColumnFacts['choices']): FormScalar {
	const text = String(value).trim();
	if (/^-?[0-9]+$/.test(text)) return text;
	const matches = (choices ?? []).filter(({ label }) => label.toLowerCase() === text.toLowerCase());
	const [match, ...others] = matches;
	if (match !== undefined && others.length === 0) return match.value;
	const listed = (choices ?? []).slice(0, 20).map((choice) => `${choice.value} ${choice.label}`);
	throw invalidInput(
		others.length > 0
			? `Several choices of the column "${column}" are called "${excerpt(text)}".`
			: `"${excerpt(text)}" is not a choice of the column "${column}".`,
		listed.length === 0 ? 'Use the number of the choice.' : `Its choices are: ${listed.join(', ')}.`,
	);
}

function splitText(text: string, column: string): readonly unknown[] {
	if (text.trim().startsWith('[')) {
		try {
			const parsed: unknown = JSON.parse(text);
			if (Array.isArray(parsed)) return parsed;
		} catch {
			if (beginsLikeJson(text)) throw brokenJson(`The list of values for the column "${column}"`);
			// Not JSON after all, so the bracket belongs to the first value.
		}
	}
	return text
		.split(',')
		.map((part) => part.trim())
		.filter((part) => part !== '');
}

function hasToIso(value: unknown): value is { toISO(): unknown } {
	return typeof value === 'object' && value !== null && 'toISO' in value && typeof value.toISO === 'function';
}
