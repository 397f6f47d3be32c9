import { environmentOrigin, loginOrigin } from '../../core/dataverse/http/host';
import { DataverseSegmentsOAuth2Api } from '../../credentials/DataverseSegmentsOAuth2Api.credentials';
import { DataverseSegment } from '../../nodes/DataverseSegment/DataverseSegment.node';
import { checkCredentialTest, CredentialStore, listSearch, runNode, testOf } from '../support/engine';
import type { CredentialData } from '../support/engine';
import { InMemoryCredentialsHelper } from '../support/engine/credentials';
import { byId, CREDENTIAL, OUTBOUND, World } from './world';

let world: World;
beforeAll(async () => {
	world = await World.start();
});
afterAll(async () => await world.close());
afterEach(() =>
	world.control.changeUser(world.emulator.clientId, { secretExpired: false, state: 'enabled' }),
);

const type = new DataverseSegmentsOAuth2Api();

/** What n8n makes of the hidden fields. */
async function resolved(data: CredentialData): Promise<CredentialData> {
	const helper = new InMemoryCredentialsHelper([type], new CredentialStore({ [CREDENTIAL]: data }));
	return await helper.getDecrypted({} as never, { id: CREDENTIAL, name: CREDENTIAL }, type.name);
}

async function testWith(changes: CredentialData) {
	const credentials = new CredentialStore({ [CREDENTIAL]: world.credential(changes) });
	return await checkCredentialTest(type, CREDENTIAL, { credentials });
}

async function getMany(changes: CredentialData) {
	return await runNode(
		{
			type: new DataverseSegment(),
			parameters: { resource: OUTBOUND, operation: 'getMany' },
			credentials: { [type.name]: CREDENTIAL },
		},
		[{ json: {} }],
		{ credentialTypes: [type], credentials: { [CREDENTIAL]: world.credential(changes) } },
	);
}

describe('signing in', () => {
	test('works with a client secret', async () => {
		expect(await testWith({})).toEqual({ status: 'OK' });
	});

	testOf('certificate')('works with a certificate', async () => {
		const { privateKeyPem, certificatePem } = world.emulator.certificate;

		const outcome = await testWith({
			clientCredentialType: 'certificate',
			clientSecret: '',
			privateKey: privateKeyPem,
			certificate: certificatePem,
		});

		expect(outcome).toEqual({ status: 'OK' });
	});

	test('works with an address pasted from the browser', async () => {
		const pasted = `  ${world.emulator.url}/main.aspx?appid=1&pagetype=entitylist#top `;

		expect(await testWith({ environmentUrl: pasted })).toEqual({ status: 'OK' });
		expect((await getMany({ environmentUrl: pasted })).error).toBeUndefined();
	});

	test('keeps to the domains that the credential allows', async () => {
		const allowed = (allowedDomains: string) =>
			getMany({ allowedHttpRequestDomains: 'domains', allowedDomains });
		world.control.clearLog();

		expect((await allowed('contoso.example')).error?.message).toBe(
			'The credential does not allow requests to its own environment.',
		);
		expect(world.control.log({ path: '^/api/' })).toEqual([]);
		expect((await allowed('contoso.example, 127.0.0.1')).error).toBeUndefined();
		expect((await allowed('*.0.0.1')).error).toBeUndefined();
		expect((await allowed('')).error).toBeUndefined();
	});

	test('asks for one token for many requests', async () => {
		world.control.clearLog();

		await getMany({});

		const tokens = world.control.log().filter(({ path }) => path.endsWith('/oauth2/v2.0/token'));
		expect(tokens).toHaveLength(1);
	});
});

describe('what the credential asks Microsoft for', () => {
	const base = {
		tenantId: ' contoso.onmicrosoft.com ',
		environmentUrl: 'https://Contoso.crm4.dynamics.com/main.aspx?id=1',
	};

	test.each([
		['global', 'https://login.microsoftonline.com'],
		['usGov', 'https://login.microsoftonline.us'],
		['usGovDod', 'https://login.microsoftonline.us'],
		['china', 'https://login.partner.microsoftonline.cn'],
	])('signs in to the cloud %s at its own host', async (cloud, host) => {
		const { accessTokenUrl, authUrl } = await resolved({ ...base, cloud });

		expect(accessTokenUrl).toBe(`${host}/contoso.onmicrosoft.com/oauth2/v2.0/token`);
		expect(authUrl).toBe(`${host}/contoso.onmicrosoft.com/oauth2/v2.0/authorize`);
	});

	test('asks for a refresh token only where Entra gives one', async () => {
		const scopes = async (grantType: string) => (await resolved({ ...base, grantType })).scope;

		expect(await scopes('clientCredentials')).toBe('https://contoso.crm4.dynamics.com/.default');
		expect(await scopes('authorizationCode')).toBe(
			'https://contoso.crm4.dynamics.com/.default offline_access',
		);
	});

	test.each(['http://login.example.org', 'ftp://login.example.org', 'https://good.example@evil.example', ''])(
		'sends no secret to the login address %p',
		async (loginUrl) => {
			const { accessTokenUrl } = await resolved({ ...base, cloud: 'other', loginUrl });

			expect(new URL(String(accessTokenUrl)).hostname).toBe('login-url-must-start-with-https.invalid');
		},
	);

	test('takes a login address on this machine without https, for an emulator', async () => {
		const { accessTokenUrl } = await resolved({
			...base,
			cloud: 'other',
			loginUrl: 'http://127.0.0.1:4711/',
		});

		expect(accessTokenUrl).toBe('http://127.0.0.1:4711/contoso.onmicrosoft.com/oauth2/v2.0/token');
	});

	test('cannot be led to another path by the tenant', async () => {
		const { accessTokenUrl } = await resolved({ ...base, cloud: 'global', tenantId: '../evil?x=' });

		expect(accessTokenUrl).toBe('https://login.microsoftonline.com/..%2Fevil%3Fx%3D/oauth2/v2.0/token');
	});
});

describe('one table of addresses', () => {
	/** The origin that both make of it; undefined where neither uses it. */
	const ADDRESSES: readonly (readonly [string, string | undefined])[] = [
		['https://contoso.crm4.dynamics.com', 'https://contoso.crm4.dynamics.com'],
		['contoso.crm4.dynamics.com', 'https://contoso.crm4.dynamics.com'],
		[' Contoso.crm4.dynamics.com/main.aspx?appid=1#x ', 'https://contoso.crm4.dynamics.com'],
		['HTTPS://CONTOSO.crm4.dynamics.com/', 'https://contoso.crm4.dynamics.com'],
		['https://contoso.crm4.dynamics.com:443/x', 'https://contoso.crm4.dynamics.com'],
		['contoso.crm4.dynamics.com:443', 'https://contoso.crm4.dynamics.com'],
		['https://contoso.example:8443/', 'https://contoso.example:8443'],
		['https://dataverse/', 'https://dataverse'],
		['http://127.0.0.1:4711', 'http://127.0.0.1:4711'],
		['http://localhost:80/', 'http://localhost'],
		['http://[::1]:4711/a', 'http://[::1]:4711'],
		['', undefined],
		['   ', undefined],
		['dataverse', undefined],
		['https//contoso.crm4.dynamics.com', undefined],
		['https:/contoso.crm4.dynamics.com', undefined],
		['https:contoso.crm4.dynamics.com', undefined],
		['http://contoso.crm4.dynamics.com', undefined],
		['ftp://contoso.crm4.dynamics.com', undefined],
		['mailto:a@contoso.com', undefined],
		['javascript:alert(1)', undefined],
		['https://user:pass@contoso.crm4.dynamics.com', undefined],
		['https://good.example@evil.example', undefined],
		['https://contoso.crm4.dynamics.com:99999', undefined],
		['https://contoso.crm4.dynamics.com\\@evil.example', undefined],
		['https:\\\\contoso.crm4.dynamics.com', undefined],
		['https://contoso crm4.dynamics.com', undefined],
		['https://cont\u00f6so.crm4.dynamics.com', undefined],
		['https://contoso..crm4.dynamics.com', undefined],
		['http://127.0.0.1.evil.example', undefined],
		['http://127.0.0.256', undefined],
	];

	test.each(ADDRESSES)('%j is the same for the sign-in, the test and the nodes', async (text, origin) => {
		const { loginUrl, scope } = {
			...(await resolved({ tenantId: 't', environmentUrl: text, cloud: 'other', loginUrl: text })),
		};
		const { accessTokenUrl } = await resolved({ tenantId: 't', cloud: 'other', loginUrl: text });
		const node = (read: (text: string) => string) => {
			try {
				return read(text);
			} catch {
				return undefined;
			}
		};
		const usable = (url: unknown) => (String(url).includes('.invalid') ? undefined : String(url));

		expect(loginUrl).toBe(text);
		expect(usable(scope)).toBe(origin === undefined ? undefined : `${origin}/.default`);
		expect(usable(accessTokenUrl)).toBe(origin === undefined ? undefined : `${origin}/t/oauth2/v2.0/token`);
		expect(node(environmentOrigin)).toBe(origin);
		expect(node(loginOrigin)).toBe(origin);
	});
});

describe('what people get when the sign-in is not right', () => {
	test('a page instead of a Dataverse environment is red, although it comes with 200', async () => {
		world.control.addFault({ match: { path: 'WhoAmI' }, effect: { kind: 'wrongContentType' } });

		const outcome = await testWith({});

		expect(outcome).toMatchObject({ status: 'Error' });
		expect(outcome).toMatchObject({
			message: expect.stringContaining('not as a Dataverse environment does'),
		});
	});

	test.each([
		['Tenant ID', { tenantId: '  ' }],
		['Login URL', { cloud: 'other', loginUrl: 'login' }],
		['Login URL', { cloud: 'other', loginUrl: '' }],
	])('names the field %s when it cannot be right', async (field, changes) => {
		world.control.clearLog();

		const { error } = await getMany(changes);

		expect(error?.message).toContain(`"${field}"`);
		expect(world.control.log()).toEqual([]);
	});

	test('an empty tenant is told by the credential test too', async () => {
		const { accessTokenUrl } = await resolved({ tenantId: ' ', environmentUrl: 'https://x.example' });

		expect(new URL(String(accessTokenUrl)).hostname).toBe('tenant-id-is-empty.invalid');
	});

	test.each(['Emulator.onmicrosoft.com', '  Emulator.onmicrosoft.com '])(
		'a tenant can be given by its domain, blanks around it or not: %j',
		async (tenantId) => {
			expect(await testWith({ tenantId })).toEqual({ status: 'OK' });
			expect((await getMany({ tenantId })).error).toBeUndefined();
		},
	);

	test.each([
		['http://contoso.crm4.dynamics.com', 'https'],
		['', 'Environment URL'],
		['https://user:pass@contoso.crm4.dynamics.com', 'Environment URL'],
		['ftp://contoso', 'https'],
	])('environment %p is refused before any request, naming the field', async (environmentUrl, words) => {
		world.control.clearLog();

		const { error } = await getMany({ environmentUrl });

		expect(error?.message).toContain('Environment URL');
		expect(`${error?.message} ${error?.description}`).toContain(words);
		expect(world.control.log()).toEqual([]);
	});

	testOf('signInText')('an expired secret is called that, with its number and what to do', async () => {
		world.control.changeUser(world.emulator.clientId, { secretExpired: true });

		const { error } = await getMany({});

		expect(`${error?.message} ${error?.description}`).toMatch(/secret.*expired/i);
		expect(`${error?.message} ${error?.description}`).toContain('AADSTS7000222');
	});

	testOf('signInText')('a wrong secret is told apart from an expired one', async () => {
		const { error } = await getMany({ clientSecret: 'wrong' });

		expect(`${error?.message} ${error?.description}`).toContain('AADSTS7000215');
		expect(`${error?.message} ${error?.description}`).toMatch(/value of the secret/);
	});

	test('an app without an application user is told how to get one', async () => {
		world.control.changeUser(world.emulator.clientId, { state: 'absent' });

		const { error } = await getMany({});

		expect(`${error?.message} ${error?.description}`).toMatch(/application user/i);
		expect(`${error?.message} ${error?.description}`).toContain('0x80072560');
	});

	test('the secret appears in no message, log or output', async () => {
		const clientSecret = 'marked~secret.value-42';

		const result = await getMany({ clientSecret });

		const everything = JSON.stringify([
			result.run,
			result.logs,
			result.hints,
			result.error?.message,
			result.error?.description,
		]);
		expect(everything).not.toContain('marked~secret');
	});
});

describe('the list of segments in the editor', () => {
	const options = () => ({ credentialTypes: [type], credentials: world.credentials });
	const node = () => ({
		type: new DataverseSegment(),
		parameters: { resource: OUTBOUND, operation: 'get', segment: byId('') },
		credentials: { [type.name]: CREDENTIAL },
	});

	test('is searched by the service and comes page by page, every segment once', async () => {
		for (let n = 0; n < 120; n += 1) world.seedSegment({ msdyncrm_segmentname: `Listed ${n}` });
		world.seedSegment({ msdyncrm_segmentname: 'Something else' });

		const names: string[] = [];
		let paginationToken: string | undefined;
		do {
			const page = await listSearch(node(), 'searchSegments', options(), {
				filter: 'listed',
				paginationToken,
			});
			names.push(...page.results.map(({ name }) => name));
			paginationToken = page.paginationToken;
		} while (paginationToken);

		expect(new Set(names).size).toBe(120);
		expect(names).toHaveLength(120);
	});

	test('never follows a page token to another host', async () => {
		const search = listSearch(node(), 'searchSegments', options(), {
			paginationToken: 'https://evil.example/api/data/v9.2/msdyncrm_segments',
		});

		await expect(search).rejects.toThrow(/outside of itself/);
	});
});
