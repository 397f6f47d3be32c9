/** Text of `$filter` to a tree. The grammar is `filter.peggy`; evaluation sees only the types below. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate, type Parser } from 'peggy';
import { badUri } from './faults';

type CompareOperator = 'eq' | 'ge' | 'gt' | 'le' | 'lt' | 'ne';
type TextFunctionName = 'contains' | 'endswith' | 'startswith';

export type Literal =
	| { readonly kind: 'literal'; readonly type: 'boolean'; readonly value: boolean }
	| { readonly kind: 'literal'; readonly type: 'enum'; readonly enumType: string; readonly value: string }
	| { readonly kind: 'literal'; readonly type: 'null'; readonly value: null }
	| { readonly kind: 'literal'; readonly type: 'number'; readonly value: number }
	| { readonly kind: 'literal'; readonly type: 'datetime' | 'guid' | 'string'; readonly value: string };
interface PathOperand {
	readonly kind: 'path';
	readonly steps: readonly string[];
}
interface AliasOperand {
	readonly kind: 'alias';
	readonly name: string;
}
export interface ListOperand {
	readonly kind: 'list';
	readonly items: readonly string[];
}
export type Operand = AliasOperand | Literal | PathOperand;
export interface QueryParameter {
	readonly name: string;
	readonly value: ListOperand | Operand;
}

export type FilterTree =
	| { readonly kind: 'and' | 'or'; readonly terms: readonly FilterTree[] }
	| { readonly kind: 'not'; readonly term: FilterTree }
	| {
			readonly kind: 'compare';
			readonly operator: CompareOperator;
			readonly left: Operand;
			readonly right: Operand;
	  }
	| {
			readonly kind: 'text';
			readonly name: TextFunctionName;
			readonly left: Operand;
			readonly right: Operand;
	  }
	| {
			/** `Account_Tasks/any(t:contains(t/subject,'x'))`; `any()` asks whether there is a related row at all. */
			readonly kind: 'lambda';
			readonly quantifier: 'all' | 'any';
			readonly steps: readonly string[];
			readonly variable?: string;
			readonly term?: FilterTree;
	  }
	| { readonly kind: 'query'; readonly name: string; readonly parameters: readonly QueryParameter[] }
	| { readonly kind: 'unknownCall'; readonly name: string };

let parser: Parser | undefined;

function filterParser(): Parser {
	parser ??= generate(readFileSync(join(__dirname, 'filter.peggy'), 'utf8'), {
		allowedStartRules: ['Start', 'Json', 'Literal'],
	});
	return parser;
}

/** Parses the decoded text of `$filter`. Throws 400 0x80060888 with the position where the text stops making sense. */
export function parseFilter(text: string): FilterTree {
	refuseUnterminated(text);
	if (/\bguid'/i.test(withoutStrings(text))) throw badUri("Unrecognized 'Edm.String' literal 'guid'.");
	return parse(text, 'Start') as FilterTree;
}

/** Parses the value of a parameter alias: a literal, or a JSON array for query functions. */
export function parseAliasValue(text: string): ListOperand | Literal {
	refuseUnterminated(text);
	return parse(text, text.startsWith('[') ? 'Json' : 'Literal') as ListOperand | Literal;
}

function parse(text: string, startRule: string): unknown {
	try {
		return filterParser().parse(text, { startRule });
	} catch (error) {
		throw badUri(syntaxMessage(text, error));
	}
}

function syntaxMessage(text: string, error: unknown): string {
	const location = (error as { location?: { start: { offset: number } } }).location;
	return `Syntax error at position ${location?.start.offset ?? 0} in '${text}'.`;
}

/** Quotes are paired outside of JSON strings, where an apostrophe is a letter. Throws with the documented text. */
function refuseUnterminated(text: string): void {
	let open: "'" | '"' | undefined;
	for (let at = 0; at < text.length; at += 1) {
		const character = text[at];
		if (open === '"' && character === '\\') at += 1;
		else if (open === undefined && (character === "'" || character === '"')) open = character;
		else if (character === open) open = undefined;
	}
	if (open !== undefined) {
		throw badUri(`There is an unterminated literal at position ${text.length} in '${text}'.`);
	}
}

function withoutStrings(text: string): string {
	return text.replace(/"(?:[^"\\]|\\.)*"/g, '""').replace(/'[^']*'/g, "''");
}
