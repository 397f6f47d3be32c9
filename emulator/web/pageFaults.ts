/** Pages of rows and of members that are not whole. */

import type { Answer } from './messages';

type Json = Readonly<Record<string, unknown>>;

/** Members of the answers of the real-time actions that hold JSON as a text, and the lists in them. */
const WRAPPED = { ResultText: 'members', Response: 'entityIds' } as const;

/** The page with `keep` rows or ids, half of them unless it is said; what it says of their number stays. */
export function shortened(answer: Answer, keep?: number): Answer {
	const cut = (list: readonly unknown[]) => list.slice(0, keep ?? Math.floor(list.length / 2));
	const cutList = (list: unknown): unknown => {
		if (typeof list === 'string') return cut(list === '' ? [] : list.split(',')).join(',');
		if (!Array.isArray(list)) return list;
		const [text] = list as readonly unknown[];
		if (typeof text === 'string' && text.includes(',')) return [cutList(text)];
		return cut(list as readonly unknown[]);
	};
	const cutMember = (object: Json, name: string): Json =>
		object[name] === undefined ? object : { ...object, [name]: cutList(object[name]) };
	return changedJson(answer, (body) => {
		if (Array.isArray(body.value)) return cutMember(body, 'value');
		return changedInside(body, cutMember);
	});
}

/** The page without what leads to the next one. */
export function withoutNextLink(answer: Answer): Answer {
	const isLink = (name: string) => /^@odata\.nextLink$|\.(morerecords|fetchxmlpagingcookie)$/.test(name);
	return changedJson(answer, (body) => {
		const rest = Object.fromEntries(Object.entries(body).filter(([name]) => !isLink(name)));
		return changedInside(rest, (object) =>
			object.hasNextPage === true ? { ...object, hasNextPage: false } : object,
		);
	});
}

function changedInside(body: Json, change: (object: Json, list: string) => Json): Json {
	const changed = Object.entries(WRAPPED).flatMap(([name, list]) => {
		const inner = typeof body[name] === 'string' ? parsed(body[name]) : undefined;
		return inner === undefined ? [] : [[name, JSON.stringify(change(inner, list))]];
	});
	return { ...body, ...Object.fromEntries(changed) } as Json;
}

/** Rewrites a body that is a JSON object; others stay as they are. */
export function changedJson(answer: Answer, change: (body: Json) => object): Answer {
	const body = answer.body === undefined ? undefined : parsed(answer.body);
	return body === undefined ? answer : { ...answer, body: JSON.stringify(change(body)) };
}

function parsed(text: string): Json | undefined {
	try {
		return asRecord(JSON.parse(text));
	} catch {
		return undefined;
	}
}

export function asRecord(value: unknown): Json | undefined {
	return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}
