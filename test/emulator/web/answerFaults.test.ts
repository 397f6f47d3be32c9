import axios, { type AxiosInstance, type AxiosResponse } from 'axios';
import { DynamicsWebApi } from 'dynamics-web-api';
import { startEmulator, type Emulator } from '../../../emulator';
import type { Fault, FaultEffect } from '../../../emulator/contracts';
import { contactId } from '../../../emulator/data';
import { msalToken } from '../../support/msalToken';

/** Judged by axios and dynamics-web-api: what the emulator is told to answer has to reach clients of others. */

let emulator: Emulator;
let api: AxiosInstance;
let library: DynamicsWebApi;

beforeAll(async () => {
	emulator = await startEmulator({ contacts: 10 });
	const token = await msalToken(emulator);
	api = axios.create({
		baseURL: `${emulator.url}/api/data/v9.2/`,
		headers: { Authorization: `Bearer ${token}`, Accept: 'application/json' },
		validateStatus: () => true,
		maxRedirects: 0,
	});
	library = new DynamicsWebApi({
		serverUrl: emulator.url,
		dataApi: { version: '9.2' },
		onTokenRefresh: async () => token,
	});
});
beforeEach(() => emulator.control.clearFaults());
afterAll(async () => await emulator.close());

type Json = Readonly<Record<string, unknown>>;
const order = (effect: FaultEffect, match: Fault['match'] = { path: '/api/' }) =>
	emulator.control.addFault({ match, effect });
const get = async (path: string): Promise<AxiosResponse<Json>> => await api.get<Json>(path);
const rowsOf = (reply: AxiosResponse<Json>) => reply.data.value as readonly Json[];
const one = `contacts(${contactId(1)})?$select=lastname`;
const list = 'contacts?$select=lastname&$orderby=createdon';
const contacts = () => emulator.control.rows('contacts').length;

describe('an answer that was ordered', () => {
	it.each([
		['an empty object', { json: {} }, 200, {}],
		[
			'an error with 200',
			{ json: { error: { code: '0x1', message: 'No' } } },
			200,
			{ error: { code: '0x1', message: 'No' } },
		],
		['an empty list where a row is documented', { json: { value: [] } }, 200, { value: [] }],
		['202 without a body', { status: 202 }, 202, ''],
		['204', { status: 204 }, 204, ''],
		['a text', { text: 'OK' }, 200, 'OK'],
	] as const)('%s', async (_name, effect, status, data) => {
		order({ kind: 'answer', ...effect });
		const reply = await get(one);
		expect([reply.status, reply.data]).toEqual([status, data]);
		expect((await get(one)).data.contactid).toBe(contactId(1));
	});

	it('an HTML page with 200, with headers of its own', async () => {
		order({ kind: 'answer', html: true, headers: { 'X-Proxy': 'gate' } });
		const reply = await api.get<string>(one);
		expect(reply.data).toMatch(/^<!DOCTYPE html>/);
		expect([reply.headers['content-type'], reply.headers['x-proxy']]).toEqual(['text/html', 'gate']);
	});

	it('does nothing, unless it is to come after the service acted', async () => {
		const before = contacts();
		const post = async () => await api.post('contacts', { lastname: 'Doe' });
		order({ kind: 'answer', json: {} });
		expect((await post()).status).toBe(200);
		expect(contacts()).toBe(before);
		order({ kind: 'answer', json: {}, afterActing: true });
		expect((await post()).status).toBe(200);
		expect(contacts()).toBe(before + 1);
	});
});

describe('rows and their ids', () => {
	it('a row, the rows of a list or one of them come without id', async () => {
		order({ kind: 'withoutId' });
		expect(Object.keys((await get(one)).data)).not.toContain('contactid');
		order({ kind: 'withoutId' });
		expect(rowsOf(await get(list)).some((row) => 'contactid' in row)).toBe(false);
		order({ kind: 'withoutId', row: 2 });
		const ids = rowsOf(await get(list)).map((row) => 'contactid' in row);
		expect(ids.slice(0, 3)).toEqual([true, false, true]);
	});

	it('a create answers without the address of what it made, which is there', async () => {
		const before = contacts();
		order({ kind: 'withoutId' });
		const reply = await api.post('contacts', { lastname: 'Doe' });
		expect([reply.status, reply.headers['odata-entityid'], reply.headers.location]).toEqual([
			204,
			undefined,
			undefined,
		]);
		expect(contacts()).toBe(before + 1);
	});

	it('another row than asked for is read', async () => {
		order({ kind: 'otherRow', id: contactId(2) });
		const asked = await get(one);
		expect(asked.data.contactid).toBe(contactId(2));
		expect(asked.data.lastname).toBe((await get(one.replace(contactId(1), contactId(2)))).data.lastname);
	});

	it('a create names another row, a list names another one first', async () => {
		order({ kind: 'otherRow', id: contactId(3) });
		const made = await api.post('contacts', { lastname: 'Doe' });
		expect(String(made.headers['odata-entityid'])).toContain(`(${contactId(3)})`);
		order({ kind: 'otherRow', id: contactId(3) });
		expect(rowsOf(await get(`contacts?$filter=contactid eq ${contactId(1)}`))[0]?.contactid).toBe(
			contactId(3),
		);
	});
});

describe('pages', () => {
	it('a short page keeps its link, a page without its link keeps its rows', async () => {
		const paged = { headers: { Prefer: 'odata.maxpagesize=4' } };
		order({ kind: 'shortPage' });
		const short = await api.get<Json>(list, paged);
		expect([rowsOf(short).length, '@odata.nextLink' in short.data]).toEqual([2, true]);
		order({ kind: 'shortPage', keep: 0 });
		expect(rowsOf(await api.get<Json>(list, paged))).toEqual([]);
		order({ kind: 'noNextLink' });
		const last = await api.get<Json>(list, paged);
		expect([rowsOf(last).length, '@odata.nextLink' in last.data]).toEqual([4, false]);
	});

	it('a FetchXML page does not say that there is more', async () => {
		const fetch = '<fetch count="4"><entity name="contact"><attribute name="fullname"/></entity></fetch>';
		order({ kind: 'noNextLink' });
		const reply = await api.get<Json>(`contacts?fetchXml=${encodeURIComponent(fetch)}`, {
			headers: { Prefer: 'odata.include-annotations="*"' },
		});
		expect(rowsOf(reply)).toHaveLength(4);
		expect(Object.keys(reply.data).filter((name) => /morerecords|cookie/.test(name))).toEqual([]);
	});
});

describe('messages that say what was asked', () => {
	it.each([
		['plain', 'ada@example.org'],
		['encoded', 'ada%40example.org'],
		['escaped', 'ada\\u0040example\\u002eorg'],
		['fullWidth', 'ａｄａ＠ｅｘａｍｐｌｅ．ｏｒｇ'],
	] as const)('%s', async (echo, expected) => {
		order({ kind: 'status', status: 400, code: '0x80040265', message: 'Not valid:', echo });
		const filter = encodeURIComponent("emailaddress1 eq 'ada@example.org'");
		const { data } = await api.get<{ readonly error: { readonly message: string } }>(
			`contacts?$filter=${filter}`,
		);
		expect(data.error.message).toMatch(/^Not valid: /);
		expect(data.error.message).toContain(expected);
	});

	it('the body is said too, also in an HTML page', async () => {
		order({ kind: 'status', status: 502, html: true, echo: 'plain' });
		const reply = await api.post<string>('contacts', { emailaddress1: 'ada@example.org' });
		expect(reply.data).toContain('"emailaddress1":"ada@example.org"');
	});
});

describe('single operations of a batch', () => {
	const changeSet = async () => {
		library.startBatch();
		void library.create({ collection: 'accounts', data: { name: 'Contoso' }, contentId: '1' });
		void library.create({
			collection: 'contacts',
			data: { lastname: 'Employee', 'parentcustomerid_account@odata.bind': '$1' },
			contentId: '2',
		});
		await library.executeBatch();
	};

	const redirect = { status: 302, headers: { Location: 'https://login.example.org/' } } as const;

	it('a part of a change set that is answered with 302 instead of being done takes the others back', async () => {
		const before = [contacts(), emulator.control.rows('accounts').length];
		order({ kind: 'status', ...redirect }, { path: '/contacts$', part: true });
		await changeSet().catch(() => undefined);
		expect([contacts(), emulator.control.rows('accounts').length]).toEqual(before);
		const parts = emulator.control.log().filter(({ batch }) => batch !== undefined);
		expect(parts.at(-1)).toMatchObject({ status: 302, fault: 'status 302' });
	});

	it('a part of a change set that is done is answered with 302', async () => {
		const before = contacts();
		order({ kind: 'status', ...redirect, afterActing: true }, { path: '/contacts$', part: true });
		await changeSet().catch(() => undefined);
		expect(contacts()).toBe(before + 1);
		expect(emulator.control.rows('accounts').some((row) => row.name === 'Contoso')).toBe(true);
	});

	it('a part that is refused takes the change set back', async () => {
		const before = emulator.control.rows('accounts').length;
		order({ kind: 'status', status: 412, code: '0x80040237' }, { path: '/contacts$', part: true });
		await expect(changeSet()).rejects.toMatchObject([{ status: 412 }]);
		expect(emulator.control.rows('accounts')).toHaveLength(before);
	});

	it('whole requests are not hit by what is meant for parts', async () => {
		order({ kind: 'answer', json: {} }, { part: true });
		expect((await get(one)).data.contactid).toBe(contactId(1));
		expect(() => order({ kind: 'resetAfter' }, { part: true })).toThrow('part of a batch');
	});
});

describe('the wire', () => {
	it('a bad header breaks the answer after the work was done', async () => {
		const before = contacts();
		order({ kind: 'badHeader' });
		await expect(api.post('contacts', { lastname: 'Doe' })).rejects.toMatchObject({
			code: 'HPE_INVALID_HEADER_TOKEN',
		});
		expect(contacts()).toBe(before + 1);
	});

	it('an answer that drips comes whole in the end, and not at once', async () => {
		order({ kind: 'drip', everyMs: 5, bytes: 20 });
		const started = performance.now();
		const reply = await get(one);
		expect(reply.data.contactid).toBe(contactId(1));
		expect(performance.now() - started).toBeGreaterThan(40);
	});

	it('an answer without a body drips its head, and a client that leaves ends it', async () => {
		order({ kind: 'drip', everyMs: 50 });
		const request = api.patch(one, { lastname: 'Doe' }, { signal: AbortSignal.timeout(200) });
		await expect(request).rejects.toMatchObject({ code: 'ERR_CANCELED' });
	});

	it('the login server can be hit by all of this', async () => {
		order({ kind: 'answer', json: { error: 'temporarily_unavailable' } }, { path: '/oauth2/' });
		await expect(msalToken(emulator)).rejects.toThrow();
	});
});

describe('over the control endpoint', () => {
	const post = async (fault: unknown) => await axios.post(`${emulator.url}/__emulator/faults`, fault);

	it('the same faults are ordered', async () => {
		await post({ match: { path: 'WhoAmI' }, effect: { kind: 'answer', json: {} } });
		expect((await get('WhoAmI')).data).toEqual({});
	});

	it.each([
		[{ kind: 'otherRow' }, 'id must be a text'],
		[{ kind: 'drip' }, 'everyMs must be a number'],
		[{ kind: 'statusCode' }, 'value must be a number'],
		[{ kind: 'oops' }, 'effect.kind must be one of answer, badHeader'],
	])('%j is refused', async (effect, message) => {
		await expect(post({ effect })).rejects.toMatchObject({
			response: { status: 400, data: { error: expect.stringContaining(message) } },
		});
	});

	it('what only whole requests can suffer is refused for parts', async () => {
		await expect(post({ match: { part: true }, effect: { kind: 'cutBody' } })).rejects.toMatchObject({
			response: { status: 400 },
		});
	});
});
