/**
 * Reading replies whose shape Microsoft never published: `msdyncrm_FetchContactsByQuery` and `getState`. Every shape
 * that the Web API's rules allow is understood (rows under `value`, rows under a named output, JSON inside a string,
 * the Entities/Attributes form of the organization service); anything else is returned unchanged, never dropped.
 */

import { parseGuid } from '../../dataverse/text/guid';
import type { EntityRow } from '../../dataverse/types';
import { isJsonObject, parseJson } from '../../dataverse/http/json';

export type FetchedContacts =
	| { readonly known: false; readonly reply: unknown }
	| {
			readonly known: true;
			readonly rows: readonly EntityRow[];
			readonly more?: boolean;
			readonly total?: number;
	  };

/** Dataverse counts up to this many rows and no further. */
const COUNT_CAP = 5_000;
/** JSON in strings in JSON: no documented action nests deeper than two. */
const DEEPEST = 4;

/** Finds the rows of contacts in a reply; `known: false` when there are none to be found. Assumption: outboundFetchReply */
export function readFetchedContacts(reply: unknown): FetchedContacts {
	const found = findRows(reply, 0);
	if (found === undefined) return { known: false, reply };
	const facts = isJsonObject(reply) ? reply : {};
	const holder = found.holder ?? facts;
	return {
		known: true,
		rows: found.rows,
		more: readBoolean(holder, facts, /^(more(records|items)|hasmore|hasnextpage)$/i),
		total: readTotal(holder, facts),
	};
}

/** The id of the contact in a row of any of the shapes. */
export function contactIdOf(row: EntityRow): string | undefined {
	for (const key of ['contactid', 'ContactId', 'contactId', 'Id', 'id']) {
		const value = Object.hasOwn(row, key) ? row[key] : undefined;
		const id = typeof value === 'string' ? parseGuid(value) : undefined;
		if (id !== undefined) return id;
	}
	return undefined;
}

interface Found {
	readonly rows: readonly EntityRow[];
	/** The object that the rows were a property of; it is where totals stand. */
	readonly holder?: Record<string, unknown>;
}

function findRows(value: unknown, depth: number): Found | undefined {
	if (depth > DEEPEST) return undefined;
	if (typeof value === 'string') return findRows(jsonIn(value), depth + 1);
	if (Array.isArray(value)) return readRowArray(value);
	if (!isJsonObject(value)) return undefined;
	if (contactIdOf(value) !== undefined && !Object.values(value).some(Array.isArray)) return { rows: [value] };
	for (const key of orderedKeys(value)) {
		const inner = findRows(value[key], depth + 1);
		if (inner !== undefined) return { rows: inner.rows, holder: inner.holder ?? value };
	}
	return undefined;
}

/** `value` first: it is where OData puts the only collection of a reply. */
function orderedKeys(value: Record<string, unknown>): readonly string[] {
	const keys = Object.keys(value).filter((key) => !key.startsWith('@') && !key.includes('@odata'));
	return keys.includes('value') ? ['value', ...keys.filter((key) => key !== 'value')] : keys;
}

function readRowArray(values: readonly unknown[]): Found | undefined {
	const rows: EntityRow[] = [];
	for (const value of values) {
		const row =
			typeof value === 'string'
				? { contactid: value }
				: isJsonObject(value)
					? flattenAttributes(value)
					: undefined;
		if (row === undefined || contactIdOf(row) === undefined) return undefined;
		rows.push(row);
	}
	return { rows };
}

/** `{ Id, Attributes: [{ Key, Value }] }` becomes a plain row. */
function flattenAttributes(row: Record<string, unknown>): EntityRow {
	const attributes = row.Attributes;
	if (!Array.isArray(attributes)) return row;
	const flat: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
	for (const attribute of attributes) {
		const pair = isJsonObject(attribute) ? attribute : {};
		const key = pair.Key ?? pair.key;
		if (typeof key === 'string') flat[key] = pair.Value ?? pair.value;
	}
	return { ...flat, contactid: flat.contactid ?? row.Id ?? row.id };
}

function readBoolean(
	holder: Record<string, unknown>,
	facts: Record<string, unknown>,
	name: RegExp,
): boolean | undefined {
	for (const source of [holder, facts]) {
		for (const [key, value] of Object.entries(source)) {
			if (typeof value === 'boolean' && name.test(lastWord(key))) return value;
		}
	}
	return undefined;
}

/**
 * A total that the service capped (5000) is no total, and neither is a `count`: that is how many are on the page. `@odata.count`
 * counts all, up to 5000.
 */
function readTotal(holder: Record<string, unknown>, facts: Record<string, unknown>): number | undefined {
	for (const source of [holder, facts]) {
		const exceeded = readBoolean(source, {}, /limitexceeded$/i);
		for (const [key, value] of Object.entries(source)) {
			const word = lastWord(key);
			if (
				typeof value === 'number' &&
				value >= 0 &&
				!exceeded &&
				(/^total(record)?count$/i.test(word) || (/^@odata\.count$/i.test(key) && value < COUNT_CAP))
			) {
				return value;
			}
		}
	}
	return undefined;
}

const lastWord = (key: string): string => key.slice(key.lastIndexOf('.') + 1).replace(/^@?odata\.?|^@/i, '');

/** A text that holds a JSON object or array; others are texts. */
function jsonIn(text: string): unknown {
	return /^\s*[[{]/.test(text) ? parseJson(text) : undefined;
}
