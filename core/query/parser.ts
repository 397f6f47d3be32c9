import type { Block, Dialect, NumberLiteral, Paging, Query, SetExpression, SetStep, SortKey } from './ast';
import { Cursor } from './cursor';
import { QuerySyntaxError } from './errors';
import { didYouMean } from './hints';
import { parseInteraction, parseProfile, parseSegment } from './parseBlock';
import { parseColumn, parseNumber } from './parseValue';
import { pointAtExtraCharacter } from './repair';
import { SET_OPERATORS } from './keywords';

/**
 * Reads a segment query.
 *
 * Tolerant where the sources conflict: `&&` or AND, `||` or OR, either quote, a quote inside a text doubled or after a
 * backslash, keywords in any case, spaces anywhere between words. Linear in the length of the text; brackets nest up to
 * `MAX_NESTING` levels.
 *
 * Sources: "Segment query definition" of the outbound developer guide (2019-08-12, last edited 2025-07-16) for
 * outbound; no grammar is published for real-time, whose form is known from queries in use.
 *
 * @throws QuerySyntaxError with the position of the first mistake
 */
export function parseQuery(text: string, options: { readonly dialect: Dialect }): Query {
	try {
		return readQuery(text, options.dialect);
	} catch (error) {
		if (!(error instanceof QuerySyntaxError)) throw error;
		throw pointAtExtraCharacter(text, error, (candidate) => canRead(candidate, options.dialect));
	}
}

function canRead(text: string, dialect: Dialect): boolean {
	try {
		readQuery(text, dialect);
		return true;
	} catch (error) {
		if (error instanceof QuerySyntaxError) return false;
		throw error;
	}
}

function readQuery(text: string, dialect: Dialect): Query {
	const cursor = new Cursor(text, dialect);
	const isBracketed = cursor.atSymbol('(');
	const { expression, operands } = parseSets(cursor);
	let paging: Paging | undefined;
	if (cursor.atSymbol('.')) {
		if (operands > 1) {
			cursor.fail(
				'the end of the query',
				'Put the combined sets in brackets first: (a UNION b).ORDERBY(name).',
			);
		}
		paging = parsePaging(cursor);
	}
	if (cursor.peek().kind !== 'end') failAfterSets(cursor, isBracketed && operands === 1);
	const span = { start: 0, end: text.length, line: 1, column: 1 };
	const query = { kind: 'query', dialect, body: expression, span } as const;
	return paging === undefined ? query : { ...query, paging };
}

function failAfterSets(cursor: Cursor, isBracketed: boolean): never {
	const next = cursor.peek();
	const expected = `${isBracketed ? '' : '".", '}UNION, INTERSECT, EXCEPT or the end of the query`;
	if (cursor.word() === 'MINUS') return cursor.fail(expected, 'Write: EXCEPT.');
	if (cursor.atSymbol(')')) return cursor.fail(expected, 'This bracket closes nothing: take it out.');
	if (cursor.atSymbol('(', 1)) return cursor.fail(expected, `Write a dot before it, or UNION between sets.`);
	return cursor.fail(expected, didYouMean(next.text, SET_OPERATORS.keys()));
}

interface Sets {
	readonly expression: SetExpression;
	/** How many operands stand side by side. */
	readonly operands: number;
}

/** Sets side by side, from left to right. */
function parseSets(cursor: Cursor): Sets {
	const start = cursor.peek();
	const first = parseOperand(cursor);
	const steps: SetStep[] = [];
	for (;;) {
		const word = cursor.word();
		const operator = SET_OPERATORS.get(word);
		if (operator === undefined) break;
		cursor.take();
		steps.push({ operator, operand: parseOperand(cursor) });
	}
	if (steps.length === 0) return { expression: first, operands: 1 };
	const isChain = first.kind === 'setChain';
	const expression = {
		kind: 'setChain',
		first: isChain ? first.first : first,
		rest: isChain ? [...first.rest, ...steps] : steps,
		span: cursor.spanFrom(start),
	} as const;
	return { expression, operands: steps.length + 1 };
}

function parseOperand(cursor: Cursor): SetExpression {
	if (cursor.atSymbol('(')) {
		return cursor.inBrackets(() => parseSets(cursor).expression, 'UNION, INTERSECT, EXCEPT or ")"');
	}
	return parseBlock(cursor);
}

const BLOCKS: ReadonlyMap<string, (cursor: Cursor) => Block> = new Map<string, (cursor: Cursor) => Block>([
	['PROFILE', parseProfile],
	['SEGMENT', parseSegment],
	['INTERACTION', parseInteraction],
]);

function parseBlock(cursor: Cursor): Block {
	const word = cursor.word();
	const parse = BLOCKS.get(word);
	if (parse !== undefined) return parse(cursor);
	return cursor.fail('PROFILE(…), SEGMENT(…) or INTERACTION(…)', blockHint(cursor));
}

function blockHint(cursor: Cursor): string | undefined {
	const token = cursor.peek();
	if (token.kind !== 'name') return undefined;
	const nearest = didYouMean(token.text, BLOCKS.keys());
	if (nearest !== undefined) return nearest;
	if (cursor.atSymbol('=', 1))
		return 'A query has no names for its parts: write only what comes after the "=".';
	const next = cursor.peek(1);
	if (next.kind !== 'end' && !SET_OPERATORS.has(next.word)) {
		return 'A query begins with the people it is about: PROFILE(contact).FILTER(…).';
	}
	return `If it is a segment, write: SEGMENT(${token.text.slice(0, 60)}).`;
}

function parsePaging(cursor: Cursor): Paging {
	const start = cursor.peek(1);
	const parts = {
		orderBy: parseSuffix(cursor, 'ORDERBY', () => parseList(cursor, parseSortKey)),
		skip: parseSuffix(cursor, 'SKIP', (): NumberLiteral => parseNumber(cursor)),
		take: parseSuffix(cursor, 'TAKE', (): NumberLiteral => parseNumber(cursor)),
		select: parseSuffix(cursor, 'SELECT', () => parseList(cursor, (at) => parseColumn(at))),
	};
	if (cursor.atSymbol('.')) {
		cursor.take();
		cursor.fail('ORDERBY(…), SKIP(…), TAKE(…), SELECT(…), each once and in this order,');
	}
	const present = Object.entries(parts).filter(([, part]) => part !== undefined);
	return { ...(Object.fromEntries(present) as Paging), span: cursor.spanFrom(start) };
}

function parseSuffix<T>(cursor: Cursor, word: string, parse: () => T): T | undefined {
	if (!cursor.atSymbol('.') || cursor.word(1) !== word) return undefined;
	cursor.take();
	cursor.take();
	return cursor.inBrackets(parse, '"," or ")"');
}

function parseList<T>(cursor: Cursor, parse: (cursor: Cursor) => T): readonly T[] {
	const list = [parse(cursor)];
	while (cursor.trySymbol(',')) list.push(parse(cursor));
	return list;
}

function parseSortKey(cursor: Cursor): SortKey {
	const column = parseColumn(cursor);
	const word = cursor.word();
	if (word !== 'ASC' && word !== 'DESC') return { column };
	cursor.take();
	return { column, direction: word === 'ASC' ? 'ascending' : 'descending' };
}
