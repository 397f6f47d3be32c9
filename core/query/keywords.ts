/** The keywords of the language, each in one place. They are read in any case and written in capitals. */
import type { ComparisonOperator, DatePart, SetOperator, TextOperator, WindowUnit } from './ast';

/**
 * How deep parentheses, functions and nested relations may go. Far beyond what people write, and less than a third of Node's
 * default stack (measured), so that reading is safe wherever it is called from.
 */
export const MAX_NESTING = 128;

/** `msdyncrm_segmentquery` is a memo of 4000 characters (table reference of msdyncrm_segment, 2024-07-24). */
export const MAX_QUERY_LENGTH = 4000;

export const SET_OPERATORS: ReadonlyMap<string, SetOperator> = new Map([
	['UNION', 'union'],
	['INTERSECT', 'intersect'],
	['EXCEPT', 'except'],
]);

export const TEXT_OPERATORS: ReadonlyMap<string, TextOperator> = new Map([
	['CONTAINS', 'contains'],
	['STARTSWITH', 'startsWith'],
	['ENDSWITH', 'endsWith'],
]);

export const COMPARISON_OPERATORS: ReadonlyMap<string, ComparisonOperator> = new Map(
	(['==', '!=', '>', '>=', '<', '<='] as const).map((operator) => [operator, operator]),
);

export const DATE_PARTS: ReadonlyMap<string, DatePart> = new Map(
	(['year', 'month', 'day', 'hour', 'minute', 'second', 'millisecond'] as const).map((part) => [
		part.toUpperCase(),
		part,
	]),
);

export const WINDOWS: ReadonlyMap<string, WindowUnit> = new Map(
	(['minutes', 'hours', 'days', 'weeks', 'months', 'years'] as const).map((unit) => [
		`UTC${unit.toUpperCase()}`,
		unit,
	]),
);

/** Words that cannot name a column where a value begins, because they always mean something else there. */
export const RESERVED: ReadonlySet<string> = new Set([
	'AND',
	'OR',
	'NOT',
	'IN',
	'TRUE',
	'FALSE',
	'NULL',
	...TEXT_OPERATORS.keys(),
]);

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const DECIMAL = /^-?[0-9]+(?:\.[0-9]+)?$/;

/** A table, column, relationship or segment name as it may stand unquoted in a query. */
export function isName(text: string): boolean {
	return NAME.test(text);
}

/** A number as the language writes it: no exponent, no grouping. */
export function isDecimal(text: string): boolean {
	return DECIMAL.test(text);
}

/** Whether the word cannot be a bare name, whatever its case. */
export function isReserved(word: string): boolean {
	return RESERVED.has(word.toUpperCase());
}
