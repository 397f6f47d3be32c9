import type { Row } from '../../contracts';
import {
	QueryRefusal,
	type CompareOperator,
	type Condition,
	type Field,
	type LogicChain,
	type TextOperator,
} from './ast';
import { adapt, compileValue, readField, type CompiledValue, type Scalar } from './values';
import type { QueryWorld, Scope } from './world';

export type RowTest = (row: Readonly<Row>) => boolean;

/**
 * Turns a condition into a test of one row. A comparison with nothing is false, whatever the operator; NOT turns the
 * answer around.
 *
 * @throws QueryRefusal naming what is unknown or does not fit
 */
export function compileCondition(condition: Condition, scope: Scope, world: QueryWorld): RowTest {
	switch (condition.kind) {
		case 'logic':
			return logic(condition, scope, world);
		case 'not': {
			const test = compileCondition(condition.operand, scope, world);
			return (row) => !test(row);
		}
		case 'isNull': {
			const { read } = readField(condition.field, scope, world);
			return (row) => read(row) === null;
		}
		case 'in': {
			const tests = condition.values.map((value) =>
				compileCondition(
					{
						kind: 'compare',
						operator: '==',
						left: { kind: 'field', field: condition.field },
						right: value,
					},
					scope,
					world,
				),
			);
			return (row) => tests.some((test) => test(row));
		}
		case 'compare': {
			const left = compileValue(condition.left, scope, world);
			const right = compileValue(condition.right, scope, world);
			return comparison(condition.operator, adapt(left, right.kind), adapt(right, left.kind), world);
		}
		case 'text':
			return textTest(condition.operator, condition.field, condition.text, scope, world);
	}
}

function logic(chain: LogicChain, scope: Scope, world: QueryWorld): RowTest {
	const first = compileCondition(chain.first, scope, world);
	const rest = chain.rest.map(({ operator, operand }) => ({
		isAnd: operator === 'and',
		test: compileCondition(operand, scope, world),
	}));
	return (row) => {
		let verdict = first(row);
		for (const { isAnd, test } of rest) {
			if (verdict === isAnd) verdict = test(row);
		}
		return verdict;
	};
}

function comparison(
	operator: CompareOperator,
	left: CompiledValue,
	right: CompiledValue,
	world: QueryWorld,
): RowTest {
	if (left.kind !== right.kind) {
		throw new QueryRefusal('unknown', `A ${left.kind} cannot be compared with a ${right.kind}.`);
	}
	const ordering = operator !== '==' && operator !== '!=';
	if (ordering && (left.kind === 'boolean' || left.kind === 'id')) {
		throw new QueryRefusal('unknown', `The operator '${operator}' does not go with a ${left.kind}.`);
	}
	const fold = left.kind === 'text' && world.ignoreTextCase ? foldCase : keep;
	const readLeft = folded(left, fold);
	const readRight = folded(right, fold);
	const holds = comparator(operator);
	return (row) => {
		const a = readLeft(row);
		const b = readRight(row);
		return a !== null && b !== null && holds(a, b);
	};
}

type Fold = (value: Scalar) => Scalar;
const keep: Fold = (value) => value;
const foldCase: Fold = (value) => (typeof value === 'string' ? value.toLowerCase() : value);

/** A text of the query is folded once, not once per row. */
function folded(value: CompiledValue, fold: Fold): (row: Readonly<Row>) => Scalar {
	if (fold === keep) return value.read;
	if (value.literal !== undefined) {
		const constant = fold(value.literal);
		return () => constant;
	}
	return (row) => fold(value.read(row));
}

/** The operator as a function of two values of one kind. */
export function comparator(
	operator: CompareOperator,
): (a: boolean | number | string, b: boolean | number | string) => boolean {
	switch (operator) {
		case '==':
			return (a, b) => a === b;
		case '!=':
			return (a, b) => a !== b;
		case '<':
			return (a, b) => a < b;
		case '<=':
			return (a, b) => a <= b;
		case '>':
			return (a, b) => a > b;
		case '>=':
			return (a, b) => a >= b;
	}
}

function textTest(
	operator: TextOperator,
	field: Field,
	text: string,
	scope: Scope,
	world: QueryWorld,
): RowTest {
	const { kind, read } = readField(field, scope, world);
	if (kind !== 'text') {
		throw new QueryRefusal(
			'unknown',
			`The column '${field.name}' holds no text, so that ${operator} cannot apply.`,
		);
	}
	const needle = text.toLowerCase();
	const matches = textMatcher(operator);
	return (row) => {
		const value = read(row);
		return typeof value === 'string' && matches(value.toLowerCase(), needle);
	};
}

function textMatcher(operator: TextOperator): (value: string, needle: string) => boolean {
	switch (operator) {
		case 'contains':
			return (value, needle) => value.includes(needle);
		case 'startsWith':
			return (value, needle) => value.startsWith(needle);
		case 'endsWith':
			return (value, needle) => value.endsWith(needle);
	}
}
