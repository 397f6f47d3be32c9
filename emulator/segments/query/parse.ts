import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate, type Parser } from 'peggy';
import { QueryRefusal, type Query, type SyntaxRules } from './ast';

/** Deeper nesting is refused before parsing, so that no text can exhaust the stack. */
const MAX_NESTING = 150;

let parser: Parser | undefined;

/**
 * Reads a query of the dialect that the rules name, in time that grows with the length of the text.
 *
 * @throws QueryRefusal with reason `syntax`, naming line and column
 */
export function parseQuery(text: string, rules: SyntaxRules): Query {
	refuseDeepNesting(text, rules);
	parser ??= generate(readGrammar());
	try {
		const query: unknown = parser.parse(text, { ...rules });
		return query as Query;
	} catch (error) {
		if (error instanceof parser.SyntaxError) {
			const { line, column, offset } = error.location.start;
			const message = `Line ${line}, column ${column}: ${error.message}`;
			throw new QueryRefusal('syntax', message, { line, column, offset });
		}
		throw error;
	}
}

/** A switch's value as a rule. */
export function escapeOf(value: string): SyntaxRules['escape'] {
	return value === 'backslash' || value === 'either' ? value : 'doubled';
}

/** The rules of both dialects are one text for the parser generator. */
function readGrammar(): string {
	const files = ['grammar.peggy', 'grammar.conditions.peggy', 'grammar.realTime.peggy'];
	return files.map((name) => readFileSync(join(__dirname, name), 'utf8')).join('\n');
}

function refuseDeepNesting(text: string, { escape, doubleQuotes }: SyntaxRules): void {
	let depth = 0;
	let quote: string | undefined;
	for (let index = 0; index < text.length; index++) {
		const character = text.charAt(index);
		if (quote !== undefined) {
			if (character === quote) quote = undefined;
			else if (character === '\\' && escapes(escape, text.charAt(index + 1))) index++;
		} else if (character === "'" || (character === '"' && doubleQuotes)) quote = character;
		else if (character === '(') depth++;
		else if (character === ')') depth--;
		if (depth > MAX_NESTING) {
			throw new QueryRefusal('syntax', `The query is nested more than ${MAX_NESTING} levels deep.`);
		}
	}
}

/** Whether a backslash in a text takes the next character with it. A doubled quote ends a text and opens another. */
function escapes(escape: SyntaxRules['escape'], next: string): boolean {
	return escape === 'backslash' || (escape === 'either' && ['"', "'", '\\'].includes(next));
}
