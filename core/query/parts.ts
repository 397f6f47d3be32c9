/** Parts of a query that has been read. */
import type { Block, Literal, SetExpression, Value } from './ast';

/** The blocks that the sets of an expression consist of, from left to right. */
export function blocksOf(expression: SetExpression): readonly Block[] {
	if (expression.kind !== 'setChain') return [expression];
	return [expression.first, ...expression.rest.flatMap(({ operand }) => blocksOf(operand))];
}

/** Whether a value is written out, and no column or calculation. */
export function isLiteral(value: Value): value is Literal {
	return value.kind === 'string' || value.kind === 'number' || value.kind === 'boolean';
}
