/** The socket between client and emulator, and what may happen on it just before the n-th request of a run. */

import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

import { SIGN_IN, TransportFailure } from '../../core/dataverse/http/ports';
import type {
	HttpRequest,
	HttpResponse,
	Transport,
	TransportFailureKind,
} from '../../core/dataverse/http/ports';
import type { Emulator } from '../../emulator';
import { withinDeadline } from '../../nodes/shared/transport';
import { tokenRequest } from '../emulator/web/support';
import { HttpTransport } from '../support/httpTransport';
import type { VirtualClock } from '../support/virtualClock';

/** Real milliseconds after which an answer that drips is given up: the deadline of the whole request, made short. */
const DEADLINE_MS = 40;
/** Real milliseconds in which a request that was taken in is carried out; the emulator needs one. */
const ACTING_MS = 5;
const LOOK_MS = 1;

export interface Exchange {
	readonly request: HttpRequest;
	/** The status, or why there was none. */
	answer?: TransportFailureKind | number;
}

/**
 * Real HTTP with a token from the login server, renewed once after a 401 as n8n does. A request that the emulator leaves
 * without an answer is given up at once, and the clock moves on by the time-out of the request.
 */
export class Wire implements Transport {
	/** What was handed over since the last `begin`; a request that is repeated is there again. */
	sent: Exchange[] = [];
	/** Nobody listens. */
	refusing: 'not' | 'always' | 'once' = 'not';
	/** Requests that found nobody listening. */
	refused = 0;
	/** Whether the request on its way is left without an answer, before or after it is carried out. */
	private silence: 'after' | 'before' | 'not' = 'not';
	/** Whether the answer to the request on its way comes byte by byte. */
	private isDripping = false;
	/** Settled when no request has the wire to itself. */
	private gate: Promise<unknown> | undefined;
	private readonly inFlight = new Set<Promise<unknown>>();
	private readonly planned = new Map<number, (() => Promise<void> | void)[]>();
	private readonly http: HttpTransport;
	private token: Promise<string> | undefined;

	private constructor(
		private readonly emulator: Emulator,
		private readonly clock: VirtualClock,
		private readonly closedPort: number,
	) {
		this.http = new HttpTransport(async () => await this.bearer());
	}

	static async open(emulator: Emulator, clock: VirtualClock): Promise<Wire> {
		return new Wire(emulator, clock, await closedPort());
	}

	/** Starts counting from zero, with no fault planned. */
	begin(): void {
		this.sent = [];
		this.refused = 0;
		this.refusing = 'not';
		this.silence = 'not';
		this.isDripping = false;
		this.planned.clear();
	}

	/** Does something just before the request at this position (from 0) goes out. */
	at(position: number, work: () => Promise<void> | void): void {
		this.planned.set(position, [...(this.planned.get(position) ?? []), work]);
	}

	/** The request on its way will be left without an answer, before or after it is carried out. */
	expectSilence(when: 'after' | 'before'): void {
		this.silence = when;
	}

	/** The answer to the request on its way will come byte by byte. */
	expectDrip(): void {
		this.isDripping = true;
	}

	/** The token in use, to look for where it must not be. */
	async currentToken(): Promise<string> {
		return await this.bearer();
	}

	async send(request: HttpRequest): Promise<HttpResponse> {
		const position = this.sent.length;
		const exchange: Exchange = { request };
		this.sent.push(exchange);
		const planned = this.planned.get(position);
		while (this.gate !== undefined) await this.gate;
		if (planned === undefined) return await this.counted(this.exchange(exchange));
		const alone = this.alone(exchange, planned);
		this.gate = alone.catch(() => undefined);
		return await alone.finally(() => {
			this.gate = undefined;
		});
	}

	/** What happens at a position happens to that request and to no other that is on its way beside it. */
	private async alone(
		exchange: Exchange,
		planned: readonly (() => Promise<void> | void)[],
	): Promise<HttpResponse> {
		await Promise.allSettled(this.inFlight);
		for (const work of planned) await work();
		return await this.exchange(exchange);
	}

	private async counted(work: Promise<HttpResponse>): Promise<HttpResponse> {
		this.inFlight.add(work);
		return await work.finally(() => this.inFlight.delete(work));
	}

	private async exchange(exchange: Exchange): Promise<HttpResponse> {
		try {
			const response = await this.withLivingToken(exchange.request);
			exchange.answer = response.status;
			return response;
		} catch (failure) {
			if (failure instanceof TransportFailure) exchange.answer = failure.kind;
			throw failure;
		}
	}

	close(): void {
		this.http.close();
	}

	private async withLivingToken(request: HttpRequest): Promise<HttpResponse> {
		const response = await this.transmit(request);
		if (response.status !== 401) return response;
		this.token = undefined;
		return await this.transmit(request);
	}

	private async transmit(request: HttpRequest): Promise<HttpResponse> {
		if (this.refusing !== 'not') {
			if (this.refusing === 'once') this.refusing = 'not';
			this.refused += 1;
			const url = request.url.replace(/^(http:\/\/[^/:]+):\d+/, `$1:${this.closedPort}`);
			return await this.http.send({ ...request, url });
		}
		if (this.isDripping) return await this.sendUntilDeadline(request);
		const { silence } = this;
		this.silence = 'not';
		return silence === 'not' ? await this.http.send(request) : await this.sendOrGiveUp(request, silence);
	}

	private async sendUntilDeadline(request: HttpRequest): Promise<HttpResponse> {
		this.isDripping = false;
		const given = new AbortController();
		const work = this.http.send(request, given.signal);
		try {
			return await withinDeadline(work, DEADLINE_MS);
		} catch (failure) {
			given.abort();
			await work.catch(() => undefined);
			this.clock.advance(request.timeoutMs);
			throw failure;
		}
	}

	private async sendOrGiveUp(request: HttpRequest, silence: 'after' | 'before'): Promise<HttpResponse> {
		const { control } = this.emulator;
		const hits = control.faultsHit();
		const given = new AbortController();
		let isOver = false;
		const work = this.http.send(request, given.signal).finally(() => {
			isOver = true;
		});
		work.catch(() => undefined);
		const isTaken = () =>
			control.faultsHit() > hits && (silence === 'before' || control.log().at(-1)?.userId !== undefined);
		while (!isOver && !isTaken()) await pause(LOOK_MS);
		if (isOver) return await work;
		await pause(ACTING_MS);
		given.abort();
		await work.catch(() => undefined);
		this.clock.advance(request.timeoutMs);
		throw new TransportFailure('lost', 'ETIMEDOUT');
	}

	private async bearer(): Promise<string> {
		this.token ??= signIn(this.emulator);
		try {
			return await this.token;
		} catch (error) {
			this.token = undefined;
			throw error;
		}
	}
}

/** A token, or the failure that n8n's transport makes of a login server that gives none. */
async function signIn(emulator: Emulator): Promise<string> {
	const reply = await tokenRequest(emulator, {
		grant_type: 'client_credentials',
		client_id: emulator.clientId,
		client_secret: emulator.clientSecret,
		scope: `${emulator.url}/.default`,
	});
	if (reply.status >= 500 || reply.status === 429)
		throw new TransportFailure('notSent', `${SIGN_IN} ${reply.status}`);
	const body = (await reply.json()) as {
		readonly access_token?: string;
		readonly error_description?: string;
	};
	if (body.access_token === undefined) throw new TransportFailure('signIn', body.error_description ?? '');
	return body.access_token;
}

/** A port on which nobody listens. */
async function closedPort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	await new Promise<void>((resolve) => server.close(() => resolve()));
	return port;
}
