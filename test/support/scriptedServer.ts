import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenRequest {
	readonly method: string;
	/** Path and query, byte for byte. */
	readonly url: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
}

export interface Reply {
	readonly status?: number;
	readonly headers?: Readonly<Record<string, string>>;
	/** An object is sent as JSON. */
	readonly body?: unknown;
	/** `reset`: the connection breaks instead. `cut`: half of the body under its full length. `hang`: nothing, ever. */
	readonly fault?: 'cut' | 'hang' | 'reset';
}

export type Script = readonly (Reply | ((request: SeenRequest) => Reply))[];

/** A real HTTP server on loopback that answers each request with the next reply of its script. */
export class ScriptedServer {
	readonly seen: SeenRequest[] = [];
	/** Called when a request has arrived and before it is answered. */
	onRequest: ((request: SeenRequest) => void) | undefined;
	private readonly server: Server;
	private script: Script = [];
	private next = 0;

	constructor() {
		this.server = createServer(
			{ maxHeaderSize: 131_072 },
			(incoming, outgoing) => void this.answer(incoming, outgoing),
		);
	}

	async start(): Promise<void> {
		await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
	}

	/** Starts over with another script. */
	play(...script: Script): void {
		this.script = script;
		this.next = 0;
		this.seen.length = 0;
		this.onRequest = undefined;
	}

	get url(): string {
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
	}

	async stop(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise<void>((resolve) => this.server.close(() => resolve()));
	}

	private async answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
		const request = await readRequest(incoming);
		this.seen.push(request);
		this.onRequest?.(request);
		const step = this.script[this.next++] ?? { status: 599, body: 'The script has no more replies.' };
		send(outgoing, typeof step === 'function' ? step(request) : step);
	}
}

async function readRequest(incoming: IncomingMessage): Promise<SeenRequest> {
	const chunks: Buffer[] = [];
	for await (const chunk of incoming) chunks.push(chunk as Buffer);
	const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)] as const);
	return {
		method: incoming.method ?? '',
		url: incoming.url ?? '',
		headers: Object.fromEntries(headers),
		body: Buffer.concat(chunks).toString('utf8'),
	};
}

function send(outgoing: ServerResponse, reply: Reply): void {
	if (reply.fault === 'hang') return;
	if (reply.fault === 'reset') {
		outgoing.destroy();
		return;
	}
	const isText = typeof reply.body === 'string' || reply.body === undefined;
	const body = Buffer.from(isText ? String(reply.body ?? '') : JSON.stringify(reply.body));
	const status = reply.status ?? (body.length === 0 ? 204 : 200);
	const type: Record<string, string> = isText
		? {}
		: { 'Content-Type': 'application/json; odata.metadata=minimal' };
	const length: Record<string, string> = status === 204 ? {} : { 'Content-Length': String(body.length) };
	outgoing.writeHead(status, { ...type, ...length, ...reply.headers });
	if (reply.fault === 'cut') {
		outgoing.write(body.subarray(0, body.length / 2), () => outgoing.destroy());
		return;
	}
	outgoing.end(body);
}
