import { startEmulator, type Emulator } from '../../../emulator';
import { bearer, caller, errorCode, json } from './support';

let emulator: Emulator;

beforeAll(async () => {
	emulator = await startEmulator({ contacts: 5, tokenLifetimeSeconds: 600 });
});

afterAll(async () => await emulator.close());

function expectChallenge(reply: Response): void {
	expect(reply.status).toBe(401);
	expect(reply.headers.get('www-authenticate')).toBe(
		`Bearer authorization_uri=${emulator.loginUrl}/${emulator.tenantId}/oauth2/authorize, resource_id=${emulator.url}/`,
	);
}

/** A token whose claims were changed without signing it again. */
function forged(token: string, claims: Readonly<Record<string, unknown>>): string {
	const [header = '', payload = '', signature = ''] = token.split('.');
	const original = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
	return [
		header,
		Buffer.from(JSON.stringify({ ...original, ...claims })).toString('base64url'),
		signature,
	].join('.');
}

describe('E19: who is not signed in gets 401 and one unquoted challenge', () => {
	it.each([
		['no Authorization header', {}],
		['an empty bearer', { Authorization: 'Bearer ' }],
		['a text that is no token', { Authorization: 'Bearer abc' }],
		['another scheme', { Authorization: 'Basic YTpi' }],
	])('%s', async (_name, headers) => {
		expectChallenge(await fetch(`${emulator.url}/api/data/v9.2/WhoAmI`, { headers }));
	});

	it('a token that was changed after signing', async () => {
		const call = caller(emulator, forged(await bearer(emulator), { exp: 4102444800 }));
		expectChallenge(await call('WhoAmI'));
	});

	it('a token of another environment and tenant, whatever is asked', async () => {
		const other = await startEmulator();
		const call = caller(emulator, await bearer(other));
		expectChallenge(await call('contacts', { method: 'POST', headers: json, body: '{}' }));
		await other.close();
	});

	it('a token that was valid and has expired on the clock', async () => {
		const call = caller(emulator, await bearer(emulator));
		expect((await call('WhoAmI')).status).toBe(200);
		emulator.control.advanceClock(601_000);
		expectChallenge(await call('WhoAmI'));
	});

	it('tokens that were ended through the control endpoint; a new sign-in works', async () => {
		const call = caller(emulator, await bearer(emulator));
		emulator.control.expireTokens();
		expectChallenge(await call('WhoAmI'));
		expect((await caller(emulator, await bearer(emulator))('WhoAmI')).status).toBe(200);
	});
});

describe('E18: who is signed in but has no rights gets 403', () => {
	it('0x80072560 for an application without a user in the environment', async () => {
		const application = emulator.control.addUser({ application: true, state: 'absent' });
		const reply = await caller(emulator, await bearer(emulator, application))('WhoAmI');
		expect(reply.status).toBe(403);
		expect(await errorCode(reply)).toBe('0x80072560');
	});

	it('0x80040225 for a disabled user', async () => {
		const application = emulator.control.addUser({ application: true, state: 'disabled' });
		const reply = await caller(emulator, await bearer(emulator, application))('WhoAmI');
		expect([reply.status, await errorCode(reply)]).toEqual([403, '0x80040225']);
	});

	it('0x80040220 for a user whose role lacks the privilege, and only for what it covers', async () => {
		const application = emulator.control.addUser({
			application: true,
			missingPrivileges: ['prvCreateContact'],
		});
		const call = caller(emulator, await bearer(emulator, application));
		const reply = await call('contacts', { method: 'POST', headers: json, body: '{"lastname":"Doe"}' });
		expect([reply.status, await errorCode(reply)]).toEqual([403, '0x80040220']);
		expect((await call('contacts?$top=1')).status).toBe(200);
	});
});

describe('E56: a client that asks where it is', () => {
	it.each(['WhoAmI', 'WhoAmI()'])('%s returns the three ids and nothing else', async (path) => {
		const reply = await caller(emulator, await bearer(emulator))(path);
		const { '@odata.context': context, ...ids } = (await reply.json()) as Record<string, string>;
		expect(context).toMatch(/\$metadata#Microsoft\.Dynamics\.CRM\.WhoAmIResponse$/);
		expect(Object.keys(ids).sort()).toEqual(['BusinessUnitId', 'OrganizationId', 'UserId']);
	});

	it('the service document lists the entity sets', async () => {
		const reply = await caller(emulator, await bearer(emulator))('');
		const { value } = (await reply.json()) as { readonly value: readonly object[] };
		expect(value).toContainEqual(
			expect.objectContaining({ kind: 'EntitySet', name: 'contacts', url: 'contacts' }),
		);
	});

	it('RetrieveCurrentOrganization returns its Detail', async () => {
		const path = "RetrieveCurrentOrganization(AccessType=Microsoft.Dynamics.CRM.EndpointAccessType'Default')";
		const reply = await caller(emulator, await bearer(emulator))(path);
		const { Detail } = (await reply.json()) as { readonly Detail?: Readonly<Record<string, unknown>> };
		expect(Detail).toMatchObject({ State: 'Enabled' });
	});
});

describe('E41: URLs that are too long', () => {
	const longFilter = (length: number) =>
		`contacts?$top=1&$filter=${encodeURIComponent(`firstname ne '${'x'.repeat(length)}'`)}`;

	it('are served up to 32,768 characters and refused beyond, by a switch with 400', async () => {
		const call = caller(emulator, await bearer(emulator));
		expect((await call(longFilter(32_000))).status).toBe(200);
		expect((await call(longFilter(33_000))).status).toBe(414);
		emulator.control.setAssumption('longUrlStatus', '400');
		expect((await call(longFilter(33_000))).status).toBe(400);
		emulator.control.resetAssumptions();
	});

	it.each([
		[60_000, 200],
		[66_000, 400],
	])('of %i characters answer %i inside of a batch', async (length, status) => {
		const call = caller(emulator, await bearer(emulator));
		const part = `Content-Type: application/http\r\n\r\nGET /api/data/v9.2/${longFilter(length)} HTTP/1.1\r\n\r\n`;
		const reply = await call('$batch', {
			method: 'POST',
			headers: { 'Content-Type': 'multipart/mixed;boundary=b' },
			body: `--b\r\n${part}\r\n--b--`,
		});
		expect(await reply.text()).toContain(`HTTP/1.1 ${status} `);
	});
});
