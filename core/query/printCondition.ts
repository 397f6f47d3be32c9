import type { ArithmeticOperator, ArithmeticValue, ColumnReference, Condition, DatePart, Value } from './ast';
import { QueryBuildError } from './errors';
import { printAlias, printName, printNumber, printString } from './printWords';
import { isReserved } from './keywords';

/**
 * How much is bracketed: `explicit` wherever precedence is undocumented, `bare` only where the tree would otherwise be
 * read differently by `parseQuery` (for trees so deep that explicit brackets would go past its limit).
 */
export type BracketStyle = 'explicit' | 'bare';

/** @param style whether brackets stand where the precedence would do @throws QueryBuildError for a name that cannot be written */
export function printCondition(condition: Condition, style: BracketStyle): string {
	switch (condition.kind) {
		case 'logical': {
			// The symbols stand in every sample, the words are read by some. Assumption: outboundQueryLogicWords, realTimeQueryLogicWords
			const operator = condition.operator === 'and' ? ' && ' : ' || ';
			return condition.operands
				.map((operand) => printOperand(operand, condition.operator, style))
				.join(operator);
		}
		case 'not':
			return `NOT(${printCondition(condition.condition, style)})`;
		case 'comparison':
			return `${printValue(condition.left, style)} ${condition.operator} ${printValue(condition.right, style)}`;
		case 'text': {
			const column = printColumn(condition.column);
			return `${column} ${condition.operator.toUpperCase()} ${printString(condition.value.value)}`;
		}
		case 'list':
			return `${printColumn(condition.column)} IN [${condition.values.map((value) => printValue(value)).join(', ')}]`;
		case 'null':
			return `${condition.negated ? 'ISNOTNULL' : 'ISNULL'}(${printColumn(condition.column)})`;
	}
}

/**
 * A logical condition inside another stands in brackets, so that precedence does not matter; bare, && binds tighter than ||.
 * Assumption: outboundQueryLogicOrder, realTimeQueryLogicOrder
 */
function printOperand(condition: Condition, around: 'and' | 'or', style: BracketStyle): string {
	const text = printCondition(condition, style);
	if (condition.kind !== 'logical') return text;
	return style === 'bare' && around === 'or' && condition.operator === 'and' ? text : `(${text})`;
}

/** A value as the parser reads it again. @throws QueryBuildError for a name or text that cannot be written */
export function printValue(value: Value, style: BracketStyle = 'explicit'): string {
	switch (value.kind) {
		case 'string':
			return printString(value.value);
		case 'number':
			return printNumber(value.text);
		case 'boolean':
			return value.value ? 'true' : 'false';
		case 'column':
			return printColumn(value);
		case 'now':
			return 'DATETIMEUTCNOW()';
		case 'date':
			return `DATE(${value.parts.map((part) => printNumber(part.text)).join(', ')})`;
		case 'dateDiff':
			return `DATEDIFF(${printPart(value.part)}, ${printValue(value.from, style)}, ${printValue(value.to, style)})`;
		case 'dateAdd':
			return `DATEADD(${printPart(value.part)}, ${printNumber(value.amount.text)}, ${printValue(value.date, style)})`;
		case 'arithmetic':
			return printArithmetic(value, style);
		case 'call':
			return `${printName(value.name)}(${value.arguments.map((argument) => printValue(argument, style)).join(', ')})`;
	}
}

function printArithmetic({ first, rest }: ArithmeticValue, style: BracketStyle): string {
	const isSum = rest.some(({ operator }) => isAdditive(operator));
	const printTerm = (value: Value): string => {
		const text = printValue(value, style);
		if (value.kind !== 'arithmetic') return text;
		const isProduct = value.rest.every(({ operator }) => !isAdditive(operator));
		return style === 'bare' && isSum && isProduct ? text : `(${text})`;
	};
	return (
		printTerm(first) + rest.map(({ operator, operand }) => ` ${operator} ${printTerm(operand)}`).join('')
	);
}

function isAdditive(operator: ArithmeticOperator): boolean {
	return operator === '+' || operator === '-';
}

function printPart(part: DatePart): string {
	return part.toUpperCase();
}

/** `column` or `alias.column`. @throws QueryBuildError for a name that is a word of the language */
export function printColumn({ name, alias }: ColumnReference): string {
	if (alias !== undefined) return `${printAlias(alias)}.${printName(name)}`;
	if (!isReserved(name)) return printName(name);
	throw new QueryBuildError(
		`A column called "${name}" cannot be written, because ${name.toUpperCase()} is a word of the language.`,
		'Give its table an alias and write alias.column.',
	);
}
