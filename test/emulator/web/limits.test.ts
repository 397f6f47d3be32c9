import { startEmulator, type Emulator } from '../../../emulator';
import { bearer, caller, errorCode, signedIn, type Call } from './support';

let emulator: Emulator;
let call: Call;

beforeEach(async () => {
	let now = Date.UTC(2026, 0, 1);
	const clock = { now: () => now };
	emulator = await startEmulator({ clock, contacts: 3, tokenLifetimeSeconds: 86_400 });
	now += 1000;
	call = await signedIn(emulator);
});

afterEach(async () => await emulator.close());

const statuses = async (count: number) => {
	const seen: number[] = [];
	for (let n = 0; n < count; n += 1) seen.push((await call('WhoAmI')).status);
	return seen;
};

it('nothing is throttled until the limits are switched on', async () => {
	emulator.control.setLimits({ requestsPerWindow: 1 });
	expect(await statuses(3)).toEqual([200, 200, 200]);
});

it('E21: one request more than the window allows gets 429, and waiting as told ends it', async () => {
	emulator.control.setLimits({ enabled: true, requestsPerWindow: 3 });
	expect(await statuses(3)).toEqual([200, 200, 200]);
	const refused = await call('WhoAmI');
	expect(refused.status).toBe(429);
	const seconds = Number(refused.headers.get('retry-after'));
	expect(seconds).toBe(300);
	expect(await refused.json()).toEqual({
		error: {
			code: '0x80072322',
			message: 'Number of requests exceeded the limit of 3 over time window of 300 seconds.',
		},
	});
	emulator.control.advanceClock((seconds - 1) * 1000);
	expect(await statuses(1)).toEqual([429]);
	emulator.control.advanceClock(2001);
	expect(await statuses(1)).toEqual([200]);
});

it('E21: pushing on while refused makes the wait longer', async () => {
	emulator.control.setLimits({ enabled: true, requestsPerWindow: 1 });
	expect(await statuses(2)).toEqual([200, 429]);
	emulator.control.advanceClock(10_000);
	expect((await call('WhoAmI')).headers.get('retry-after')).toBe('291');
	expect((await call('WhoAmI')).headers.get('retry-after')).toBe('292');
});

it('E21: the window slides, so requests of long ago no longer count', async () => {
	emulator.control.setLimits({ enabled: true, requestsPerWindow: 2 });
	expect(await statuses(1)).toEqual([200]);
	emulator.control.advanceClock(200_000);
	expect(await statuses(1)).toEqual([200]);
	emulator.control.advanceClock(100_001);
	expect(await statuses(2)).toEqual([200, 429]);
});

it('E22: used-up execution time gets 429 0x80072321', async () => {
	emulator.control.setLimits({ enabled: true, executionMsPerWindow: 100, baseExecutionMs: 50 });
	expect(await statuses(2)).toEqual([200, 200]);
	const refused = await call('WhoAmI');
	expect([refused.status, await errorCode(refused)]).toEqual([429, '0x80072321']);
});

it('E22: ids in the body cost execution time', async () => {
	emulator.control.setLimits({ enabled: true, executionMsPerWindow: 100, executionMsPerId: 60 });
	const ids = Array.from({ length: 2 }, (_, n) => `00000000-0000-4000-8000-00000000000${n}`);
	await call('NoSuchAction', { method: 'POST', body: JSON.stringify({ ids }) });
	expect(await statuses(1)).toEqual([429]);
});

it('E22: more requests at once than allowed get 429 0x80072326 immediately', async () => {
	emulator.control.setLimits({ enabled: true, concurrent: 2 });
	emulator.control.addFault({ effect: { kind: 'slow', ms: 400 }, times: 0 });
	const replies = await Promise.all([call('WhoAmI'), call('WhoAmI'), call('WhoAmI')]);
	const refused = replies.filter((reply) => reply.status === 429);
	expect(refused).toHaveLength(1);
	expect(await Promise.all(refused.map(errorCode))).toEqual(['0x80072326']);
	emulator.control.clearFaults();
	expect(await statuses(1)).toEqual([200]);
});

it('E23: successes carry the remaining requests, the remaining time and the parallelism hint', async () => {
	emulator.control.setLimits({ enabled: true, requestsPerWindow: 10, baseExecutionMs: 500 });
	const [first, second] = [await call('WhoAmI'), await call('WhoAmI')];
	expect(first.headers.get('x-ms-ratelimit-burst-remaining-xrm-requests')).toBe('9');
	expect(second.headers.get('x-ms-ratelimit-burst-remaining-xrm-requests')).toBe('8');
	expect(second.headers.get('x-ms-ratelimit-time-remaining-xrm-requests')).toBe('1199.00');
	expect(Number(second.headers.get('x-ms-dop-hint'))).toBeGreaterThan(0);
});

it('E24: one user over the limit does not slow another', async () => {
	emulator.control.setLimits({ enabled: true, requestsPerWindow: 1 });
	expect(await statuses(2)).toEqual([200, 429]);
	const other = emulator.control.addUser({ application: true });
	expect((await caller(emulator, await bearer(emulator, other))('WhoAmI')).status).toBe(200);
});

it('E21: a batch counts as one request', async () => {
	emulator.control.setLimits({ enabled: true, requestsPerWindow: 2 });
	const part = 'Content-Type: application/http\r\n\r\nGET /api/data/v9.2/WhoAmI HTTP/1.1\r\n\r\n';
	const body = `${`--b\r\n${part}\r\n`.repeat(5)}--b--`;
	const headers = { 'Content-Type': 'multipart/mixed; boundary=b' };
	expect((await call('$batch', { method: 'POST', headers, body })).status).toBe(200);
	expect(await statuses(2)).toEqual([200, 429]);
});
