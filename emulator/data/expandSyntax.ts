/** Text of `$expand`: `nav`, `nav/$ref`, `nav($select=a,b;$filter=…;$orderby=…;$top=3;$expand=…)`. */

import { badUri } from './faults';

export interface OrderTerm {
	readonly property: string;
	readonly descending: boolean;
}

export interface ExpandTerm {
	readonly navigation: string;
	readonly select?: readonly string[];
	readonly filter?: string;
	readonly orderBy: readonly OrderTerm[];
	readonly top?: number;
	readonly expand: readonly ExpandTerm[];
	/** `nav/$ref`: the address of the row instead of the row. */
	readonly ref: boolean;
}

const mostExpands = 15;

/** Throws 400 for more than 15 properties, unknown options and text that is none of these. */
export function parseExpand(text: string): readonly ExpandTerm[] {
	const terms = parseTerms(text);
	const count = (list: readonly ExpandTerm[]): number =>
		list.reduce((sum, { expand }) => sum + 1 + count(expand), 0);
	if (count(terms) > mostExpands) {
		throw badUri(`A query can expand at most ${mostExpands} navigation properties.`);
	}
	return terms;
}

function parseTerms(text: string): readonly ExpandTerm[] {
	return splitOutside(text, ',').map((term) => {
		const match = /^\s*([A-Za-z_]\w*)(\/\$ref)?\s*(?:\((.*)\))?\s*$/s.exec(term);
		if (match?.[1] === undefined) throw badUri(`The expand option '${term.trim()}' is not supported.`);
		const [, navigation, ref, inside] = match;
		return { ...parseInside(inside ?? ''), navigation, ref: ref !== undefined };
	});
}

function parseInside(text: string): Omit<ExpandTerm, 'navigation' | 'ref'> {
	const values = new Map<string, string>();
	for (const part of splitOutside(text, ';').filter((option) => option.trim() !== '')) {
		const match = /^\s*(\$[a-z]+)=(.*)$/s.exec(part);
		const [, name = '', value = ''] = match ?? [];
		if (!['$select', '$filter', '$orderby', '$top', '$expand'].includes(name)) {
			throw badUri(`The expand option '${part.trim()}' is not supported.`);
		}
		values.set(name, value);
	}
	const [select, orderBy, top, expand] = ['$select', '$orderby', '$top', '$expand'].map((name) =>
		values.get(name),
	);
	return {
		...(select !== undefined && { select: parseNames(select) }),
		...(values.has('$filter') && { filter: values.get('$filter') }),
		orderBy: orderBy === undefined ? [] : parseOrder(orderBy),
		...(top !== undefined && { top: parseTop(top) }),
		expand: expand === undefined ? [] : parseTerms(expand),
	};
}

/** Splits at a sign that stands outside of quotes and parentheses. */
function splitOutside(text: string, sign: string): readonly string[] {
	const parts: string[] = [];
	let start = 0;
	let depth = 0;
	let quoted = false;
	for (let at = 0; at < text.length; at += 1) {
		const character = text[at];
		if (character === "'") quoted = !quoted;
		else if (quoted) continue;
		else if (character === '(') depth += 1;
		else if (character === ')') depth -= 1;
		else if (character === sign && depth === 0) {
			parts.push(text.slice(start, at));
			start = at + 1;
		}
	}
	return [...parts, text.slice(start)];
}

export function parseNames(text: string): readonly string[] {
	const names = text.split(',').map((name) => name.trim());
	if (names.includes('')) throw badUri("The query option '$select' holds an empty name.");
	return names;
}

export function parseOrder(text: string): readonly OrderTerm[] {
	return text.split(',').map((term) => {
		const match = /^\s*([A-Za-z_]\w*)(?:\s+(asc|desc))?\s*$/.exec(term);
		if (match?.[1] === undefined)
			throw badUri(`Syntax error in the query option '$orderby': '${term.trim()}'.`);
		return { property: match[1], descending: match[2] === 'desc' };
	});
}

export function parseTop(text: string): number {
	if (!/^\d{1,9}$/.test(text)) throw badUri(`Invalid value '${text}' for the query option '$top'.`);
	return Number(text);
}
