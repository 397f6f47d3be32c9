import type { Dialect, Span } from './ast';
import { QuerySyntaxError } from './errors';
import { excerpt } from './excerpt';
import { Lexer, type Token } from './lexer';
import { MAX_NESTING } from './keywords';

/** How far behind a word its bracket is looked for, to name both in an error. */
const SPACES_SKIPPED = 40;

/** A position in the token stream: looks ahead, moves on, and creates the errors. */
export class Cursor {
	private readonly lexer: Lexer;
	/** The token at the cursor; those behind it that were looked at hang on it. */
	private current: Token;
	private depth = 0;
	private lastEnd = 0;

	constructor(
		readonly text: string,
		readonly dialect: Dialect,
	) {
		this.lexer = new Lexer(text);
		this.current = this.lexer.next();
	}

	/** The token at the cursor, or the one so many tokens further on; the cursor stays where it is. */
	peek(distance = 0): Token {
		let token = this.current;
		for (let index = 0; index < distance; index++) token = token.next ??= this.lexer.next();
		return token;
	}

	/** Takes the token at the cursor and moves on to the next one. */
	take(): Token {
		const token = this.current;
		this.current = token.next ?? this.lexer.next();
		// A token that is kept for its position must not keep the following tokens in memory.
		token.next = undefined;
		this.lastEnd = token.end;
		return token;
	}

	/** Whether this symbol stands at the cursor, or so many tokens further on. */
	atSymbol(symbol: string, distance = 0): boolean {
		const token = this.peek(distance);
		return token.kind === 'symbol' && token.text === symbol;
	}

	/** The word at the cursor in capitals; empty when there is none. */
	word(distance = 0): string {
		return this.peek(distance).word;
	}

	/** Whether `WORD (` stands at the cursor: a keyword is one only in front of its bracket. */
	atCall(word: string, distance = 0): boolean {
		return this.word(distance) === word && this.atSymbol('(', distance + 1);
	}

	/** Takes the symbol if it stands at the cursor. @returns whether it did */
	trySymbol(symbol: string): boolean {
		if (!this.atSymbol(symbol)) return false;
		this.take();
		return true;
	}

	/** Takes the symbol. @throws QuerySyntaxError when something else stands there */
	symbol(symbol: string, expected = `"${symbol}"`, hint?: string): Token {
		if (!this.atSymbol(symbol)) this.fail(expected, hint);
		return this.take();
	}

	/** Takes a name and gives it as written. @throws QuerySyntaxError when something else stands there */
	name(expected: string, hint?: string): string {
		if (this.peek().kind !== 'name') this.fail(expected, hint);
		return this.take().text;
	}

	/** Reads what lies in the bracket at the cursor; the depth of brackets is bounded. */
	inBrackets<T>(read: () => T, closer = '")"'): T {
		const opening = this.symbol('(');
		if (++this.depth > MAX_NESTING) {
			this.failAt(
				opening,
				`no more than ${MAX_NESTING} levels of brackets`,
				'Remove brackets, or split the query into several segments.',
			);
		}
		const result = read();
		this.symbol(')', closer);
		this.depth--;
		return result;
	}

	/** From the beginning of a token to the end of the last one that was taken. */
	spanFrom(start: Token): Span {
		return { start: start.start, end: this.lastEnd, line: start.line, column: start.column };
	}

	/** Refuses the token at the cursor. */
	fail(expected: string, hint?: string): never {
		return this.failAt(this.peek(), expected, hint);
	}

	/** Refuses this token. What the token itself says it should have been counts more than `expected` and `hint`. */
	failAt(token: Token, expected: string, hint?: string): never {
		throw new QuerySyntaxError(this.text, {
			offset: token.start,
			found: this.found(token),
			expected: token.expected ?? expected,
			hint: token.expected === undefined ? (hint ?? token.hint) : token.hint,
		});
	}

	private found(token: Token): string {
		if (token.kind === 'end') return 'the end of the query';
		const written = excerpt(this.text.slice(token.start, token.end));
		return token.kind === 'name' && this.opensBracket(token) ? `${written}(` : written;
	}

	private opensBracket(token: Token): boolean {
		return /^\s*\(/.test(this.text.slice(token.end, token.end + SPACES_SKIPPED));
	}
}
