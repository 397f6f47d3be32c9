/**
 * Values of a row in the form that the Web API takes, by the type of their column. A value that does not fit is reported before
 * anything is sent, with its column but without the value.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/web-api-types-operations
 */

import type { Reason } from '../../accounting/rowReasons';
import { UnreadableRow } from '../../accounting/rowValue';
import { parseGuid } from '../../dataverse/text/guid';
import type { DetailedColumn, LookupTarget } from './personColumns';
import { dateOf, type DateRead } from './dates';
import { numberFor } from './numbers';

/** A value for the body of a request. */
export interface WrittenValue {
	/** Logical name, or `navigation@odata.bind`. */
	readonly key: string;
	readonly value: boolean | number | string;
	/** As the service returns it: the value of a row that needs no change. */
	readonly isSame: (read: unknown) => boolean;
}

/** Undefined: there is no value. */
export type Conversion = { readonly problem: Reason } | { readonly written: WrittenValue } | undefined;

const NUMBER = /^[+-]?\d{1,25}(?:\.\d{1,15})?$/;
const INTEGER = /^[+-]?\d{1,19}$/;
/** The largest number of choices that a multi-select column holds. */
const MOST_CHOICES = 150;
const CHOICES_SHOWN = 20;
const DEFAULT_TEXT = 4_000;

/** Converts one value. An empty text is no value, whatever the type: nothing ever empties a column. */
export function convertValue(raw: unknown, column: DetailedColumn): Conversion {
	if (raw === undefined || raw === null) return undefined;
	if (raw instanceof UnreadableRow) return { problem: raw.reason };
	if (typeof raw === 'string' && raw.trim() === '') return undefined;
	if (Array.isArray(raw) && raw.length === 0) return undefined;
	switch (column.kind) {
		case 'memo':
		case 'text':
			return ofText(raw, column);
		case 'integer':
		case 'number':
			return ofNumber(raw, column);
		case 'boolean':
		case 'choice':
			return ofChoice(raw, column);
		case 'choices':
			return ofChoices(raw, column);
		case 'date':
			return ofDate(dateOf(raw, column), column);
		case 'lookup':
			return ofLookup(raw, column);
	}
}

function ofText(raw: unknown, column: DetailedColumn): Conversion {
	if (!isPlain(raw)) return unfit(column, 'is not text', 'Use text.');
	const value = String(raw);
	const most = column.maxLength ?? DEFAULT_TEXT;
	if (value.length > most) {
		return unfit(
			column,
			`is longer than the ${most} characters that the column allows`,
			'Shorten it at its source.',
		);
	}
	return written(column.name, value, (read) => typeof read === 'string' && asKept(read) === asKept(value));
}

/** Blanks at the ends and the form of line breaks make no difference. */
const asKept = (text: string) => text.replaceAll('\r\n', '\n').trim();

function ofNumber(raw: unknown, column: DetailedColumn): Conversion {
	const isWhole = column.kind === 'integer';
	const text = typeof raw === 'string' ? raw.trim() : raw;
	const fits = typeof text === 'string' ? (isWhole ? INTEGER : NUMBER).test(text) : typeof text === 'number';
	const value = Number(text);
	if (!fits || !Number.isFinite(value) || (isWhole && !Number.isSafeInteger(value))) {
		const wanted = isWhole ? 'a whole number, like 12' : 'a number with a decimal point, like 12.5';
		return unfit(column, `is not ${isWhole ? 'a whole number' : 'a number'}`, `Give ${wanted}.`);
	}
	const { min = -Infinity, max = Infinity } = column;
	if (value < min || value > max) {
		return unfit(column, 'is out of range', `Use a number from ${min} to ${max}.`);
	}
	const number = numberFor(value, column);
	return written(column.name, number.value, number.isSame);
}

function ofChoice(raw: unknown, column: DetailedColumn): Conversion {
	const value = isPlain(raw) ? chosen(String(raw), column) : undefined;
	return value === undefined ? noChoice(column) : written(column.name, value, (read) => read === value);
}

function ofChoices(raw: unknown, column: DetailedColumn): Conversion {
	const parts = Array.isArray(raw) ? (raw as readonly unknown[]) : String(raw).split(/[,;]/);
	const values = parts.map((part) => (isPlain(part) ? chosen(String(part), column) : undefined));
	if (values.includes(undefined)) return noChoice(column);
	const all = [...new Set(values.map(Number))].sort((a, b) => a - b);
	if (all.length > MOST_CHOICES) return unfit(column, 'has too many choices', `Use at most ${MOST_CHOICES}.`);
	const text = all.join(',');
	return written(column.name, text, (read) => sortedChoices(read) === text);
}

function sortedChoices(read: unknown): string {
	if (typeof read !== 'string') return '';
	return read
		.split(',')
		.map(Number)
		.sort((a, b) => a - b)
		.join(',');
}

/** By number first, then by a label that only one choice has. */
function chosen(text: string, { choices = [] }: DetailedColumn): boolean | number | undefined {
	const wanted = text.trim().toLowerCase();
	const byValue = choices.find(({ value }) => String(value) === wanted);
	if (byValue !== undefined) return byValue.value;
	const byLabel = choices.filter(({ labels }) =>
		labels.some((label) => label.trim().toLowerCase() === wanted),
	);
	return byLabel.length === 1 ? byLabel[0]?.value : undefined;
}

function noChoice(column: DetailedColumn): Conversion {
	const { choices = [], kind } = column;
	const shown = choices
		.slice(0, CHOICES_SHOWN)
		.map(({ labels, value }) =>
			kind === 'boolean' ? String(value) : `${value} for "${labels[0] ?? value}"`,
		);
	return unfit(
		column,
		'is not a choice of the column',
		`Use one of these${choices.length > CHOICES_SHOWN ? ', among others' : ''}: ${shown.join(', ')}.`,
	);
}

function ofDate(date: DateRead | undefined, column: DetailedColumn): Conversion {
	if (date === undefined) {
		return unfit(
			column,
			'is not a date from 1753 on',
			'Use a day such as 2026-05-31, or a time such as 2026-05-31T08:00:00Z.',
		);
	}
	return written(column.name, date.text, date.isSame);
}

const REFERENCE = /^\/?([a-z][a-z0-9_]{0,127})\(([^()]{1,60})\)$/i;

function ofLookup(raw: unknown, column: DetailedColumn): Conversion {
	const text = typeof raw === 'string' ? raw.trim() : '';
	const reference = REFERENCE.exec(text);
	const id = parseGuid(reference?.[2] ?? text);
	const { targets = [] } = column;
	const named = reference?.[1]?.toLowerCase();
	const target: LookupTarget | undefined =
		named === undefined
			? targets.length === 1
				? targets[0]
				: undefined
			: targets.find(({ set, table }) => set.toLowerCase() === named || table === named);
	if (id === undefined || target === undefined) {
		const sets = targets.map(({ set }) => `${set}(ID)`);
		const wanted = targets.length === 1 ? `the ID, or ${sets.join()}` : `one of ${sets.join(', ')}`;
		const what = id === undefined ? 'is not the ID of a row' : 'does not say which table the row belongs to';
		return unfit(column, what, targets.length === 0 ? 'Leave the column out.' : `Give ${wanted}.`);
	}
	return written(
		`${target.navigation}@odata.bind`,
		`/${target.set}(${id})`,
		(read) => typeof read === 'string' && parseGuid(read) === id,
	);
}

function written(
	key: string,
	value: WrittenValue['value'],
	isSame: WrittenValue['isSame'],
): { readonly written: WrittenValue } {
	return { written: { key, value, isSame } };
}

/** The value itself may be personal and stays out of the reason. */
function unfit({ name }: DetailedColumn, why: string, remedy: string): { readonly problem: Reason } {
	return { problem: { code: 'wrongValue', reason: `The value for the column ${name} ${why}.`, remedy } };
}

function isPlain(raw: unknown): raw is boolean | number | string {
	return typeof raw === 'string' || typeof raw === 'number' || typeof raw === 'boolean';
}
