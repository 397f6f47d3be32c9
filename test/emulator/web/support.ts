import type { Emulator } from '../../../emulator';

/** Signs the emulator's application (or another one) in with its secret. */
export async function bearer(
	emulator: Emulator,
	application: { readonly clientId?: string; readonly clientSecret?: string } = emulator,
): Promise<string> {
	const reply = await tokenRequest(emulator, {
		grant_type: 'client_credentials',
		client_id: application.clientId ?? '',
		client_secret: application.clientSecret ?? '',
		scope: `${emulator.url}/.default`,
	});
	const { access_token: token } = (await reply.json()) as { readonly access_token?: string };
	if (token === undefined) throw new Error(`No token: ${reply.status}`);
	return token;
}

export async function tokenRequest(
	emulator: Emulator,
	form: Readonly<Record<string, string>>,
	options: { readonly tenant?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<Response> {
	return await fetch(`${emulator.loginUrl}/${options.tenant ?? emulator.tenantId}/oauth2/v2.0/token`, {
		method: 'POST',
		headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...options.headers },
		body: new URLSearchParams(form).toString(),
	});
}

/** A Web API call with a token, nothing else added. */
export type Call = (
	path: string,
	init?: {
		readonly method?: string;
		readonly headers?: Readonly<Record<string, string>>;
		readonly body?: string;
	},
) => Promise<Response>;

export function caller(emulator: Emulator, token: string): Call {
	return async (path, init = {}) =>
		await fetch(`${emulator.url}/api/data/v9.2/${path}`, {
			...init,
			headers: { Authorization: `Bearer ${token}`, ...init.headers },
		});
}

export async function signedIn(emulator: Emulator): Promise<Call> {
	return caller(emulator, await bearer(emulator));
}

export const json = { 'Content-Type': 'application/json' } as const;

export async function errorCode(reply: Response): Promise<string | undefined> {
	const body = (await reply.json()) as { readonly error?: { readonly code?: string } };
	return body.error?.code;
}

/** The AADSTS number of a refusal of the login server. */
export async function signInCode(reply: Response): Promise<number | undefined> {
	const body = (await reply.json()) as {
		readonly error_codes?: readonly number[];
		readonly error_description?: string;
	};
	const code = body.error_codes?.[0];
	return body.error_description?.startsWith(`AADSTS${code}:`) ? code : undefined;
}
