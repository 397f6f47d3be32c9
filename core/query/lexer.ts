/**
 * Cuts the text into tokens, one at a time. It never throws: what it cannot read becomes a `bad` token, which is
 * valid nowhere, so that the parser reports the first mistake in reading order. Every character is looked at once, by its code:
 * a regular expression or a piece of text per token would cost more than the parser does.
 */
import { excerpt } from './excerpt';

type TokenKind = 'name' | 'number' | 'string' | 'symbol' | 'bad' | 'end';

/** A word, number, text or symbol. `start` and `end` (exclusive) are UTF-16 offsets from 0; line and column count from 1. */
export class Token {
	/** What follows, where the cursor has looked ahead. */
	next: Token | undefined = undefined;

	constructor(
		readonly kind: TokenKind,
		readonly start: number,
		readonly end: number,
		readonly line: number,
		readonly column: number,
		/** A name or number as written, a symbol, the value of a string, nothing at the end. */
		readonly text: string,
		/** A name in capitals, for comparing with keywords; else nothing. */
		readonly word: string,
		/** For `bad`: what would be right, where that does not depend on the place, and what to do. */
		readonly expected?: string,
		readonly hint?: string,
	) {}
}

type Quote = "'" | '"';

/** Spaces beyond ASCII, as they come with pasted text. */
const WIDE_SPACE = /[\s\uFEFF]/;
const ESCAPED = { "'": /''|\\['"\\]/g, '"': /""|\\['"\\]/g } as const;
const CURLY_QUOTE = /[\u2018\u2019\u201A\u201B\u201C\u201D\u201E\u201F\u00B4`]/;
/** `=`, `&`, `|`, `!` and the last three pairs are no part of the language; as tokens they can be explained. */
const PAIRS = ['==', '!=', '>=', '<=', '&&', '||', '<>', '=>', '=<'];
const SYMBOLS = '()[],.+-*/<>=&|!';
/** By the code of the first character, then by the code of the second. */
const SYMBOL_OF: readonly (string | undefined)[] = byCode([...SYMBOLS]);
const PAIRS_OF: readonly (readonly (string | undefined)[] | undefined)[] = pairsByCode();

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const DOUBLE_QUOTE = 34;
const SINGLE_QUOTE = 39;
const MINUS = 45;
const DOT = 46;
const BACKSLASH = 92;

/** Reads one query from its beginning to its end. */
export class Lexer {
	private offset = 0;
	private line = 1;
	private lineStart = 0;

	constructor(private readonly text: string) {}

	/** The next token; behind the last one always an `end` token. */
	next(): Token {
		this.skipSpaces();
		const { text, offset: start } = this;
		if (start >= text.length) return this.token('end', start, '');
		const code = text.charCodeAt(start);
		if (isNameStart(code)) {
			const end = this.endOfName(start + 1);
			const name = text.slice(start, end);
			return this.token('name', end, name, name.toUpperCase());
		}
		if (isDigit(code)) return this.readNumber(start);
		if (code === SINGLE_QUOTE) return this.readString(start, "'");
		if (code === DOUBLE_QUOTE) return this.readString(start, '"');
		const symbol = PAIRS_OF[code]?.[text.charCodeAt(start + 1)] ?? SYMBOL_OF[code];
		if (symbol === undefined) return this.readUnknown(start);
		return this.token('symbol', start + symbol.length, symbol);
	}

	/** The token from here to the end given, behind which reading goes on. */
	private token(
		kind: TokenKind,
		end: number,
		text: string,
		word = '',
		expected?: string,
		hint?: string,
	): Token {
		const { offset: start, line } = this;
		const column = start - this.lineStart + 1;
		this.offset = end;
		return new Token(kind, start, end, line, column, text, word, expected, hint);
	}

	private readString(start: number, quote: Quote): Token {
		const { text } = this;
		const closing = quote.charCodeAt(0);
		let isEscaped = false;
		for (let end = start + 1; end < text.length; end++) {
			const code = text.charCodeAt(end);
			if (code !== closing && code !== BACKSLASH) continue;
			const next = text.charCodeAt(end + 1);
			if (code === closing ? next === closing : isEscapable(next)) {
				isEscaped = true;
				end++;
			} else if (code === closing) {
				const raw = text.slice(start + 1, end);
				const value = isEscaped ? raw.replace(ESCAPED[quote], (escape) => escape.charAt(1)) : raw;
				const token = this.token('string', end + 1, value);
				this.countLines(start, end);
				return token;
			}
		}
		const hint = `Close the text with ${quote}, or write a quote inside a text twice.`;
		const shown = text.slice(start, start + 64);
		return this.token('bad', text.length, shown, '', 'a text with a closing quote', hint);
	}

	private readNumber(start: number): Token {
		const { text } = this;
		let end = this.endOfDigits(start + 1);
		if (text.charCodeAt(end) === DOT && isDigit(text.charCodeAt(end + 1))) end = this.endOfDigits(end + 2);
		if (!isNameStart(text.charCodeAt(end))) return this.token('number', end, text.slice(start, end));
		while (isNamePart(text.charCodeAt(end)) || text.charCodeAt(end) === MINUS) end++;
		const written = text.slice(start, end);
		const hint = `Names do not begin with a digit. If it is a text or an ID, write: '${excerpt(written)}'.`;
		return this.token('bad', end, written, '', undefined, hint);
	}

	private readUnknown(start: number): Token {
		const text = String.fromCodePoint(this.text.codePointAt(start) ?? 0xfffd);
		const end = start + text.length;
		if (!CURLY_QUOTE.test(text)) return this.token('bad', end, text);
		return this.token('bad', end, text, '', 'a straight quote', "Write the text between ' and '.");
	}

	private endOfName(from: number): number {
		let end = from;
		while (isNamePart(this.text.charCodeAt(end))) end++;
		return end;
	}

	private endOfDigits(from: number): number {
		let end = from;
		while (isDigit(this.text.charCodeAt(end))) end++;
		return end;
	}

	private skipSpaces(): void {
		const { text, offset } = this;
		let end = offset;
		while (isSpace(text.charCodeAt(end))) end++;
		if (end === offset) return;
		this.countLines(offset, end);
		this.offset = end;
	}

	private countLines(from: number, to: number): void {
		for (let index = from; index < to; index++) {
			const code = this.text.charCodeAt(index);
			if (code !== LINE_FEED && code !== CARRIAGE_RETURN) continue;
			if (code === CARRIAGE_RETURN && this.text.charCodeAt(index + 1) === LINE_FEED) continue;
			this.line++;
			this.lineStart = index + 1;
		}
	}
}

function byCode(texts: readonly string[], at = 0): (string | undefined)[] {
	const list = new Array<string | undefined>(128).fill(undefined);
	for (const text of texts) list[text.charCodeAt(at)] = text;
	return list;
}

function pairsByCode(): ((string | undefined)[] | undefined)[] {
	return byCode([...SYMBOLS]).map((first) => {
		const pairs = first === undefined ? [] : PAIRS.filter((pair) => pair.startsWith(first));
		return pairs.length === 0 ? undefined : byCode(pairs, 1);
	});
}

function isSpace(code: number): boolean {
	return (
		code === 32 || (code >= 9 && code <= 13) || (code > 127 && WIDE_SPACE.test(String.fromCharCode(code)))
	);
}

function isEscapable(code: number): boolean {
	return code === SINGLE_QUOTE || code === DOUBLE_QUOTE || code === BACKSLASH;
}

function isDigit(code: number): boolean {
	return code >= 48 && code <= 57;
}

function isNameStart(code: number): boolean {
	return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;
}

function isNamePart(code: number): boolean {
	return isNameStart(code) || isDigit(code);
}
