import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A service on loopback that gives out tokens for one secret and answers whoever brings a living one. */
export interface TokenServer {
	readonly url: string;
	/** The form of every request for a token, refused ones included. */
	readonly tokenRequests: ReadonlyArray<Readonly<Record<string, string>>>;
	/** The paths of all calls that brought a living token. */
	readonly calls: readonly string[];
	/** No token given out so far is accepted any more. */
	expireTokens(): void;
	close(): Promise<void>;
}

export async function startTokenServer(secret = 'right'): Promise<TokenServer> {
	const tokenRequests: Array<Record<string, string>> = [];
	const calls: string[] = [];
	let living = new Set<string>();
	let given = 0;

	const giveToken = (form: Record<string, string>): [number, object] => {
		tokenRequests.push(form);
		if (form.client_secret !== secret) return [401, { error: 'invalid_client' }];
		const token = `token-${++given}`;
		living.add(token);
		return [200, { access_token: token, token_type: 'Bearer', expires_in: 3600 }];
	};
	const answer = async (request: IncomingMessage): Promise<[number, object]> => {
		const path = request.url ?? '/';
		if (path.startsWith('/oauth2/token')) {
			let body = '';
			for await (const chunk of request) body += String(chunk);
			return giveToken(Object.fromEntries(new URLSearchParams(body)));
		}
		const token = (request.headers.authorization ?? '').replace(/^Bearer /, '');
		if (!living.has(token)) return [401, { error: 'expired' }];
		calls.push(path);
		return [200, { user: 'someone' }];
	};
	const server = createServer((request: IncomingMessage, response: ServerResponse) => {
		void answer(request).then(([status, body]) => {
			response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		tokenRequests,
		calls,
		expireTokens: () => {
			living = new Set();
		},
		close: async () => {
			server.closeAllConnections();
			await new Promise<void>((resolve) => server.close(() => resolve()));
		},
	};
}
