/**
 * An answer is accepted only if it fits the request: a proxy's page, an error inside a success, or the row of another ID
 * can come with status 200 as well.
 */

import { decodeServiceError, errorWith, unexpectedReply, type RequestFacts } from '../errors/decodeError';
import type { DataverseError } from '../errors/errors';
import { scrub } from '../errors/redact';
import { guidsIn, parseGuid } from '../text/guid';
import { isJsonObject, ownString, parseJson, type JsonObject } from './json';
import type { HttpResponse } from './ports';

/** The words of a refusal: a JSON text without any of them is not parsed. */
const MAY_REFUSE = /\b(?:error|statuscode|success|succeeded|issuccess(?:ful)?)\b/i;
/** JSON in strings in JSON: no known action nests deeper than two. */
const DEEPEST = 5;
/** Properties in which actions put the JSON of their result. */
const WRAPPERS: ReadonlySet<string> = new Set(['response', 'result', 'resulttext', 'value']);
/** The empty GUID of .NET, which is the ID of no row. */
const NO_ROW = '00000000-0000-0000-0000-000000000000';
/** Names under which answers say whether something was done. */
const DONE_NAMES = ['success', 'succeeded', 'issuccess', 'issuccessful'] as const;
/** What batch-like services answer when only a part of the work was done. */
const ODD_SUCCESSES: ReadonlySet<number> = new Set([202, 206, 207]);
const LOOKUP = /^_.*_value$/;

/**
 * The object of a read. The row of an id has that id in it: Dataverse returns the key with every row, whatever is selected.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/retrieve-entity-using-web-api
 * @param asked.id lower-case GUID of the row that was asked for; absent for what is not a row
 * @throws DataverseError `unexpectedReply` for what is not an object, not a row, or the row of another ID; the service's own
 * refusal for an error that came with a success
 */
export function objectOf(
	reply: unknown,
	asked: RequestFacts & { readonly id?: string; readonly status: number },
): JsonObject {
	const { id, method, path, status } = asked;
	if (isJsonObject(reply) && status === 200 && id !== undefined && isRowOf(reply, id)) return reply;
	const refusal = refusalInside(reply, { method, path }, status);
	if (refusal !== undefined) throw refusal;
	if (isJsonObject(reply) && status === 200 && id === undefined) return reply;
	const what = id === undefined ? 'not a JSON object' : 'not the row asked for';
	throw unexpectedReply(`The environment answered with something that is ${what}.`, { method, path }, status);
}

function isRowOf(row: JsonObject, id: string): boolean {
	return Object.entries(row).some(
		([key, value]) => typeof value === 'string' && !LOOKUP.test(key) && parseGuid(value) === id,
	);
}

/** The id of a row in a list. @throws DataverseError `unexpectedReply` for a row without one */
export function idOfRow(row: JsonObject, key: string): string {
	const id = parseGuid(ownString(row, key) ?? '');
	if (id !== undefined && id !== NO_ROW) return id;
	throw unexpectedReply(`The environment returned a row without an ID (${key}).`);
}

/**
 * Why a write that came back with 2xx is not a success: 202 (accepted is not done) and every other status that the service
 * does not document for it, a page, an error in the body; a row that is written comes back itself, or not at all.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/compose-http-requests-handle-errors
 */
export function unbelievable(
	{ body, status }: HttpResponse,
	{ id, ...facts }: RequestFacts & { readonly id?: string },
): DataverseError | undefined {
	if (status !== 200 && status !== 201 && status !== 204) {
		return unexpectedReply(
			'The environment answered with a status that does not say whether the work was done.',
			facts,
			status,
		);
	}
	if (body.trim() === '') return undefined;
	const reply = parseJson(body);
	// A plain number, `null` or an empty text says nothing about the work.
	const saysSomething =
		typeof reply === 'string' ? reply !== '' : typeof reply === 'object' && reply !== null;
	if (!saysSomething) {
		return unexpectedReply(
			'The environment answered with a page or a text instead of its own answer.',
			facts,
			status,
		);
	}
	const refusal = refusalInside(reply, facts, status);
	if (refusal !== undefined || id === undefined || (isJsonObject(reply) && isRowOf(reply, id)))
		return refusal;
	return unexpectedReply('The environment answered a change of a row with something else.', facts, status);
}

/**
 * Whether the answer to a creation names the row, in the header that such an answer has.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/create-entity-web-api
 * @param id in lower case
 */
export function namesRow({ body, headers }: HttpResponse, id: string): boolean {
	const named = headers['odata-entityid'] ?? headers['location'] ?? body;
	return named.toLowerCase().includes(id);
}

/**
 * The refusal that stands inside a success: an `error`, `success` that is false, or a `StatusCode` of 400 and more or of
 * work that was done in part, also in a text of JSON.
 */
export function refusalInside(
	reply: unknown,
	facts: RequestFacts,
	status: number,
): DataverseError | undefined {
	const found = findRefusal(reply, 0);
	if (found === undefined) return undefined;
	const inner = found.status ?? 400;
	const decoded = decodeServiceError({ status: inner, headers: {}, body: JSON.stringify(found.body) }, facts);
	return errorWith(decoded, {
		request: `${facts.method} ${facts.path} (inside an answer with status ${status})`,
		...(decoded.serviceText === undefined && found.text !== ''
			? { serviceText: scrub(found.text), namedIds: guidsIn(found.text) }
			: {}),
	});
}

interface Refusal {
	readonly status?: number;
	/** In the shape of an error body. */
	readonly body: unknown;
	readonly text: string;
}

function findRefusal(value: unknown, depth: number): Refusal | undefined {
	if (depth > DEEPEST) return undefined;
	if (typeof value === 'string') {
		// Members come in texts of several megabytes; texts without any of these words are not parsed twice.
		const mayRefuse = /^\s*[{"]/.test(value) && MAY_REFUSE.test(value);
		return mayRefuse ? findRefusal(parseJson(value), depth + 1) : undefined;
	}
	if (!isJsonObject(value)) return undefined;
	const properties = new Map(
		Object.entries(value).map(([key, inner]) => [key.toLowerCase(), inner] as const),
	);
	const error = properties.get('error');
	const status = httpStatus(properties.get('statuscode'));
	if (isJsonObject(error)) return { status, body: { error }, text: '' };
	if (typeof error === 'string' && error !== '') return { status, body: {}, text: error };
	if (status !== undefined) return { status, body: value, text: resultText(properties) };
	const isUndone = DONE_NAMES.some((name) => /^false$/i.test(String(properties.get(name) ?? '')));
	if (isUndone) return { body: {}, text: resultText(properties) };
	for (const [key, inner] of properties) {
		const found = WRAPPERS.has(key) && !Array.isArray(inner) ? findRefusal(inner, depth + 1) : undefined;
		if (found !== undefined) return found;
	}
	return undefined;
}

/** A `statuscode` of a row is a choice, with values far above those of HTTP. */
function httpStatus(value: unknown): number | undefined {
	const status = typeof value === 'string' ? Number(value) : value;
	return typeof status === 'number' && (ODD_SUCCESSES.has(status) || (status >= 400 && status < 600))
		? status
		: undefined;
}

function resultText(properties: ReadonlyMap<string, unknown>): string {
	const text =
		properties.get('resulttext') ??
		properties.get('errormessage') ??
		properties.get('response') ??
		properties.get('message') ??
		'';
	return typeof text === 'string' ? text : JSON.stringify(text);
}
