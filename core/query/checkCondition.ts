/** What can be wrong inside a FILTER. */
import type { ArithmeticValue, ColumnReference, Condition, Dialect, Literal, Value } from './ast';
import { checkLiteral, isDateText } from './checkLiteral';
import type { ColumnFacts } from './facts';
import { isLiteral } from './parts';
import type { Scope } from './scope';

/** Where a condition stands decides what is allowed in it. */
export interface Place {
	readonly scope: Scope;
	readonly dialect: Dialect;
	readonly inInteraction: boolean;
}

/** Adds to the findings of the place what is wrong with a condition and all its parts. */
export function checkCondition(condition: Condition, place: Place): void {
	switch (condition.kind) {
		case 'logical':
			for (const operand of condition.operands) checkCondition(operand, place);
			return;
		case 'not':
			return checkCondition(condition.condition, place);
		case 'null':
			checkColumn(condition.column, place);
			return;
		case 'comparison': {
			const { left, right } = condition;
			const leftColumn = checkSide(left, place);
			const rightColumn = checkSide(right, place);
			checkLiteralBeside(left, right, rightColumn, place);
			return checkLiteralBeside(right, left, leftColumn, place);
		}
		case 'text': {
			barInInteraction(condition.operator.toUpperCase(), condition, place);
			const column = checkColumn(condition.column, place);
			checkEscapes(condition.value, place);
			if (column === undefined || column.type === 'string' || column.type === 'other') return;
			const message = `${condition.operator.toUpperCase()} compares texts, and "${condition.column.name}" is not a text column.`;
			place.scope.findings.error(
				'operatorDoesNotFit',
				condition.span,
				message,
				'Compare it with ==, != or another operator.',
			);
			return;
		}
		case 'list': {
			if (place.dialect === 'outbound') {
				const remedy = 'Write: (name == 1 || name == 2).';
				place.scope.findings.error('otherDialect', condition.span, 'Outbound queries have no IN.', remedy);
			}
			const column = checkColumn(condition.column, place);
			for (const value of condition.values) checkAgainst(value, condition.column, column, place);
			return;
		}
	}
}

/** @returns what is known of the column, where the side is one */
function checkSide(side: Value, place: Place): ColumnFacts | undefined {
	if (side.kind === 'column') return checkColumn(side, place);
	if (side.kind === 'arithmetic') checkUnquotedDate(side, place);
	if (!isLiteral(side)) checkValue(side, place);
	return undefined;
}

/** Whether a literal fits the column on the other side. */
function checkLiteralBeside(side: Value, other: Value, column: ColumnFacts | undefined, place: Place): void {
	if (!isLiteral(side)) return;
	if (other.kind === 'column') checkAgainst(side, other, column, place);
	else checkEscapes(side, place);
}

function checkAgainst(
	literal: Literal,
	reference: ColumnReference,
	column: ColumnFacts | undefined,
	place: Place,
): void {
	checkEscapes(literal, place);
	if (column !== undefined) checkLiteral(literal, reference.name, column, place.scope.findings);
}

function checkColumn(reference: ColumnReference, { scope }: Place): ColumnFacts | undefined {
	const column = scope.column(reference);
	if (column?.calculated) {
		scope.findings.error(
			'calculatedColumn',
			reference.span,
			`"${reference.name}" is a calculated, formula or rollup column, which segments cannot use.`,
			'Use the columns that it is calculated from, or copy its value to an ordinary column.',
		);
	}
	return column;
}

function checkValue(value: Value, place: Place): void {
	switch (value.kind) {
		case 'string':
			return checkEscapes(value, place);
		case 'number':
		case 'boolean':
			return;
		case 'column':
			checkColumn(value, place);
			return;
		case 'now':
			return barInInteraction('DATETIMEUTCNOW', value, place);
		case 'date':
			return barInInteraction('DATE', value, place);
		case 'dateDiff':
			barInInteraction('DATEDIFF', value, place);
			checkDate(value.from, place);
			return checkDate(value.to, place);
		case 'dateAdd':
			barInInteraction('DATEADD', value, place);
			return checkDate(value.date, place);
		case 'arithmetic':
			checkValue(value.first, place);
			for (const { operand } of value.rest) checkValue(operand, place);
			return;
		case 'call':
			for (const argument of value.arguments) checkValue(argument, place);
			return reportCall(value.name, value, place);
	}
}

function checkDate(value: Value, place: Place): void {
	checkValue(value, place);
	const { findings } = place.scope;
	const remedy = "Use a date column, a date function or a date in quotes, such as '2017-03-30'.";
	if (value.kind === 'column') {
		const type = place.scope.peekColumn(value)?.type;
		if (type === undefined || type === 'date' || type === 'other') return;
		findings.error('operatorDoesNotFit', value.span, `"${value.name}" is not a date column.`, remedy);
	} else if (
		value.kind === 'string' ? !isDateText(value.value) : value.kind === 'number' || value.kind === 'boolean'
	) {
		findings.error('literalDoesNotFit', value.span, 'This is not a date.', remedy);
	}
}

/** `2017-03-30` without quotes is a subtraction. */
function checkUnquotedDate({ first, rest, span }: ArithmeticValue, { scope }: Place): void {
	const parts = [first, ...rest.map(({ operand }) => operand)].map((part) =>
		part.kind === 'number' ? part.text : '',
	);
	const text = parts.join('-');
	if (rest.length !== 2 || rest.some(({ operator }) => operator !== '-') || !isDateText(text)) return;
	const message = `${text} without quotes is a subtraction, not a date.`;
	scope.findings.error('literalDoesNotFit', span, message, `Write: '${text}'.`);
}

/** Usage limits of the outbound documentation: "FILTER(condition)" of INTERACTION. */
function barInInteraction(
	word: string,
	at: Value | Condition,
	{ scope, dialect, inInteraction }: Place,
): void {
	if (!inInteraction || dialect !== 'outbound') return;
	const message = `${word} is not allowed in the FILTER of an INTERACTION.`;
	const remedy = 'For a period, use the window of HAVING: HAVING(COUNT() > 0, UTCDAYS(7)).';
	scope.findings.error('barredInInteraction', at.span, message, remedy);
}

function reportCall(name: string, at: Value, { scope, dialect }: Place): void {
	const remedy = 'Make sure that the service knows it: no published text does.';
	const message = `The function ${name.toUpperCase().slice(0, 60)} is not documented.`;
	if (dialect === 'outbound') scope.findings.error('unknownFunction', at.span, message, 'Take it out.');
	else scope.findings.warning('unknownFunction', at.span, message, remedy);
}

function checkEscapes(literal: Literal, { scope }: Place): void {
	if (literal.kind !== 'string' || !/['\\]/.test(literal.value)) return;
	const what = literal.value.includes("'") ? 'a quote' : 'a backslash';
	const message = `How the service reads ${what} inside a text is not documented.`;
	const remedy = 'Check the members after going live, or compare with a text without it.';
	scope.findings.warning('undocumentedEscape', literal.span, message, remedy);
}
