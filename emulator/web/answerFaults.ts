/** Faults that replace the answer or change it: what they do to a request and to its answer. */

import { STATUS_CODES } from 'node:http';
import {
	ServiceFault,
	type AnswerEffect,
	type EmulatorClock,
	type FaultEffect,
	type Store,
} from '../contracts';
import { errorResponse } from '../data';
import type { EchoSpelling } from '../faultKinds';
import { decodeLeniently, jsonAnswer, splitUrl, type Answer, type Incoming } from './messages';
import { isSignInErrorCode, SignInError } from './identity/errors';
import { shortened, withoutNextLink } from './pageFaults';
import { named, unnamed } from './rowFaults';

type StatusEffect = Extract<AnswerEffect, { kind: 'status' }>;

/** How much of a request a message repeats, in characters. */
const ECHO_LENGTH = 4000;

const answerKinds: Readonly<Record<AnswerEffect['kind'], true>> = {
	answer: true,
	noNextLink: true,
	otherRow: true,
	shortPage: true,
	signInError: true,
	status: true,
	statusCode: true,
	withoutId: true,
};

export function isAnswerEffect(effect: FaultEffect): effect is AnswerEffect {
	return Object.hasOwn(answerKinds, effect.kind);
}

/** The request that the service sees: for `otherRow`, a read of the other row. */
export function seenRequest(effect: AnswerEffect, request: Incoming): Incoming {
	if (effect.kind !== 'otherRow' || request.method !== 'GET') return request;
	const { path, query } = splitUrl(request.url);
	const other = path.replace(/\([0-9a-f-]{36}\)$/i, `(${effect.id})`);
	return { ...request, url: query === '' ? other : `${other}?${query}` };
}

/** Whether the service does the work before the fault hits. */
export function actsBefore(effect: AnswerEffect): boolean {
	switch (effect.kind) {
		case 'answer':
		case 'signInError':
		case 'status':
		case 'statusCode':
			return effect.afterActing === true;
		default:
			return true;
	}
}

/**
 * The answer under the fault. A refusal of the service itself is left as it is by effects that change an answer.
 *
 * @param answer what the service answered; absent when it did not act
 */
export function faultyAnswer(
	effect: AnswerEffect,
	request: Incoming,
	answer: Answer | undefined,
	{ store, clock }: { readonly store: Store; readonly clock: EmulatorClock },
): Answer {
	switch (effect.kind) {
		case 'answer':
			return orderedAnswer(effect);
		case 'signInError':
			return refusedSignIn(effect, clock.now());
		case 'status':
			return errorResponse(faultOfStatus(effect, request), { ...request.headers });
		case 'statusCode':
			return withStatusCode(effect, request, answer);
		default:
			break;
	}
	if (answer === undefined || answer.status >= 400) return answer ?? { status: 204, headers: {} };
	switch (effect.kind) {
		case 'noNextLink':
			return withoutNextLink(answer);
		case 'otherRow':
			return named(answer, effect.id, keyOf(request, store));
		case 'shortPage':
			return shortened(answer, effect.keep);
		case 'withoutId':
			return unnamed(answer, effect.row, keyOf(request, store));
	}
}

function orderedAnswer(effect: Extract<AnswerEffect, { kind: 'answer' }>): Answer {
	const { status = 200, headers = {} } = effect;
	if (effect.json !== undefined)
		return jsonAnswer(status, effect.json, { 'OData-Version': '4.0', ...headers });
	if (effect.html)
		return { status, headers: { 'Content-Type': 'text/html', ...headers }, body: page('Sign in') };
	if (effect.text === undefined) return { status, headers: { ...headers } };
	return { status, headers: { 'Content-Type': 'text/plain', ...headers }, body: effect.text };
}

function refusedSignIn(
	{ code, retryAfter }: Extract<AnswerEffect, { kind: 'signInError' }>,
	now: number,
): Answer {
	if (!isSignInErrorCode(code)) throw new Error(`The login server has no refusal AADSTS${code}.`);
	const answer = new SignInError(code).answer(now);
	if (retryAfter === undefined) return answer;
	return { ...answer, headers: { ...answer.headers, 'Retry-After': String(retryAfter) } };
}

/** The error that a `status` effect stands for. */
function faultOfStatus(effect: StatusEffect, request: Incoming): ServiceFault {
	const reason = STATUS_CODES[effect.status] ?? 'Error';
	const headers: Record<string, string> = { ...effect.headers };
	if (effect.retryAfter !== undefined) headers['Retry-After'] = String(effect.retryAfter);
	const echo = effect.echo === undefined ? '' : ` ${echoOf(request, effect.echo)}`;
	const message = (effect.message ?? `${reason} (ordered through the control endpoint).`) + echo;
	const code = effect.code ?? (effect.status === 429 ? '0x80072322' : '0x80040216');
	if (effect.body !== undefined) {
		const contentType = effect.html ? 'text/html' : 'text/plain';
		return new ServiceFault(effect.status, code, message, {
			headers,
			rawBody: effect.body + echo,
			contentType,
		});
	}
	if (!effect.html) return new ServiceFault(effect.status, code, message, { headers });
	return new ServiceFault(effect.status, code, message, {
		headers,
		rawBody: page(reason + echo),
		contentType: 'text/html',
	});
}

function page(heading: string): string {
	return `<!DOCTYPE html><html><head><title>${heading}</title></head><body><h2>${heading}</h2></body></html>`;
}

function echoOf(request: Incoming, spelling: EchoSpelling): string {
	const text = `${decodeLeniently(request.url)} ${request.body}`.slice(0, ECHO_LENGTH);
	switch (spelling) {
		case 'encoded':
			return encodeURIComponent(Buffer.from(text).toString());
		case 'escaped':
			return text.replace(
				/[^A-Za-z0-9 ]/g,
				(unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
			);
		case 'fullWidth':
			return text.replace(/[!-~]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0));
		case 'plain':
			return text;
	}
}

function withStatusCode(
	effect: Extract<AnswerEffect, { kind: 'statusCode' }>,
	request: Incoming,
	answer: Answer | undefined,
): Answer {
	const action = /([^/(]+)[^/]*$/.exec(splitUrl(request.url).path)?.[1] ?? '';
	const { value, resultText } = effect;
	const absent = { ResultText: '{"message":"Ordered through the control endpoint."}' };
	const acted = answer?.body === undefined ? absent : (JSON.parse(answer.body) as object);
	const body = {
		'@odata.context': `$metadata#Microsoft.Dynamics.CRM.${action}Response`,
		...acted,
		StatusCode: value,
		...(resultText !== undefined && { ResultText: resultText }),
	};
	return jsonAnswer(200, body, { 'OData-Version': '4.0' });
}

/** The primary key of the table that an address is about; undefined when it is about none. */
function keyOf(request: Incoming, store: Store): string | undefined {
	const set = /\/api\/data\/v\d+\.\d+\/(\w+)/.exec(splitUrl(request.url).path)?.[1];
	return set === undefined ? undefined : store.bySet(set)?.definition.primaryKey;
}
