/** Requests on axios, with time from this machine. */

import { setTimeout as sleep } from 'node:timers/promises';

import axios, { isAxiosError } from 'axios';

import {
	TransportFailure,
	type Clock,
	type HttpRequest,
	type HttpResponse,
	type Transport,
} from '../core/dataverse/http/ports';
import type { TokenSource } from './signIn';

const NEVER_SENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

/** A token that is no longer accepted is replaced once: nothing was done with it. */
export function axiosTransport(token: TokenSource): Transport {
	const sending = sendingWith(token);
	return {
		async send(request, signal) {
			const response = await sending(request, signal, false);
			return response.status === 401 ? await sending(request, signal, true) : response;
		},
	};
}

type Send = (request: HttpRequest, signal: AbortSignal | undefined, fresh: boolean) => Promise<HttpResponse>;

function sendingWith(token: TokenSource): Send {
	return async ({ body, headers, method, timeoutMs, url }, signal, fresh) => {
		const authorization = `Bearer ${await token(fresh)}`;
		try {
			const response = await axios.request<ArrayBuffer>({
				method,
				url,
				headers: { ...headers, authorization },
				data: body,
				timeout: timeoutMs,
				signal,
				maxRedirects: 0,
				maxBodyLength: Infinity,
				// As bytes: axios takes a byte order mark away from texts, and one question is about it.
				responseType: 'arraybuffer',
				validateStatus: () => true,
			});
			const names = Object.entries(response.headers).map(
				([name, value]) => [name.toLowerCase(), String(value)] as const,
			);
			const text = Buffer.from(response.data ?? new ArrayBuffer(0)).toString('utf8');
			return { status: response.status, headers: Object.fromEntries(names), body: text };
		} catch (error) {
			const code = (isAxiosError(error) && error.code) || 'unknown';
			if (signal?.aborted === true) throw new TransportFailure('cancelled', code);
			if (/CERT|SELF_SIGNED/.test(code)) throw new TransportFailure('untrusted', code);
			throw new TransportFailure(NEVER_SENT.includes(code) ? 'notSent' : 'lost', code);
		}
	};
}

export const realClock: Clock = {
	now: () => performance.now(),
	async sleep(ms, signal) {
		try {
			await sleep(ms, undefined, { signal });
		} catch {
			throw new TransportFailure('cancelled', 'while waiting');
		}
	},
};
