/** One value against one condition: what OData query functions and FetchXML operators have in common. */

import type { ServiceContext } from '../contracts';
import { dayOf, fiscalTest, isRelative, spanOf } from './periods';
import { compareValues, isEmpty } from './values';
import { likeMatcher } from './wildcard';
import type { ValueType } from './schema';

export type Test = (value: unknown) => boolean;

export interface Surroundings {
	/** Virtual time in milliseconds. */
	readonly now: number;
	readonly userId: string;
	readonly businessUnitId: string;
	/** How `eq` and `ne` read `%`, `_` and `[…]` in a text (switch `equalTexts`). */
	readonly equalTexts: EqualTexts;
	/** Conditions on the hierarchy of the table whose rows are filtered; the value is an id. */
	inHierarchy?(operator: string, id: string): Test | undefined;
}

export type EqualTexts = 'literal' | 'wildcards';

/** The value of the switch `equalTexts`. */
export function equalTextsOf({ assumption }: Pick<ServiceContext, 'assumption'>): EqualTexts {
	return assumption('equalTexts') === 'literal' ? 'literal' : 'wildcards';
}

/** A number, boolean or text out of the text form that XML and JSON arrays carry. Undefined when it is none. */
export function convert(text: string, type: ValueType): unknown {
	switch (type) {
		case 'number':
			return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined;
		case 'boolean':
			return /^(true|1)$/i.test(text) ? true : /^(false|0)$/i.test(text) ? false : undefined;
		case 'datetime':
			return Number.isFinite(Date.parse(text)) ? text : undefined;
		case 'guid':
			return text.replace(/^\{|\}$/g, '').toLowerCase();
		case 'any':
		case 'string':
			return text;
	}
}

/** -1, 0, 1 between two values of a column of this type; instants by time, whatever their notation. */
export function compareTyped(left: unknown, right: unknown, type: ValueType): number {
	if (type === 'datetime' && typeof left === 'string' && typeof right === 'string') {
		return Math.sign(Date.parse(left) - Date.parse(right));
	}
	return compareValues(left, right);
}

export function isOneOf(values: readonly unknown[]): Test {
	const key = (value: unknown) => (typeof value === 'string' ? value.toLowerCase() : value);
	const wanted = new Set(values.map(key));
	return (value) => !isEmpty(value) && wanted.has(key(value));
}

function isBetween(low: unknown, high: unknown, type: ValueType): Test {
	return (value) =>
		!isEmpty(value) && compareTyped(value, low, type) >= 0 && compareTyped(value, high, type) <= 0;
}

export function like(pattern: string, position: 'anywhere' | 'end' | 'start' | 'whole'): Test {
	const matches = likeMatcher(pattern, position);
	return (value) => typeof value === 'string' && matches(value);
}

/** Empty values count as different: the service's negated conditions include them. */
export function not(test: Test): Test {
	return (value) => !test(value);
}

/** Time of the value between `from` (inclusive) and `to` (exclusive), both in milliseconds. */
function during(from: number, to: number): Test {
	return (value) => {
		const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
		return at >= from && at < to;
	};
}

function dayTest(operator: string, text: string): Test | undefined {
	const [day, next] = dayOf(Date.parse(text));
	switch (operator) {
		case 'on':
			return during(day, next);
		case 'not-on':
			return not(during(day, next));
		case 'on-or-after':
			return during(day, Infinity);
		case 'on-or-before':
			return during(-Infinity, next);
		default:
			return undefined;
	}
}

/**
 * Conditions by their FetchXML name. Undefined when the name is unknown or the number or form of values does not
 * fit; the caller knows how to word the refusal.
 */
export function namedTest(
	operator: string,
	texts: readonly string[],
	type: ValueType,
	surroundings: Surroundings,
): Test | undefined {
	return (
		emptinessTest(operator, texts) ??
		timeTest(operator, texts, surroundings.now) ??
		(texts.length === 1
			? surroundings.inHierarchy?.(operator, String(convert(texts[0] ?? '', 'guid')))
			: undefined) ??
		listTest(operator, texts, type) ??
		(texts.length === 1 ? singleTest(operator, texts[0] ?? '', type, surroundings) : undefined) ??
		(texts.length === 0 ? contextTest(operator, surroundings) : undefined)
	);
}

function timeTest(operator: string, texts: readonly string[], now: number): Test | undefined {
	const span = spanOf(operator, texts, now);
	if (span !== undefined) return during(...span);
	const fiscal = fiscalTest(operator, texts);
	return fiscal && ((value) => typeof value === 'string' && fiscal(Date.parse(value)));
}

function emptinessTest(operator: string, texts: readonly string[]): Test | undefined {
	if (texts.length > 0) return undefined;
	if (operator === 'null') return isEmpty;
	return operator === 'not-null' ? not(isEmpty) : undefined;
}

function listTest(operator: string, texts: readonly string[], type: ValueType): Test | undefined {
	if (
		!['between', 'contain-values', 'in', 'not-between', 'not-contain-values', 'not-in'].includes(operator)
	) {
		return undefined;
	}
	const values = texts.map((text) => convert(text, type));
	if (values.length === 0 || values.includes(undefined)) return undefined;
	const negated = operator.startsWith('not-');
	const test = positiveListTest(negated ? operator.slice(4) : operator, values, type);
	return negated && test !== undefined ? not(test) : test;
}

function positiveListTest(operator: string, values: readonly unknown[], type: ValueType): Test | undefined {
	if (operator === 'in') return isOneOf(values);
	if (operator === 'between') return values.length === 2 ? isBetween(values[0], values[1], type) : undefined;
	const wanted = new Set(values.map(String));
	return (value) => typeof value === 'string' && value.split(',').some((part) => wanted.has(part.trim()));
}

function singleTest(
	operator: string,
	text: string,
	type: ValueType,
	{ equalTexts }: Surroundings,
): Test | undefined {
	if (operator.startsWith('on') || operator === 'not-on') {
		return Number.isFinite(Date.parse(text)) ? dayTest(operator, text) : undefined;
	}
	const value = convert(text, type);
	return value === undefined ? undefined : comparison(operator, value, type, equalTexts);
}

/** Texts are the same whatever their case. */
function sameAs(value: unknown, type: ValueType): Test {
	if (type === 'string') return isOneOf([value]);
	return (other) => !isEmpty(other) && compareTyped(other, value, type) === 0;
}

/** eq, ne, gt, ge, lt, le, like and their kind against one converted value. */
export function comparison(
	operator: string,
	value: unknown,
	type: ValueType,
	equalTexts: EqualTexts,
): Test | undefined {
	const ordered = (accept: (sign: number) => boolean): Test => {
		return (other) => !isEmpty(other) && accept(compareTyped(other, value, type));
	};
	const text = String(value);
	const equal = type === 'string' && equalTexts === 'wildcards' ? like(text, 'whole') : sameAs(value, type);
	switch (operator) {
		case 'eq':
			return equal;
		case 'ne':
		case 'neq':
			return not(equal);
		case 'gt':
			return ordered((sign) => sign > 0);
		case 'ge':
			return ordered((sign) => sign >= 0);
		case 'lt':
			return ordered((sign) => sign < 0);
		case 'le':
			return ordered((sign) => sign <= 0);
		case 'like':
			return like(text, 'whole');
		case 'not-like':
			return not(like(text, 'whole'));
		case 'begins-with':
			return like(text, 'start');
		case 'not-begin-with':
			return not(like(text, 'start'));
		case 'ends-with':
			return like(text, 'end');
		case 'not-end-with':
			return not(like(text, 'end'));
		default:
			return undefined;
	}
}

function contextTest(operator: string, { userId, businessUnitId }: Surroundings): Test | undefined {
	switch (operator) {
		case 'eq-userid':
			return isOneOf([userId]);
		case 'ne-userid':
			return not(isOneOf([userId]));
		case 'eq-businessid':
			return isOneOf([businessUnitId]);
		case 'ne-businessid':
			return not(isOneOf([businessUnitId]));
		default:
			return undefined;
	}
}

/** Whether a condition of this name can change its answer without any row changing: with the time or with the user. */
export function dependsOnMoment(operator: string): boolean {
	return isRelative(operator) || /-(userid|businessid)$/.test(operator);
}
