import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate, type Parser } from 'peggy';
import { QueryRefusal, type Query, type SyntaxRules } from './ast';

/** Deeper nesting is refused before parsing, so that no text can exhaust the stack. */
const MAX_NESTING = 150;

let parser: Parser | undefined;

/**
 * Reads a query of the dialect that the rules name.
 *
 * @throws QueryRefusal with reason `syntax`, naming line and column
 */
export function parseQuery(text: string, rules: SyntaxRules): Query {
	refuseDeepNesting(text, rules);
	parser ??= generate(readGrammar(), { cache: true });
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

/** The rules of both dialects are one text for the parser generator. */
function readGrammar(): string {
	const files = ['grammar.peggy', 'grammar.realTime.peggy'];
	return files.map((name) => readFileSync(join(__dirname, name), 'utf8')).join('\n');
}

function refuseDeepNesting(text: string, rules: SyntaxRules): void {
	let depth = 0;
	let quoted = false;
	for (let index = 0; index < text.length; index++) {
		const character = text[index];
		if (quoted && rules.backslashEscape && character === '\\') index++;
		else if (character === "'") quoted = !quoted;
		else if (!quoted && character === '(') depth++;
		else if (!quoted && character === ')') depth--;
		if (depth > MAX_NESTING) {
			throw new QueryRefusal('syntax', `The query is nested more than ${MAX_NESTING} levels deep.`);
		}
	}
}
