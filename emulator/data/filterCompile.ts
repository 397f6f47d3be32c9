/** A filter tree to a test on rows. Type rules are those of OData: a text is not a GUID, a number is not a text. */

import { type ServiceFault } from '../contracts';
import { type EqualTexts, type Test, comparison, compareTyped, like } from './conditions';
import { badUri } from './faults';
import {
	type FilterScope,
	type ResolvedPath,
	type RowTest,
	aliasValue,
	mostConditions,
	tooMany,
} from './filterScope';
import type { FilterTree, Literal, Operand } from './filterSyntax';
import { queryTest } from './queryFunctions';
import type { ValueType } from './schema';
import { isEmpty, isGuid } from './values';

const operandKinds: Readonly<Record<ValueType, string>> = {
	any: 'Edm.Untyped',
	boolean: 'Edm.Boolean',
	datetime: 'Edm.DateTimeOffset',
	guid: 'Edm.Guid',
	number: 'Edm.Int32',
	string: 'Edm.String',
};
const operatorKinds = {
	eq: 'Equal',
	ne: 'NotEqual',
	gt: 'GreaterThan',
	ge: 'GreaterThanOrEqual',
	lt: 'LessThan',
	le: 'LessThanOrEqual',
} as const;

/** Throws 400 for unknown properties, values of the wrong type, unknown functions and too many conditions. */
export function compileFilter(tree: FilterTree, scope: FilterScope): RowTest {
	if (countConditions(tree) > mostConditions) throw tooMany();
	return compile(tree, scope);
}

function compile(tree: FilterTree, scope: FilterScope): RowTest {
	switch (tree.kind) {
		case 'and':
		case 'or': {
			const tests = tree.terms.map((term) => compile(term, scope));
			return tree.kind === 'and'
				? (row) => tests.every((test) => test(row))
				: (row) => tests.some((test) => test(row));
		}
		case 'not': {
			const test = compile(tree.term, scope);
			return (row) => !test(row);
		}
		case 'compare':
			return compileComparison(tree, scope);
		case 'text':
			return compileText(tree, scope);
		case 'lambda':
			return compileLambda(tree, scope);
		case 'query': {
			const { path, test } = queryTest(tree, scope);
			return (row) => test(path.read(row));
		}
		case 'unknownCall':
			throw badUri(
				`An unknown function with name '${tree.name}' was found. This may also be a function import.`,
			);
	}
}

function countConditions(tree: FilterTree): number {
	if (tree.kind === 'and' || tree.kind === 'or') {
		return tree.terms.reduce((sum, term) => sum + countConditions(term), 0);
	}
	if (tree.kind === 'lambda') return tree.term === undefined ? 1 : countConditions(tree.term);
	return tree.kind === 'not' ? countConditions(tree.term) : 1;
}

/** https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/filter-rows#filter-using-values-of-related-collections */
function compileLambda(tree: FilterTree & { kind: 'lambda' }, scope: FilterScope): RowTest {
	const related = scope.collection(tree.steps);
	const test = tree.term && compile(tree.term, named(tree.variable ?? '', related.scope));
	const { quantifier } = tree;
	return (row) => {
		for (const candidate of related.of(row)) {
			const passes = test === undefined || test(candidate);
			if (passes === (quantifier === 'any')) return passes;
		}
		return quantifier === 'all';
	};
}

/** Inside a lambda every path begins with the variable. */
function named(variable: string, scope: FilterScope): FilterScope {
	const inner = (steps: readonly string[]) => {
		if (steps[0] === variable && steps.length > 1) return steps.slice(1);
		throw badUri(`The path '${steps.join('/')}' does not begin with the variable '${variable}'.`);
	};
	return {
		...scope,
		resolve: (steps) => scope.resolve(inner(steps)),
		collection: (steps) => scope.collection(inner(steps)),
	};
}

function compileComparison(tree: FilterTree & { kind: 'compare' }, scope: FilterScope): RowTest {
	const left = resolveOperand(tree.left, scope);
	const right = resolveOperand(tree.right, scope);
	if ('path' in left && 'literal' in right) {
		const test = literalTest(tree.operator, left.path.type, right.literal, scope.equalTexts);
		return (row) => test(left.path.read(row));
	}
	if ('path' in left && 'path' in right) {
		const type = left.path.type;
		if (type !== right.path.type) throw incompatible(type, right.path.type, tree.operator);
		const { operator } = tree;
		return (row) => compareColumns(operator, left.path.read(row), right.path.read(row), type);
	}
	throw badUri('The left side of a comparison must be a property.');
}

function compareColumns(
	operator: keyof typeof operatorKinds,
	a: unknown,
	b: unknown,
	type: ValueType,
): boolean {
	if (isEmpty(a) || isEmpty(b)) return operator === 'ne' && isEmpty(a) !== isEmpty(b);
	return comparison(operator, 0, 'number', 'literal')?.(compareTyped(a, b, type)) ?? false;
}

type Resolved = { readonly literal: Literal } | { readonly path: ResolvedPath };

function resolveOperand(operand: Operand, scope: FilterScope): Resolved {
	if (operand.kind === 'path') return { path: scope.resolve(operand.steps) };
	const literal = operand.kind === 'alias' ? aliasValue(operand.name, scope) : operand;
	if (literal.kind === 'list') throw badUri('A list of values can only be given to a query function.');
	return { literal };
}

function literalTest(
	operator: keyof typeof operatorKinds,
	type: ValueType,
	literal: Literal,
	equalTexts: EqualTexts,
): Test {
	if (literal.type === 'null') {
		if (operator === 'eq') return isEmpty;
		return operator === 'ne' ? (value) => !isEmpty(value) : () => false;
	}
	if (!fits(type, literal))
		throw incompatible(type, literal.type === 'enum' ? 'any' : literal.type, operator);
	const value =
		typeof literal.value === 'string' && type === 'guid' ? literal.value.toLowerCase() : literal.value;
	const test = comparison(operator, value, type === 'any' ? anyType(literal) : type, equalTexts);
	if (test === undefined) throw badUri(`The operator '${operator}' is not supported.`);
	return test;
}

function anyType(literal: Literal): ValueType {
	return literal.type === 'number' || literal.type === 'boolean' ? literal.type : 'guid';
}

/** One page of the documentation quotes a GUID; bare ones are the rule. */
function fits(type: ValueType, literal: Literal): boolean {
	if (type === 'any') return true;
	return literal.type === type || (type === 'guid' && literal.type === 'string' && isGuid(literal.value));
}

function incompatible(left: ValueType, right: ValueType, operator: keyof typeof operatorKinds): ServiceFault {
	return badUri(
		`A binary operator with incompatible types was detected. Found operand types '${operandKinds[left]}' and ` +
			`'${operandKinds[right]}' for operator kind '${operatorKinds[operator]}'.`,
	);
}

function compileText(tree: FilterTree & { kind: 'text' }, scope: FilterScope): RowTest {
	const left = resolveOperand(tree.left, scope);
	const right = resolveOperand(tree.right, scope);
	if (!('path' in left) || !('literal' in right) || right.literal.type !== 'string') {
		throw badUri(
			`No function signature for the function with name '${tree.name}' matches the specified arguments.`,
		);
	}
	if (left.path.type !== 'string' && left.path.type !== 'any') {
		throw badUri(`The function '${tree.name}' needs a text property.`);
	}
	const position = { contains: 'anywhere', startswith: 'start', endswith: 'end' } as const;
	const test = like(right.literal.value, position[tree.name]);
	return (row) => test(left.path.read(row));
}
