import { createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

import axios from 'axios';
import type { IAllExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';

import { TransportFailure } from '../../../core/dataverse/http/ports';
import { n8nClock, n8nTransport } from '../../../nodes/shared/transport';
import { SELF_SIGNED } from '../../support/selfSigned';

/** Sends as n8n does, without its signing: real HTTP to a real socket. */
function functionsOf(send = sendByAxios): IAllExecuteFunctions {
	return {
		helpers: {
			httpRequestWithAuthentication: async (_type: string, options: IHttpRequestOptions) =>
				await send(options),
			refreshOAuth2Token: async () => await Promise.resolve(),
		},
		getCredentials: async () => await Promise.resolve({}),
	} as unknown as IAllExecuteFunctions;
}

async function sendByAxios(options: IHttpRequestOptions): Promise<unknown> {
	const { status, headers, data } = await axios.request({
		url: options.url,
		method: options.method,
		timeout: options.timeout,
		responseType: 'text',
		validateStatus: () => true,
	});
	return { statusCode: status, headers, body: data as unknown };
}

let server: Server | TcpServer | undefined;
afterEach(async () => {
	if (server && 'closeAllConnections' in server) server.closeAllConnections();
	await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
	server = undefined;
});

async function listen(made: Server | TcpServer, scheme = 'http'): Promise<string> {
	server = made;
	await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
	return `${scheme}://127.0.0.1:${(made.address() as AddressInfo).port}/api/data/v9.2/WhoAmI`;
}

async function failureOf(
	url: string,
	timeoutMs = 5_000,
	functions = functionsOf(),
): Promise<TransportFailure> {
	const outcome: unknown = await n8nTransport(functions)
		.send({ method: 'GET', url, headers: {}, timeoutMs })
		.catch((error: unknown) => error);
	expect(outcome).toBeInstanceOf(TransportFailure);
	return outcome as TransportFailure;
}

describe('a request', () => {
	it('ends at its deadline although its answer goes on dripping', async () => {
		const url = await listen(
			createServer((_request, response) => {
				response.writeHead(200, { 'content-type': 'application/json' });
				const timer = setInterval(() => response.write(' '), 20);
				response.on('close', () => clearInterval(timer));
			}),
		);
		expect(await failureOf(url, 300)).toMatchObject({ kind: 'lost', detail: 'ETIMEDOUT' });
	});

	it('ends at its deadline although the sign-in before it hangs', async () => {
		const hanging = functionsOf(async () => await new Promise(() => undefined));
		expect(await failureOf('http://127.0.0.1:9/', 50, hanging)).toMatchObject({ kind: 'lost' });
	});

	it('to a host whose certificate is not trusted is not taken for one that may be tried again', async () => {
		const url = await listen(createTlsServer(SELF_SIGNED), 'https');
		expect(await failureOf(url)).toMatchObject({ kind: 'untrusted' });
	});

	it('whose answer has a bad header may have been carried out, and is not "no access token"', async () => {
		const url = await listen(
			createTcpServer((socket) => {
				socket.on('error', () => undefined);
				socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nBad\u0000 Header: token\r\n\r\n'));
			}),
		);
		expect(await failureOf(url)).toMatchObject({ kind: 'unexpected' });
	});

	it('that fails by a bug is told as it is', async () => {
		const broken = functionsOf(async () => await Promise.reject(new TypeError('x is not a function')));
		expect(await failureOf('http://127.0.0.1:9/', 5_000, broken)).toMatchObject({
			kind: 'unexpected',
			detail: 'x is not a function',
		});
	});
});

describe('the clock', () => {
	afterEach(() => jest.restoreAllMocks());

	it('does not notice that the clock of the host is set back', async () => {
		const before = n8nClock.now();
		jest.spyOn(Date, 'now').mockReturnValue(0);
		const started = performance.now();
		await n8nClock.sleep(30);
		expect(performance.now() - started).toBeLessThan(5_000);
		expect(n8nClock.now()).toBeGreaterThan(before);
	});

	it('stops waiting as soon as the run is cancelled', async () => {
		const controller = new AbortController();
		const waiting = n8nClock.sleep(600_000, controller.signal);
		controller.abort();
		await expect(waiting).rejects.toMatchObject({ kind: 'cancelled' });
	});
});
