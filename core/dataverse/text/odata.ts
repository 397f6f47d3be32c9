/**
 * OData text. Everything that comes from outside goes through one of these builders, so that no value can end its
 * literal and no name can be more than a name. Filters have a branded type: text that was not built here does not compile.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/filter-rows
 */

import { invalidInput } from '../errors/errors';
import { parseGuid } from './guid';

declare const literalMark: unique symbol;
declare const filterMark: unique symbol;
declare const orderMark: unique symbol;

/** A value as OData writes it, not yet percent-encoded. */
export type Literal = string & { readonly [literalMark]: true };
/** A filter expression, not yet percent-encoded. */
export type Filter = string & { readonly [filterMark]: true };
/** A sort expression, not yet percent-encoded. */
export type OrderBy = string & { readonly [orderMark]: true };

/** Values that one `isIn` may hold. More conditions than this in a query are refused by the service (0x8004430C). */
export const IN_VALUES_LIMIT = 500;

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const COLUMN_PATH = /^[A-Za-z_][A-Za-z0-9_]*(?:\/[A-Za-z_][A-Za-z0-9_]*)*$/;

/**
 * Returns the name unchanged when it is a legal name of a set, column, table or action.
 * @throws DataverseError `invalidInput`
 */
export function checkedName(name: string, what: string): string {
	if (NAME.test(name)) return name;
	throw invalidInput(
		`The ${what} name ${shown(name)} is not a valid Dataverse name.`,
		'Names consist only of letters, digits and underscores, and begin with a letter or an underscore.',
	);
}

/**
 * Returns the id in lower case with dashes.
 * @throws DataverseError `invalidInput`
 */
export function checkedId(id: string, what = 'id'): string {
	const guid = parseGuid(id);
	if (guid !== undefined) return guid;
	throw invalidInput(
		`The ${what} ${shown(id)} is not a valid row ID.`,
		'A row ID looks like 1f0e8b1c-6c3b-4a0c-9a53-2f4d1b7c8e90.',
	);
}

/** Writers of single values. */
export const literal = {
	/** Quotes are doubled. `%`, `_` and `[` stay wildcards: see `escapeWildcards`. */
	string: (value: string): Literal => `'${value.replaceAll("'", "''")}'` as Literal,
	/** Bare, as the service wants it: a quoted or `guid'…'` form is refused. */
	guid: (value: string): Literal => checkedId(value) as Literal,
	integer: (value: number): Literal => {
		if (Number.isSafeInteger(value)) return String(value) as Literal;
		throw invalidInput(`The value ${value} is not a whole number.`, 'Enter a number without decimals.');
	},
	boolean: (value: boolean): Literal => (value ? 'true' : 'false') as Literal,
	/** A point in time, in UTC. */
	date: (value: Date | string): Literal => {
		const date = new Date(value);
		if (!Number.isNaN(date.getTime())) return date.toISOString() as Literal;
		throw invalidInput('A date could not be read.', 'Enter dates like 2026-05-31T08:00:00Z.');
	},
	null: 'null' as Literal,
} as const;

/** Escapes `%`, `_` and `[`, which the service reads as wildcards in filter strings. */
function escapeWildcards(text: string): string {
	return text.replace(/[[%_]/g, '[$&]');
}

/**
 * The column equals the text, whichever way the service reads `%`, `_` and `[` in it: as wildcards, as its page on filters
 * says, or as themselves, as its page on the operators says. The caller has to leave out rows that do not match exactly.
 * Assumption: equalTexts
 */
export function equalsText(column: string, text: string): Filter {
	return or(...spellings(text).map((each) => eq(column, each)));
}

/** The column contains the text, whichever way the service reads wildcards; see `equalsText`. */
export function containsText(column: string, text: string): Filter {
	return or(...spellings(text).map((each) => contains(column, each)));
}

/** Whether a filter for the text may find rows without it. */
export function hasWildcards(text: string): boolean {
	return escapeWildcards(text) !== text;
}

function spellings(text: string): readonly Literal[] {
	return [...new Set([text, escapeWildcards(text)])].map((each) => literal.string(each));
}

/** Comparisons of a column with a value, which is written as a literal of its type. */
export const eq = (column: string, value: Literal): Filter => comparison(column, 'eq', value);
/** The column is at least the value. */
export const ge = (column: string, value: Literal): Filter => comparison(column, 'ge', value);
/** The column is greater than the value; a date is later. */
export const gt = (column: string, value: Literal): Filter => comparison(column, 'gt', value);
/** The column is at most the value. */
export const le = (column: string, value: Literal): Filter => comparison(column, 'le', value);
/** The column is less than the value; a date is earlier. */
export const lt = (column: string, value: Literal): Filter => comparison(column, 'lt', value);
/** The column contains the text; for a text that may have `%`, `_` or `[` in it, use `containsText`. */
export const contains = (column: string, value: Literal): Filter => textFunction('contains', column, value);
/** The column begins with the text. */
export const startsWith = (column: string, value: Literal): Filter =>
	textFunction('startswith', column, value);

/** All of the filters hold. At least one is needed. */
export const and = (...filters: readonly Filter[]): Filter => joined('and', filters);
/** Any of the filters holds. At least one is needed. */
export const or = (...filters: readonly Filter[]): Filter => joined('or', filters);

/**
 * The column has one of the values: 1 to `IN_VALUES_LIMIT` of them. Values are compared as they are, without wildcards.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/in
 */
export function isIn(column: string, values: readonly string[]): Filter {
	if (values.length === 0 || values.length > IN_VALUES_LIMIT) {
		throw invalidInput(
			`A filter on "${checkedName(column, 'column')}" was given ${values.length} values.`,
			`Between 1 and ${IN_VALUES_LIMIT} values fit into one query.`,
		);
	}
	const name = checkedName(column, 'column');
	return `Microsoft.Dynamics.CRM.In(PropertyName='${name}',PropertyValues=${JSON.stringify(values)})` as Filter;
}

export interface SortColumn {
	readonly column: string;
	readonly descending?: boolean;
}

/** `$orderby`. @throws DataverseError `invalidInput` for an invalid column name */
export function orderBy(columns: readonly SortColumn[]): OrderBy {
	return columns
		.map(({ column, descending }) => `${columnPath(column)}${descending === true ? ' desc' : ''}`)
		.join(',') as OrderBy;
}

/** `set(id)`, for use in a URL. */
export function entityPath(set: string, id: string): string {
	return `${checkedName(set, 'set')}(${checkedId(id)})`;
}

export interface QueryOptions {
	readonly select?: readonly string[];
	/** Text made with the builders above. */
	readonly filter?: string;
	readonly orderBy?: string;
	/** Never together with a page size: Microsoft's pages disagree on what happens. */
	readonly top?: number;
	readonly count?: boolean;
	readonly expand?: readonly { readonly property: string; readonly select?: readonly string[] }[];
}

/** The query with its leading `?`, percent-encoded; '' when no option is set. */
export function queryString(options: QueryOptions): string {
	const parts: string[] = [];
	if (options.select !== undefined && options.select.length > 0)
		parts.push(`$select=${names(options.select)}`);
	if (options.expand !== undefined && options.expand.length > 0) {
		parts.push(`$expand=${options.expand.map(expansion).join(',')}`);
	}
	if (options.filter !== undefined && options.filter !== '')
		parts.push(`$filter=${encodeQuery(options.filter)}`);
	if (options.orderBy !== undefined && options.orderBy !== '') {
		parts.push(`$orderby=${encodeQuery(options.orderBy)}`);
	}
	if (options.top !== undefined) parts.push(`$top=${literal.integer(options.top)}`);
	if (options.count === true) parts.push('$count=true');
	return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

/**
 * Percent-encodes a query value, the apostrophe included: HTTP libraries encode it on their own otherwise, and a URL
 * near its limit would grow on the way. Half a surrogate pair, which has no encoding, becomes U+FFFD.
 */
export function encodeQuery(text: string): string {
	return encoded(text).replaceAll("'", '%27');
}

function encoded(text: string): string {
	try {
		return encodeURIComponent(text);
	} catch {
		return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\uFFFD'));
	}
}

function comparison(column: string, operator: string, value: Literal): Filter {
	return `${columnPath(column)} ${operator} ${value}` as Filter;
}

function textFunction(name: string, column: string, value: Literal): Filter {
	return `${name}(${columnPath(column)},${value})` as Filter;
}

function joined(operator: 'and' | 'or', filters: readonly Filter[]): Filter {
	if (filters.length === 0) {
		throw invalidInput(`An "${operator}" was given no condition.`, 'Enter at least one condition.');
	}
	const [first] = filters;
	if (first !== undefined && filters.length === 1) return first;
	return filters.map((filter) => `(${filter})`).join(` ${operator} `) as Filter;
}

function expansion(expand: { readonly property: string; readonly select?: readonly string[] }): string {
	const property = checkedName(expand.property, 'navigation property');
	return expand.select === undefined ? property : `${property}($select=${names(expand.select)})`;
}

function names(columns: readonly string[]): string {
	return columns.map((column) => checkedName(column, 'column')).join(',');
}

function columnPath(column: string): string {
	if (COLUMN_PATH.test(column)) return column;
	return checkedName(column, 'column');
}

/** Enough of a refused value to recognize it, never enough to be a whole secret or address. */
function shown(text: string): string {
	const start = text.slice(0, 12).replace(/[^\w{}()-]/g, '·');
	return text === '' ? '"" (empty)' : `"${start}${text.length > 12 ? '…' : ''}"`;
}
