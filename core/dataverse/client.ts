/** The Dataverse Web API as segments need it. https://learn.microsoft.com/power-apps/developer/data-platform/webapi/ */

import { isDuplicate, isMissingRow } from './errors/decodeError';
import type { DataverseError } from './errors/errors';
import { fetchXmlText, type FetchXml } from './text/fetchxml';
import { objectOf } from './http/answers';
import { parseJson } from './http/json';
import { checkedId, checkedName, encodeQuery, entityPath, queryString } from './text/odata';
import { PageGuard, nextFetch, readPage, withPagingAnnotations } from './http/paging';
import type { HttpMethod, HttpResponse } from './http/ports';
import { checkedPath, MAX_PAGE_SIZE, requestHeaders, type HeaderOptions } from './http/headers';
import type { Exchange } from './http/retryPolicy';
import { failureOf, RequestExecutor } from './http/requestExecutor';
import type { BatchOperation, BatchPart, DataverseClientOptions, EntityRow } from './types';
import type { ListQuery, Page, ReadOptions } from './types';

interface Write {
	readonly method: HttpMethod;
	readonly path: string;
	readonly body?: Readonly<Record<string, unknown>>;
	readonly headers?: HeaderOptions;
	readonly repeatable: boolean;
	readonly reads?: boolean;
	readonly id?: string;
}

/**
 * One environment, one run. Every method throws `DataverseError` and nothing else, waits as the service asks within
 * "Give Up After", and ends at once when the signal is aborted.
 */
export class DataverseClient {
	private readonly executor: RequestExecutor;
	private changes = new Map<string, number>();

	/** @throws DataverseError `invalidInput` when the environment's address may not be used. */
	constructor(options: DataverseClientOptions) {
		this.executor = new RequestExecutor(options);
	}

	/** Scheme and host of the environment, e.g. `https://contoso.crm4.dynamics.com`. */
	get origin(): string {
		return this.executor.origin;
	}

	/** HTTP requests sent so far, repeats included. */
	get requests(): number {
		return this.executor.requests;
	}

	/** When the service gave its last answer, by its own clock: milliseconds since the epoch, undefined where it did not say. */
	get serviceTimeMs(): number | undefined {
		return this.executor.serviceTimeMs;
	}

	/** Parallel requests that the service last recommended, where it did. */
	get parallelismHint(): number | undefined {
		return this.executor.parallelismHint;
	}

	/** What was changed since the last call, as method and path with a count: for errors that follow it. */
	takeChanges(): ReadonlyMap<string, number> {
		const { changes } = this;
		this.changes = new Map();
		return changes;
	}

	/**
	 * Creates a row with an ID that the caller chooses: if it exists when a lost answer is repeated, the first attempt created it.
	 * @param key primary key column, and the id that goes into it.
	 */
	async createRow(set: string, row: EntityRow, key: { column: string; id: string }): Promise<{ id: string }> {
		const id = checkedId(key.id);
		const column = checkedName(key.column, 'column');
		const path = checkedName(set, 'set');
		const write: Write = { method: 'POST', path, body: { ...row, [column]: id }, repeatable: true, id };
		const { error, mayBeRepeat } = await this.write(write);
		if (error === undefined) return { id };
		const made = mayBeRepeat && isDuplicate(error) && (await this.findRow(set, id, { select: [column] }));
		if (!made) throw error;
		this.noteChange(write);
		return { id };
	}

	/** @throws DataverseError `notFound` when there is no such row, `unexpectedReply` when another row comes. */
	async getRow(set: string, id: string, options: ReadOptions = {}): Promise<EntityRow> {
		const path = `${entityPath(set, id)}${queryString({ select: options.select })}`;
		return await this.readObject(path, options, checkedId(id));
	}

	/** The row, or undefined when there is none. An unknown table is still an error. */
	async findRow(set: string, id: string, options: ReadOptions = {}): Promise<EntityRow | undefined> {
		try {
			return await this.getRow(set, id, options);
		} catch (error) {
			if (isMissingRow(error)) return undefined;
			throw error;
		}
	}

	/** The pages of a list, one at a time; links to the next page are followed byte for byte. */
	async *listPages(set: string, query: ListQuery): AsyncGenerator<Page> {
		const own = checkedName(set, 'set');
		const path = query.of === undefined ? own : `${entityPath(query.of.set, query.of.id)}/${own}`;
		const facts = { method: 'GET', path } as const;
		const headers = requestHeaders({
			pageSize: query.pageSize ?? MAX_PAGE_SIZE,
			annotations: query.annotations,
		});
		const { select, filter, orderBy, count, expand } = query;
		const links = new PageGuard(this.origin, facts);
		let url: string | undefined =
			query.nextLink === undefined
				? this.executor.address(`${path}${queryString({ select, filter, orderBy, count, expand })}`)
				: links.pass(query.nextLink);
		while (url !== undefined) {
			const { page } = readPage(await this.executor.read(url, path, headers), facts);
			url = page.nextLink === undefined ? undefined : links.pass(page.nextLink, page.rows.length);
			yield page;
		}
	}

	/**
	 * The pages of a FetchXML query, one at a time.
	 * @throws DataverseError `refused` when the service gives no paging cookie and has more than 50,000 rows.
	 */
	async *fetchPages(
		set: string,
		fetch: FetchXml,
		options: { readonly annotations?: string } = {},
	): AsyncGenerator<Page> {
		const path = checkedName(set, 'set');
		const facts = { method: 'GET', path } as const;
		const headers = requestHeaders({ annotations: withPagingAnnotations(options.annotations) });
		const cookies = new PageGuard(this.origin, facts);
		let query: FetchXml | undefined = {
			...fetch,
			count: fetch.count ?? MAX_PAGE_SIZE,
			page: fetch.page ?? 1,
		};
		while (query !== undefined) {
			const url = this.executor.address(`${path}?fetchXml=${encodeQuery(fetchXmlText(query))}`);
			const { page, reply } = readPage(await this.executor.read(url, path, headers), facts);
			yield page;
			query = nextFetch(query, reply, facts);
			if (query?.pagingCookie !== undefined) cookies.onwards(query.pagingCookie, page.rows.length);
		}
	}

	/**
	 * Changes the named columns of an existing row; never creates one.
	 * @param options.ifMatch `*`, or the ETag the row must still have. With an ETag, a conflict on a
	 * repeated request may be caused by our own change: the error then says `mayHaveActed`.
	 */
	async updateRow(set: string, id: string, changes: EntityRow, options: { ifMatch: string }): Promise<void> {
		await this.mustWrite({
			method: 'PATCH',
			path: entityPath(set, id),
			body: changes,
			headers: options,
			repeatable: true,
			id: checkedId(id),
		});
	}

	/** Deletes a row. If it is gone when the request is repeated, the first attempt deleted it. */
	async deleteRow(
		set: string,
		id: string,
		options: { ifMatch?: string } = {},
	): Promise<{ deleted: boolean }> {
		const path = entityPath(set, id);
		const write: Write = { method: 'DELETE', path, headers: options, repeatable: true, id: checkedId(id) };
		const { error, mayBeRepeat } = await this.write(write);
		if (error === undefined) return { deleted: true };
		if (!mayBeRepeat || !isMissingRow(error)) throw error;
		this.noteChange(write);
		return { deleted: true };
	}

	/**
	 * Calls an unbound action.
	 * @param options.repeatable whether calling it twice does no more than calling it once.
	 * @param options.reads whether calling it changes nothing.
	 * @param options.isChange whether the reply reports a change; it may throw for a refusal inside the reply.
	 * @returns the parsed reply, undefined for an empty one.
	 * @throws DataverseError `unexpectedReply` when the reply is not JSON; the action has then been run. An error inside a
	 * success is thrown as the refusal that it is.
	 */
	async action(
		name: string,
		parameters: Readonly<Record<string, unknown>>,
		options: { repeatable: boolean; reads?: boolean; isChange?: (reply: unknown) => boolean },
	): Promise<unknown> {
		const path = checkedName(name, 'action');
		const { isChange = () => true, reads = false, repeatable } = options;
		// The reply decides whether it counts as a change.
		const write: Write = { method: 'POST', path, body: parameters, repeatable, reads: true };
		const { body } = await this.mustWrite(write);
		const reply = body.trim() === '' ? undefined : parseJson(body);
		if (isChange(reply) && !reads) this.noteChange(write);
		return reply;
	}

	/**
	 * Makes all changes or none.
	 * @param options.made set it if the caller chooses the ID of every row that is created: the changes are then sent again
	 * after a lost answer, and if that is refused as a duplicate, this checks whether the first attempt created them; in that
	 * case the parts are invented (status 204, no headers).
	 * @throws DataverseError of the change that failed.
	 */
	async changeSet(
		operations: readonly BatchOperation[],
		options: { readonly made?: () => Promise<boolean> } = {},
	): Promise<readonly BatchPart[]> {
		for (const { path } of operations) checkedPath(path);
		const facts = { method: 'POST', path: '$batch' } as const;
		const { made } = options;
		const { parts, mayBeRepeat } = await this.executor.batch(operations, {
			atomic: true,
			repeatable: made !== undefined,
		});
		const error = parts.map((response) => failureOf({ response, mayBeRepeat }, facts)).find(Boolean);
		const isOfFirst = async () => mayBeRepeat && isDuplicate(error) && (await made?.()) === true;
		if (error !== undefined && !(await isOfFirst())) throw error;
		operations.forEach((operation) => this.noteChange(operation));
		if (error === undefined) return parts;
		return operations.map((_, index) => ({
			status: 204,
			headers: {},
			body: '',
			contentId: String(index + 1),
		}));
	}

	/**
	 * Sends up to 1000 operations as one request. Without `continueOnError` the first failing one ends it.
	 * @returns a part for each operation that was run, failed ones included.
	 */
	async batch(
		operations: readonly BatchOperation[],
		options: { readonly continueOnError?: boolean } = {},
	): Promise<readonly BatchPart[]> {
		for (const { path } of operations) checkedPath(path);
		const repeatable = operations.every(({ method }) => method === 'GET');
		return (await this.executor.batch(operations, { ...options, atomic: false, repeatable })).parts;
	}

	/**
	 * Waits between two polls of something that takes time.
	 * @throws DataverseError `gaveUp` when "Give Up After" is used up.
	 */
	async wait(ms: number, reason: string): Promise<void> {
		await this.executor.budget.waitAtMost({ reason, waitMs: Math.max(0, ms), attempt: 0, path: '' });
	}

	/** Reads an object; the path comes from the builders of `metadata.ts` and `odata.ts`. */
	async metadata(path: string): Promise<EntityRow> {
		return await this.readObject(checkedPath(path), {});
	}

	/** `$metadata`: the service's own description in XML, several megabytes. */
	async schema(): Promise<string> {
		const headers = { ...requestHeaders(), Accept: 'application/xml' };
		return (await this.executor.read(this.executor.address('$metadata'), '$metadata', headers)).body;
	}

	/** @param id of the row that is expected. */
	private async readObject(path: string, options: HeaderOptions, id?: string): Promise<EntityRow> {
		const [resource = path] = path.split('?', 1);
		const headers = requestHeaders({ annotations: options.annotations });
		const { body, status } = await this.executor.read(this.executor.address(path), resource, headers);
		return objectOf(parseJson(body), { method: 'GET', path: resource, status, id });
	}

	private noteChange({ method, path }: Pick<Write, 'method' | 'path'>): void {
		const what = `${method} ${path}`;
		this.changes.set(what, (this.changes.get(what) ?? 0) + 1);
	}

	private async write(write: Write): Promise<Exchange & { readonly error?: DataverseError }> {
		const { method, path, body, headers, repeatable, reads } = write;
		const exchange = await this.executor.send({
			method,
			path,
			url: this.executor.address(path),
			headers: requestHeaders({ ...headers, hasBody: body !== undefined }),
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
			repeatable,
		});
		const error = failureOf(exchange, write);
		if (reads !== true && error === undefined) this.noteChange(write);
		return { ...exchange, error };
	}

	private async mustWrite(write: Write): Promise<HttpResponse> {
		const { error, response } = await this.write(write);
		if (error === undefined) return response;
		throw error;
	}
}
