import { backOffMs, RETRY_POLICY, type FailureClass } from '../../../core/dataverse/http/retryPolicy';
import { retryAfterMs } from '../../../core/dataverse/http/retryAfter';
import type { WaitEvent } from '../../../core/dataverse/types';
import type { Reply } from '../../support/scriptedServer';
import { clientOf, errorOf, ID, refusal, useServer } from './setup';

const server = useServer();
const OK: Reply = { body: { value: [], contactid: ID } };
const throttled = (retryAfter?: string, headers: Reply['headers'] = {}): Reply =>
	refusal(429, '0x80072322', 'Number of requests exceeded the limit.', {
		...(retryAfter === undefined ? {} : { 'Retry-After': retryAfter }),
		...headers,
	});
const HTML_503: Reply = { status: 503, body: '<html><h1>Service Unavailable</h1></html>' };
const repeat = (count: number, reply: Reply): readonly Reply[] => Array.from({ length: count }, () => reply);

describe('throttling', () => {
	it('waits as long as it is told, in seconds', async () => {
		server.play(throttled('17'), throttled('3'), OK);
		const { client, clock } = clientOf(server);
		await client.getRow('contacts', ID);
		expect(clock.sleeps).toEqual([17_000, 3_000]);
	});

	it('waits as long as it is told by a date, held against the clock of the service', async () => {
		const date = 'Tue, 03 Feb 2032 10:00:00 GMT';
		server.play(throttled('Tue, 03 Feb 2032 10:00:42 GMT', { Date: date }), OK);
		const { client, clock } = clientOf(server);
		await client.getRow('contacts', ID);
		expect(clock.sleeps).toEqual([42_000]);
	});

	it.each([[undefined], ['0'], ['soon'], ['-5']])('backs off when told "%s"', async (told) => {
		server.play(...repeat(8, throttled(told)), OK);
		const { client, clock } = clientOf(server);
		await client.getRow('contacts', ID);
		expect(clock.sleeps).toEqual([1, 2, 4, 8, 16, 32, 60, 60].map((seconds) => seconds * 1000));
	});

	it('repeats even what must not be done twice, because nothing was done', async () => {
		server.play(throttled('1'), { status: 204 });
		await clientOf(server).client.action('AddOnce', {}, { repeatable: false });
		expect(server.seen).toHaveLength(2);
		expect(server.seen[1]?.body).toBe('{}');
	});

	it('gives up at once when told to wait longer than is left, naming both', async () => {
		server.play(throttled('40'), throttled('90'));
		const { client, clock } = clientOf(server, { giveUpAfterMs: 60_000 });
		const error = await errorOf(client.getRow('contacts', ID));
		expect(error).toMatchObject({ kind: 'gaveUp', retryAfterMs: 90_000 });
		expect(error.message).toContain('90 seconds');
		expect(error.message).toContain('20 seconds');
		expect(clock.sleeps).toEqual([40_000]);
	});

	it('has no other end than Give Up After', async () => {
		server.play(...repeat(50, throttled('60')), OK);
		await clientOf(server).client.getRow('contacts', ID);
		expect(server.seen).toHaveLength(51);
	});

	it('keeps the other calls of the run back too, and counts the time once', async () => {
		server.play(throttled('30'), OK, OK);
		const { client, clock } = clientOf(server, { giveUpAfterMs: 30_000 });
		const start = clock.now();
		const sentAt: number[] = [];
		server.onRequest = () => sentAt.push(clock.now() - start);
		let other: Promise<unknown> = Promise.resolve();
		clock.onSleep = () => {
			clock.onSleep = undefined;
			other = client.getRow('contacts', ID);
		};
		await client.getRow('contacts', ID);
		await other;
		expect(clock.sleeps.slice(0, 2)).toEqual([30_000, 30_000]);
		expect(sentAt.every((at, index) => (index === 0 ? at === 0 : at >= 30_000))).toBe(true);
		expect(sentAt).toHaveLength(3);
	});

	it('tells of every wait with the path and without the query', async () => {
		const events: WaitEvent[] = [];
		server.play(throttled('5'), OK);
		const { client } = clientOf(server, { onWait: (event) => events.push(event) });
		await client.getRow('contacts', ID, { select: ['emailaddress1'] });
		expect(events).toEqual([{ reason: 'throttled', waitMs: 5000, attempt: 1, path: `contacts(${ID})` }]);
	});
});

describe('outages', () => {
	it.each([
		['503 with an HTML body', HTML_503],
		['504', { status: 504 }],
		['502', { status: 502, body: 'Bad gateway' }],
		['a broken connection', { fault: 'reset' }],
		['an answer that is cut', { ...OK, fault: 'cut' }],
	] as const)('%s: a read is repeated', async (_, reply) => {
		server.play(reply, reply, OK);
		const { client, clock } = clientOf(server);
		await client.getRow('contacts', ID);
		expect(clock.sleeps).toEqual([1000, 2000]);
	});

	it('503 is waited out as told', async () => {
		server.play({ ...HTML_503, headers: { 'Retry-After': '9' } }, OK);
		const { client, clock } = clientOf(server);
		await client.getRow('contacts', ID);
		expect(clock.sleeps).toEqual([9000]);
	});

	it.each([
		['503', HTML_503, 'unavailable'],
		['a broken connection', { fault: 'reset' }, 'connection'],
	] as const)(
		'%s: what must not be done twice is sent once, and may have been done',
		async (_, reply, kind) => {
			server.play(reply);
			const error = await errorOf(clientOf(server).client.action('AddOnce', {}, { repeatable: false }));
			expect(error).toMatchObject({ kind, mayHaveActed: true });
			expect(error.request).toBe('POST AddOnce');
			expect(server.seen).toHaveLength(1);
		},
	);

	it('end after eight tries with what the service said', async () => {
		server.play(...repeat(20, HTML_503));
		const error = await errorOf(clientOf(server).client.getRow('contacts', ID));
		expect(error).toMatchObject({ kind: 'unavailable', status: 503 });
		expect(server.seen).toHaveLength(8);
	});

	it('count against Give Up After', async () => {
		server.play(...repeat(20, HTML_503));
		const { client } = clientOf(server, { giveUpAfterMs: 5_000 });
		expect((await errorOf(client.getRow('contacts', ID))).kind).toBe('gaveUp');
		expect(server.seen).toHaveLength(3);
	});

	it('a refused connection is tried five times and has done nothing', async () => {
		const { client, clock } = clientOf(server, { environmentUrl: 'http://127.0.0.1:1' });
		const error = await errorOf(client.action('AddOnce', {}, { repeatable: false }));
		expect(error).toMatchObject({ kind: 'connection', mayHaveActed: false });
		expect(clock.sleeps).toHaveLength(4);
		expect(client.requests).toBe(5);
	});

	it('a request that hangs is given up after its time-out', async () => {
		server.play({ fault: 'hang' });
		const { client } = clientOf(server, { timeoutMs: 30 });
		const error = await errorOf(client.action('AddOnce', {}, { repeatable: false }));
		expect(error).toMatchObject({ kind: 'connection', mayHaveActed: true });
	});
});

describe('what is never repeated', () => {
	it.each([
		[500, '0x80040216', 'unavailable'],
		[401, '', 'signIn'],
		[400, '0x80040265', 'refused'],
		[403, '0x80040220', 'forbidden'],
		[413, '', 'refused'],
		[503, '0x8004A104', 'unavailable'],
	])('status %d %s', async (status, code, kind) => {
		server.play(refusal(status, code));
		expect((await errorOf(clientOf(server).client.getRow('contacts', ID))).kind).toBe(kind);
		expect(server.seen).toHaveLength(1);
	});

	it('a redirect is not followed', async () => {
		server.play({ status: 302, headers: { Location: 'https://evil.example/' } });
		expect((await errorOf(clientOf(server).client.getRow('contacts', ID))).kind).toBe('unexpectedReply');
		expect(server.seen).toHaveLength(1);
	});
});

it.each([
	['0x80071151', 400],
	['0x80044181', 400],
])('a customization lock (%s) is waited out, for writes too', async (code, status) => {
	server.play(refusal(status, code), { status: 204 });
	await clientOf(server).client.action('AddOnce', {}, { repeatable: false });
	expect(server.seen).toHaveLength(2);
});

it('a deadlock is tried again where that is harmless, and only there', async () => {
	server.play(refusal(500, '0x80044150'), { status: 204 }, refusal(500, '0x80044150'));
	const { client } = clientOf(server);
	await client.action('AddTwice', {}, { repeatable: true });
	expect((await errorOf(client.action('AddOnce', {}, { repeatable: false }))).code).toBe('0x80044150');
	expect(server.seen).toHaveLength(3);
});

describe('cancelling', () => {
	it('ends a wait and sends nothing more', async () => {
		const controller = new AbortController();
		server.play(throttled('600'), OK);
		const { client, clock } = clientOf(server, { signal: controller.signal });
		clock.onSleep = () => controller.abort();
		expect((await errorOf(client.getRow('contacts', ID))).kind).toBe('cancelled');
		expect(server.seen).toHaveLength(1);
	});

	it('ends a request that is under way and does not repeat it', async () => {
		const controller = new AbortController();
		server.play({ fault: 'hang' }, OK);
		server.onRequest = () => controller.abort();
		const { client } = clientOf(server, { signal: controller.signal });
		expect((await errorOf(client.getRow('contacts', ID))).kind).toBe('cancelled');
		expect(server.seen).toHaveLength(1);
	});

	it('before the first request sends none', async () => {
		server.play(OK);
		const { client } = clientOf(server, { signal: AbortSignal.abort() });
		expect((await errorOf(client.getRow('contacts', ID))).kind).toBe('cancelled');
		expect(client.requests).toBe(0);
	});
});

describe('polling waits', () => {
	it('use up Give Up After, the last one cut to what is left', async () => {
		const { client, clock } = clientOf(server, { giveUpAfterMs: 25_000 });
		await client.wait(10_000, 'going live');
		await client.wait(10_000, 'going live');
		await client.wait(10_000, 'going live');
		const error = await errorOf(client.wait(10_000, 'going live'));
		expect(error.kind).toBe('gaveUp');
		expect(error.message).toContain('going live');
		expect(clock.sleeps).toEqual([10_000, 10_000, 5_000]);
	});

	it('side by side spend the time once', async () => {
		let open = () => {};
		const gate = new Promise<void>((resolve) => (open = resolve));
		let time = 0;
		const clock = { now: () => time, sleep: async () => await gate };
		const { client } = clientOf(server, { giveUpAfterMs: 15_000, clock });
		const both = Promise.all([client.wait(10_000, 'a'), client.wait(10_000, 'b')]);
		time = 10_000;
		open();
		await both;
		await client.wait(5_000, 'c');
		expect((await errorOf(client.wait(1, 'd'))).kind).toBe('gaveUp');
	});

	it('a clock that stands still hides no waiting', async () => {
		const clock = { now: () => 0, sleep: async () => await Promise.resolve() };
		const { client } = clientOf(server, { giveUpAfterMs: 20_000, clock });
		await client.wait(10_000, 'a');
		await client.wait(10_000, 'b');
		expect((await errorOf(client.wait(1, 'c'))).kind).toBe('gaveUp');
	});
});

describe('the policy', () => {
	it('never repeats without a bound, throttling excepted', () => {
		const unbounded = Object.entries(RETRY_POLICY).filter(([, { tries }]) => !Number.isFinite(tries));
		expect(unbounded.map(([name]) => name)).toEqual(['throttled']);
	});

	it('never repeats for a request that must be done once when the work may have been done', () => {
		const rules = Object.entries(RETRY_POLICY) as readonly [
			FailureClass,
			(typeof RETRY_POLICY)[FailureClass],
		][];
		for (const [, rule] of rules) if (rule.mayHaveActed) expect(rule.once).toBe('never');
	});

	it('backs off between one second and one minute, whatever the jitter', () => {
		for (let step = 0; step < 2000; step++) {
			expect(backOffMs(step, 0)).toBeGreaterThanOrEqual(1000);
			expect(backOffMs(step, 0.999)).toBeLessThanOrEqual(60_000);
		}
	});

	it('reads a date by the date of the reply, never as negative, and not at all without one', () => {
		const until = { 'retry-after': 'Thu, 01 Jan 2026 00:00:10 GMT' };
		const at = (date: string) => retryAfterMs({ headers: { ...until, date } });
		expect(at('Thu, 01 Jan 2026 00:00:00 GMT')).toBe(10_000);
		expect(at('Fri, 01 Jan 2027 00:00:00 GMT')).toBe(0);
		expect(retryAfterMs({ headers: until })).toBeUndefined();
	});

	it.each([
		['99999999999', undefined],
		['999999999', 999_999_999_000],
		['0.5', 500],
		['-5', undefined],
		['-86400', undefined],
		['1e3', undefined],
		['soon', undefined],
	])('takes a number that cannot be seconds for no advice, and never for a date: %s', (value, ms) => {
		const date = 'Thu, 01 Jan 1970 00:00:00 GMT';
		expect(retryAfterMs({ headers: { 'retry-after': value, date } })).toBe(ms);
	});
});

it('the recommended number of parallel calls is kept from the last reply that had one', async () => {
	server.play({ ...OK, headers: { 'x-ms-dop-hint': '8' } }, OK);
	const { client } = clientOf(server);
	expect(client.parallelismHint).toBeUndefined();
	await client.getRow('contacts', ID);
	await client.getRow('contacts', ID);
	expect(client.parallelismHint).toBe(8);
});
