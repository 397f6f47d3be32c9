/**
 * The two ports through which core reaches the outside. The host of core (the n8n nodes, a test, a benchmark) supplies
 * them; core itself opens no socket and reads no clock.
 */

export type HttpMethod = 'DELETE' | 'GET' | 'PATCH' | 'POST' | 'PUT';

export interface HttpRequest {
	readonly method: HttpMethod;
	/** Absolute URL, already percent-encoded. A transport sends it byte for byte. */
	readonly url: string;
	readonly headers: Readonly<Record<string, string>>;
	/** Text, already serialized; absent for requests without a body. */
	readonly body?: string;
	/** Milliseconds after which the transport gives up this request. */
	readonly timeoutMs: number;
}

export interface HttpResponse {
	readonly status: number;
	/** Header names in lower case. */
	readonly headers: Readonly<Record<string, string>>;
	/** The body as text, '' when there was none. Never parsed by the transport. */
	readonly body: string;
}

/** How the detail of a `notSent` begins when the login server was away, so that there was no token to send with. */
export const SIGN_IN = 'sign-in:';

/** Detail of a `cancelled` request that never went out; any other one may have been carried out. */
export const BEFORE_SENDING = 'before sending';

/**
 * Why a request has no response.
 * - `notSent`: the connection was refused, the name did not resolve, or the login server was away; the service cannot
 *   have acted.
 * - `lost`: the connection broke or timed out after sending; the service may have acted.
 * - `signIn`: no token could be obtained or the session is dead.
 * - `untrusted`: the certificate of the service is not trusted, so nothing was sent; trying again does not help.
 * - `unexpected`: the host failed for a reason of its own, such as a bug or a bad header in the answer; the service may
 *   have acted.
 * - `cancelled`: the signal was aborted.
 */
export type TransportFailureKind = 'cancelled' | 'lost' | 'notSent' | 'signIn' | 'unexpected' | 'untrusted';

/** What a transport throws when there is no response. */
export class TransportFailure extends Error {
	override readonly name = 'TransportFailure';

	constructor(
		readonly kind: TransportFailureKind,
		/** Network code such as ECONNRESET, or for `signIn` the text of the identity provider (AADSTS…). */
		readonly detail: string,
	) {
		super(`${kind}: ${detail}`);
	}
}

/**
 * Sends one request. Adds authorization, follows no redirect, retries nothing.
 * Resolves for every HTTP status; throws `TransportFailure` when there is no response.
 */
export interface Transport {
	send(request: HttpRequest, signal?: AbortSignal): Promise<HttpResponse>;
}

/** The only source of the time. */
export interface Clock {
	/** Milliseconds since some moment. Monotonic: setting the clock of the host does not change it. */
	now(): number;
	/** Resolves after `ms`, rejects with `TransportFailure('cancelled')` as soon as the signal is aborted. */
	sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
