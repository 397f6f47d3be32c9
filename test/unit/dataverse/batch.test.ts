import { readBatch, writeBatch } from '../../../core/dataverse/http/batch';
import type { BatchOperation } from '../../../core/dataverse/types';
import { batchReply, clientOf, errorOf, ID, OTHER_ID, useServer } from './setup';

const server = useServer();
const DUPLICATE = { status: 412, body: { error: { code: '0x80040237', message: 'Duplicate.' } } };
const CREATE_TWO: readonly BatchOperation[] = [
	{ method: 'POST', path: 'definitions', body: { definitionid: ID } },
	{ method: 'POST', path: 'segments', body: { segmentid: OTHER_ID, 'definition@odata.bind': '$1' } },
];

describe('a set of changes', () => {
	it('is written with content ids, CRLF and one request line for each change', async () => {
		server.play(batchReply([{ status: 204 }, { status: 204 }], { changeSet: true }));
		const parts = await clientOf(server).client.changeSet(CREATE_TWO);
		expect(parts.map(({ status, contentId }) => [status, contentId])).toEqual([
			[204, '1'],
			[204, '2'],
		]);
		const body = server.seen[0]?.body ?? '';
		expect(server.seen[0]?.headers['content-type']).toMatch(/^multipart\/mixed; ?boundary=batch_[\w-]+$/);
		expect(body.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
		expect(body.match(/Content-ID: [12]\r\n/g)).toHaveLength(2);
		expect(body).toContain('POST /api/data/v9.2/segments HTTP/1.1\r\n');
		expect(body).toContain(`\r\n\r\n{"definitionid":"${ID}"}\r\n--changeset_`);
	});

	it('reports the change that failed', async () => {
		server.play(batchReply([DUPLICATE], { changeSet: true, status: 412 }));
		const error = await errorOf(clientOf(server).client.changeSet(CREATE_TWO));
		expect(error).toMatchObject({ kind: 'refused', code: '0x80040237', status: 412 });
	});

	it('that was made before its answer got lost has succeeded, once the rows were seen', async () => {
		server.play({ fault: 'reset' }, batchReply([DUPLICATE], { status: 412 }));
		const made = jest.fn(async () => await Promise.resolve(true));
		const parts = await clientOf(server).client.changeSet(CREATE_TWO, { made });
		expect(parts.map(({ status }) => status)).toEqual([204, 204]);
		expect(made).toHaveBeenCalledTimes(1);
	});

	it('that is a duplicate of other rows has not succeeded, although an answer got lost before', async () => {
		server.play({ fault: 'reset' }, batchReply([DUPLICATE], { status: 412 }));
		const made = async () => await Promise.resolve(false);
		const error = await errorOf(clientOf(server).client.changeSet(CREATE_TWO, { made }));
		expect(error).toMatchObject({ kind: 'refused', code: '0x80040237', mayHaveActed: true });
	});

	it.each([302, 202, 304])('with a part of status %i has not succeeded', async (status) => {
		server.play(batchReply([{ status: 204 }, { status }], { changeSet: true }));
		const error = await errorOf(clientOf(server).client.changeSet(CREATE_TWO));
		expect(error).toMatchObject({ kind: 'unexpectedReply', mayHaveActed: true });
	});

	it('with an error inside a part of status 200 has not succeeded', async () => {
		const part = { status: 200, body: { error: { code: '0x80040265', message: 'A plug-in refused.' } } };
		server.play(batchReply([{ status: 204 }, part], { changeSet: true }));
		const error = await errorOf(clientOf(server).client.changeSet(CREATE_TWO));
		expect(error).toMatchObject({ code: '0x80040265', serviceText: 'A plug-in refused.' });
	});

	it('is not sent twice unless the caller says that it may be', async () => {
		server.play({ fault: 'reset' });
		const error = await errorOf(clientOf(server).client.changeSet(CREATE_TWO));
		expect(error).toMatchObject({ kind: 'connection', mayHaveActed: true });
		expect(server.seen).toHaveLength(1);
	});

	it('that was throttled inside is sent again, for nothing of it was done', async () => {
		const busy = { status: 429, headers: { 'Retry-After': '2' }, body: { error: { code: '0x80072326' } } };
		server.play(batchReply([busy], { status: 429 }), batchReply([{ status: 204 }, { status: 204 }]));
		const { client, clock } = clientOf(server);
		await client.changeSet(CREATE_TWO);
		expect(clock.sleeps).toEqual([2000]);
	});

	it('cannot read', async () => {
		server.play();
		const error = await errorOf(clientOf(server).client.changeSet([{ method: 'GET', path: 'contacts' }]));
		expect(error.kind).toBe('invalidInput');
	});
});

describe('a batch', () => {
	const reads: readonly BatchOperation[] = [ID, OTHER_ID].map((id) => ({
		method: 'GET',
		path: `contacts(${id})`,
	}));
	const deletes: readonly BatchOperation[] = reads.map(({ path }) => ({ method: 'DELETE', path }));

	it('gives a part for each operation, failed ones included', async () => {
		server.play(batchReply([{ status: 204 }, { status: 404, body: { error: { code: '', message: '' } } }]));
		const parts = await clientOf(server).client.batch(deletes, { continueOnError: true });
		expect(parts.map(({ status }) => status)).toEqual([204, 404]);
		expect(server.seen[0]?.headers['prefer']).toBe('odata.continue-on-error');
	});

	it('that stopped at a failing operation tells what was done before it', async () => {
		const failed = { status: 400, body: { error: { code: '0x80040265', message: 'No.' } } };
		server.play(batchReply([{ status: 204 }, failed], { status: 400 }));
		const parts = await clientOf(server).client.batch(deletes);
		expect(parts.map(({ status }) => status)).toEqual([204, 400]);
	});

	it('in which something was written is not sent again for a throttled part', async () => {
		server.play(batchReply([{ status: 204 }, { status: 429 }], { status: 429 }));
		const parts = await clientOf(server).client.batch(deletes);
		expect(parts.map(({ status }) => status)).toEqual([204, 429]);
		expect(server.seen).toHaveLength(1);
	});

	it('in which something was written is not sent again for a refused token', async () => {
		server.play(batchReply([{ status: 204 }, { status: 401 }], { status: 401 }));
		const parts = await clientOf(server).client.batch(deletes);
		expect(parts.map(({ status }) => status)).toEqual([204, 401]);
		expect(server.seen).toHaveLength(1);
	});

	it('that is turned away as a whole is an error', async () => {
		server.play({ status: 403, body: { error: { code: '0x80072560', message: 'Not a member.' } } });
		expect(await errorOf(clientOf(server).client.batch(reads))).toMatchObject({
			kind: 'forbidden',
			code: '0x80072560',
		});
	});

	it.each([
		['with a part missing', () => batchReply([{ status: 200, body: {} }])],
		['that ends early', () => cut(batchReply([{ status: 200 }, { status: 200 }]))],
		['that is no multipart text', () => ({ body: { value: [] } })],
		['without a boundary', () => ({ headers: { 'Content-Type': 'multipart/mixed' }, body: '--x--' })],
	])('with an answer %s is no success', async (_, reply) => {
		server.play(reply());
		expect((await errorOf(clientOf(server).client.batch(reads))).kind).toBe('unexpectedReply');
	});

	it.each([0, 1001])('of %d operations is refused', async (count) => {
		const operations = Array.from({ length: count }, () => deletes[0]).flatMap((one) => one ?? []);
		server.play();
		expect((await errorOf(clientOf(server).client.batch(operations))).kind).toBe('invalidInput');
		expect(server.seen).toHaveLength(0);
	});

	it.each([
		[{ method: 'GET', path: 'contacts HTTP/1.1\r\nX: y' }],
		[{ method: 'GET', path: 'https://evil.example/x' }],
		[{ method: 'GET', path: '/admin' }],
		[{ method: 'GET', path: 'contacts', headers: { 'X: y\r\nZ': '1' } }],
		[{ method: 'GET', path: 'contacts', headers: { Prefer: 'a\r\nX: y' } }],
	] as const)('cannot be broken out of by %j', async (operation) => {
		server.play();
		expect((await errorOf(clientOf(server).client.batch([operation]))).kind).toBe('invalidInput');
		expect(server.seen).toHaveLength(0);
	});
});

describe('the text of an answer', () => {
	it.each(['\r\n', '\n'])('is read with line breaks %j, nested parts in order', (lineBreak) => {
		const reply = batchReply(
			[
				{ status: 204, headers: { Location: 'here' } },
				{ status: 200, body: { a: 'ö' } },
			],
			{
				lineBreak,
				changeSet: true,
			},
		);
		const parts = readBatch(asResponse(reply.body));
		expect(parts.map(({ status, contentId }) => [status, contentId])).toEqual([
			[204, '1'],
			[200, '2'],
		]);
		expect(parts[0]?.headers['location']).toBe('here');
		expect(JSON.parse(parts[1]?.body ?? '')).toEqual({ a: 'ö' });
	});

	it('may begin with an empty line and quote its boundary', () => {
		const reply = batchReply([{ status: 204 }]);
		const headers = { 'content-type': 'multipart/mixed;boundary="batchresponse_1"' };
		expect(readBatch({ status: 200, headers, body: `\r\n${String(reply.body)}` })).toHaveLength(1);
	});

	it('keeps a boundary that stands inside a value', () => {
		const body = { text: 'see --batchresponse_1-- and --batchresponse_1' };
		expect(
			JSON.parse(readBatch(asResponse(batchReply([{ status: 200, body }]).body))[0]?.body ?? ''),
		).toEqual(body);
	});

	it('keeps lines that only begin like its boundary', () => {
		const text = 'HTTP/1.1 200 OK\r\n\r\n"a\r\n--batchresponse_12\r\nb"';
		const body = `--batchresponse_1\r\nContent-Type: application/http\r\n\r\n${text}\r\n--batchresponse_1--`;
		expect(readBatch(asResponse(body))[0]?.body).toBe('"a\r\n--batchresponse_12\r\nb"');
	});

	it('with a header called __proto__ touches no prototype', () => {
		const reply = batchReply([{ status: 204, headers: { ['__proto__']: 'polluted' } }]);
		readBatch(asResponse(reply.body));
		expect({}).not.toHaveProperty('polluted');
	});

	it('is never confused with what is sent: boundaries are new each time', () => {
		const one = writeBatch([{ method: 'GET', path: 'a' }], '/', { atomic: false });
		const other = writeBatch([{ method: 'GET', path: 'a' }], '/', { atomic: false });
		expect(one.contentType).not.toBe(other.contentType);
	});
});

function asResponse(body: unknown) {
	return {
		status: 200,
		headers: { 'content-type': 'multipart/mixed; boundary=batchresponse_1' },
		body: String(body),
	};
}

function cut(reply: ReturnType<typeof batchReply>): ReturnType<typeof batchReply> {
	const text = String(reply.body);
	return { ...reply, body: text.slice(0, text.length - 10) };
}
