import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Store } from '../contracts';
import { actsBefore, faultyAnswer, isAnswerEffect, seenRequest } from './answerFaults';
import { sendDripping, sendHalf, sendWithBadHeader } from './brokenAnswers';
import type { EmulatorControl } from './control';
import { answerControl, isControlUrl } from './controlHttp';
import type { VirtualClock } from './clock';
import { pause } from './clock';
import type { FaultPlan, PlannedFaults, TerminalEffect } from './faults';
import type { LoginServer } from './identity/loginServer';
import type { Answer, Incoming } from './messages';
import type { LogEntry, RequestLog } from './requestLog';
import type { WebApi } from './webApi';

/** Bodies of a million ids pass; what is longer is refused with 413. */
const maxBodyBytes = 256 * 1024 * 1024;
/** Request line and headers together: URLs beyond the service's limit must reach the emulator to be refused by it. */
const maxHeaderBytes = 512 * 1024;

/** What reaches the client: an answer, half an answer, a broken connection, or nothing. */
type Outcome =
	| { readonly kind: 'answer'; readonly answer: Answer }
	| { readonly kind: 'badHeader'; readonly answer: Answer; readonly header?: string }
	| { readonly kind: 'cut'; readonly answer: Answer }
	| { readonly kind: 'drip'; readonly answer: Answer; readonly everyMs: number; readonly bytes?: number }
	| { readonly kind: 'reset' }
	| { readonly kind: 'silence' };

interface ServerParts {
	readonly webApi: WebApi;
	readonly login: LoginServer;
	readonly control: EmulatorControl;
	readonly faults: FaultPlan;
	readonly log: RequestLog;
	readonly store: Store;
	readonly clock: VirtualClock;
	readonly closing: AbortSignal;
}

export interface HttpServer {
	/** e.g. `http://127.0.0.1:4711` */
	readonly url: string;
	/** Requests are answered from here on; until then they wait. */
	serve(parts: ServerParts): void;
	close(): Promise<void>;
}

/**
 * Listens on loopback. Neither URL nor body is decoded or parsed here: what clients sent is what the folders behind see.
 * @param port 0 lets the system choose
 */
export async function listen(port: number): Promise<HttpServer> {
	let begin: (parts: ServerParts) => void = () => undefined;
	const ready = new Promise<ServerParts>((resolve) => {
		begin = resolve;
	});
	const app = createApp();
	app.all('/', async (request, reply) => {
		const parts = await ready;
		const incoming = readIncoming(request);
		if (isControlUrl(incoming.url))
			return deliver({ kind: 'answer', answer: answerControl(incoming, parts.control) }, reply);
		// The service's own clock (RFC 9110, 6.6.1), which is the virtual one here.
		reply.raw.sendDate = false;
		const date = new Date(parts.clock.now()).toUTCString();
		return deliver(withDate(await exchange(incoming, parts), date), reply);
	});
	const url = await app.listen({ host: '127.0.0.1', port });
	return { url, serve: (parts) => begin(parts), close: async () => await app.close() };
}

function createApp(): FastifyInstance {
	const app = fastify({
		bodyLimit: maxBodyBytes,
		forceCloseConnections: true,
		http: { maxHeaderSize: maxHeaderBytes },
		keepAliveTimeout: 60_000,
		rewriteUrl: () => '/',
	});
	app.removeAllContentTypeParsers();
	app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
	return app;
}

function readIncoming(request: FastifyRequest): Incoming {
	const headers: Record<string, string> = {};
	for (const [name, value] of Object.entries(request.headers)) {
		if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
	}
	const body = typeof request.body === 'string' ? request.body : '';
	return { method: request.method, url: request.originalUrl, headers, body };
}

async function exchange(request: Incoming, parts: ServerParts): Promise<Outcome> {
	const entry = parts.log.begin({
		at: parts.clock.now(),
		method: request.method,
		path: request.url,
		requestBytes: Buffer.byteLength(request.body),
	});
	const planned = parts.faults.take(request);
	if (planned.label !== undefined) entry.fault = planned.label;
	const outcome = await applyFault(planned, request, parts, (seen) => act(seen, entry, planned, parts));
	if ('answer' in outcome) entry.status = outcome.answer.status;
	return outcome;
}

async function act(
	request: Incoming,
	entry: LogEntry,
	planned: PlannedFaults,
	parts: ServerParts,
): Promise<Answer> {
	if (parts.webApi.handles(request.url)) return await parts.webApi.answer(request, entry, planned.slowMs);
	await pause(planned.slowMs, parts.closing);
	const answer = await parts.login.answer(request);
	return answer ?? { status: 404, headers: { 'Content-Type': 'text/plain' }, body: 'Not found.' };
}

async function applyFault(
	planned: PlannedFaults,
	request: Incoming,
	parts: ServerParts,
	actOn: (seen: Incoming) => Promise<Answer>,
): Promise<Outcome> {
	const effect: TerminalEffect | undefined = planned.effect;
	const acted = async () => await actOn(request);
	if (effect === undefined) return { kind: 'answer', answer: await acted() };
	if (isAnswerEffect(effect)) {
		const answer = actsBefore(effect) ? await actOn(seenRequest(effect, request)) : undefined;
		return { kind: 'answer', answer: faultyAnswer(effect, request, answer, parts) };
	}
	switch (effect.kind) {
		case 'badHeader':
			return { ...effect, answer: await acted() };
		case 'cutBody':
			return { kind: 'cut', answer: await acted() };
		case 'drip':
			return { ...effect, answer: await acted() };
		case 'expiredToken':
			return { kind: 'answer', answer: parts.webApi.unauthenticated() };
		case 'resetAfter':
			await acted();
			return { kind: 'reset' };
		case 'resetBefore':
			return { kind: 'reset' };
		case 'timeoutAfter':
			await acted();
			return { kind: 'silence' };
		case 'timeoutBefore':
			return { kind: 'silence' };
		case 'wrongContentType':
			return { kind: 'answer', answer: asHtml(await acted()) };
	}
}

/** A proxy's page where JSON was expected. */
function asHtml(answer: Answer): Answer {
	const others = Object.entries(answer.headers).filter(([name]) => name.toLowerCase() !== 'content-type');
	const headers = { ...Object.fromEntries(others), 'Content-Type': 'text/html' };
	return {
		status: answer.status === 204 ? 200 : answer.status,
		headers,
		body: '<html><body>OK</body></html>',
	};
}

function withDate(outcome: Outcome, date: string): Outcome {
	if (!('answer' in outcome)) return outcome;
	const { answer } = outcome;
	return { ...outcome, answer: { ...answer, headers: { Date: date, ...answer.headers } } };
}

function deliver(outcome: Outcome, reply: FastifyReply): FastifyReply {
	if (outcome.kind === 'answer') return sendWhole(outcome.answer, reply);
	reply.hijack();
	switch (outcome.kind) {
		case 'badHeader':
			sendWithBadHeader(outcome.answer, reply.raw, outcome.header);
			break;
		case 'cut':
			sendHalf(outcome.answer, reply.raw);
			break;
		case 'drip':
			sendDripping(outcome.answer, reply.raw, outcome);
			break;
		case 'reset':
			reply.raw.socket?.resetAndDestroy();
			break;
		case 'silence':
			break;
	}
	return reply;
}

function sendWhole(answer: Answer, reply: FastifyReply): FastifyReply {
	reply.code(answer.status);
	for (const [name, value] of Object.entries(answer.headers)) reply.header(name, value);
	return reply.send(answer.body === undefined ? undefined : Buffer.from(answer.body));
}
