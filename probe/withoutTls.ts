/** Microsoft's library speaks to https authorities only; a login server on this machine has no certificate. */

import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node';
import axios from 'axios';

/** For a login server on this machine: what the library sends to https goes to http, marked as a TLS proxy would mark it. */
export class WithoutTls implements INetworkModule {
	async sendGetRequestAsync<T>(url: string, options?: NetworkRequestOptions): Promise<NetworkResponse<T>> {
		return await this.send<T>('GET', url, options);
	}

	async sendPostRequestAsync<T>(url: string, options?: NetworkRequestOptions): Promise<NetworkResponse<T>> {
		return await this.send<T>('POST', url, options);
	}

	private async send<T>(
		method: string,
		url: string,
		options?: NetworkRequestOptions,
	): Promise<NetworkResponse<T>> {
		const { data, headers, status } = await axios.request<T>({
			method,
			url: url.replace(/^https:/, 'http:'),
			headers: { ...options?.headers, 'X-Forwarded-Proto': 'https' },
			data: options?.body,
			validateStatus: () => true,
		});
		const plain = Object.entries(headers).map(([name, value]) => [name, String(value)] as const);
		return { headers: Object.fromEntries(plain), body: data, status };
	}
}
