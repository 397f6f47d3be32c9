/** What a service that was taken over, or a proxy in between, may answer. */

import { readBatch } from '../../core/dataverse/http/batch';
import { RealTimeSegments } from '../../core/segments/realTime';
import type { RealTimeSegment } from '../../core/segments/realTime/rows/row';
import { allPages, batchReply, clientOf, errorOf, ID, useServer } from '../unit/dataverse/setup';
import type { Reply } from '../support/scriptedServer';

/** Millions of brackets and of ids, on a machine that may be busy. */
jest.setTimeout(60_000);

const server = useServer();
const again = (reply: (call: number) => Reply, most: number) =>
	Array.from({ length: most }, (_, call) => () => reply(call));
const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
const fetchOf = (client: ReturnType<typeof clientOf>['client']) =>
	allPages(client.fetchPages('contacts', { entity: 'contact' }));

describe('JSON a million levels deep', () => {
	const deep = nested(1_000_000);

	test.each([
		['in a list', `{"value":[{"contactid":${deep}}]}`],
		['in place of a list', deep],
		['beside a list', `{"x":${deep},"value":[]}`],
	])('%s is an answer that cannot be read', async (_, body) => {
		server.play({ body, headers: { 'Content-Type': 'application/json' } });
		const error = await errorOf(allPages(clientOf(server).client.listPages('contacts', {})));
		expect(error.kind).toBe('unexpectedReply');
		expect(error.message.length).toBeLessThan(300);
	});

	test('as an error leaves the status to tell what happened', async () => {
		server.play({ status: 403, body: `{"error":{"code":"0x1","message":${deep}}}` });
		const error = await errorOf(clientOf(server).client.getRow('contacts', ID));
		expect(error).toMatchObject({ kind: 'forbidden', status: 403 });
	});

	test('as the answer of an action is not handed on', async () => {
		server.play({ body: deep });
		const error = await errorOf(clientOf(server).client.action('Act', {}, { repeatable: true }));
		expect(error).toMatchObject({ kind: 'unexpectedReply', mayHaveActed: true });
	});
});

describe('keys that name prototypes', () => {
	const poison = '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}';
	const untouched = (...values: readonly unknown[]) => {
		expect(({} as Record<string, unknown>).polluted).toBeUndefined();
		expect(([] as unknown as Record<string, unknown>).polluted).toBeUndefined();
		for (const value of values) {
			expect((value as Record<string, unknown>).polluted).toBeUndefined();
			expect(Object.keys(value as object)).not.toContain('__proto__');
			// What others do with rows: copies by spreading and by assignment.
			const copy: Record<string, unknown> = {};
			for (const [key, part] of Object.entries(value as object)) copy[key] = part;
			expect(copy.polluted).toBeUndefined();
		}
	};

	test('stay without effect in rows, however deep, and in what stands beside them', async () => {
		server.play({ body: `{${poison},"value":[{${poison},"contactid":"1","more":[{${poison}}]}]}` });
		const [page] = await allPages(clientOf(server).client.listPages('contacts', {}));
		const row = page?.rows[0];
		untouched(page, row, (row?.more as readonly unknown[])[0]);
		expect(row?.contactid).toBe('1');
	});

	test('stay without effect in errors, in parts of a batch and in their headers', async () => {
		server.play({ status: 400, body: `{${poison},"error":{${poison},"code":"0x1","message":"m"}}` });
		untouched(await errorOf(clientOf(server).client.getRow('contacts', ID)));
		const headers = { ['__proto__']: 'polluted', constructor: 'polluted' };
		server.play(batchReply([{ status: 200, body: JSON.parse(`{${poison}}`), headers }]));
		const parts = await clientOf(server).client.batch([{ method: 'GET', path: 'contacts' }]);
		untouched(...parts);
		expect(Object.getPrototypeOf(parts[0]?.headers)).toBe(Object.prototype);
		expect(Object.prototype.constructor).toBe(Object);
	});

	test('stay without effect in definitions, in answers of actions and in an action inside a text', async () => {
		server.play(
			{ body: `{${poison},"LogicalName":"contact"}` },
			{ body: `{${poison},"ResultText":"{${poison.replaceAll('"', '\\"')}}"}` },
		);
		const { client } = clientOf(server);
		untouched(await client.metadata('EntityDefinitions'));
		untouched(await client.action('Act', {}, { repeatable: true }));
	});
});

describe('lists without an end', () => {
	const link = (to: number | string) => `${server.url}/api/data/v9.2/contacts?p=${to}`;
	const cookie = (to: number | string) => ({
		'@Microsoft.Dynamics.CRM.morerecords': true,
		'@Microsoft.Dynamics.CRM.fetchxmlpagingcookie': `<cookie pagenumber="2" pagingcookie="${to}" istracking="False" />`,
	});

	test.each([
		['the same link again', () => 1, 2],
		['links in a long circle', (call: number) => call % 50, 51],
		['ever new links to empty pages', (call: number) => call, 101],
	])('%s: an error says so', async (_, to, most) => {
		server.play(...again((call) => ({ body: { value: [], '@odata.nextLink': link(to(call)) } }), 500));
		const error = await errorOf(allPages(clientOf(server).client.listPages('contacts', {})));
		expect(error).toMatchObject({ kind: 'unexpectedReply' });
		expect(error.message).toContain('does not end');
		expect(server.seen.length).toBeLessThanOrEqual(most);
	});

	test.each([
		['the same cookie again', () => 1, 2],
		['cookies in a circle', (call: number) => call % 7, 8],
		['ever new cookies and empty pages', (call: number) => call, 101],
	])('%s: an error says so', async (_, to, most) => {
		server.play(...again((call) => ({ body: { value: [], ...cookie(to(call)) } }), 500));
		const error = await errorOf(fetchOf(clientOf(server).client));
		expect(error.message).toContain('does not end');
		expect(server.seen.length).toBeLessThanOrEqual(most);
	});

	test('empty pages now and then do not end a list', async () => {
		const replies = again(
			(call) => ({
				body: { value: call % 90 === 89 ? [{ contactid: '1' }] : [], '@odata.nextLink': link(call) },
			}),
			300,
		);
		server.play(...replies, { body: { value: [] } });
		expect(await allPages(clientOf(server).client.listPages('contacts', {}))).toHaveLength(301);
	});

	test.each([
		['the same page', () => 0],
		['pages in a circle', (page: number) => page % 5],
		['ever new people', (page: number) => page],
	])('a group that gives %s: an error says so', async (_, numberOf) => {
		let calls = 0;
		const page = (): Reply => {
			const number = numberOf(calls++);
			const id = (n: number) =>
				`${String(number).padStart(8, '0')}-0000-4000-8000-${String(n).padStart(12, '0')}`;
			return { body: { EntityIds: Array.from({ length: 5_000 }, (_row, n) => id(n)) } };
		};
		server.play(...Array.from({ length: 1_000 }, () => page));
		const error = await errorOf(groupRead());
		expect(error.message).toContain('does not end');
		expect(calls).toBeLessThanOrEqual(201);
	});

	async function groupRead(): Promise<number> {
		const groups = JSON.stringify([{ groupId: ID, name: 'One', includeType: 'Include' }]);
		const segment = {
			system: 'realTime',
			id: ID,
			name: 'Endless',
			type: 'static',
			status: 'draft',
			rawStatus: { label: 'Draft' },
			url: server.url,
			row: {},
			audience: 'contact',
			source: 'realTime',
			definitionId: ID,
			definition: { msdynmkt_staticlistmembers: groups },
		} as unknown as RealTimeSegment;
		let read = 0;
		const access = new RealTimeSegments(clientOf(server).client).members(segment, { group: { id: ID } });
		for await (const page of access.pages({})) read += page.ids.length;
		return read;
	}
});

describe('odd times to wait', () => {
	test.each(['1e308', 'Infinity', '-1', 'NaN', '9'.repeat(400), '1;2', '１０', '0x10', ''])(
		'"%s" is not believed',
		async (told) => {
			server.play({ status: 429, headers: { 'Retry-After': encodeURI(told) } }, { body: { contactid: ID } });
			const { client, clock } = clientOf(server);
			await client.getRow('contacts', ID);
			expect(clock.sleeps).toEqual([1_000]);
		},
	);

	test.each(['999999999', 'Fri, 31 Dec 9999 23:59:59 GMT'])(
		'"%s" ends the run at once, unwaited',
		async (told) => {
			server.play({ status: 429, headers: { 'Retry-After': told } });
			const { client, clock } = clientOf(server);
			const error = await errorOf(client.getRow('contacts', ID));
			expect(error.kind).toBe('gaveUp');
			expect(error.remedy).toContain('Give Up After');
			expect(clock.sleeps).toEqual([]);
		},
	);
});

describe('what is kept of an answer is bounded', () => {
	test('an error of five million characters becomes a short one', async () => {
		const message = 'Bad <b> "x" a@b.example '.repeat(200_000);
		server.play({ status: 400, body: { error: { code: 'c'.repeat(1_000_000), message } } });
		const startedAt = performance.now();
		const error = await errorOf(clientOf(server).client.getRow('contacts', ID));
		expect(JSON.stringify(error).length + error.message.length).toBeLessThan(2_000);
		expect(performance.now() - startedAt).toBeLessThan(5_000);
	});

	test.each([
		[
			'a page of HTML that says it is JSON',
			{ headers: { 'Content-Type': 'application/json' }, body: '<html>Sign in</html>' },
		],
		['an image', { headers: { 'Content-Type': 'image/png' }, body: '\u0089PNG' }],
		['JSON that is no object', { body: '"x"' }],
		[
			'multipart text where none was asked for',
			{ ...batchReply([{ status: 200, body: { contactid: ID } }]) },
		],
	] as const)('%s is an answer that cannot be read', async (_, reply) => {
		server.play(reply);
		const error = await errorOf(clientOf(server).client.getRow('contacts', ID));
		expect(error.kind).toBe('unexpectedReply');
		expect(error.message.length).toBeLessThan(300);
	});

	test('a row counts although its answer says it is HTML', async () => {
		server.play({ headers: { 'Content-Type': 'text/html' }, body: JSON.stringify({ contactid: ID }) });
		expect(await clientOf(server).client.getRow('contacts', ID)).toEqual({ contactid: ID });
	});
});

describe('answers to a batch', () => {
	const read = (body: string, boundary = 'b') =>
		readBatch({ status: 200, headers: { 'content-type': `multipart/mixed; boundary=${boundary}` }, body });
	const part = 'Content-Type: application/http\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n';

	test.each([
		['more parts than a batch may have', `${`--b\r\n${part}\r\n`.repeat(2_002)}--b--`],
		['a part that is no answer', '--b\r\nContent-Type: application/http\r\n\r\nhello\r\n--b--'],
		[
			'a set of changes inside of a set of changes',
			`--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\nContent-Type: multipart/mixed; boundary=d\r\n\r\n--d\r\n${part}\r\n--d--\r\n--c--\r\n--b--`,
		],
		['no end', `--b\r\n${part}`],
	])('with %s are not read', (_, body) => {
		expect(() => read(body)).toThrow(expect.objectContaining({ kind: 'unexpectedReply' }) as Error);
	});

	test('are split at their boundary and at nothing that looks like it', () => {
		const body = '{"x":"--b--"}';
		const tricky = `--b\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 200 OK\r\n\r\n${body} --b\r\n--bb\r\n--b-\r\n\r\n--b--`;
		expect(read(tricky)).toHaveLength(1);
		expect(read(tricky)[0]?.body).toContain(body);
	});

	test('take time in proportion to their length', () => {
		const startedAt = performance.now();
		expect(() => read('--bx\n'.repeat(1_000_000))).toThrow();
		expect(() => read('--b \t \t'.repeat(1_000_000))).toThrow();
		expect(performance.now() - startedAt).toBeLessThan(5_000);
	});

	test('with another number of parts than asked for are no success', async () => {
		for (const parts of [0, 1, 3]) {
			server.play(batchReply(Array.from({ length: parts }, () => ({ status: 204 }))));
			const operations = [1, 2].map(() => ({ method: 'DELETE', path: `contacts(${ID})` }) as const);
			const error = await errorOf(clientOf(server).client.batch(operations));
			expect(error).toMatchObject({ kind: 'unexpectedReply', mayHaveActed: true });
		}
	});
});
