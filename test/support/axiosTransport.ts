/** The second transport: plain axios with a token from Microsoft's own library, so that our code is not its own witness. */

import axios, { isAxiosError } from 'axios';

import { TransportFailure } from '../../core/dataverse/http/ports';
import type { Transport } from '../../core/dataverse/http/ports';

/** @param token gives a bearer token, e.g. from msal-node */
export function axiosTransport(token: () => Promise<string>): Transport {
	return {
		async send({ method, url, headers, body, timeoutMs }, signal) {
			const authorization = `Bearer ${await token()}`;
			try {
				const response = await axios.request<string>({
					method,
					url,
					headers: { ...headers, authorization },
					data: body,
					timeout: timeoutMs,
					signal,
					maxRedirects: 0,
					maxBodyLength: Infinity,
					responseType: 'text',
					// axios would parse JSON even when asked for text.
					transformResponse: (text: string) => text,
					validateStatus: () => true,
				});
				const names = Object.entries(response.headers).map(([name, value]) => [name, String(value)] as const);
				return { status: response.status, headers: Object.fromEntries(names), body: response.data ?? '' };
			} catch (error) {
				const code = (isAxiosError(error) && error.code) || 'unknown';
				if (signal?.aborted) throw new TransportFailure('cancelled', code);
				throw new TransportFailure(code === 'ECONNREFUSED' ? 'notSent' : 'lost', code);
			}
		},
	};
}
