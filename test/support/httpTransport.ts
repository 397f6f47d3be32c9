import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import {
	BEFORE_SENDING,
	TransportFailure,
	type HttpRequest,
	type HttpResponse,
	type Transport,
} from '../../core/dataverse/http/ports';

const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** A transport on node:http and nothing else. The path goes out byte for byte as it is written in the request. */
export class HttpTransport implements Transport {
	private readonly http = new HttpAgent({ keepAlive: true });
	private readonly https = new HttpsAgent({ keepAlive: true });

	/** @param token sent as the bearer of every request; a function is asked each time. */
	constructor(private readonly token: string | (() => Promise<string> | string) = 'test-token') {}

	async send(request: HttpRequest, signal?: AbortSignal): Promise<HttpResponse> {
		if (signal?.aborted === true) throw new TransportFailure('cancelled', BEFORE_SENDING);
		const token = typeof this.token === 'string' ? this.token : await this.token();
		return await new Promise<HttpResponse>((resolve, reject) => {
			const { protocol, hostname, port } = new URL(request.url);
			const secure = protocol === 'https:';
			const outgoing = (secure ? httpsRequest : httpRequest)({
				agent: secure ? this.https : this.http,
				hostname: hostname.replace(/^\[|\]$/g, ''),
				port,
				method: request.method,
				path: /^https?:\/\/[^/?#]+([^#]*)/i.exec(request.url)?.[1] ?? '/',
				headers: {
					...request.headers,
					...(request.body === undefined ? {} : { 'Content-Length': Buffer.byteLength(request.body) }),
					Authorization: `Bearer ${token}`,
				},
				signal,
				timeout: request.timeoutMs,
			});
			const fail = (error: NodeJS.ErrnoException) => reject(asFailure(error, signal));
			outgoing.on('error', fail);
			outgoing.on('timeout', () => outgoing.destroy(Object.assign(new Error(), { code: 'ETIMEDOUT' })));
			outgoing.on('response', (incoming) => void collect(incoming).then(resolve, fail));
			outgoing.end(request.body);
		});
	}

	close(): void {
		this.http.destroy();
		this.https.destroy();
	}
}

async function collect(incoming: IncomingMessage): Promise<HttpResponse> {
	const chunks: Buffer[] = [];
	for await (const chunk of incoming) chunks.push(chunk as Buffer);
	const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)] as const);
	return {
		status: incoming.statusCode ?? 0,
		headers: Object.fromEntries(headers),
		body: Buffer.concat(chunks).toString('utf8'),
	};
}

function asFailure(error: NodeJS.ErrnoException, signal: AbortSignal | undefined): TransportFailure {
	if (signal?.aborted === true) return new TransportFailure('cancelled', 'aborted');
	const code = error.code ?? 'UNKNOWN';
	return new TransportFailure(NEVER_SENT.has(code) ? 'notSent' : 'lost', code);
}
