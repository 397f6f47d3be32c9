import type { FaultEffect } from '../../../emulator/contracts';
import { startEmulator, type Emulator } from '../../../emulator';
import { bearer, errorCode, json, signedIn, tokenRequest, type Call } from './support';

let emulator: Emulator;
let call: Call;

beforeAll(async () => {
	emulator = await startEmulator();
	call = await signedIn(emulator);
});

beforeEach(() => emulator.control.clearFaults());
afterAll(async () => await emulator.close());

const create = async () =>
	await call('contacts', { method: 'POST', headers: json, body: '{"lastname":"Doe"}' });
const contacts = () => emulator.control.rows('contacts').length;

describe('E20: outages that are not JSON', () => {
	it.each([
		['413 with an HTML page', { kind: 'status', status: 413, html: true }, 413, null],
		[
			'503 with an HTML page and Retry-After',
			{ kind: 'status', status: 503, html: true, retryAfter: 7 },
			503,
			'7',
		],
		[
			'503 with plain text and no Retry-After',
			{ kind: 'status', status: 503, body: 'Service Unavailable' },
			503,
			null,
		],
	] as const)('%s', async (_name, effect: FaultEffect, status, retryAfter) => {
		emulator.control.addFault({ effect });
		const reply = await call('WhoAmI');
		expect(reply.status).toBe(status);
		expect(reply.headers.get('retry-after')).toBe(retryAfter);
		expect(reply.headers.get('content-type')).toMatch(/^text\//);
		expect(await reply.text()).not.toMatch(/^\{/);
		expect((await call('WhoAmI')).status).toBe(200);
	});
});

describe('an ordered fault hits what it is meant for', () => {
	it('skips, hits as often as told, matches method, path and body, and counts', async () => {
		emulator.control.addFault({
			match: { method: 'post', path: '/contacts$', body: 'Doe' },
			skip: 1,
			times: 2,
			effect: { kind: 'status', status: 429, retryAfter: 3, code: '0x80072322', message: 'Slow down' },
		});
		expect((await call('contacts?$top=1')).status).toBe(200);
		const statuses = [await create(), await create(), await create(), await create()].map(
			(reply) => reply.status,
		);
		expect(statuses).toEqual([204, 429, 429, 204]);
		expect(emulator.control.faultsHit()).toBe(2);
		expect(emulator.control.log({ status: 429 }).at(-1)?.fault).toBe('status 429');
	});

	it('a status before acting changes nothing; after acting the row is there', async () => {
		const before = contacts();
		emulator.control.addFault({ effect: { kind: 'status', status: 503 } });
		expect((await create()).status).toBe(503);
		expect(contacts()).toBe(before);
		emulator.control.addFault({ effect: { kind: 'status', status: 503, afterActing: true } });
		expect((await create()).status).toBe(503);
		expect(contacts()).toBe(before + 1);
	});

	it.each([
		['resetBefore', 0],
		['resetAfter', 1],
	] as const)('%s breaks the connection', async (kind, added) => {
		const before = contacts();
		emulator.control.addFault({ effect: { kind } });
		await expect(create()).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
		expect(contacts()).toBe(before + added);
		expect(emulator.control.log({ status: 0 }).at(-1)?.fault).toBe(kind);
	});

	it.each([
		['timeoutBefore', 0],
		['timeoutAfter', 1],
	] as const)('%s never answers', async (kind, added) => {
		const before = contacts();
		const headers = { ...json, Authorization: `Bearer ${await bearer(emulator)}` };
		emulator.control.addFault({ match: { method: 'POST' }, effect: { kind } });
		const request = fetch(`${emulator.url}/api/data/v9.2/contacts`, {
			method: 'POST',
			headers,
			body: '{"lastname":"Doe"}',
			signal: AbortSignal.timeout(300),
		});
		await expect(request).rejects.toMatchObject({ name: 'TimeoutError' });
		expect(contacts()).toBe(before + added);
	});

	it('cutBody ends the answer half way', async () => {
		emulator.control.addFault({ effect: { kind: 'cutBody' } });
		const reply = await call('WhoAmI');
		expect(reply.status).toBe(200);
		await expect(reply.text()).rejects.toThrow();
	});

	it('wrongContentType acts and answers with a page', async () => {
		emulator.control.addFault({ effect: { kind: 'wrongContentType' } });
		const reply = await call('WhoAmI');
		expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'text/html']);
	});

	it('expiredToken answers 401 with the challenge once', async () => {
		emulator.control.addFault({ effect: { kind: 'expiredToken' } });
		const reply = await call('WhoAmI');
		expect([reply.status, reply.headers.has('www-authenticate')]).toEqual([401, true]);
		expect((await call('WhoAmI')).status).toBe(200);
	});

	it('slow is combined with another fault', async () => {
		emulator.control.addFault({ effect: { kind: 'slow', ms: 10 } });
		emulator.control.addFault({ effect: { kind: 'status', status: 500, code: '0x80040216' } });
		expect(await errorCode(await call('WhoAmI'))).toBe('0x80040216');
		expect(emulator.control.log().at(-1)?.fault).toBe('slow, status 500');
	});

	it('the login server can be down too', async () => {
		emulator.control.addFault({
			match: { path: '/oauth2/v2.0/token' },
			effect: { kind: 'status', status: 503, html: true },
		});
		expect((await tokenRequest(emulator, {})).status).toBe(503);
		expect((await call('WhoAmI')).status).toBe(200);
	});
});

it('closing breaks connections that wait for an answer', async () => {
	const other = await startEmulator();
	const waitingCall = await signedIn(other);
	other.control.addFault({ effect: { kind: 'timeoutBefore' } });
	const stuck = expect(waitingCall('WhoAmI')).rejects.toThrow();
	while (other.control.faultsHit() === 0) await new Promise((resolve) => setTimeout(resolve, 5));
	await other.close();
	await stuck;
});
