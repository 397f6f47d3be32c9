/**
 * Cuts the text into tokens, one at a time. It never throws: what it cannot read becomes a `bad` token, which fits
 * nowhere, so that the parser reports the first mistake in reading order. Every character is looked at once.
 */
import { excerpt } from './excerpt';

type TokenKind = 'name' | 'number' | 'string' | 'symbol' | 'bad' | 'end';

export interface Token {
	readonly kind: TokenKind;
	readonly start: number;
	readonly end: number;
	readonly line: number;
	readonly column: number;
	/** A name or number as written, a symbol, the value of a string, nothing at the end. */
	readonly text: string;
	/** A name in capitals, for comparing with keywords; else nothing. */
	readonly word: string;
	/** For `bad`: what would be right, where that does not depend on the place, and what to do. */
	readonly expected?: string;
	readonly hint?: string;
}

type Reading = Omit<Token, 'start' | 'line' | 'column'>;

/** Spaces beyond ASCII, as they come with pasted text. */
const WIDE_SPACE = /[\s\uFEFF]/;
const NUMBER = /[0-9]+(?:\.[0-9]+)?/y;
const NUMBER_TAIL = /[A-Za-z_][A-Za-z0-9_-]*/y;
/** `=`, `&`, `|`, `!` and the last three pairs are no part of the language; as tokens they can be explained. */
const PAIRS: ReadonlySet<string> = new Set(['==', '!=', '>=', '<=', '&&', '||', '<>', '=>', '=<']);
const SYMBOLS = '()[],.+-*/<>=&|!';
const ESCAPED = { "'": /''|\\['"\\]/g, '"': /""|\\['"\\]/g } as const;
const STRING_END = { "'": /\\['"\\]|''|'/g, '"': /\\['"\\]|""|"/g } as const;
const CURLY_QUOTE = /[\u2018\u2019\u201A\u201B\u201C\u201D\u201E\u201F\u00B4`]/;

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

export class Lexer {
	private offset = 0;
	private line = 1;
	private lineStart = 0;

	constructor(private readonly text: string) {}

	next(): Token {
		this.skipSpaces();
		const { offset: start, line } = this;
		const column = start - this.lineStart + 1;
		const { kind, end, text: written, word, expected, hint } = this.read(start);
		if (kind === 'string') this.countLines(start, end);
		this.offset = end;
		return { kind, start, end, line, column, text: written, word, expected, hint };
	}

	private read(start: number): Reading {
		const { text } = this;
		if (start >= text.length) return { kind: 'end', end: start, text: '', word: '' };
		const code = text.charCodeAt(start);
		if (isNameStart(code)) {
			let end = start + 1;
			while (isNamePart(text.charCodeAt(end))) end++;
			const name = text.slice(start, end);
			return { kind: 'name', end, text: name, word: name.toUpperCase() };
		}
		if (isDigit(code)) return this.readNumber(start);
		const character = text.charAt(start);
		if (character === "'" || character === '"') return this.readString(start, character);
		if (!SYMBOLS.includes(character)) return this.readUnknown(start);
		const pair = text.slice(start, start + 2);
		const symbol = PAIRS.has(pair) ? pair : character;
		return { kind: 'symbol', end: start + symbol.length, text: symbol, word: '' };
	}

	private readString(start: number, quote: "'" | '"'): Reading {
		const pattern = STRING_END[quote];
		pattern.lastIndex = start + 1;
		for (let found = pattern.exec(this.text); found !== null; found = pattern.exec(this.text)) {
			if (found[0] !== quote) continue;
			const raw = this.text.slice(start + 1, found.index);
			const value = raw.replace(ESCAPED[quote], (escape) => escape.charAt(1));
			return { kind: 'string', end: found.index + 1, text: value, word: '' };
		}
		return {
			kind: 'bad',
			end: this.text.length,
			text: this.text.slice(start, start + 64),
			word: '',
			expected: 'a text with a closing quote',
			hint: `Close the text with ${quote}, or write a quote inside a text twice.`,
		};
	}

	private readNumber(start: number): Reading {
		const number = this.match(NUMBER, start);
		const tail = this.match(NUMBER_TAIL, start + number.length);
		const end = start + number.length + tail.length;
		if (tail === '') return { kind: 'number', end, text: number, word: '' };
		return {
			kind: 'bad',
			end,
			text: number + tail,
			word: '',
			hint: `Names do not begin with a digit. If it is a text or an ID, write: '${excerpt(number + tail)}'.`,
		};
	}

	private readUnknown(start: number): Reading {
		const text = String.fromCodePoint(this.text.codePointAt(start) ?? 0xfffd);
		const end = start + text.length;
		if (CURLY_QUOTE.test(text)) {
			const hint = "Write the text between ' and '.";
			return { kind: 'bad', end, text, word: '', expected: 'a straight quote', hint };
		}
		return { kind: 'bad', end, text, word: '' };
	}

	private match(pattern: RegExp, at: number): string {
		pattern.lastIndex = at;
		return pattern.exec(this.text)?.[0] ?? '';
	}

	private skipSpaces(): void {
		const { text } = this;
		let end = this.offset;
		while (end < text.length && isSpace(text.charCodeAt(end))) end++;
		this.countLines(this.offset, end);
		this.offset = end;
	}

	private countLines(from: number, to: number): void {
		for (let index = from; index < to; index++) {
			const code = this.text.charCodeAt(index);
			const isReturn = code === CARRIAGE_RETURN && this.text.charCodeAt(index + 1) !== LINE_FEED;
			if (code !== LINE_FEED && !isReturn) continue;
			this.line++;
			this.lineStart = index + 1;
		}
	}
}

function isSpace(code: number): boolean {
	return (
		code === 32 || (code >= 9 && code <= 13) || (code > 127 && WIDE_SPACE.test(String.fromCharCode(code)))
	);
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
