import axios, { type AxiosInstance, type AxiosResponse } from 'axios';
import { DynamicsWebApi } from 'dynamics-web-api';
import { startEmulator, type Emulator } from '../../emulator';
import { msalToken } from '../support/msalToken';

/** Related rows as the documentation describes them, asked with axios and dynamics-web-api. */

type Json = Readonly<Record<string, unknown>>;
const north = '11111111-0000-4000-8000-000000000001';
const south = '11111111-0000-4000-8000-000000000002';
const contactId = (n: number) => `22222222-0000-4000-8000-00000000000${n}`;
const [ada, ben, cleo, dan] = [contactId(1), contactId(2), contactId(3), contactId(4)] as const;

let emulator: Emulator;
let api: AxiosInstance;
let library: DynamicsWebApi;

beforeAll(async () => {
	emulator = await startEmulator();
	const token = await msalToken(emulator);
	api = axios.create({
		baseURL: `${emulator.url}/api/data/v9.2/`,
		headers: { Authorization: `Bearer ${token}`, Accept: 'application/json' },
		validateStatus: () => true,
	});
	library = new DynamicsWebApi({
		serverUrl: emulator.url,
		dataApi: { version: '9.2' },
		onTokenRefresh: async () => token,
	});
});
afterAll(async () => await emulator.close());

/** North has Ada (42) and Ben (7), South has Cleo (42); Dan is in none. */
beforeEach(async () => {
	for (const set of ['accounts', 'contacts']) {
		for (const row of emulator.control.rows(set)) {
			await api.delete(`${set}(${String(row[set === 'accounts' ? 'accountid' : 'contactid'])})`);
		}
	}
	await api.post('accounts', { accountid: north, name: 'North' });
	await api.post('accounts', { accountid: south, name: 'South' });
	const people: ReadonlyArray<readonly [string, string, number, string | undefined]> = [
		[ada, 'Ada', 42, north],
		[ben, 'Ben', 7, north],
		[cleo, 'Cleo', 42, south],
		[dan, 'Dan', 1, undefined],
	];
	for (const [contactid, firstname, annualincome, account] of people) {
		const parent = account && { 'parentcustomerid_account@odata.bind': `/accounts(${account})` };
		const reply = await api.post('contacts', { contactid, firstname, annualincome, ...parent });
		if (reply.status !== 204) throw new Error(JSON.stringify(reply.data));
	}
});

const get = async (path: string): Promise<AxiosResponse<Json>> => await api.get<Json>(path);
const rows = async (path: string) => (await get(path)).data.value as readonly Json[];
const names = async (path: string) => (await rows(path)).map((row) => row.name ?? row.firstname);
const filtered = async (set: string, filter: string) =>
	await names(`${set}?$filter=${encodeURIComponent(filter)}`);
const message = (reply: AxiosResponse<Json>) => (reply.data.error as { readonly message: string }).message;

describe('any and all in a filter', () => {
	const related = 'contact_customer_accounts';

	it.each([
		[`${related}/any(c:c/firstname eq 'Ben')`, ['North']],
		[`${related}/any(c:c/annualincome eq 42 and contains(c/firstname,'a'))`, ['North']],
		[`${related}/all(c:c/annualincome gt 40)`, ['South']],
		[`not ${related}/any(c:c/firstname eq 'Ben')`, ['South']],
		[`${related}/any()`, ['North', 'South']],
		[
			`name eq 'South' and ${related}/any(c:Microsoft.Dynamics.CRM.In(PropertyName='c/x',PropertyValues=['1']))`,
			400,
		],
		[`${related}/any(c:firstname eq 'Ben')`, 400],
		[`${related}/all()`, 400],
		["no_such_thing/any(c:c/firstname eq 'Ben')", 400],
	])('%s', async (filter, expected) => {
		const reply = await get(`accounts?$filter=${encodeURIComponent(filter)}`);
		if (expected === 400) expect(reply.status).toBe(400);
		else expect(await filtered('accounts', filter)).toEqual(expected);
	});

	it('nests, and follows lookups inside', async () => {
		const nested =
			"contact_customer_accounts/any(c:c/parentcustomerid_account/contact_customer_accounts/any(d:d/firstname eq 'Ben'))";
		expect((await get(`accounts?$filter=${encodeURIComponent(nested)}`)).status).toBe(400);
		const path = "contact_customer_accounts/any(c:c/parentcustomerid_account/name eq 'South')";
		expect(await filtered('accounts', path)).toEqual(['South']);
	});
});

describe('expand of collections', () => {
	const expand = async (inside: string) => {
		const [account] = await rows(
			`accounts?$expand=contact_customer_accounts(${inside})&$filter=name eq 'North'`,
		);
		return account ?? {};
	};

	it('filters, orders and cuts the rows inside', async () => {
		const people = (account: Json) =>
			(account.contact_customer_accounts as readonly Json[]).map(({ firstname }) => firstname);
		expect(people(await expand('$select=firstname;$orderby=firstname desc'))).toEqual(['Ben', 'Ada']);
		expect(people(await expand("$select=firstname;$filter=firstname eq 'Ben'"))).toEqual(['Ben']);
		expect(people(await expand('$orderby=annualincome;$top=1'))).toEqual(['Ben']);
	});

	it('its next link gives the same rows again', async () => {
		const account = await expand("$select=firstname;$filter=firstname ne 'Ben'");
		const link = String(account['contact_customer_accounts@odata.nextLink']);
		expect(link.startsWith(`${emulator.url}/api/data/v9.2/accounts(${north})/`)).toBe(true);
		expect(await names(link)).toEqual(['Ada']);
	});

	it('nests, and says in the context what it holds', async () => {
		const reply = await get(
			`contacts(${ada})?$select=firstname&$expand=parentcustomerid_account($select=name;$expand=owningbusinessunit($select=name))`,
		);
		expect(reply.data.parentcustomerid_account).toMatchObject({
			name: 'North',
			owningbusinessunit: { name: expect.any(String) as string },
		});
		expect(reply.data['@odata.context']).toContain(
			'#contacts(firstname,parentcustomerid_account(name,owningbusinessunit(name)))/$entity',
		);
	});

	it('refuses with the documented texts', async () => {
		const single = await get(`contacts?$expand=parentcustomerid_account($orderby=name)`);
		expect(message(single)).toMatch(/^Only \$select and \$filter clause can be provided/);
		const ref = await get('accounts?$expand=contact_customer_accounts/$ref');
		expect(message(ref)).toBe('Expand with $ref is only supported on lookup type navigation property.');
		const reply = await get(`contacts(${ada})?$expand=parentcustomerid_account/$ref`);
		expect(reply.data.parentcustomerid_account).toEqual({
			'@odata.id': `${emulator.url}/api/data/v9.2/accounts(${north})`,
		});
	});
});

describe('paths', () => {
	it('count the rows of a collection, filtered', async () => {
		const all = await api.get<number>(`accounts(${north})/contact_customer_accounts/$count`);
		expect([all.data, all.headers['content-type']]).toEqual([2, 'text/plain']);
		const some = await api.get<number>(
			`accounts(${north})/contact_customer_accounts/$count?$filter=annualincome gt 10`,
		);
		expect(some.data).toBe(1);
	});

	it('take two steps, in addresses and in filters', async () => {
		const name = await get(`contacts(${ada})/parentcustomerid_account/name`);
		expect(name.data.value).toBe('North');
		const unit = await get(`contacts(${ada})/parentcustomerid_account/owningbusinessunit?$select=name`);
		expect(unit.data.name).toEqual(expect.any(String));
		const siblings = await names(`contacts(${ada})/parentcustomerid_account/contact_customer_accounts`);
		expect(siblings).toEqual(['Ada', 'Ben']);
		const filter = `parentcustomerid_account/owningbusinessunit/name eq '${String(unit.data.name)}'`;
		expect(await filtered('contacts', filter)).toEqual(['Ada', 'Ben', 'Cleo']);
		expect((await get(`contacts(${dan})/parentcustomerid_account/name`)).status).toBe(204);
	});
});

describe('references', () => {
	it('are read', async () => {
		const one = await get(`contacts(${ada})/parentcustomerid_account/$ref`);
		expect(one.data['@odata.id']).toBe(`${emulator.url}/api/data/v9.2/accounts(${north})`);
		const many = await rows(`accounts(${north})/contact_customer_accounts/$ref`);
		expect(many).toEqual(
			[ada, ben].map((id) => ({ '@odata.id': `${emulator.url}/api/data/v9.2/contacts(${id})` })),
		);
	});

	it('dynamics-web-api relates rows and takes them apart, from both sides', async () => {
		const members = async () => await names(`accounts(${south})/contact_customer_accounts`);
		await library.associate({
			collection: 'accounts',
			primaryKey: south,
			relationshipName: 'contact_customer_accounts',
			relatedCollection: 'contacts',
			relatedKey: dan,
		});
		expect(await members()).toEqual(['Cleo', 'Dan']);
		await library.disassociate({
			collection: 'accounts',
			primaryKey: south,
			relationshipName: 'contact_customer_accounts',
			relatedKey: cleo,
		});
		expect(await members()).toEqual(['Dan']);
		await library.associateSingleValued({
			collection: 'contacts',
			primaryKey: ben,
			navigationProperty: 'parentcustomerid_account',
			relatedCollection: 'accounts',
			relatedKey: south,
		});
		expect(await members()).toEqual(['Ben', 'Dan']);
		await library.disassociateSingleValued({
			collection: 'contacts',
			primaryKey: ben,
			navigationProperty: 'parentcustomerid_account',
		});
		expect(await members()).toEqual(['Dan']);
	});

	it('name the row to take out by $id too, and refuse a row of another table', async () => {
		const set = `accounts(${north})/contact_customer_accounts/$ref`;
		const id = encodeURIComponent(`${emulator.url}/api/data/v9.2/contacts(${ada})`);
		expect((await api.delete(`${set}?$id=${id}`)).status).toBe(204);
		expect(await names(`accounts(${north})/contact_customer_accounts`)).toEqual(['Ben']);
		expect((await api.post(set, { '@odata.id': `accounts(${south})` })).status).toBe(400);
		expect(
			(await api.post(set, { '@odata.id': 'contacts(99999999-0000-4000-8000-000000000009)' })).status,
		).toBe(404);
		expect((await api.delete(set)).status).toBe(400);
	});
});

describe('a create with rows inside', () => {
	it('makes the row that a lookup leads to, and the rows that point at the new one', async () => {
		const reply = await api.post('contacts', {
			firstname: 'Eve',
			parentcustomerid_account: { name: 'East', contact_customer_accounts: [{ firstname: 'Fay' }] },
			contact_customer_contacts: [{ firstname: 'Gus' }, { firstname: 'Hal' }],
		});
		expect(reply.status).toBe(204);
		const eve = String(reply.headers['odata-entityid']);
		expect((await get(`${eve}/parentcustomerid_account/name`)).data.value).toBe('East');
		expect(await names(`${eve}/parentcustomerid_account/contact_customer_accounts`)).toEqual(['Fay', 'Eve']);
		expect(await names(`${eve}/contact_customer_contacts`)).toEqual(['Gus', 'Hal']);
	});

	it('is all or nothing', async () => {
		const before = emulator.control.rows('accounts').length;
		const reply = await api.post('contacts', {
			firstname: 'Eve',
			parentcustomerid_account: { name: 'East' },
			contact_customer_contacts: [{ firstname: 'x'.repeat(5000) }],
		});
		expect(reply.status).toBe(400);
		expect(emulator.control.rows('accounts')).toHaveLength(before);
		expect(await filtered('contacts', "firstname eq 'Eve'")).toEqual([]);
	});

	it.each([
		['something else than rows', { contact_customer_contacts: ['Gus'] }],
		['a property that is none', { no_such_thing: { name: 'X' } }],
	])('with %s is refused', async (_, body) => {
		expect((await api.post('contacts', { firstname: 'Eve', ...body })).status).toBe(400);
	});
});
