/** The ports of core on n8n's own helpers: its HTTP client signs, refreshes tokens and obeys its proxies. */

import { sleep } from 'n8n-workflow';
import type { IAllExecuteFunctions, IDataObject, IHttpRequestOptions } from 'n8n-workflow';

import { invalidInput } from '../../core/dataverse/errors/errors';
import { removeSecrets } from '../../core/dataverse/errors/redact';
import { BEFORE_SENDING, SIGN_IN, TransportFailure } from '../../core/dataverse/http/ports';
import type { Clock, HttpRequest, HttpResponse, Transport } from '../../core/dataverse/http/ports';
import { API_PATH } from '../../core/dataverse/http/headers';
import { CREDENTIAL_TYPE } from './names';

/** Before n8n 2.34 `sleep` ignores its signal; short slices keep a cancelled run from sleeping on. */
const SLICE_MS = 1_000;

/** A token that another process refreshes meanwhile is valid beside the one that was kept. */
const CREDENTIALS_KEPT_MS = 5_000;

/** Network codes after which the service cannot have seen the request. */
const NOT_SENT = new Set(['EAI_AGAIN', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND']);

/** What Node.js calls a certificate that it does not accept: https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const UNTRUSTED =
	/^CERT_|^ERR_TLS_CERT|SELF_SIGNED_CERT|^UNABLE_TO_(?:GET|VERIFY|DECRYPT|DECODE)|^CRL_|^INVALID_(?:CA|PURPOSE)$|^HOSTNAME_MISMATCH$/;

/** What Node.js calls an answer that is not HTTP, such as one with a bad header. */
const UNREADABLE = /^HPE_|^ERR_(?:HTTP|INVALID)/;

const SECRET_FIELDS = ['clientSecret', 'privateKey', 'certificate'] as const;

const TOO_OLD = 'This n8n is too old to renew access tokens for the node. Update n8n to 1.123 or newer.';

interface Signer {
	readonly functions: IAllExecuteFunctions;
	/** Makes the next request read the credential again. */
	readonly forget: () => void;
}

interface FullResponse {
	readonly statusCode: number;
	readonly headers: Readonly<Record<string, unknown>>;
	readonly body: unknown;
}

/**
 * A transport that signs with the node's Dataverse credential.
 * @param allowedDomains the credential's own domain rule, which n8n does not apply to programmatic nodes
 * @param credentials what n8n read of the credential just before, so that it need not read it again at once
 */
export function n8nTransport(
	functions: IAllExecuteFunctions,
	allowedDomains?: string,
	credentials?: IDataObject,
): Transport {
	const signer = withKeptCredentials(functions, credentials);
	return {
		send: async (request, signal) => {
			if (signal?.aborted) throw new TransportFailure('cancelled', BEFORE_SENDING);
			if (!isAllowed(request.url, allowedDomains)) throw domainNotAllowed();
			const options = toOptions(request);
			const exchange = async () => {
				const response = await sendSigned(signer.functions, options);
				if (response.statusCode !== 401) return readResponse(response);
				// An n8n before 2.10 overlooks `except` and hands the 401 over instead of renewing the token.
				if (!('refreshOAuth2Token' in functions.helpers)) throw new TransportFailure('signIn', TOO_OLD);
				await functions.helpers.refreshOAuth2Token.call(functions, CREDENTIAL_TYPE);
				signer.forget();
				return readResponse(await sendSigned(signer.functions, options));
			};
			try {
				return await withinDeadline(exchange(), request.timeoutMs);
			} catch (error) {
				return readFailure(error, signal, await secretsOf(signer));
			}
		},
	};
}

export const n8nClock: Clock = {
	now: () => performance.now(),
	sleep: async (ms, signal) => {
		const until = performance.now() + ms;
		for (let left = ms; left > 0; left = until - performance.now()) {
			if (signal?.aborted) throw new TransportFailure('cancelled', 'while waiting');
			const slept = await sleep(Math.min(left, SLICE_MS), signal).then(
				() => true,
				() => false,
			);
			if (!slept) throw new TransportFailure('cancelled', 'while waiting');
		}
	},
};

/**
 * Ends the whole exchange, sign-in and a 401 included: the time-out of n8n's HTTP library starts again with every byte,
 * so an answer that drips would never end. The timer is the platform's own, which does not keep the process alive.
 */
export async function withinDeadline<T>(exchange: Promise<T>, ms: number): Promise<T> {
	const deadline = AbortSignal.timeout(ms);
	return await new Promise<T>((resolve, reject) => {
		const giveUp = () => reject(new TransportFailure('lost', 'ETIMEDOUT'));
		deadline.addEventListener('abort', giveUp, { once: true });
		exchange.then(resolve, reject).finally(() => deadline.removeEventListener('abort', giveUp));
	});
}

/** Whether the rule names the host: by its name, or by `*.` and what it ends in; an empty rule allows all, as in n8n. */
function isAllowed(url: string, allowedDomains = ''): boolean {
	if (allowedDomains.trim() === '') return true;
	const host = withoutFinalDot(new URL(url).hostname);
	return allowedDomains
		.split(',')
		.map((domain) => withoutFinalDot(domain.trim().toLowerCase()))
		.some((domain) => host === domain || (/^\*\../.test(domain) && host.endsWith(domain.slice(1))));
}

const withoutFinalDot = (host: string) => host.replace(/\.$/, '');

function toOptions(request: HttpRequest): IHttpRequestOptions {
	return {
		method: request.method,
		url: request.url,
		headers: { ...request.headers },
		// As bytes: n8n's HTTP library reads a text of JSON whole once more before sending it.
		...(request.body === undefined ? {} : { body: Buffer.from(request.body, 'utf8') }),
		encoding: 'text',
		returnFullResponse: true,
		// A hidden 401 would keep n8n from refreshing the token.
		ignoreHttpStatusErrors: { ignore: true, except: [401] },
		timeout: request.timeoutMs,
		disableFollowRedirect: true,
		sendCredentialsOnCrossOriginRedirect: false,
	};
}

/**
 * n8n reads, decrypts and evaluates the credential for each request, which costs it several milliseconds. Signing
 * may use what it read a moment ago: n8n enters a refreshed token into the same object, and one that another process
 * refreshed is found when the moment is over; until then a 401 has n8n look for it.
 */
function withKeptCredentials(functions: IAllExecuteFunctions, credentials?: IDataObject): Signer {
	let kept: Promise<unknown> | undefined = credentials && Promise.resolve(credentials);
	let until = performance.now() + CREDENTIALS_KEPT_MS;
	const getCredentials = async (type: string): Promise<unknown> => {
		if (kept === undefined || performance.now() >= until) {
			kept = functions.getCredentials(type);
			until = performance.now() + CREDENTIALS_KEPT_MS;
			kept.catch(() => (kept = undefined));
		}
		return await kept;
	};
	return {
		functions: Object.create(functions, {
			getCredentials: { value: getCredentials },
		}) as IAllExecuteFunctions,
		forget: () => (kept = undefined),
	};
}

async function sendSigned(
	functions: IAllExecuteFunctions,
	options: IHttpRequestOptions,
): Promise<FullResponse> {
	return (await functions.helpers.httpRequestWithAuthentication.call(
		functions,
		CREDENTIAL_TYPE,
		options,
	)) as FullResponse;
}

function readResponse(response: FullResponse): HttpResponse {
	return {
		status: response.statusCode,
		headers: headerTexts(response.headers),
		body: bodyText(response.body),
	};
}

function headerTexts(headers: Readonly<Record<string, unknown>>): Record<string, string> {
	const texts: Record<string, string> = {};
	for (const [name, value] of Object.entries(headers)) {
		texts[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : String(value);
	}
	return texts;
}

function bodyText(body: unknown): string {
	if (typeof body === 'string') return body;
	if (body === undefined || body === null) return '';
	return Buffer.isBuffer(body) ? body.toString('utf8') : JSON.stringify(body);
}

/** Turns what n8n throws into a response (401) or a `TransportFailure`; everything is found by structure, not class. */
function readFailure(
	error: unknown,
	signal: AbortSignal | undefined,
	secrets: readonly string[],
): HttpResponse {
	if (error instanceof TransportFailure) throw error;
	const chain = causes(error);
	const codes = chain.flatMap((link) =>
		[link.code, link.httpCode].filter((code) => typeof code === 'string'),
	);
	if (signal?.aborted || codes.includes('ERR_CANCELED'))
		throw new TransportFailure('cancelled', 'while sending');

	const signInText = chain.map(identityProviderText).find((text) => text !== undefined);
	if (signInText !== undefined) throw new TransportFailure('signIn', removeSecrets(signInText, secrets));

	const response = chain.map((link) => link.response).find(isRecord);
	if (response?.status === 401 || codes.includes('401')) {
		const headers = isRecord(response?.headers) ? response.headers : {};
		return { status: 401, headers: headerTexts({ ...headers }), body: bodyText(response?.data) };
	}
	// n8n's OAuth client calls a refused sign-in EAUTH.
	const refused = (link: IDataObject) =>
		isRecord(link.failure) && link.failure.cause === 'credential-invalid';
	if (codes.includes('EAUTH') || chain.some(refused)) {
		throw new TransportFailure('signIn', removeSecrets(String(chain[0]?.message ?? ''), secrets));
	}
	const untrusted = codes.find((code) => UNTRUSTED.test(String(code)));
	if (untrusted !== undefined) throw new TransportFailure('untrusted', String(untrusted));
	const message = removeSecrets(String(chain[0]?.message ?? 'no details'), secrets);
	const isBug = chain.some(({ name }) => name === 'TypeError' || name === 'RangeError');
	if (isBug || codes.some((code) => UNREADABLE.test(String(code)))) {
		throw new TransportFailure('unexpected', message);
	}
	const network = codes.find((code) => /^E[A-Z_]+$/.test(String(code)));
	if (network !== undefined) {
		if (chain.some(isOfLoginServer)) throw new TransportFailure('notSent', `${SIGN_IN} ${String(network)}`);
		throw new TransportFailure(NOT_SENT.has(String(network)) ? 'notSent' : 'lost', String(network));
	}
	throw new TransportFailure(/oauth|token|credential/i.test(message) ? 'signIn' : 'lost', message);
}

/** What a login server or a proxy may echo: nobody else knows which text is the secret. */
async function secretsOf({ functions }: Signer): Promise<readonly string[]> {
	try {
		const data = await functions.getCredentials(CREDENTIAL_TYPE);
		return SECRET_FIELDS.map((name) => data[name]).filter((value) => typeof value === 'string');
	} catch {
		// A credential that cannot be read has shown its secret to nobody.
		return [];
	}
}

function domainNotAllowed() {
	return invalidInput(
		'The credential does not allow requests to its own environment.',
		'Open the credential and add the host name of Environment URL to Allowed Domains.',
	);
}

/** The error and its causes, outermost first; bounded, because causes may form a ring. */
function causes(error: unknown): readonly IDataObject[] {
	const chain: IDataObject[] = [];
	for (let link = error; isRecord(link) && chain.length < 8; link = link.cause) chain.push(link);
	return chain;
}

/** n8n asks for tokens in between: what fails there has kept the request from being sent, and may work in a moment. */
function isOfLoginServer({ code, config }: IDataObject): boolean {
	// The code of n8n's OAuth client for an answer that is no token.
	return code === 'ESTATUS' || (isRecord(config) && !String(config.url ?? API_PATH).includes(API_PATH));
}

/** n8n keeps the answer of the token endpoint in `body` of its OAuth client's error. */
function identityProviderText(link: IDataObject): string | undefined {
	const body = isRecord(link.body) ? link.body : undefined;
	const text = body?.error_description ?? body?.error;
	return typeof text === 'string' ? text : undefined;
}

function isRecord(value: unknown): value is IDataObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
