/** The stub over HTTP: sign-in, rows, actions, look-ups, and a control endpoint for the benchmark. */

import { setTimeout as pause } from 'node:timers/promises';

import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';

import { callAction, patchDefinition, rowOf, type Answer } from './answers';
import { answerBatch } from './batch';
import { Book } from './book';
import { listOf } from './lists';
import type { StubState } from './protocol';

const API = '/api/data/v9.2/';
/** The service takes 32,768 characters. */
const LONGEST_URL = 65_536;
const LARGEST_BODY = 64 * 1024 * 1024;
const NOTHING: StubState = { people: 0, members: 0, latencyMs: 0 };

/** Listens on loopback; returns the service and its address. */
export async function startStub(): Promise<{ readonly app: FastifyInstance; readonly url: string }> {
	const app = Fastify({
		bodyLimit: LARGEST_BODY,
		http: { maxHeaderSize: LONGEST_URL },
		routerOptions: { maxParamLength: LONGEST_URL },
	});
	let book = new Book(NOTHING);
	app.removeAllContentTypeParsers();
	app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
	app.post('/bench/reset', (request, reply) => {
		book = new Book(JSON.parse(String(request.body)) as StubState);
		return reply.send({});
	});
	app.get('/bench/tally', (_request, reply) => reply.send(book.tally()));
	app.post('/:tenant/oauth2/v2.0/token', (_request, reply) =>
		reply.send({ token_type: 'Bearer', expires_in: 3599, access_token: 'benchmark' }),
	);
	app.all(`${API}*`, async (request, reply) => {
		const answer = answerTo(request, book);
		if (book.state.latencyMs > 0) await pause(book.state.latencyMs);
		return send(reply, answer);
	});
	const url = await app.listen({ host: '127.0.0.1', port: 0 });
	return { app, url };
}

function send(reply: FastifyReply, { status = 200, headers, body }: Answer): FastifyReply {
	void reply.code(status).headers({ 'OData-Version': '4.0', ...headers });
	return typeof body === 'object' && body !== null && !Buffer.isBuffer(body)
		? reply.type('application/json; odata.metadata=minimal').send(body)
		: reply.send(body);
}

function answerTo({ method, url, headers, body }: FastifyRequest, book: Book): Answer {
	const [path = '', query = ''] = url.slice(API.length).split('?', 2);
	const [, name = ''] = /^(\$?\w+)/.exec(path) ?? [];
	book.note(name);
	if (name === '$batch') return answerBatch(String(body), book);
	if (method === 'GET') return listOf(name, path, decodeURIComponent(query), book) ?? rowOf(name, path, book);
	const parameters = JSON.parse(String(body)) as Readonly<Record<string, unknown>>;
	if (method === 'PATCH') return patchDefinition(book, headers['if-match'], parameters);
	return callAction(name, parameters, book);
}
