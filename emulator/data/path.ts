/** The path below `/api/data/vX.Y/`: names and what stands in parentheses behind them. */

import { badUri } from './faults';
import { decodePercent, isGuid } from './values';

export interface PathSegment {
	readonly name: string;
	/** Decoded text between the parentheses; undefined when there are none. */
	readonly inside?: string;
}

export type RowKey =
	| { readonly kind: 'alternate'; readonly parts: ReadonlyMap<string, string> }
	| { readonly kind: 'id'; readonly id: string };

/** Splits at slashes that stand outside of quotes and parentheses. Throws 400 for text that cannot be decoded. */
export function parsePath(raw: string): readonly PathSegment[] {
	const path = decodePercent(raw.replace(/^\/+/, ''));
	if (path === undefined) throw badUri('The path of the address is not valid percent-encoding.');
	const parts: string[] = [];
	let start = 0;
	let quoted = false;
	let depth = 0;
	for (let at = 0; at < path.length; at += 1) {
		const character = path[at];
		if (character === "'") quoted = !quoted;
		else if (quoted) continue;
		else if (character === '(') depth += 1;
		else if (character === ')') depth -= 1;
		else if (character === '/' && depth === 0) {
			parts.push(path.slice(start, at));
			start = at + 1;
		}
	}
	parts.push(path.slice(start));
	return parts.filter((part, index) => part !== '' || index < parts.length - 1).map(parseSegment);
}

function parseSegment(text: string): PathSegment {
	const open = text.indexOf('(');
	if (open < 0) return { name: text };
	if (!text.endsWith(')')) throw badUri(`Syntax error in the segment '${text}'.`);
	return { name: text.slice(0, open), inside: text.slice(open + 1, -1) };
}

/** `<guid>`, or `name='text',other=5`. Throws 400 for anything else. */
export function parseKey(inside: string): RowKey {
	const text = inside.trim();
	if (isGuid(text)) return { kind: 'id', id: text.toLowerCase() };
	const parts = new Map<string, string>();
	const pattern = /\s*([A-Za-z_]\w*)\s*=\s*(?:'((?:[^']|'')*)'|([^',\s]+))\s*(,|$)/gy;
	let end = 0;
	for (const match of text.matchAll(pattern)) {
		const [whole, name = '', quoted, bare = ''] = match;
		if (whole === '') break;
		parts.set(name, quoted === undefined ? bare : quoted.replace(/''/g, "'"));
		end = match.index + whole.length;
	}
	if (parts.size === 0 || end !== text.length) {
		throw badUri(`Bad Request - Error in query syntax: the key '${text}' is not a GUID or an alternate key.`);
	}
	return { kind: 'alternate', parts };
}
