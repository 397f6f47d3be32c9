/** Turns replies and lost connections into `DataverseError`s with a sentence and a remedy. */

import { catalogueRow, entraCode, type CatalogueRow } from './catalogue';
import { DataverseError, type DataverseErrorFacts, type DataverseErrorKind } from './errors';
import { isJsonObject, ownString, ownValue, parseJson } from '../http/json';
import { SIGN_IN, type HttpMethod, type HttpResponse, type TransportFailure } from '../http/ports';
import { retryAfterMs } from '../http/retryAfter';
import { ASK_CHECK, rightIn, type MissingRight } from './missingRight';
import { scrub } from './redact';
import { guidsIn } from '../text/guid';

type Advice = Pick<CatalogueRow, 'kind' | 'whatHappened' | 'whatToDo'>;

/** What a reply was the answer to. */
export interface RequestFacts {
	readonly method: HttpMethod;
	/** Below the API path, without the query, which may hold people's data. */
	readonly path: string;
}

const CHECK_URL = 'Check "Environment URL" in the credential, and proxies between n8n and the environment.';
const AGAIN_LATER =
	'Run the workflow again later. If it stays like this, look at the service health of the environment.';

const NO_CONNECTION = {
	message: 'No connection to the environment could be opened, so nothing was sent.',
	remedy: CHECK_URL,
} as const;
const LOGIN_AWAY = {
	message: 'The login server failed and returned no access token, so nothing was sent.',
	remedy:
		'Run the workflow again later. If it stays like this, check the login address in the credential, and proxies between n8n and it.',
} as const;

const BY_STATUS: Readonly<Record<number, Advice>> = {
	401: {
		kind: 'signIn',
		whatHappened: 'The environment did not accept the access token.',
		whatToDo:
			'Open the credential and connect again; check that its tenant is the tenant of the environment.',
	},
	403: {
		kind: 'forbidden',
		whatHappened: 'The user of this credential may not do this.',
		whatToDo: 'Ask an administrator to check the security roles of this user in the environment.',
	},
	404: {
		kind: 'notFound',
		whatHappened: 'The environment does not have what was asked for.',
		whatToDo: 'Check the ID and the environment; the row may have been deleted.',
	},
	412: {
		kind: 'refused',
		whatHappened: 'The row already exists, or was changed by someone else in the meantime.',
		whatToDo: 'Run the operation again; it then works on the current row.',
	},
	413: {
		kind: 'refused',
		whatHappened: 'The request is larger than the environment accepts.',
		whatToDo: 'Send fewer IDs or shorter texts in one call.',
	},
	414: {
		kind: 'refused',
		whatHappened: 'The query is longer than the environment accepts.',
		whatToDo: 'Use fewer conditions or columns.',
	},
	429: {
		kind: 'throttled',
		whatHappened: 'The environment receives more requests from this user than it allows.',
		whatToDo: 'Use fewer parallel calls, or run the workflow when fewer others are running.',
	},
};

/** First digit of the status. */
const BY_CLASS: Readonly<Record<number, Advice>> = {
	3: {
		kind: 'unexpectedReply',
		whatHappened: 'The environment answered with a redirect, which is not followed.',
		whatToDo: CHECK_URL,
	},
	4: {
		kind: 'refused',
		whatHappened: 'The environment refused the request.',
		whatToDo: 'Read the reason that the environment gives, and correct the input.',
	},
	5: { kind: 'unavailable', whatHappened: 'The environment could not do the work.', whatToDo: AGAIN_LATER },
};

const NO_DATAVERSE: Advice = {
	kind: 'unexpectedReply',
	whatHappened: 'The address answers, but not as a Dataverse environment does.',
	whatToDo: CHECK_URL,
};

/**
 * Decodes a reply with a status of 300 or more.
 * @param request what it answers; named beside the message, and decides whether work may have been done.
 */
export function decodeServiceError(response: HttpResponse, request?: RequestFacts): DataverseError {
	const body = serviceError(response.body);
	const code = body?.code.startsWith('0x') === true ? body.code : (entraCode(response.body) ?? body?.code);
	const advice =
		catalogueAdvice(code, response.status) ?? adviceByStatus(response.status, body !== undefined);
	const right = advice.kind === 'forbidden' ? rightIn(body?.message) : undefined;
	return new DataverseError({
		kind: advice.kind,
		message: right === undefined ? advice.whatHappened : lacks(right, advice),
		remedy: right === undefined ? advice.whatToDo : `${advice.whatToDo} ${ASK_CHECK}`,
		code,
		status: response.status,
		request: requestOf(request),
		serviceText: body === undefined || body.message === '' ? undefined : scrub(body.message),
		namedIds: guidsIn(body?.message ?? response.body),
		retryAfterMs: retryAfterMs(response),
		mayHaveActed: response.status >= 500 && request !== undefined && request.method !== 'GET',
	});
}

/** The sentence about a 403 with the right that it names; what it says beside that stays. */
function lacks({ name, words }: MissingRight, { whatHappened }: Advice): string {
	return `${whatHappened.replace(/\.$/, '')}: ${name} (${words}).`;
}

/** Decodes a request that got no reply. */
export function decodeTransportFailure(failure: TransportFailure): DataverseError {
	const detail = scrub(failure.detail);
	switch (failure.kind) {
		case 'cancelled':
			return new DataverseError({
				kind: 'cancelled',
				message: 'The run was canceled.',
				remedy: 'Run the workflow again to finish the work; what was delivered stays delivered.',
			});
		case 'lost':
			return new DataverseError({
				kind: 'connection',
				message: 'The connection to the environment broke before its answer arrived.',
				remedy: 'The work may have been done. Check the result, or run the workflow again.',
				serviceText: detail,
				mayHaveActed: true,
			});
		case 'notSent':
			return new DataverseError({
				kind: 'connection',
				...(detail.startsWith(SIGN_IN) ? LOGIN_AWAY : NO_CONNECTION),
				serviceText: detail,
			});
		case 'signIn':
			return signInError(failure.detail, detail);
		case 'untrusted':
			return new DataverseError({
				kind: 'connection',
				message: 'The certificate of the environment is not trusted, so nothing was sent.',
				remedy:
					'Check Environment URL. If a proxy of your company signs its traffic, add its root certificate to n8n (NODE_EXTRA_CA_CERTS).',
				serviceText: detail,
			});
		case 'unexpected':
			return new DataverseError({
				kind: 'connection',
				message: 'n8n could not send the request or read its answer.',
				remedy: 'The work may have been done. Check the result, or run the workflow again.',
				serviceText: detail,
				mayHaveActed: true,
			});
	}
}

/** The same error, naming the request it happened in. */
export function withRequest(
	error: DataverseError,
	facts: RequestFacts & { readonly mayHaveActed?: boolean },
): DataverseError {
	const isLostRead = error.mayHaveActed && facts.method === 'GET';
	return errorWith(error, {
		request: requestOf(facts),
		...(isLostRead ? { remedy: 'Run the workflow again.' } : {}),
		mayHaveActed: error.mayHaveActed ? facts.method !== 'GET' : (facts.mayHaveActed ?? false),
	});
}

/** The same error with some facts replaced. */
export function errorWith(error: DataverseError, facts: Partial<DataverseErrorFacts>): DataverseError {
	const { kind, message, remedy, code, status, mayHaveActed } = error;
	const { serviceText, namedIds, request, retryAfterMs: waitMs } = error;
	return new DataverseError({
		...{ kind, message, remedy, code, status, mayHaveActed },
		...{ serviceText, namedIds, request, retryAfterMs: waitMs },
		...facts,
	});
}

/** An answer of a shape that no documentation describes. */
export function unexpectedReply(message: string, request?: RequestFacts, status?: number): DataverseError {
	return new DataverseError({
		kind: 'unexpectedReply',
		message,
		request: requestOf(request),
		remedy: `Run the workflow again. If it happens again: ${CHECK_URL}`,
		status,
		mayHaveActed: request !== undefined && request.method !== 'GET',
	});
}

/** Code of an error body: `0x` and upper-case digits, '' when the service left it empty, undefined without such a body. */
export function errorCode(body: string): string | undefined {
	return serviceError(body)?.code;
}

/** The environment knows no action (or table) of that name: the app that brings it is not installed, or was removed. */
export function isMissingAction(error: unknown): boolean {
	if (!(error instanceof DataverseError) || error.kind !== 'notFound') return false;
	if (error.code === '0x80060888') return true;
	return !hasCode(error) && /resource not found for the segment/i.test(error.serviceText ?? '');
}

/** The table is there, the row is not. Older replies carry an empty code. Assumption: emptyErrorCodes */
export function isMissingRow(error: unknown): boolean {
	if (!(error instanceof DataverseError) || error.kind !== 'notFound' || isMissingAction(error)) return false;
	return error.code === '0x80040217' || !hasCode(error);
}

/** A row with this id or these key values already exists. */
export function isDuplicate(error: unknown): boolean {
	return error instanceof DataverseError && (error.code === '0x80040237' || error.code === '0x80060892');
}

function hasCode(error: DataverseError): boolean {
	return error.code !== undefined && error.code !== '';
}

function serviceError(body: string): { readonly code: string; readonly message: string } | undefined {
	const reply = parseJson(body);
	const error = ownValue(reply, 'error');
	if (!isJsonObject(error)) {
		// Real-time segments explain a refused publish outside the usual error body.
		const result = ownString(reply, 'ResultText');
		return result === undefined ? undefined : { code: '', message: result };
	}
	return { code: normalisedCode(ownValue(error, 'code')), message: ownString(error, 'message') ?? '' };
}

/** Codes come as `0x8004…` in either case, and in older replies as signed decimals. */
function normalisedCode(code: unknown): string {
	const text = typeof code === 'number' ? String(code) : typeof code === 'string' ? code.trim() : '';
	if (/^0x[0-9a-f]{8}$/i.test(text)) return `0x${text.slice(2).toUpperCase()}`;
	if (/^-\d{10}$/.test(text)) return `0x${(Number(text) >>> 0).toString(16).toUpperCase()}`;
	return scrub(text, 40);
}

function catalogueAdvice(code: string | undefined, status: number): Advice | undefined {
	const row = code === undefined ? undefined : catalogueRow(code, status);
	if (row === undefined || status < 300) return undefined;
	// A throttled reply stays throttled and a refused token stays a matter of signing in, whatever code is beside it.
	if (status === 429 && row.kind !== 'throttled') return undefined;
	if (status === 401 && row.kind !== 'signIn' && row.kind !== 'forbidden') return undefined;
	return row;
}

function adviceByStatus(status: number, fromDataverse: boolean): Advice {
	if (status === 404 && !fromDataverse) return NO_DATAVERSE;
	return BY_STATUS[status] ?? BY_CLASS[Math.floor(status / 100)] ?? NO_DATAVERSE;
}

function signInError(raw: string, detail: string): DataverseError {
	const code = entraCode(raw);
	const row = code === undefined ? undefined : catalogueRow(code);
	const kind: DataverseErrorKind = 'signIn';
	return new DataverseError({
		kind,
		message: row?.whatHappened ?? 'Microsoft Entra returned no access token for this credential.',
		remedy: row?.whatToDo ?? 'Open the credential, check its fields and connect again.',
		code,
		serviceText: detail === '' ? undefined : detail,
	});
}

function requestOf(request: RequestFacts | undefined): string | undefined {
	return request === undefined ? undefined : `${request.method} ${request.path}`.trim();
}
