import type { Emulator } from '../../../emulator';
import { bearer, caller } from '../web/support';

interface Reply {
	readonly status: number;
	readonly headers: Headers;
	readonly json: Record<string, unknown> & {
		readonly value: readonly Record<string, unknown>[];
		readonly error?: { readonly code: string; readonly message: string };
	};
}

export type Send = (
	method: string,
	path: string,
	body?: unknown,
	headers?: Readonly<Record<string, string>>,
) => Promise<Reply>;

/** Requests as any client would send them, with JSON in and out. */
export async function sender(emulator: Emulator): Promise<Send> {
	const call = caller(emulator, await bearer(emulator));
	return async (method, path, body, headers = {}) => {
		const reply = await call(path, {
			method,
			headers: { ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		});
		const text = await reply.text();
		const json = (text === '' ? {} : JSON.parse(text)) as Reply['json'];
		return { status: reply.status, headers: reply.headers, json };
	};
}
