/** Turns rows of a form into conditions: the column's type decides how a value is written. */
import type { ComparisonOperator, Condition, Dialect, Literal, TextOperator } from './ast';
import { isDateText } from './checkLiteral';
import { QueryBuildError } from './errors';
import { excerpt } from './excerpt';
import type { ColumnType } from './facts';
import { OPERATOR_NAMES } from './form';
import type { ConditionGroup, FormCondition, FormScalar, Operator } from './form';
import { TYPE_WORDS } from './typeWords';
import { isGuid } from './reference';
import { isDecimal, isName, isReserved } from './keywords';

const COMPARISONS: Partial<Record<Operator, ComparisonOperator>> = {
	equals: '==',
	notEquals: '!=',
	greaterThan: '>',
	greaterThanOrEqual: '>=',
	lessThan: '<',
	lessThanOrEqual: '<=',
};

const TEXTS: Partial<Record<Operator, TextOperator>> = {
	contains: 'contains',
	doesNotContain: 'contains',
	startsWith: 'startsWith',
	endsWith: 'endsWith',
};

export const EMPTY: readonly Operator[] = ['isEmpty', 'isNotEmpty'];
export const ONE_OF: readonly Operator[] = ['isOneOf', 'isNotOneOf'];
const ORDERED = Object.keys(COMPARISONS) as readonly Operator[];
/** Types of columns that do not take every operator, and what they take. */
const FITTING: Partial<Record<ColumnType, readonly Operator[]>> = {
	boolean: ['equals', 'notEquals', ...EMPTY],
	choice: ['equals', 'notEquals', ...ONE_OF, ...EMPTY],
	date: [...ORDERED, ...ONE_OF, ...EMPTY],
	guid: ['equals', 'notEquals', ...ONE_OF, ...EMPTY],
	lookup: ['equals', 'notEquals', ...ONE_OF, ...EMPTY],
	number: [...ORDERED, ...ONE_OF, ...EMPTY],
};

/** Texts can be compared by order as well, but nobody looks for that in a list. */
const OFFERED: Partial<Record<ColumnType, readonly Operator[]>> = {
	...FITTING,
	string: [...(Object.keys(TEXTS) as readonly Operator[]), 'equals', 'notEquals', ...ONE_OF, ...EMPTY],
};

const NEGATIVE: ReadonlySet<Operator> = new Set(['doesNotContain', 'isNotOneOf']);

/** @throws QueryBuildError when a condition cannot be written, naming its column */
export function buildGroupCondition(group: ConditionGroup, dialect: Dialect, alias?: string): Condition {
	const conditions = group.conditions.map((condition) => buildCondition(condition, dialect, alias));
	return combineConditions(group.combinedBy, conditions);
}

/** One condition stays itself; several are joined. */
export function combineConditions(operator: 'and' | 'or', conditions: readonly Condition[]): Condition {
	const [first, ...others] = conditions;
	if (first === undefined) {
		throw new QueryBuildError(
			'A group has no conditions.',
			'Add a condition to the group, or remove the group.',
		);
	}
	return others.length === 0 ? first : { kind: 'logical', operator, operands: conditions };
}

/**
 * The operators to offer for a column, in the order of their names.
 * @param columnType undefined where it is not known: all operators of the language
 */
export function operatorsFor(columnType: ColumnType | undefined, dialect: Dialect): readonly Operator[] {
	const fitting = columnType === undefined ? undefined : OFFERED[columnType];
	return (Object.keys(OPERATOR_NAMES) as readonly Operator[]).filter(
		(operator) =>
			(fitting === undefined || fitting.includes(operator)) &&
			(dialect === 'realTime' || !ONE_OF.includes(operator)),
	);
}

function buildCondition(form: FormCondition, dialect: Dialect, alias: string | undefined): Condition {
	const name = requireName(form.column, 'column');
	if (alias === undefined && isReserved(name)) {
		throw new QueryBuildError(`The column "${name}" is a word of the language.`, 'Write this query as text.');
	}
	const column = { kind: 'column', name, ...(alias === undefined ? {} : { alias }) } as const;
	const { operator } = form;
	requireFitting(form, dialect);
	if (operator === 'isEmpty' || operator === 'isNotEmpty') {
		return { kind: 'null', negated: operator === 'isNotEmpty', column };
	}
	const condition = buildTest(form, dialect, column);
	return NEGATIVE.has(operator) ? { kind: 'not', condition } : condition;
}

function buildTest(
	form: FormCondition,
	dialect: Dialect,
	column: Extract<Condition, { kind: 'text' }>['column'],
): Condition {
	const { operator } = form;
	const comparison = own(COMPARISONS, operator);
	if (comparison !== undefined) {
		return { kind: 'comparison', operator: comparison, left: column, right: scalarLiteral(form) };
	}
	const text = own(TEXTS, operator);
	if (text !== undefined) return { kind: 'text', operator: text, column, value: textLiteral(form) };
	if (operator === 'isOneOf' || operator === 'isNotOneOf') {
		if (dialect === 'realTime') return { kind: 'list', column, values: listLiterals(form) };
		const remedy = 'Add a group that is combined with Or and has one condition with Equals for each value.';
		throw new QueryBuildError(
			`Outbound queries have no list operator, so ${OPERATOR_NAMES[operator]} cannot be used.`,
			remedy,
		);
	}
	throw new QueryBuildError(
		`There is no operator "${excerpt(String(operator))}".`,
		'Choose an operator from the list.',
	);
}

function own<T>(table: Partial<Record<Operator, T>>, operator: Operator): T | undefined {
	return Object.hasOwn(table, operator) ? table[operator] : undefined;
}

/** @throws QueryBuildError for an operator that columns of this type are not compared by */
function requireFitting({ column, columnType, operator }: FormCondition, dialect: Dialect): void {
	const fitting = FITTING[columnType];
	if (fitting === undefined || fitting.includes(operator) || !Object.hasOwn(OPERATOR_NAMES, operator)) return;
	const names = fitting
		.filter((one) => dialect === 'realTime' || !ONE_OF.includes(one))
		.map((one) => OPERATOR_NAMES[one]);
	throw new QueryBuildError(
		`The operator ${OPERATOR_NAMES[operator]} does not fit the ${TYPE_WORDS[columnType]} column "${column}".`,
		`Use one of these: ${names.join(', ')}.`,
	);
}

function textLiteral(form: FormCondition): Extract<Literal, { kind: 'string' }> {
	const literal = scalarLiteral(form);
	return literal.kind === 'string' ? literal : { kind: 'string', value: String(form.value) };
}

function listLiterals(form: FormCondition): readonly Literal[] {
	const { value } = form;
	if (value === undefined || isScalar(value) || value.length === 0)
		return refuseValue(form, 'a list of values');
	return value.map((item) => literalOf(item, form));
}

function scalarLiteral(form: FormCondition): Literal {
	const { value } = form;
	return value !== undefined && isScalar(value) ? literalOf(value, form) : refuseValue(form, 'one value');
}

function isScalar(value: FormScalar | readonly FormScalar[]): value is FormScalar {
	return !Array.isArray(value);
}

function literalOf(value: FormScalar, form: FormCondition): Literal {
	switch (form.columnType) {
		case 'string':
			return { kind: 'string', value: String(value) };
		case 'number':
			return { kind: 'number', text: decimalOf(value) ?? refuseValue(form, 'a number') };
		case 'choice': {
			const text = decimalOf(value);
			if (text === undefined || text.includes('.')) return refuseValue(form, 'the number of a choice');
			return { kind: 'number', text };
		}
		case 'boolean':
			return {
				kind: 'boolean',
				value: booleanOf(value) ?? refuseValue(form, 'true for yes, or false for no'),
			};
		case 'date':
			if (typeof value === 'string' && isDateText(value)) return { kind: 'string', value };
			return refuseValue(form, 'a date such as 2017-03-30 or 2017-03-30T12:00:00Z');
		case 'guid':
		case 'lookup':
			if (typeof value !== 'string' || !isGuid(value)) return refuseValue(form, 'the ID of a record');
			return { kind: 'string', value: value.replace(/[{}]/g, '').toLowerCase() };
		case 'other':
			return literalByValue(value, form);
	}
}

function literalByValue(value: FormScalar, form: FormCondition): Literal {
	if (typeof value === 'boolean') return { kind: 'boolean', value };
	if (typeof value === 'string') return { kind: 'string', value };
	return { kind: 'number', text: decimalOf(value) ?? refuseValue(form, 'a number') };
}

/** Digits as the language has them; `1e21` and NaN are not. */
function decimalOf(value: FormScalar): string | undefined {
	const text = typeof value === 'boolean' ? '' : String(value).trim();
	return isDecimal(text) ? text : undefined;
}

function booleanOf(value: FormScalar): boolean | undefined {
	const text = String(value).toLowerCase();
	return text === 'true' ? true : text === 'false' ? false : undefined;
}

/** The value is repeated as in every error of a query: its beginning, without addresses. */
function refuseValue({ column, columnType, value }: FormCondition, expected: string): never {
	const given = value === undefined || !isScalar(value) ? 'The value' : `"${excerpt(String(value))}"`;
	throw new QueryBuildError(
		`${given} does not fit the ${TYPE_WORDS[columnType]} column "${column}".`,
		`Enter ${expected}.`,
	);
}

/** @throws QueryBuildError when the text is not a name */
export function requireName(name: string, what: string): string {
	if (isName(name)) return name;
	throw new QueryBuildError(
		`"${excerpt(name)}" cannot be the name of a ${what}.`,
		'Use the logical name: letters, digits and underscores.',
	);
}
