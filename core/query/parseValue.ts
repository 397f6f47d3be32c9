import type {
	ArithmeticOperator,
	ArithmeticStep,
	ColumnReference,
	Condition,
	DatePart,
	Literal,
	NumberLiteral,
	StringLiteral,
	Value,
} from './ast';
import type { Cursor } from './cursor';
import { excerpt } from './excerpt';
import { didYouMean, functionHint } from './hints';
import type { Token } from './lexer';
import { DATE_PARTS, isReserved, RESERVED, TEXT_OPERATORS } from './keywords';

const VALUE = 'a column or a value';

/** A column, with its alias in front: `name`, `account_1.name`. */
export function parseColumn(cursor: Cursor, expected = 'a column'): ColumnReference {
	const start = cursor.peek();
	if (RESERVED.has(start.word) && !cursor.atSymbol('.', 1)) {
		return cursor.fail(expected, valueHint(start));
	}
	let name = cursor.name(expected);
	if (!cursor.trySymbol('.')) return { kind: 'column', name, span: cursor.spanFrom(start) };
	let alias = name;
	name = cursor.name('a column after the dot');
	// Real-time knows aliases of two names, such as `account.account_1`.
	if (cursor.trySymbol('.')) {
		alias = `${alias}.${name}`;
		name = cursor.name('a column after the dot');
	}
	return { kind: 'column', name, alias, span: cursor.spanFrom(start) };
}

/** The alias given to a table: one name, or two joined by a dot. */
export function parseAlias(cursor: Cursor, expected: string): string {
	const alias = cursor.name(expected);
	return cursor.trySymbol('.') ? `${alias}.${cursor.name('a name after the dot')}` : alias;
}

/** `number = [ "-" ] digits`, kept as text, so that no digit is lost. @throws QuerySyntaxError naming `expected` */
export function parseNumber(cursor: Cursor, expected = 'a number'): NumberLiteral {
	const start = cursor.peek();
	const isNegative = cursor.atSymbol('-') && cursor.peek(1).kind === 'number';
	if (isNegative) cursor.take();
	if (cursor.peek().kind !== 'number') cursor.fail(expected);
	const digits = cursor.take().text;
	return { kind: 'number', text: isNegative ? `-${digits}` : digits, span: cursor.spanFrom(start) };
}

/** `string = "'" { character } "'"`. @throws QuerySyntaxError naming `expected`, with the hint */
export function parseString(cursor: Cursor, expected: string, hint?: string): StringLiteral {
	if (cursor.peek().kind !== 'string') cursor.fail(expected, hint);
	const token = cursor.take();
	return { kind: 'string', value: token.text, span: cursor.spanFrom(token) };
}

/** `literal = string | number | "true" | "false"`. @throws QuerySyntaxError where there is none */
export function parseLiteral(cursor: Cursor): Literal {
	const literal = tryLiteral(cursor);
	return literal ?? cursor.fail('a text, a number, true or false');
}

function tryLiteral(cursor: Cursor): Literal | undefined {
	const start = cursor.peek();
	if (start.kind === 'string') return parseString(cursor, VALUE);
	if (start.kind === 'number' || (cursor.atSymbol('-') && cursor.peek(1).kind === 'number')) {
		return parseNumber(cursor);
	}
	const word = cursor.word();
	if ((word !== 'TRUE' && word !== 'FALSE') || cursor.atSymbol('.', 1)) return undefined;
	cursor.take();
	return { kind: 'boolean', value: word === 'TRUE', span: cursor.spanFrom(start) };
}

/**
 * `a + b * c`, with the factors given by the caller: in a condition a bracket may hold a condition, which is then
 * returned as it is.
 */
export function parseArithmetic<T extends Condition>(
	cursor: Cursor,
	parseFactor: (cursor: Cursor) => Value | T,
	requireValue: (cursor: Cursor, item: Value | T) => Value,
): Value | T {
	const start = cursor.peek();
	const first = parseProduct(cursor, parseFactor, requireValue);
	if (!cursor.atSymbol('+') && !cursor.atSymbol('-')) return first;
	const firstValue = requireValue(cursor, first);
	const rest: ArithmeticStep[] = [];
	for (let operator = takeOperator(cursor, '+', '-'); operator; operator = takeOperator(cursor, '+', '-')) {
		const operand = requireValue(cursor, parseProduct(cursor, parseFactor, requireValue));
		rest.push({ operator, operand });
	}
	return { kind: 'arithmetic', first: firstValue, rest, span: cursor.spanFrom(start) };
}

function parseProduct<T extends Condition>(
	cursor: Cursor,
	parseFactor: (cursor: Cursor) => Value | T,
	requireValue: (cursor: Cursor, item: Value | T) => Value,
): Value | T {
	const start = cursor.peek();
	const first = parseFactor(cursor);
	if (!cursor.atSymbol('*') && !cursor.atSymbol('/')) return first;
	const firstValue = requireValue(cursor, first);
	const rest: ArithmeticStep[] = [];
	for (let operator = takeOperator(cursor, '*', '/'); operator; operator = takeOperator(cursor, '*', '/')) {
		rest.push({ operator, operand: requireValue(cursor, parseFactor(cursor)) });
	}
	return { kind: 'arithmetic', first: firstValue, rest, span: cursor.spanFrom(start) };
}

function takeOperator(cursor: Cursor, ...operators: ArithmeticOperator[]): ArithmeticOperator | undefined {
	return operators.find((operator) => cursor.trySymbol(operator));
}

/** A value outside of conditions, as in the arguments of a date function. */
function parseValue(cursor: Cursor): Value {
	return parseArithmetic<never>(cursor, parseValueFactor, (_cursor, value) => value);
}

function parseValueFactor(cursor: Cursor): Value {
	return cursor.atSymbol('(') ? cursor.inBrackets(() => parseValue(cursor)) : parseAtom(cursor);
}

/** A literal, a column or a function. */
export function parseAtom(cursor: Cursor): Value {
	const literal = tryLiteral(cursor);
	if (literal !== undefined) return literal;
	const start = cursor.peek();
	if (start.kind !== 'name') return cursor.fail(VALUE, valueHint(start));
	if (cursor.atSymbol('(', 1)) return parseFunction(cursor, start);
	return parseColumn(cursor, VALUE);
}

function valueHint(token: Token): string | undefined {
	const word = token.word;
	if (word === 'NULL') return 'Write: ISNULL(name) or ISNOTNULL(name).';
	if (word === 'NOT') return "Write the condition in brackets: NOT(name == 'run').";
	if (token.text === '=') return "Write two equals signs: name == 'run'.";
	return undefined;
}

function parseFunction(cursor: Cursor, start: Token): Value {
	switch (start.word) {
		case 'DATETIMEUTCNOW':
			cursor.take();
			cursor.inBrackets(() => undefined, '")", because DATETIMEUTCNOW has no arguments,');
			return { kind: 'now', span: cursor.spanFrom(start) };
		case 'DATE':
			cursor.take();
			return {
				kind: 'date',
				parts: cursor.inBrackets(() => parseDateParts(cursor)),
				span: cursor.spanFrom(start),
			};
		case 'DATEDIFF':
			return parseDateDifference(cursor, start);
		case 'DATEADD':
			return parseDateAddition(cursor, start);
		default:
			return parseCall(cursor, start);
	}
}

function parseDateParts(cursor: Cursor): readonly NumberLiteral[] {
	const parts = [parseNumber(cursor, 'a year')];
	for (const part of ['a month', 'a day']) {
		cursor.symbol(',', `"," and ${part}`, 'Write: DATE(2017, 3, 30).');
		parts.push(parseNumber(cursor, part));
	}
	while (parts.length < 7 && cursor.trySymbol(',')) parts.push(parseNumber(cursor));
	return parts;
}

function parseDateDifference(cursor: Cursor, start: Token): Value {
	cursor.take();
	const parts = cursor.inBrackets(() => {
		const part = parseDatePart(cursor);
		cursor.symbol(',', '"," and a date');
		const from = parseValue(cursor);
		cursor.symbol(',', '"," and a second date', `Write: DATEDIFF(DAY, createdon, DATETIMEUTCNOW()).`);
		return { part, from, to: parseValue(cursor) };
	});
	return { kind: 'dateDiff', ...parts, span: cursor.spanFrom(start) };
}

function parseDateAddition(cursor: Cursor, start: Token): Value {
	cursor.take();
	const parts = cursor.inBrackets(() => {
		const part = parseDatePart(cursor);
		cursor.symbol(',', '"," and a number');
		const amount = parseNumber(cursor);
		cursor.symbol(',', '"," and a date', 'Write: DATEADD(DAY, 7, DATETIMEUTCNOW()).');
		return { part, amount, date: parseValue(cursor) };
	});
	return { kind: 'dateAdd', ...parts, span: cursor.spanFrom(start) };
}

function parseDatePart(cursor: Cursor): DatePart {
	const word = cursor.word();
	const part = DATE_PARTS.get(word);
	if (part === undefined) {
		const hint = didYouMean(word, DATE_PARTS.keys());
		return cursor.fail('YEAR, MONTH, DAY, HOUR, MINUTE, SECOND or MILLISECOND', hint);
	}
	cursor.take();
	return part;
}

const FUNCTIONS = ['DATETIMEUTCNOW', 'DATE', 'DATEDIFF', 'DATEADD', 'ISNULL', 'ISNOTNULL', 'NOT'];

function parseCall(cursor: Cursor, start: Token): Value {
	const word = start.word;
	if (TEXT_OPERATORS.has(word) || word === 'IN') return failAtTextFunction(cursor, word);
	const hint = functionHint(word) ?? didYouMean(word, FUNCTIONS);
	const isRefused = cursor.dialect === 'outbound' || hint !== undefined;
	if (isRefused) return cursor.fail('a column, a value or a condition', hint);
	cursor.take();
	const values: Value[] = [];
	cursor.inBrackets(() => {
		if (cursor.atSymbol(')')) return;
		do values.push(parseValue(cursor));
		while (cursor.trySymbol(','));
	}, '"," or ")"');
	return { kind: 'call', name: start.text, arguments: values, span: cursor.spanFrom(start) };
}

/** `CONTAINS(name, 'run')`: the commonest mistake, taken over from OData. */
export function failAtTextFunction(cursor: Cursor, word: string, column?: string): never {
	const operator = cursor.peek();
	const argument = cursor.peek(2);
	const named = argument.kind === 'name' && !isReserved(argument.text) ? argument.text : undefined;
	const value = [cursor.peek(2), cursor.peek(4)].find((token) => token.kind === 'string');
	const isShowable = value !== undefined && value.text.length <= 30 && excerpt(value.text) === value.text;
	const text = isShowable ? value.text.replaceAll("'", "''") : 'run';
	const list = `${column ?? named ?? 'name'} IN [1, 2]`;
	const example = word === 'IN' ? list : `${column ?? named ?? 'name'} ${word} '${text}'`;
	return cursor.failAt(operator, 'an operator', `Write: ${example}.`);
}
