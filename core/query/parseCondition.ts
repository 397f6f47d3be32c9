/**
 * Conditions. A bracket may hold a condition, `(a == 1 || b == 2)`, or a value, `(a + b) > 3`, and only its end tells
 * which; so one pass reads either, and a caller that needs one of the two asks for it. Nothing is read twice.
 */
import type { ColumnReference, Condition, ListCondition, Literal, Value } from './ast';
import type { Cursor } from './cursor';
import { logicHint, operatorHint } from './hints';
import type { Token } from './lexer';
import {
	failAtTextFunction,
	parseArithmetic,
	parseAtom,
	parseColumn,
	parseLiteral,
	parseString,
} from './parseValue';
import { COMPARISON_OPERATORS, TEXT_OPERATORS } from './keywords';

type Item = Condition | Value;

/** Reads the condition in a FILTER up to its closing bracket. */
export function parseCondition(cursor: Cursor): Condition {
	const condition = requireCondition(cursor, parseAlternatives(cursor));
	if (!cursor.atSymbol(')')) failAfterCondition(cursor);
	return condition;
}

function parseAlternatives(cursor: Cursor): Item {
	return parseLogical(cursor, 'or', '||', 'OR', parseConjunction);
}

function parseConjunction(cursor: Cursor): Item {
	return parseLogical(cursor, 'and', '&&', 'AND', parseComparison);
}

function parseLogical(
	cursor: Cursor,
	operator: 'and' | 'or',
	symbol: string,
	word: string,
	parseOperand: (cursor: Cursor) => Item,
): Item {
	const start = cursor.peek();
	const first = parseOperand(cursor);
	if (!cursor.atSymbol(symbol) && cursor.word() !== word) return first;
	const operands = [requireCondition(cursor, first)];
	while (cursor.atSymbol(symbol) || cursor.word() === word) {
		cursor.take();
		operands.push(requireCondition(cursor, parseOperand(cursor)));
	}
	return { kind: 'logical', operator, operands, span: cursor.spanFrom(start) };
}

function parseComparison(cursor: Cursor): Item {
	const start = cursor.peek();
	const left = parseSide(cursor);
	const token = cursor.peek();
	const comparison = token.kind === 'symbol' ? COMPARISON_OPERATORS.get(token.text) : undefined;
	if (comparison !== undefined && isValue(left)) {
		cursor.take();
		const right = requireValue(cursor, parseSide(cursor));
		return { kind: 'comparison', operator: comparison, left, right, span: cursor.spanFrom(start) };
	}
	const { word } = token;
	const textOperator = TEXT_OPERATORS.get(word);
	if (textOperator === undefined && word !== 'IN') return left;
	if (left.kind !== 'column') return cursor.fail(isValue(left) ? `a column before ${word}` : '&&, || or ")"');
	if (textOperator === undefined) return parseList(cursor, start, left);
	if (cursor.atSymbol('(', 1)) return failAtTextFunction(cursor, word, left.name);
	cursor.take();
	const value = parseString(cursor, 'a text in quotes', `Write: ${left.name} ${word} 'run'.`);
	return { kind: 'text', operator: textOperator, column: left, value, span: cursor.spanFrom(start) };
}

function parseList(cursor: Cursor, start: Token, column: ColumnReference): ListCondition {
	cursor.take();
	cursor.symbol('[', 'a list in square brackets', `Write: ${column.name} IN [1, 2].`);
	const values: Literal[] = [];
	do values.push(parseLiteral(cursor));
	while (cursor.trySymbol(','));
	cursor.symbol(']', '"," or "]"');
	return { kind: 'list', column, values, span: cursor.spanFrom(start) };
}

function parseSide(cursor: Cursor): Item {
	return parseArithmetic<Condition>(cursor, parsePrimary, requireValue);
}

function parsePrimary(cursor: Cursor): Item {
	const start = cursor.peek();
	if (cursor.atSymbol('(')) return cursor.inBrackets(() => parseAlternatives(cursor), '&&, || or ")"');
	if (!cursor.atSymbol('(', 1)) return parseAtom(cursor);
	switch (cursor.word()) {
		case 'NOT': {
			cursor.take();
			const condition = cursor.inBrackets(() => parseCondition(cursor));
			return { kind: 'not', condition, span: cursor.spanFrom(start) };
		}
		case 'ISNULL':
		case 'ISNOTNULL': {
			const negated = cursor.take().text.length === 'ISNOTNULL'.length;
			const column = cursor.inBrackets(() => parseColumn(cursor));
			return { kind: 'null', negated, column, span: cursor.spanFrom(start) };
		}
		default:
			return parseAtom(cursor);
	}
}

function isValue(item: Item): item is Value {
	switch (item.kind) {
		case 'logical':
		case 'not':
		case 'comparison':
		case 'text':
		case 'list':
		case 'null':
			return false;
		default:
			return true;
	}
}

function requireCondition(cursor: Cursor, item: Item): Condition {
	if (!isValue(item)) return item;
	const column = item.kind === 'column' ? item.name : undefined;
	const next = cursor.peek();
	const hint =
		operatorHint(next.text, column) ??
		(column === undefined ? undefined : `Write: ${column} == true, for example.`);
	return cursor.fail('an operator', hint);
}

function requireValue(cursor: Cursor, item: Item): Value {
	return isValue(item) ? item : cursor.fail('&&, || or ")"');
}

function failAfterCondition(cursor: Cursor): never {
	const next = cursor.peek();
	return cursor.fail('&&, || or ")"', logicHint(next.text) ?? endingHint(next));
}

/** `'O'Brien'` is a text, a name and an open quote. */
function endingHint(next: Token): string | undefined {
	if (next.kind === 'end') return 'Close the bracket of the condition.';
	return next.kind === 'string' || next.kind === 'name'
		? "Join conditions with && or ||; a quote inside a text is written twice: 'O''Brien'."
		: undefined;
}
