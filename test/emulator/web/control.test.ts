import { request } from 'node:http';
import { startEmulator, type Emulator } from '../../../emulator';
import { VirtualClock } from '../../../emulator/web/clock';
import { signedIn } from './support';

let emulator: Emulator;

beforeAll(async () => {
	emulator = await startEmulator({ contacts: 2 });
});

afterAll(async () => await emulator.close());

async function control(
	method: string,
	path: string,
	body?: unknown,
): Promise<{ status: number; json: unknown }> {
	const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
	const reply = await fetch(`${emulator.url}/__emulator${path}`, init);
	const text = await reply.text();
	return { status: reply.status, json: text === '' ? undefined : (JSON.parse(text) as unknown) };
}

describe('the control endpoint does what the object in the process does', () => {
	it('lists its routes', async () => {
		const { json } = await control('GET', '');
		expect(json).toContainEqual(expect.stringMatching(/^POST \/__emulator\/faults/));
	});

	it('faults: add, count, clear', async () => {
		const call = await signedIn(emulator);
		await control('POST', '/faults', { effect: { kind: 'status', status: 500 }, times: 0 });
		expect((await call('WhoAmI')).status).toBe(500);
		expect((await control('GET', '/faults')).json).toEqual({ hit: 1 });
		await control('DELETE', '/faults');
		expect((await call('WhoAmI')).status).toBe(200);
	});

	it('log: filter and clear', async () => {
		await control('DELETE', '/log');
		await (
			await signedIn(emulator)
		)('WhoAmI');
		const { json } = await control('GET', `/log?method=GET&path=${encodeURIComponent('WhoAmI$')}`);
		expect(json).toEqual([
			expect.objectContaining({ method: 'GET', path: '/api/data/v9.2/WhoAmI', status: 200 }),
		]);
	});

	it('assumptions: set, list, reset', async () => {
		expect((await control('PUT', '/assumptions/longUrlStatus', { value: '400' })).status).toBe(204);
		const current = async () => (await control('GET', '/assumptions')).json;
		expect(await current()).toContainEqual(expect.objectContaining({ id: 'longUrlStatus', value: '400' }));
		await control('DELETE', '/assumptions');
		expect(await current()).toContainEqual(expect.objectContaining({ id: 'longUrlStatus', value: '414' }));
	});

	it('limits: change and read', async () => {
		await control('PATCH', '/limits', { concurrent: 7 });
		expect((await control('GET', '/limits')).json).toMatchObject({ enabled: false, concurrent: 7 });
	});

	it('clock: advance, and rows made afterwards are of that time', async () => {
		const before = emulator.control.now();
		await control('POST', '/clock/advance', { ms: 86_400_000 });
		const { json } = await control('GET', '/clock');
		expect((json as { now: number }).now).toBeGreaterThanOrEqual(before + 86_400_000);
		expect((await control('PUT', '/clock/speed', { speed: 1 })).status).toBe(204);
	});

	it('seed and rows', async () => {
		const id = '0000000a-0000-4000-8000-000000000001';
		await control('POST', '/seed', { rows: { contacts: [{ contactid: id, lastname: 'Seeded' }] } });
		const { json } = await control('GET', '/rows/contacts');
		// Active, as a created contact is: otherwise no look-up would find the person.
		const seeded = { contactid: id, lastname: 'Seeded', statecode: 0, statuscode: 1 };
		expect(json).toContainEqual(expect.objectContaining(seeded));
	});

	it('users: add, change, list', async () => {
		const { json } = await control('POST', '/users', { name: 'Robot', application: true });
		const { clientId, userId } = json as { clientId: string; userId: string };
		await control('PATCH', `/users/${clientId}`, { state: 'disabled' });
		expect((await control('GET', '/users')).json).toContainEqual(
			expect.objectContaining({ userId, state: 'disabled' }),
		);
		expect(emulator.control.rows('systemusers')).toContainEqual(
			expect.objectContaining({ systemuserid: userId, isdisabled: true }),
		);
	});

	it('tokens: expire', async () => {
		const call = await signedIn(emulator);
		await control('POST', '/tokens/expire');
		expect((await call('WhoAmI')).status).toBe(401);
	});
});

describe('the control endpoint refuses', () => {
	it.each([
		['POST', '/faults', { effect: { kind: 'explode' } }, 'effect.kind must be one of'],
		['POST', '/faults', { effect: { kind: 'slow' } }, 'ms must be a number'],
		['PUT', '/assumptions/nothing', { value: 'x' }, 'There is no assumption "nothing"'],
		['PUT', '/assumptions/longUrlStatus', { value: '500' }, 'is one of 414, 400'],
		['PATCH', '/limits', { concurrent: 'many' }, 'concurrent'],
		['GET', '/segments/no-such-segment/members', undefined, 'There is no segment no-such-segment'],
		['GET', '/rows/nothings', undefined, 'There is no entity set "nothings"'],
		['POST', '/clock/advance', { ms: -1 }, 'zero or more'],
		['POST', '/users', { state: 'asleep' }, 'state must be absent, disabled or enabled'],
		['POST', '/users', { missingPrivileges: 'all' }, 'A list of texts was expected'],
		['POST', '/seed', { contacts: 'many' }, 'contacts must be a number'],
		['POST', '/seed', { rows: { contacts: {} } }, 'a list of rows'],
		['POST', '/seed', [], 'The body must be an object'],
		['PATCH', '/users/nobody', { state: 'disabled' }, 'nobody'],
	])('%s %s %j with a sentence', async (method, path, body, sentence) => {
		const { json, status } = await control(method, path, body);
		expect(status).toBe(400);
		expect((json as { error: string }).error).toContain(sentence);
	});

	it('an unknown route with the list of routes', async () => {
		const { json, status } = await control('GET', '/nothing');
		expect(status).toBe(404);
		expect(json).toMatchObject({ routes: expect.arrayContaining([expect.stringContaining('/log')]) });
	});

	it.each([{ origin: 'https://attacker.example' }, { host: 'attacker.example' }])(
		'a web page: %j',
		async (headers) => {
			const status = await new Promise((resolve) => {
				request(`${emulator.url}/__emulator/users`, { headers }, (reply) => resolve(reply.statusCode)).end();
			});
			expect(status).toBe(403);
		},
	);
});

describe('the virtual clock', () => {
	it('multiplies, jumps, stops and never runs backwards', () => {
		let source = 1000;
		const clock = new VirtualClock({ now: () => source }, 10);
		source += 5;
		expect(clock.now()).toBe(1050);
		clock.advance(100);
		expect(clock.now()).toBe(1150);
		clock.setSpeed(0);
		source += 1000;
		expect(clock.now()).toBe(1150);
		expect(() => clock.advance(-1)).toThrow('zero or more');
		expect(() => clock.setSpeed(Number.NaN)).toThrow('zero or more');
	});
});

it('an unknown assumption at the start is refused with the known ones', async () => {
	await expect(startEmulator({ assumptions: { nothing: 'x' } })).rejects.toThrow('assertionReuse');
});
