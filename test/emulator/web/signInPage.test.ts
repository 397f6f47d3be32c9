import { createHash } from 'node:crypto';
import { startEmulator, type Emulator } from '../../../emulator';
import { caller, signInCode, tokenRequest } from './support';

let emulator: Emulator;
const redirectUri = 'http://localhost:5678/rest/oauth2-credential/callback';
const verifier = 'a-verifier-of-more-than-forty-three-characters-0123456789';

beforeAll(async () => {
	emulator = await startEmulator();
});

afterAll(async () => await emulator.close());

function authorizeUrl(changes: Readonly<Record<string, string>> = {}): string {
	const parameters = new URLSearchParams({
		client_id: emulator.clientId,
		response_type: 'code',
		redirect_uri: redirectUri,
		scope: `${emulator.url}/user_impersonation offline_access openid`,
		state: 'st&te',
		code_challenge: createHash('sha256').update(verifier).digest('base64url'),
		code_challenge_method: 'S256',
		...changes,
	});
	return `${emulator.loginUrl}/${emulator.tenantId}/oauth2/v2.0/authorize?${parameters.toString()}`;
}

/** Fills the form as a browser does: every hidden field, the checked (or named) user, one button. */
async function submit(url: string, decision: 'accept' | 'cancel', userName?: string): Promise<URL> {
	const html = await (await fetch(url)).text();
	const form = new URLSearchParams();
	for (const [, name = '', value = ''] of html.matchAll(
		/<input type="hidden" name="([^"]*)" value="([^"]*)">/g,
	)) {
		form.append(unescapeHtml(name), unescapeHtml(value));
	}
	const users = [...html.matchAll(/name="user" value="([^"]*)".*?> ([^<]*)</g)];
	const chosen = users.find(([, , label]) => userName === undefined || label?.startsWith(userName));
	form.append('user', chosen?.[1] ?? '');
	form.append('decision', decision);
	const body = form.toString();
	const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
	const reply = await fetch(url, { method: 'POST', headers, body, redirect: 'manual' });
	expect(reply.status).toBe(302);
	return new URL(reply.headers.get('location') ?? '');
}

function unescapeHtml(text: string): string {
	const entities: Readonly<Record<string, string>> = { amp: '&', gt: '>', lt: '<', quot: '"', '#39': "'" };
	return text.replace(/&(amp|gt|lt|quot|#39);/g, (_whole, name: string) => entities[name] ?? '');
}

const codeForm = (code: string) => ({
	grant_type: 'authorization_code',
	client_id: emulator.clientId,
	client_secret: emulator.clientSecret,
	code,
	redirect_uri: redirectUri,
	code_verifier: verifier,
});

const newCode = async () => (await submit(authorizeUrl(), 'accept')).searchParams.get('code') ?? '';

interface Tokens {
	readonly access_token: string;
	readonly refresh_token: string;
	readonly id_token: string;
}

describe('E58: a person signs in on the page', () => {
	it('returns to the application with code and state, and the code becomes tokens of that person', async () => {
		const location = await submit(authorizeUrl(), 'accept', 'Ada');
		expect(`${location.origin}${location.pathname}`).toBe(redirectUri);
		expect(location.searchParams.get('state')).toBe('st&te');
		const reply = await tokenRequest(emulator, codeForm(location.searchParams.get('code') ?? ''));
		const tokens = (await reply.json()) as Tokens;
		const who = (await (await caller(emulator, tokens.access_token)('WhoAmI')).json()) as { UserId: string };
		const ada = emulator.control.users().find(({ name }) => name === 'Ada Administrator');
		expect(who.UserId).toBe(ada?.userId);
		expect(tokens.id_token.split('.')).toHaveLength(3);
	});

	it('stays signed in with the refresh token until that is revoked', async () => {
		const first = (await (await tokenRequest(emulator, codeForm(await newCode()))).json()) as Tokens;
		const form = { ...codeForm(''), grant_type: 'refresh_token', refresh_token: first.refresh_token };
		emulator.control.expireTokens();
		const second = (await (await tokenRequest(emulator, form)).json()) as Tokens;
		expect((await caller(emulator, first.access_token)('WhoAmI')).status).toBe(401);
		expect((await caller(emulator, second.access_token)('WhoAmI')).status).toBe(200);
		emulator.control.expireTokens({ refresh: true });
		expect(await signInCode(await tokenRequest(emulator, form))).toBe(50173);
	});

	it('a code works once', async () => {
		const form = codeForm(await newCode());
		expect((await tokenRequest(emulator, form)).status).toBe(200);
		expect(await signInCode(await tokenRequest(emulator, form))).toBe(54005);
	});

	it.each([
		[501481, 'another code verifier', { code_verifier: 'other' }],
		[70000, 'another redirect_uri', { redirect_uri: 'http://localhost/other' }],
		[70000, 'an unknown code', { code: 'code.unknown' }],
		[7000215, 'a wrong secret', { client_secret: 'wrong' }],
	])('AADSTS%i for %s', async (code, _name, change) => {
		expect(await signInCode(await tokenRequest(emulator, { ...codeForm(await newCode()), ...change }))).toBe(
			code,
		);
	});

	it('AADSTS70008 for a code of a quarter of an hour ago', async () => {
		const form = codeForm(await newCode());
		emulator.control.advanceClock(15 * 60_000);
		expect(await signInCode(await tokenRequest(emulator, form))).toBe(70008);
	});

	it('Cancel returns access_denied', async () => {
		const { searchParams } = await submit(authorizeUrl(), 'cancel');
		expect([searchParams.get('error'), searchParams.get('state')]).toEqual(['access_denied', 'st&te']);
	});

	it('a wrong scope returns invalid_scope to the application', async () => {
		const reply = await fetch(authorizeUrl({ scope: 'user.read' }), { redirect: 'manual' });
		const { searchParams } = new URL(reply.headers.get('location') ?? '');
		expect(searchParams.get('error')).toBe('invalid_scope');
	});
});

describe('hostile parameters of the sign-in page', () => {
	const script = '"><script>alert(1)</script>';

	it('are shown as text, never as markup', async () => {
		const html = await (await fetch(authorizeUrl({ state: script, [script]: script }))).text();
		expect(html).toContain('&quot;&gt;&lt;script&gt;');
		expect(html).not.toContain('<script');
	});

	it.each([
		'javascript:alert(1)',
		'http://attacker.example/',
		'data:text/html,x',
		'no url',
		'http://127.0.0.1.attacker.example/',
	])('the redirect %s is refused with a page, without leaving it', async (target) => {
		const reply = await fetch(authorizeUrl({ redirect_uri: target }), { redirect: 'manual' });
		expect([reply.status, reply.headers.get('location')]).toEqual([400, null]);
	});

	it('an unknown application is refused with a page that escapes its name', async () => {
		const reply = await fetch(authorizeUrl({ client_id: script }));
		expect(reply.status).toBe(400);
		expect(await reply.text()).not.toContain('<script');
	});
});

describe('E58: discovery', () => {
	it('names endpoints and keys of the tenant', async () => {
		const base = `${emulator.loginUrl}/${emulator.tenantId}`;
		const document = (await (await fetch(`${base}/v2.0/.well-known/openid-configuration`)).json()) as Record<
			string,
			string
		>;
		expect(document).toMatchObject({ issuer: `${base}/v2.0`, token_endpoint: `${base}/oauth2/v2.0/token` });
		const keys = (await (await fetch(document.jwks_uri ?? '')).json()) as { keys: readonly object[] };
		expect(keys.keys).toEqual([expect.objectContaining({ kty: 'RSA', alg: 'RS256' })]);
	});

	it('instance discovery points at the tenant', async () => {
		const reply = await fetch(`${emulator.loginUrl}/common/discovery/instance?api-version=1.1`);
		const { tenant_discovery_endpoint: endpoint } = (await reply.json()) as {
			tenant_discovery_endpoint: string;
		};
		expect((await fetch(endpoint)).status).toBe(200);
	});
});
