import type { Query } from './ast';

/** The same query without positions. */
export function stripSpans(query: Query): Query {
	return withoutSpans(query) as Query;
}

/** Keys in order, absent instead of undefined: one query has one form. */
function withoutSpans(node: unknown): unknown {
	if (Array.isArray(node)) return node.map(withoutSpans);
	if (typeof node !== 'object' || node === null) return node;
	const entries = Object.entries(node)
		.filter(([key, value]) => key !== 'span' && key !== 'nameSpan' && value !== undefined)
		.sort(([left], [right]) => (left < right ? -1 : 1));
	return Object.fromEntries(entries.map(([key, value]) => [key, withoutSpans(value)]));
}
