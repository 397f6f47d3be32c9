/**
 * The parser notices a mistake where the text stops making sense, which can be long after the character at fault: a
 * stray bracket or quote is noticed at the end. If removing a single character makes the whole query readable, the error
 * points at that character.
 */
import { QuerySyntaxError, type SyntaxProblem } from './errors';

/** Reading again is only worth while for texts that a segment could hold; this also keeps hostile text linear. */
const MAX_LENGTH = 6000;
const MAX_ATTEMPTS = 300;
/** How far before the place of the error ordinary characters are suspected. */
const REACH = 80;
/** A word or number, and what may have been one symbol before something stood in it (`=x=`). */
const WORD_AND_MORE = /^[-A-Za-z0-9_.]*[^]{0,3}/;
/** These have effects far away, so they are suspected wherever they are. */
const DISTANT = /['"\\()[\]]/;

/**
 * @param canRead whether a text is a query
 * @returns the same error, or one that points at a character without which `canRead` accepts the text
 */
export function pointAtExtraCharacter(
	text: string,
	error: QuerySyntaxError,
	canRead: (text: string) => boolean,
): QuerySyntaxError {
	if (text.length > MAX_LENGTH) return error;
	const isExplained = error.hint?.startsWith('Write') ?? false;
	let attempts = 0;
	for (const offset of suspects(text, error.offset)) {
		// Two words run together can be read by chance (`NOT name`), and the mistake is already known to be another.
		if (isExplained && /\s/.test(text.charAt(offset))) continue;
		if (++attempts > MAX_ATTEMPTS) break;
		if (!canRead(text.slice(0, offset) + text.slice(offset + 1))) continue;
		return offset === error.offset ? error : new QuerySyntaxError(text, describe(text, offset, error));
	}
	return error;
}

/** The place of the error first, then its word, then backwards. */
function* suspects(text: string, at: number): Generator<number> {
	const length = WORD_AND_MORE.exec(text.slice(at, at + REACH))?.[0].length ?? 0;
	const wordEnd = at + length;
	for (let offset = at; offset < Math.min(wordEnd, text.length); offset++) yield offset;
	const reach = Math.max(0, at - REACH);
	for (let offset = at - 1; offset >= reach; offset--) yield offset;
	for (let offset = reach - 1; offset >= 0; offset--) {
		if (DISTANT.test(text.charAt(offset))) yield offset;
	}
	for (let offset = wordEnd; offset < text.length; offset++) {
		if (DISTANT.test(text.charAt(offset))) yield offset;
	}
}

function describe(text: string, offset: number, error: QuerySyntaxError): SyntaxProblem {
	const found = text.charAt(offset);
	if (found === '(' || found === '[') {
		const closing = found === '(' ? ')' : ']';
		return {
			offset,
			found,
			expected: `"${found}" with a "${closing}" of its own`,
			hint: 'Close it, or take it out.',
		};
	}
	const hint = /['"]/.test(found)
		? "Take it out, or write it twice if it is part of the text: 'O''Brien'."
		: `Take it out, and the rest can be read. ${error.hint ?? ''}`.trim();
	return { offset, found, expected: 'nothing', hint };
}
