/** The only place that passes requests to the transport: counts them, retries them by policy, wraps them in `$batch`. */

import { isMultipart, readBatch, writeBatch } from './batch';
import { unbelievable } from './answers';
import { decodeServiceError, errorWith, unexpectedReply, type RequestFacts } from '../errors/decodeError';
import { invalidInput, type DataverseError } from '../errors/errors';
import { environmentOrigin } from './host';
import { RateLimiter } from './rateLimiter';
import type { HttpRequest, HttpResponse } from './ports';
import { API_PATH, BATCHED_URL_LIMIT, DIRECT_URL_LIMIT, requestHeaders } from './headers';
import { sendByPolicy, type Exchange } from './retryPolicy';
import { header } from './retryAfter';
import type { BatchOperation, BatchPart, DataverseClientOptions } from '../types';
import { WaitBudget } from './waitBudget';

const DEFAULT_TIMEOUT_MS = 120_000;

export interface Call extends RequestFacts {
	readonly url: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body?: string;
	/** Whether sending it twice does no more than sending it once. */
	readonly repeatable: boolean;
}

export interface BatchOptions {
	/** One set of changes: all or nothing. */
	readonly atomic: boolean;
	readonly repeatable: boolean;
	readonly continueOnError?: boolean;
}

export interface BatchExchange {
	readonly parts: readonly BatchPart[];
	readonly mayBeRepeat: boolean;
}

/**
 * Sends the requests of one client to one environment, with that client's waiting time and rate limits.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/compose-http-requests-handle-errors
 */
export class RequestExecutor {
	/** Scheme and host of the environment, e.g. `https://contoso.crm4.dynamics.com`. */
	readonly origin: string;
	readonly budget: WaitBudget;
	private readonly rateLimiter: RateLimiter;
	private sent = 0;
	private date: number | undefined;

	/** @throws DataverseError `invalidInput` when the environment's address may not be used. */
	constructor(private readonly options: DataverseClientOptions) {
		this.origin = environmentOrigin(options.environmentUrl);
		this.budget = new WaitBudget(options);
		this.rateLimiter = new RateLimiter(this.budget);
	}

	/** Requests handed to the transport so far, repeats included. */
	get requests(): number {
		return this.sent;
	}

	/** When the service gave its last answer, by its own clock (`Date` header): milliseconds since the epoch, whole seconds. */
	get serviceTimeMs(): number | undefined {
		return this.date;
	}

	/** Parallel requests that the service last recommended (`x-ms-dop-hint`). */
	get parallelismHint(): number | undefined {
		return this.rateLimiter.parallelismHint;
	}

	/** Absolute address of a path below the API path. */
	address(path: string): string {
		return `${this.origin}${API_PATH}${path}`;
	}

	/** Sends by the retry policy; the reply may have any status. */
	async send(call: Call): Promise<Exchange> {
		const { method, url, headers, body } = call;
		const request = { method, url, headers, body, timeoutMs: this.timeoutMs };
		return await sendByPolicy(async () => await this.transmit(request), this.subject(call));
	}

	/**
	 * Reads an address; one that is too long for a request line goes as a GET inside `$batch`.
	 * @throws DataverseError for every reply that is not a success, and `invalidInput` above 65,536 characters.
	 */
	async read(url: string, path: string, headers: Readonly<Record<string, string>>): Promise<HttpResponse> {
		const facts = { method: 'GET', path } as const;
		const response =
			url.length <= DIRECT_URL_LIMIT
				? (await this.send({ ...facts, url, headers, repeatable: true })).response
				: await this.readInBatch(url, path, headers);
		if (isSuccess(response)) return response;
		throw decodeServiceError(response, facts);
	}

	/**
	 * Sends several operations as one request.
	 * @returns a part for each operation that was run, failed ones included; a failed set of changes is one part.
	 * @throws DataverseError when the batch as a whole was refused or its answer cannot be read.
	 */
	async batch(operations: readonly BatchOperation[], options: BatchOptions): Promise<BatchExchange> {
		const facts = { method: 'POST', path: '$batch' } as const;
		const { contentType, body } = writeBatch(operations, API_PATH, options);
		const headers = requestHeaders({ hasBody: true, contentType, continueOnError: options.continueOnError });
		const request = { ...facts, url: this.address('$batch'), headers, body, timeoutMs: this.timeoutMs };
		const harmless = options.atomic || operations.every(({ method }) => method === 'GET');
		const answer: { parts?: readonly BatchPart[] } = {};
		const exchange = await sendByPolicy(
			async () => {
				const { response, parts } = await this.transmitBatch(request, operations);
				answer.parts = parts;
				if (parts === undefined) return response;
				return (harmless ? failedPart(parts, response) : undefined) ?? { ...response, status: 200 };
			},
			this.subject({ ...facts, repeatable: options.repeatable }),
		);
		if (answer.parts !== undefined) return { parts: answer.parts, mayBeRepeat: exchange.mayBeRepeat };
		if (exchange.response.status >= 300) throw decodeServiceError(exchange.response, facts);
		throw unexpectedReply('The answer to a batch is not a multipart text.', facts, exchange.response.status);
	}

	private get timeoutMs(): number {
		return this.options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
	}

	private subject(facts: RequestFacts & { readonly repeatable: boolean }) {
		const { method, path, repeatable } = facts;
		const { budget, rateLimiter } = this;
		return { method, path, repeatable, budget, rateLimiter, random: this.options.random ?? Math.random };
	}

	private async transmit(request: HttpRequest): Promise<HttpResponse> {
		this.sent += 1;
		const response = await this.options.transport.send(request, this.options.signal);
		const date = Date.parse(header(response, 'date') ?? '');
		if (!Number.isNaN(date)) this.date = date;
		const hint = Number(header(response, 'x-ms-dop-hint'));
		if (Number.isInteger(hint) && hint > 0) this.rateLimiter.parallelismHint = hint;
		return response;
	}

	/**
	 * The transport renews tokens, but does not see a 401 inside a batch. So a plain request is sent, for which it does, and then
	 * the batch again; but not if a part has written something, because that would be written twice.
	 */
	private async transmitBatch(request: HttpRequest, operations: readonly BatchOperation[]) {
		const first = await this.transmit(request);
		const parts = partsOf(first, operations);
		if (parts === undefined || !tokenRefused(parts, operations)) return { response: first, parts };
		const whoAmI = { method: 'GET', url: this.address('WhoAmI'), headers: requestHeaders() } as const;
		await this.transmit({ ...whoAmI, timeoutMs: this.timeoutMs });
		const second = await this.transmit(request);
		return { response: second, parts: partsOf(second, operations) };
	}

	private async readInBatch(
		url: string,
		path: string,
		headers: Readonly<Record<string, string>>,
	): Promise<HttpResponse> {
		if (url.length > BATCHED_URL_LIMIT) {
			throw invalidInput(
				`A query for "${path}" has ${url.length} characters; the environment reads ${BATCHED_URL_LIMIT}.`,
				'Use fewer conditions, values or columns in one query.',
			);
		}
		const prefer = headers['Prefer'];
		const operation: BatchOperation = {
			method: 'GET',
			path: url.startsWith(this.address('')) ? url.slice(this.address('').length) : url,
			headers: prefer === undefined ? {} : { Prefer: prefer },
		};
		const { parts } = await this.batch([operation], { atomic: false, repeatable: true });
		const [part] = parts;
		if (part === undefined) throw unexpectedReply('The answer to a batch is empty.', { method: 'GET', path });
		return part;
	}
}

function isSuccess({ status }: HttpResponse): boolean {
	return status >= 200 && status < 300;
}

/**
 * Why a write has not succeeded; undefined when it has. After a retry it is not certain that nothing was done, and neither
 * is it with a status below 400 that is not a success.
 * @param facts.id lower-case GUID of the row that is written, absent for actions
 */
export function failureOf(
	{ response, mayBeRepeat }: Exchange,
	{ id, method, path }: RequestFacts & { readonly id?: string },
): DataverseError | undefined {
	if (isSuccess(response)) return unbelievable(response, { method, path, id });
	const error = decodeServiceError(response, { method, path });
	return mayBeRepeat || response.status < 400 ? errorWith(error, { mayHaveActed: true }) : error;
}

/** The parts of a multipart answer; all of them, unless one failed and ended the batch. */
function partsOf(
	response: HttpResponse,
	operations: readonly BatchOperation[],
): readonly BatchPart[] | undefined {
	if (!isMultipart(response)) return undefined;
	const parts = readBatch(response);
	if (parts.length === operations.length || parts.some(({ status }) => status >= 400)) return parts;
	throw unexpectedReply(
		`The answer to a batch of ${operations.length} operations has ${parts.length} parts.`,
		{ method: 'POST', path: '$batch' },
		response.status,
	);
}

function tokenRefused(parts: readonly BatchPart[], operations: readonly BatchOperation[]): boolean {
	if (!parts.some(({ status }) => status === 401)) return false;
	return parts.every(({ status }, index) => status >= 300 || operations[index]?.method === 'GET');
}

/** The part that failed, standing for a batch that left nothing behind; the envelope may tell how long to wait. */
function failedPart(parts: readonly BatchPart[], envelope: HttpResponse): HttpResponse | undefined {
	const part = parts.find(({ status }) => status >= 400);
	if (part === undefined) return undefined;
	const told = header(envelope, 'retry-after');
	const headers = told === undefined ? part.headers : { 'retry-after': told, ...part.headers };
	return { ...part, headers };
}
