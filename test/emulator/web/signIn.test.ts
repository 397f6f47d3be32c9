import { createHash, randomUUID, X509Certificate } from 'node:crypto';
import { startEmulator, type Emulator } from '../../../emulator';
import { caller, signInCode, tokenRequest } from './support';

let emulator: Emulator;

beforeAll(async () => {
	emulator = await startEmulator({ tokenLifetimeSeconds: 120 });
});

afterAll(async () => await emulator.close());

const secretForm = () => ({
	grant_type: 'client_credentials',
	client_id: emulator.clientId,
	client_secret: emulator.clientSecret,
	scope: `${emulator.url}/.default`,
});

async function expectWorkingToken(reply: Response): Promise<void> {
	expect(reply.status).toBe(200);
	const body = (await reply.json()) as { access_token: string; expires_in: number; token_type: string };
	expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 120 });
	expect((await caller(emulator, body.access_token)('WhoAmI')).status).toBe(200);
}

describe('E58: sign-in with a secret', () => {
	it('in the body', async () => {
		await expectWorkingToken(await tokenRequest(emulator, secretForm()));
	});

	it('in a Basic header', async () => {
		const { client_id, client_secret, ...form } = secretForm();
		const credentials = [client_id, client_secret].map(encodeURIComponent).join(':');
		const headers = { Authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
		await expectWorkingToken(await tokenRequest(emulator, form, { headers }));
	});

	it('with the two slashes that a resource ending in a slash makes', async () => {
		await expectWorkingToken(
			await tokenRequest(emulator, { ...secretForm(), scope: `${emulator.url}//.default` }),
		);
	});

	it.each([
		[7000215, 401, 'a wrong secret', { client_secret: 'wrong' }],
		[7000218, 401, 'no secret', { client_secret: '' }],
		[700016, 400, 'an unknown application', { client_id: randomUUID() }],
		[900144, 400, 'no grant type', { grant_type: '' }],
		[70003, 400, 'an unsupported grant type', { grant_type: 'password' }],
		[1002012, 400, 'a scope without /.default', { scope: 'user.read' }],
		[
			500011,
			400,
			'an environment that the tenant does not know',
			{ scope: 'https://other.crm.dynamics.com/.default' },
		],
		[900144, 400, 'no scope', { scope: '' }],
	])('AADSTS%i with %i for %s', async (code, status, _name, change) => {
		const reply = await tokenRequest(emulator, { ...secretForm(), ...change });
		expect(reply.status).toBe(status);
		expect(await signInCode(reply)).toBe(code);
	});

	it.each(['/user_impersonation', '/.default offline_access', '/.default openid'])(
		'AADSTS1002012 when an application asks for %s',
		async (asked) => {
			const reply = await tokenRequest(emulator, { ...secretForm(), scope: `${emulator.url}${asked}` });
			expect([reply.status, await signInCode(reply)]).toEqual([400, 1002012]);
		},
	);

	it('AADSTS90055 when a test says that the tenant is throttled', async () => {
		emulator.control.addFault({ effect: { kind: 'signInError', code: 90055, retryAfter: 60 } });
		const reply = await tokenRequest(emulator, secretForm());
		expect([reply.status, reply.headers.get('retry-after')]).toEqual([429, '60']);
		expect(await signInCode(reply)).toBe(90055);
		expect(() => emulator.control.addFault({ effect: { kind: 'signInError', code: 1 } })).toThrow('AADSTS1');
	});

	it('at the tenant by its domain name, in any case', async () => {
		const tenant = emulator.tenantDomain;
		await expectWorkingToken(await tokenRequest(emulator, secretForm(), { tenant }));
		await expectWorkingToken(await tokenRequest(emulator, secretForm(), { tenant: tenant.toUpperCase() }));
		const reply = await tokenRequest(emulator, secretForm(), { tenant: 'other.onmicrosoft.com' });
		expect(await signInCode(reply)).toBe(90002);
	});

	it('AADSTS7000222 once the secret has expired, and works again afterwards', async () => {
		emulator.control.changeUser(emulator.clientId, { secretExpired: true });
		const reply = await tokenRequest(emulator, secretForm());
		expect([reply.status, await signInCode(reply)]).toEqual([401, 7000222]);
		emulator.control.changeUser(emulator.clientId, { secretExpired: false });
		await expectWorkingToken(await tokenRequest(emulator, secretForm()));
	});

	it.each([
		[90002, randomUUID()],
		[9001023, 'common'],
	])('AADSTS%i for the tenant %s', async (code, tenant) => {
		expect(await signInCode(await tokenRequest(emulator, secretForm(), { tenant }))).toBe(code);
	});

	it('AADSTS9002313 for a body that is not a form', async () => {
		const headers = { 'Content-Type': 'application/json' };
		expect(await signInCode(await tokenRequest(emulator, secretForm(), { headers }))).toBe(9002313);
	});

	it('a refusal has the documented members', async () => {
		const reply = await tokenRequest(emulator, { ...secretForm(), client_secret: 'wrong' });
		expect(await reply.json()).toEqual({
			error: 'invalid_client',
			error_description: expect.stringMatching(/^AADSTS7000215: .*Trace ID: .*Correlation ID: .*Timestamp: /),
			error_codes: [7000215],
			timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/),
			trace_id: expect.any(String),
			correlation_id: expect.any(String),
			error_uri: expect.stringContaining('7000215'),
		});
	});
});

interface AssertionChanges {
	readonly header?: Readonly<Record<string, unknown>>;
	readonly claims?: Readonly<Record<string, unknown>>;
	readonly privateKeyPem?: string;
}

async function assertion(alg: 'PS256' | 'RS256', changes: AssertionChanges = {}): Promise<string> {
	const { importPKCS8, SignJWT } = await import('jose');
	const { raw } = new X509Certificate(emulator.certificate.certificatePem);
	const thumbprint = (hash: string) => createHash(hash).update(raw).digest('base64url');
	const named = alg === 'PS256' ? { 'x5t#S256': thumbprint('sha256') } : { x5t: thumbprint('sha1') };
	const now = Math.floor(Date.now() / 1000);
	const claims = {
		aud: `${emulator.loginUrl}/${emulator.tenantId}/oauth2/v2.0/token`,
		iss: emulator.clientId,
		sub: emulator.clientId,
		jti: randomUUID(),
		nbf: now,
		iat: now,
		exp: now + 300,
		...changes.claims,
	};
	return await new SignJWT(claims)
		.setProtectedHeader({ alg, typ: 'JWT', ...named, ...changes.header })
		.sign(await importPKCS8(changes.privateKeyPem ?? emulator.certificate.privateKeyPem, alg));
}

const assertionForm = (text: string) => ({
	grant_type: 'client_credentials',
	client_id: emulator.clientId,
	client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
	client_assertion: text,
	scope: `${emulator.url}/.default`,
});

describe('E58: sign-in with a certificate', () => {
	it.each(['PS256', 'RS256'] as const)('signed with %s and the matching thumbprint', async (alg) => {
		await expectWorkingToken(await tokenRequest(emulator, assertionForm(await assertion(alg))));
	});

	it('addressed to the tenant by its domain name', async () => {
		const aud = `${emulator.loginUrl}/${emulator.tenantDomain}/oauth2/v2.0/token`;
		const form = assertionForm(await assertion('PS256', { claims: { aud } }));
		await expectWorkingToken(await tokenRequest(emulator, form, { tenant: emulator.tenantDomain }));
	});

	const long = 4000;
	const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;
	it.each<readonly [number, string, () => AssertionChanges]>([
		[50012, 'another audience', () => ({ claims: { aud: 'https://login.example/token' } })],
		[700027, 'another issuer', () => ({ claims: { iss: randomUUID() } })],
		[700027, 'another subject', () => ({ claims: { sub: randomUUID() } })],
		[700027, 'an expiry that has passed', () => ({ claims: { exp: inSeconds(-long) } })],
		[700027, 'a start in the future', () => ({ claims: { nbf: inSeconds(long), exp: inSeconds(2 * long) } })],
		[700027, 'no jti', () => ({ claims: { jti: undefined } })],
		[700027, 'the thumbprint of another certificate', () => ({ header: { 'x5t#S256': 'AAAA' } })],
		[700027, 'no thumbprint', () => ({ header: { 'x5t#S256': undefined } })],
	])('AADSTS%i for %s', async (code, _name, changes) => {
		const reply = await tokenRequest(emulator, assertionForm(await assertion('PS256', changes())));
		expect([reply.status, await signInCode(reply)]).toEqual([401, code]);
	});

	it('AADSTS700027 for a signature that does not fit', async () => {
		const [header = '', payload = '', signature = ''] = (await assertion('PS256')).split('.');
		const other = signature.startsWith('A') ? `B${signature.slice(1)}` : `A${signature.slice(1)}`;
		const reply = await tokenRequest(emulator, assertionForm([header, payload, other].join('.')));
		expect([reply.status, await signInCode(reply)]).toEqual([401, 700027]);
	});

	it('AADSTS700027 for a text that is no assertion', async () => {
		expect(await signInCode(await tokenRequest(emulator, assertionForm('no.jwt.here')))).toBe(700027);
	});

	it('the same assertion works twice, unless the switch says otherwise', async () => {
		const form = assertionForm(await assertion('PS256'));
		await expectWorkingToken(await tokenRequest(emulator, form));
		await expectWorkingToken(await tokenRequest(emulator, form));
		emulator.control.setAssumption('assertionReuse', 'refused');
		expect(await signInCode(await tokenRequest(emulator, form))).toBe(50012);
		await expectWorkingToken(await tokenRequest(emulator, assertionForm(await assertion('PS256'))));
		emulator.control.resetAssumptions();
	});
});
