/** The stub over HTTP: sign-in, rows, actions, look-ups in `$batch`, and a control endpoint for the benchmark. */

import { setTimeout as pause } from 'node:timers/promises';

import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';

import { callAction, contacts, patchDefinition, rowOf, type Answer } from './answers';
import { Book } from './book';
import type { StubState } from './protocol';

const API = '/api/data/v9.2/';
const LARGEST_BODY = 64 * 1024 * 1024;
const NOTHING: StubState = { people: 0, members: 0, latencyMs: 0 };

/** Listens on loopback; returns the service and its address. */
export async function startStub(): Promise<{ readonly app: FastifyInstance; readonly url: string }> {
	const app = Fastify({ bodyLimit: LARGEST_BODY, routerOptions: { maxParamLength: 100_000 } });
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
	return typeof body === 'object' && body !== null
		? reply.type('application/json; odata.metadata=minimal').send(body)
		: reply.send(body);
}

function answerTo({ method, url, headers, body }: FastifyRequest, book: Book): Answer {
	const [path = '', query = ''] = url.slice(API.length).split('?', 2);
	const [, name = ''] = /^([$\w]+)/.exec(path) ?? [];
	book.note(name);
	if (name === '$batch') return batch(String(body));
	if (name === 'contacts') return contacts(decodeURIComponent(query));
	if (method === 'GET') return rowOf(name, book);
	const parameters = JSON.parse(String(body)) as Readonly<Record<string, unknown>>;
	if (method === 'PATCH') return patchDefinition(book, headers['if-match'], parameters);
	return callAction(name, parameters, book);
}

/** A batch with one look-up in it, as the node sends what is too long for a request line. */
function batch(text: string): Answer {
	const target = /^GET \S*\/contacts\?(\S*) HTTP\/1\.1\r?$/m.exec(text)?.[1] ?? '';
	const inner = JSON.stringify(contacts(decodeURIComponent(target)).body);
	const part = [
		'--batchresponse_bench',
		'Content-Type: application/http',
		'Content-Transfer-Encoding: binary',
		'',
		'HTTP/1.1 200 OK',
		'Content-Type: application/json; odata.metadata=minimal',
		'OData-Version: 4.0',
		'',
		inner,
		'--batchresponse_bench--',
		'',
	];
	return {
		headers: { 'Content-Type': 'multipart/mixed; boundary=batchresponse_bench' },
		body: part.join('\r\n'),
	};
}
