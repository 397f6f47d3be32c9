import { randomUUID } from 'node:crypto';
import axios, { type AxiosInstance } from 'axios';
import { DynamicsWebApi } from 'dynamics-web-api';
import { startEmulator, type Emulator } from '../../emulator';
import { msalToken } from '../support/msalToken';

/** The judges here were written by others: Microsoft's token library, a plain HTTP client and dynamics-web-api. */

const contacts = 1200;
let emulator: Emulator;

beforeAll(async () => {
	emulator = await startEmulator({ contacts, accounts: 3 });
});

afterAll(async () => await emulator.close());

function http(token: string): AxiosInstance {
	return axios.create({
		baseURL: `${emulator.url}/api/data/v9.2/`,
		headers: { Authorization: `Bearer ${token}`, Accept: 'application/json' },
		validateStatus: () => true,
	});
}

describe('msal-node and axios', () => {
	it.each([
		['a secret', {}],
		['a certificate, PS256', { certificate: true }],
		['a certificate, RS256', { certificate: true, thumbprint: 'sha1' }],
	] as const)('E58: sign in with %s and reach the environment', async (_name, options) => {
		const { data, status } = await http(await msalToken(emulator, options)).get<{ UserId: string }>('WhoAmI');
		expect(status).toBe(200);
		const application = emulator.control.users().find(({ clientId }) => clientId === emulator.clientId);
		expect(data.UserId).toBe(application?.userId);
	});

	it('E58: msal-node reads the refusal of a wrong secret', async () => {
		await expect(msalToken(emulator, { clientSecret: 'wrong' })).rejects.toMatchObject({
			errorCode: 'invalid_client',
			message: expect.stringContaining('AADSTS7000215'),
		});
	});

	it('create, read, list, update and delete a contact', async () => {
		const api = http(await msalToken(emulator));
		const created = await api.post('contacts', { firstname: 'Ada', lastname: "O'Neil & Sons" });
		expect(created.status).toBe(204);
		const url = String(created.headers['odata-entityid']);
		expect(url).toMatch(/\/contacts\([0-9a-f-]{36}\)$/);
		expect((await api.get(`${url}?$select=lastname`)).data).toMatchObject({ lastname: "O'Neil & Sons" });
		const filter = encodeURIComponent("lastname eq 'O''Neil & Sons'");
		expect(
			(await api.get<{ value: object[] }>(`contacts?$select=lastname&$filter=${filter}`)).data.value,
		).toHaveLength(1);
		expect((await api.patch(url, { lastname: 'Lovelace' }, { headers: { 'If-Match': '*' } })).status).toBe(
			204,
		);
		expect((await api.delete(url)).status).toBe(204);
		expect((await api.get(url)).status).toBe(404);
	});
});

describe('dynamics-web-api, unmodified', () => {
	let api: DynamicsWebApi;

	beforeAll(() => {
		api = new DynamicsWebApi({
			serverUrl: emulator.url,
			dataApi: { version: '9.2' },
			onTokenRefresh: async () => await msalToken(emulator),
		});
	});

	interface Contact {
		readonly contactid: string;
		readonly fullname?: string;
		readonly lastname?: string;
	}

	it('creates, reads, updates and deletes', async () => {
		const data = { lastname: 'Hopper' };
		const created: unknown = await api.create({ collection: 'contacts', data, returnRepresentation: true });
		const key = (created as Contact).contactid;
		await api.update({ collection: 'contacts', key, data: { lastname: 'Murray Hopper' } });
		const read = await api.retrieve<Contact>({ collection: 'contacts', key, select: ['lastname'] });
		expect(read.lastname).toBe('Murray Hopper');
		await api.deleteRecord({ collection: 'contacts', key });
		await expect(api.retrieve({ collection: 'contacts', key })).rejects.toMatchObject({
			status: 404,
			code: '0x80040217',
		});
	});

	it('lists every contact once, page by page', async () => {
		const { value = [] } = await api.retrieveAll<Contact>({ collection: 'contacts', select: ['fullname'] });
		expect(new Set(value.map((row) => row.contactid)).size).toBe(contacts);
		const first = await api.retrieveMultiple<Contact>({
			collection: 'contacts',
			select: ['fullname'],
			maxPageSize: 500,
		});
		expect(first.value).toHaveLength(500);
		const second = await api.retrieveMultiple<Contact>(
			{ collection: 'contacts', maxPageSize: 500 },
			first.oDataNextLink,
		);
		expect(second.value).toHaveLength(500);
		expect(second.value[0]?.contactid).not.toBe(first.value[0]?.contactid);
	});

	it('E45: reads FetchXML page by page with the cookies', async () => {
		const fetchXml =
			'<fetch count="500"><entity name="contact"><attribute name="fullname"/><order attribute="contactid"/></entity></fetch>';
		const { value = [] } = await api.fetchAll<Contact>({
			collection: 'contacts',
			fetchXml,
			includeAnnotations: '*',
		});
		expect(new Set(value.map((row) => row.contactid)).size).toBe(contacts);
	});

	it('E41: sends a filter of more than 2000 characters as a batch and gets the rows', async () => {
		emulator.control.clearLog();
		const filter = `lastname eq 'Smith' or lastname eq '${'x'.repeat(2500)}'`;
		const { value } = await api.retrieveMultiple<Contact>({
			collection: 'contacts',
			select: ['lastname'],
			filter,
		});
		expect(value.length).toBeGreaterThan(0);
		expect(new Set(value.map((row) => row.lastname))).toEqual(new Set(['Smith']));
		expect(emulator.control.log({ path: '\\$batch$' })).toHaveLength(1);
	});

	it('E53: writes a change set whose second row points at the first', async () => {
		const name = `Company ${randomUUID()}`;
		api.startBatch();
		void api.create({ collection: 'accounts', data: { name }, contentId: '1' });
		void api.create({
			collection: 'contacts',
			data: { lastname: 'Employee', 'parentcustomerid_account@odata.bind': '$1' },
		});
		await api.executeBatch();
		const account = emulator.control.rows('accounts').find((row) => row.name === name);
		const employee = emulator.control.rows('contacts').find((row) => row.lastname === 'Employee');
		expect(account).toBeDefined();
		expect(employee?.parentcustomerid).toBe(account?.accountid);
	});

	it('E56: asks who it is', async () => {
		const who = await api.callFunction<{ UserId: string }>({ functionName: 'WhoAmI' });
		expect(who.UserId).toMatch(/^[0-9a-f-]{36}$/);
	});

	it('E49: reads the error of an action that does not exist', async () => {
		await expect(api.callAction({ actionName: 'NoSuchAction' })).rejects.toMatchObject({
			status: 404,
			code: '0x80060888',
		});
	});
});
