import { fetchXmlText } from '../../../core/dataverse/text/fetchxml';
import { eq, literal, orderBy } from '../../../core/dataverse/text/odata';
import type { Reply } from '../../support/scriptedServer';
import { allPages, batchReply, clientOf, errorOf, ID, refusal, useServer } from './setup';

const server = useServer();
const LINK =
	'/api/data/v9.2/contacts?$select=fullname&$skiptoken=%3Ccookie%20pagenumber=%222%22%20x=%2527+%C3%B6%22/%3E';
const rowsOf = (...ids: readonly string[]) => ids.map((contactid) => ({ contactid }));

describe('lists', () => {
	it('come page by page, and the link to the next page goes out byte for byte', async () => {
		server.play(
			() => ({
				body: { value: rowsOf('1', '2'), '@odata.nextLink': `${server.url}${LINK}`, '@odata.count': 3 },
			}),
			{ body: { value: rowsOf('3') } },
		);
		const { client } = clientOf(server);
		const pages = await allPages(
			client.listPages('contacts', {
				select: ['fullname'],
				filter: eq('lastname', literal.string("O'Brien & Söhne")),
				orderBy: orderBy([{ column: 'createdon', descending: true }, { column: 'contactid' }]),
				pageSize: 2,
				count: true,
			}),
		);
		expect(pages.map(({ rows }) => rows.length)).toEqual([2, 1]);
		expect(pages[0]?.count).toBe(3);
		expect(pages[1]?.nextLink).toBeUndefined();
		expect(server.seen.map(({ url }) => url)).toEqual([
			'/api/data/v9.2/contacts?$select=fullname&$filter=lastname%20eq%20%27O%27%27Brien%20%26%20S%C3%B6hne%27' +
				'&$orderby=createdon%20desc%2Ccontactid&$count=true',
			LINK,
		]);
		expect(server.seen.map(({ headers }) => headers['prefer'])).toEqual([
			'odata.maxpagesize=2',
			'odata.maxpagesize=2',
		]);
	});

	it('can be continued from a link of an earlier run', async () => {
		server.play({ body: { value: rowsOf('3') } });
		const pages = await allPages(
			clientOf(server).client.listPages('contacts', { nextLink: `${server.url}${LINK}` }),
		);
		expect(pages).toHaveLength(1);
		expect(server.seen[0]?.url).toBe(LINK);
	});

	it('read no further than the caller does', async () => {
		server.play(() => ({ body: { value: rowsOf('1'), '@odata.nextLink': `${server.url}${LINK}` } }));
		for await (const page of clientOf(server).client.listPages('contacts', {})) {
			expect(page.rows).toHaveLength(1);
			break;
		}
		expect(server.seen).toHaveLength(1);
	});

	const elsewhere = (): readonly string[] => [
		'https://evil.example/api/data/v9.2/contacts',
		`${server.url.replace('127.0.0.1', '127.0.0.2')}${LINK}`,
		`${server.url}0${LINK}`,
		`${server.url.replace('http:', 'https:')}${LINK}`,
		`${server.url.replace('http://', 'http://127.0.0.1@evil.example:')}${LINK}`,
		`${server.url}\\@evil.example${LINK}`,
		`${server.url}@evil.example${LINK}`,
		`${server.url}/other/path`,
		`${server.url}${LINK}\r\nX: y`,
		`//evil.example${LINK}`,
		LINK,
		'',
	];

	it('do not follow a link to elsewhere, so that the token stays home', async () => {
		for (const link of elsewhere().filter((text) => text !== '')) {
			server.play({ body: { value: rowsOf('1'), '@odata.nextLink': link } });
			const error = await errorOf(allPages(clientOf(server).client.listPages('contacts', {})));
			expect(error.kind).toBe('unexpectedReply');
			expect(server.seen).toHaveLength(1);
		}
	});

	it('do not begin at a link to elsewhere', async () => {
		server.play();
		for (const nextLink of elsewhere()) {
			const error = await errorOf(allPages(clientOf(server).client.listPages('contacts', { nextLink })));
			expect(error.kind).toBe('unexpectedReply');
		}
		expect(server.seen).toHaveLength(0);
	});

	it('that lead in a circle end', async () => {
		const turn = (to: string) => (): Reply => ({
			body: { value: [], '@odata.nextLink': `${server.url}/api/data/v9.2/contacts?p=${to}` },
		});
		server.play(turn('a'), turn('b'), turn('c'), turn('a'), turn('b'), turn('c'));
		const error = await errorOf(allPages(clientOf(server).client.listPages('contacts', {})));
		expect(error.kind).toBe('unexpectedReply');
		expect(server.seen.length).toBeLessThanOrEqual(4);
	});

	it.each([
		'[]',
		'{}',
		'{"value":{}}',
		'{"value":[1]}',
		'{"value":[null]}',
		'null',
		'',
		'{"__proto__":{"value":[]}}',
	])('a reply "%s" is no list', async (body) => {
		server.play({ status: 200, body });
		const error = await errorOf(allPages(clientOf(server).client.listPages('contacts', {})));
		expect(error.kind).toBe('unexpectedReply');
		expect(Object.prototype).not.toHaveProperty('value');
	});

	it.each([0, 5001, 1.5, NaN])('a page of %d rows is refused before any request', async (pageSize) => {
		server.play();
		const error = await errorOf(allPages(clientOf(server).client.listPages('contacts', { pageSize })));
		expect(error.kind).toBe('invalidInput');
	});
});

describe('long queries', () => {
	const longFilter = (length: number) => eq('lastname', literal.string('x'.repeat(length)));

	it('go as a GET inside $batch and come back the same', async () => {
		server.play(batchReply([{ status: 200, body: { value: rowsOf('1') } }]));
		const { client } = clientOf(server);
		const pages = await allPages(client.listPages('contacts', { filter: longFilter(33_000), pageSize: 7 }));
		expect(pages[0]?.rows).toEqual(rowsOf('1'));
		expect(server.seen[0]).toMatchObject({ method: 'POST', url: '/api/data/v9.2/$batch' });
		expect(server.seen[0]?.body).toContain('\r\nGET /api/data/v9.2/contacts?$filter=lastname%20eq%20%27xxx');
		expect(server.seen[0]?.body).toContain('\r\nPrefer: odata.maxpagesize=7\r\n');
	});

	it('of up to 32,000 characters go plainly', async () => {
		server.play({ body: { value: [] } });
		await allPages(clientOf(server).client.listPages('contacts', { filter: longFilter(31_000) }));
		expect(server.seen[0]?.method).toBe('GET');
	});

	it('are refused when not even a batch can carry them', async () => {
		server.play();
		const list = clientOf(server).client.listPages('contacts', { filter: longFilter(66_000) });
		expect((await errorOf(allPages(list))).kind).toBe('invalidInput');
		expect(server.seen).toHaveLength(0);
	});

	it('are throttled, missed and refused like plain ones', async () => {
		const part = (status: number, code: string, headers = {}) => ({
			status,
			headers,
			body: { error: { code, message: 'm' } },
		});
		server.play(
			batchReply([part(429, '0x80072322', { 'Retry-After': '4' })], { status: 429 }),
			batchReply([part(503, '')], { status: 503 }),
			batchReply([part(403, '0x80040220')], { status: 403 }),
		);
		const { client, clock } = clientOf(server);
		const error = await errorOf(allPages(client.listPages('contacts', { filter: longFilter(33_000) })));
		expect(error).toMatchObject({ kind: 'forbidden', code: '0x80040220' });
		expect(error.request).toBe('GET contacts');
		expect(clock.sleeps).toEqual([4000, 1000]);
	});

	it('with a refused token inside the batch renew it by a plain request and are sent once more', async () => {
		server.play(
			batchReply([{ status: 401 }], { status: 401 }),
			{ body: {} },
			batchReply([{ status: 200, body: { value: rowsOf('1') } }]),
		);
		const { client } = clientOf(server);
		await allPages(client.listPages('contacts', { filter: longFilter(33_000) }));
		expect(server.seen.map(({ url }) => url.split('/').pop())).toEqual(['$batch', 'WhoAmI', '$batch']);
	});

	it('with a token that stays refused end', async () => {
		const refused = batchReply([{ status: 401 }], { status: 401 });
		server.play(refused, { status: 401 }, refused);
		const error = await errorOf(
			allPages(clientOf(server).client.listPages('contacts', { filter: longFilter(33_000) })),
		);
		expect(error.kind).toBe('signIn');
		expect(server.seen).toHaveLength(3);
	});
});

describe('FetchXML pages', () => {
	const cookie = `<cookie page="1"><fullname last="D&apos;Arc &amp; &lt;Söhne&gt; 100%" first="a+b" /><contactid last="{${ID.toUpperCase()}}" /></cookie>`;
	const annotation = `<cookie pagenumber="2" pagingcookie="${encodeURIComponent(encodeURIComponent(cookie))}" istracking="False" />`;
	const more = (pagingCookie?: string): Reply => ({
		body: {
			value: rowsOf('1'),
			'@Microsoft.Dynamics.CRM.morerecords': true,
			...(pagingCookie === undefined ? {} : { '@Microsoft.Dynamics.CRM.fetchxmlpagingcookie': pagingCookie }),
		},
	});
	const last: Reply = { body: { value: rowsOf('2') } };
	const sentQuery = (index: number) =>
		new URL(server.seen[index]?.url ?? '', 'http://x').searchParams.get('fetchXml') ?? '';
	const fetch = { entity: 'contact', attributes: ['fullname'], count: 50 };

	it('carry the cookie back, quotes, ampersands and angle brackets unharmed', async () => {
		server.play(more(annotation), last);
		const pages = await allPages(clientOf(server).client.fetchPages('contacts', fetch));
		expect(pages).toHaveLength(2);
		expect(sentQuery(1)).toBe(fetchXmlText({ ...fetch, page: 2, pagingCookie: cookie }));
		const sent = /paging-cookie="([^"]*)"/.exec(sentQuery(1))?.[1] ?? '';
		expect(sent).toContain('D&amp;apos;Arc &amp;amp; &amp;lt;Söhne&amp;gt; 100%');
		expect(server.seen[0]?.headers['prefer']).toContain('Microsoft.Dynamics.CRM.morerecords');
	});

	it('go on by number where the service gives no cookie, up to 50,000 rows', async () => {
		server.play(...Array.from({ length: 20 }, () => more()));
		const { client } = clientOf(server);
		const error = await errorOf(allPages(client.fetchPages('contacts', { ...fetch, count: 5000 })));
		expect(error.kind).toBe('refused');
		expect(server.seen).toHaveLength(10);
		expect(sentQuery(9)).toContain('page="10"');
	});

	it('end when the same cookie comes again', async () => {
		server.play(more(annotation), more(annotation), more(annotation));
		const error = await errorOf(allPages(clientOf(server).client.fetchPages('contacts', fetch)));
		expect(error.kind).toBe('unexpectedReply');
		expect(server.seen).toHaveLength(2);
	});

	it('end with the service when it refuses a query', async () => {
		server.play(refusal(400, '0x80041103', "'contact' entity doesn't contain attribute 'x'"));
		const error = await errorOf(allPages(clientOf(server).client.fetchPages('contacts', fetch)));
		expect(error).toMatchObject({ kind: 'refused', code: '0x80041103' });
		expect(error.serviceText).toContain('attribute');
	});
});
