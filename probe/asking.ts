/** What every question works with: the client of the package, the environment's facts, and single requests as they are. */

import { randomUUID } from 'node:crypto';

import { DataverseClient } from '../core/dataverse/client';
import type { Clock, HttpMethod, HttpResponse, Transport } from '../core/dataverse/http/ports';
import { parseJson } from '../core/dataverse/http/json';
import { TransportFailure } from '../core/dataverse/http/ports';
import { Environment } from '../core/environment';

const API = '/api/data/v9.2/';
const TIMEOUT_MS = 120_000;

export interface Answer {
	/** A value of the assumption, or what else was found; absent where nothing was found out. */
	readonly found?: string;
	/** What was seen, without ids, names or addresses of people. */
	readonly evidence: string;
}

export const answer = (found: string, evidence: string): Answer => ({ found, evidence });
export const unsettled = (evidence: string): Answer => ({ evidence });

export interface RawRequest {
	readonly method?: HttpMethod;
	/** Below the API path, encoded. */
	readonly path: string;
	readonly body?: unknown;
	readonly headers?: Readonly<Record<string, string>>;
}

export interface AskingOptions {
	readonly url: string;
	readonly transport: Transport;
	readonly clock: Clock;
	readonly signal?: AbortSignal;
}

export class Asking {
	readonly client: DataverseClient;
	readonly environment: Environment;

	constructor(private readonly options: AskingOptions) {
		const { url, transport, clock, signal } = options;
		this.client = new DataverseClient({ environmentUrl: url, transport, clock, signal });
		this.environment = Environment.of(this.client);
	}

	/**
	 * One request whose status and body are looked at as they are. Waits once where the service asks for it.
	 * @throws TransportFailure where there is no answer
	 */
	async raw(request: RawRequest): Promise<HttpResponse> {
		const response = await this.send(request);
		if (response.status !== 429) return response;
		const seconds = Number(response.headers['retry-after'] ?? '5');
		await this.options.clock.sleep((Number.isFinite(seconds) ? seconds : 5) * 1000, this.options.signal);
		return await this.send(request);
	}

	/** Calls an action. */
	async call(name: string, parameters: Readonly<Record<string, unknown>>): Promise<HttpResponse> {
		return await this.raw({ method: 'POST', path: name, body: parameters });
	}

	private async send({ body, headers, method = 'GET', path }: RawRequest): Promise<HttpResponse> {
		const { signal, transport } = this.options;
		if (signal?.aborted === true) throw new TransportFailure('cancelled', 'stopped');
		const request = {
			method,
			url: `${this.client.origin}${API}${path}`,
			headers: {
				Accept: 'application/json',
				'OData-Version': '4.0',
				'OData-MaxVersion': '4.0',
				...(body === undefined ? {} : { 'Content-Type': 'application/json; charset=utf-8' }),
				...headers,
			},
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
			timeoutMs: TIMEOUT_MS,
		};
		return await transport.send(request, signal);
	}
}

export const json = ({ body }: HttpResponse): unknown => parseJson(body);
export const isOk = ({ status }: HttpResponse): boolean => status >= 200 && status < 300;
export const randomId = (): string => randomUUID();
