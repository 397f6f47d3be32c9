import { contactId } from '../../../emulator/data';
import { errorOf, dataService, root } from './support';

const representation = { prefer: 'return=representation' };
const unknownId = '99999999-0000-4000-8000-000000000009';

describe('writing and reading one row', () => {
	it('E01 a create answers 204 with the address of the new row and no body', () => {
		const { send, get } = dataService();
		const answer = send('POST', 'contacts', { firstname: 'Ann', lastname: 'Lee' });
		expect([answer.status, answer.body]).toEqual([204, undefined]);
		expect(answer.headers['OData-Version']).toBe('4.0');
		const address = answer.headers['OData-EntityId'] ?? '';
		expect(address).toMatch(/^http:\/\/127\.0\.0\.1:4711\/api\/data\/v9\.2\/contacts\([0-9a-f-]{36}\)$/);
		expect(answer.headers.Location).toBe(address);
		expect(get(address).json.fullname).toBe('Ann Lee');
	});

	it('E02 a create with representation answers 201 with the row and without OData-EntityId', () => {
		const answer = dataService().send('POST', 'contacts', { lastname: 'Lee' }, representation);
		expect(answer.status).toBe(201);
		expect(answer.headers['Preference-Applied']).toBe('return=representation');
		expect(answer.headers['OData-EntityId']).toBeUndefined();
		expect(answer.json['@odata.context']).toBe(`${root}$metadata#contacts/$entity`);
		expect(answer.json['@odata.etag']).toMatch(/^W\/"\d+"$/);
		expect(answer.json.contactid).toMatch(/^[0-9a-f-]{36}$/);
	});

	it('E03 representations honour $select, creates also $expand, updates do not', () => {
		const { send } = dataService({ accounts: 1 });
		const body = {
			lastname: 'Lee',
			'parentcustomerid_account@odata.bind': '/accounts(acc00000-0000-4000-8000-000000000000)',
		};
		const query = '?$select=lastname&$expand=parentcustomerid_account($select=name)';
		const created = send('POST', `contacts${query}`, body, representation).json;
		expect(created.parentcustomerid_account).toMatchObject({ name: "O'Brien Ltd 0" });
		expect(created).not.toHaveProperty('firstname');
		const updated = send(
			'PATCH',
			`contacts(${String(created.contactid)})${query}`,
			{ lastname: 'Ray' },
			representation,
		);
		expect(updated.status).toBe(200);
		expect(updated.json.lastname).toBe('Ray');
		expect(updated.json).not.toHaveProperty('parentcustomerid_account');
	});

	it('E04 an update changes the given columns only and the etag', () => {
		const { send, get } = dataService({ contacts: 2 });
		const before = get(`contacts(${contactId(0)})`).json;
		expect(send('PATCH', `contacts(${contactId(0).toUpperCase()})`, { jobtitle: 'Boss' }).status).toBe(204);
		const after = get(`contacts(${contactId(0)})`).json;
		expect(after).toMatchObject({ jobtitle: 'Boss', emailaddress1: before.emailaddress1 });
		expect(after['@odata.etag']).not.toBe(before['@odata.etag']);
	});

	it('E05 an update of an unknown id creates the row under that id', () => {
		const { send, get } = dataService();
		expect(send('PATCH', `contacts(${unknownId})`, { lastname: 'New' }).status).toBe(204);
		expect(get(`contacts(${unknownId})`).json.lastname).toBe('New');
	});

	it('E06 If-Match: * keeps an update from creating', () => {
		const { send, get } = dataService();
		const answer = send('PATCH', `contacts(${unknownId})`, { lastname: 'New' }, { 'if-match': '*' });
		expect(errorOf(answer)).toMatchObject({ status: 404, code: '0x80040217' });
		expect(get(`contacts(${unknownId})`).status).toBe(404);
	});

	it('E07 If-None-Match: * keeps an upsert from updating', () => {
		const { send, get } = dataService({ contacts: 1 });
		const headers = { 'if-none-match': '*' };
		const refused = send('PATCH', `contacts(${contactId(0)})`, { lastname: 'Changed' }, headers);
		expect(errorOf(refused)).toMatchObject({
			status: 412,
			message: 'A record with matching key values already exists.',
		});
		expect(get(`contacts(${contactId(0)})`).json.lastname).toBe("O'Brien");
		expect(send('PATCH', `contacts(${unknownId})`, { lastname: 'New' }, headers).status).toBe(204);
	});

	it('E08 a stale etag stops update and delete, the current one lets them pass', () => {
		const { send, get } = dataService({ contacts: 1 });
		const path = `contacts(${contactId(0)})`;
		for (const method of ['PATCH', 'DELETE']) {
			const answer = send(method, path, { lastname: 'X' }, { 'if-match': 'W/"1"' });
			expect(errorOf(answer)).toMatchObject({ status: 412, code: '0x80060882' });
			expect(get(path).json.lastname).toBe("O'Brien");
		}
		const etag = String(get(path).json['@odata.etag']);
		expect(send('PATCH', path, { lastname: 'X' }, { 'if-match': etag }).status).toBe(204);
		expect(
			send('DELETE', path, undefined, { 'if-match': String(get(path).json['@odata.etag']) }).status,
		).toBe(204);
	});

	it('E09 the literal If-None-Match: null changes nothing', () => {
		const { send } = dataService({ contacts: 1 });
		const headers = { 'if-none-match': 'null', 'if-match': '*' };
		const path = `contacts(${contactId(0)})`;
		expect(send('GET', path, undefined, { 'if-none-match': 'null' }).status).toBe(200);
		expect(send('POST', 'contacts', { lastname: 'A' }, { 'if-none-match': 'null' }).status).toBe(204);
		expect(send('PATCH', path, { lastname: 'A' }, headers).status).toBe(204);
		expect(send('DELETE', path, undefined, headers).status).toBe(204);
	});

	it('E10 an unchanged row answers 304, unless expanded or annotated', () => {
		const { get } = dataService({ contacts: 1 });
		const path = `contacts(${contactId(0)})`;
		const headers = { 'if-none-match': String(get(path).json['@odata.etag']) };
		const unchanged = get(path, headers);
		expect([unchanged.status, unchanged.body]).toEqual([304, undefined]);
		expect(get(`${path}?$expand=owningbusinessunit`, headers).status).toBe(200);
		expect(get(path, { ...headers, prefer: 'odata.include-annotations="*"' }).status).toBe(200);
	});

	it('E11 a delete answers 204 once and 404 afterwards', () => {
		const { send } = dataService({ contacts: 1 });
		expect(send('DELETE', `contacts(${contactId(0)})`).status).toBe(204);
		expect(send('DELETE', `contacts(${contactId(0)})`).status).toBe(404);
	});

	it('E12 an unknown id answers 404 0x80040217, or an empty code where that is assumed', () => {
		expect(errorOf(dataService().get(`contacts(${unknownId})`))).toEqual({
			status: 404,
			code: '0x80040217',
			message: `contact With Id = ${unknownId} Does Not Exist`,
		});
		const older = dataService({ assumptions: { emptyErrorCodes: 'yes' } });
		expect(errorOf(older.get(`contacts(${unknownId})`))).toMatchObject({ status: 404, code: '' });
	});

	it('E13 an alternate key finds its row; a lookup in it goes by _x_value only', () => {
		const { send, get } = dataService({ accounts: 3 });
		const account = 'acc00000-0000-4000-8000-000000000001';
		expect(get("accounts(accountnumber='ACC-000002')").json.accountid).toBe(
			'acc00000-0000-4000-8000-000000000002',
		);
		expect(errorOf(get("accounts(accountnumber='none')"))).toMatchObject({ status: 404, code: '0x80060891' });
		send('POST', 'contacts', {
			lastname: "It's",
			emailaddress2: "o'b@example.com",
			'parentcustomerid_account@odata.bind': `accounts(${account})`,
		});
		expect(
			get(`contacts(emailaddress2='o''b@example.com',_parentcustomerid_value=${account})`).json.lastname,
		).toBe("It's");
		const bare = get(`contacts(emailaddress2='o''b@example.com',parentcustomerid=${account})`);
		expect(errorOf(bare)).toMatchObject({ status: 400, code: '0x80060888' });
	});

	it('E14 an error has code and message alone, details only when asked for', () => {
		const { get } = dataService();
		expect(Object.keys(get(`contacts(${unknownId})`).json.error as object)).toEqual(['code', 'message']);
		const headers = { prefer: 'odata.include-annotations="Microsoft.PowerApps.CDS.ErrorDetails*"' };
		expect(Object.keys(get(`contacts(${unknownId})`, headers).json.error as object)).toEqual([
			'code',
			'message',
			'@Microsoft.PowerApps.CDS.ErrorDetails.OperationStatus',
			'@Microsoft.PowerApps.CDS.ErrorDetails.SubErrorCode',
		]);
	});

	it('E15 unknown sets, actions, columns and body properties are refused by name', () => {
		const { get, send } = dataService();
		expect(errorOf(get('nosuchthings'))).toMatchObject({ status: 404, code: '0x80060888' });
		expect(errorOf(send('POST', 'constructor', {}))).toMatchObject({ status: 404, code: '0x80060888' });
		expect(errorOf(get('contacts?$select=nickname9'))).toMatchObject({ status: 400, code: '0x80060888' });
		expect(errorOf(get('contacts?$select=nickname9')).message).toContain("'nickname9'");
		for (const body of [
			{ nickname9: 1 },
			JSON.parse('{"__proto__":{"a":1}}'),
			{ 'nope@odata.bind': '/accounts(1)' },
		]) {
			expect(errorOf(send('POST', 'contacts', body))).toMatchObject({ status: 400, code: '0x80048d19' });
		}
	});

	it('E16 PATCH and DELETE on a set answer 405', () => {
		const { send } = dataService();
		expect(send('PATCH', 'contacts', {}).status).toBe(405);
		expect(send('DELETE', 'contacts').status).toBe(405);
	});

	it('E17 a text that is too long is refused and nothing is written', () => {
		const { send, store } = dataService();
		const answer = send('POST', 'contacts', { firstname: 'x'.repeat(51) });
		expect(errorOf(answer)).toMatchObject({ status: 400, code: '0x80044331' });
		expect(store.table('contact').size).toBe(0);
	});

	it.each([
		['a choice that does not exist', { gendercode: 7 }, '0x8004431A'],
		['a text where a number belongs', { annualincome: '5' }, '0x80048d19'],
		['a status of the other state', { statecode: 0, statuscode: 2 }, '0x80048408'],
		['a day that the calendar lacks', { birthdate: '2024-13-01' }, '0x80048d19'],
		['a lookup written by its id', { _parentcustomerid_value: unknownId }, '0x80048d19'],
	])('refuses %s', (_name, body, code) => {
		expect(errorOf(dataService().send('POST', 'contacts', body))).toMatchObject({ status: 400, code });
	});

	it('E18 a missing privilege answers 403 for its verb and table only', () => {
		const { send, get } = dataService({
			contacts: 1,
			missingPrivileges: ['prvDeleteContact', 'prvCreatecontact'],
		});
		expect(errorOf(send('DELETE', `contacts(${contactId(0)})`))).toMatchObject({
			status: 403,
			code: '0x80040220',
		});
		expect(send('PATCH', `contacts(${unknownId})`, { lastname: 'A' }).status).toBe(403);
		expect(get(`contacts(${contactId(0)})`).status).toBe(200);
	});

	it('binds lookups by path, absolute address and content id, and tells an undeclared content id', () => {
		const account = 'acc00000-0000-4000-8000-000000000000';
		const { send, get } = dataService({
			accounts: 1,
			options: { contentIds: new Map([['1', `${root}accounts(${account})`]]) },
		});
		for (const address of [
			`/accounts(${account})`,
			`accounts(${account})`,
			`${root}accounts(${account})`,
			'$1',
		]) {
			const made = send(
				'POST',
				'contacts',
				{ 'parentcustomerid_account@odata.bind': address },
				representation,
			).json;
			expect(made._parentcustomerid_value).toBe(account);
			const cleared = send('PATCH', `contacts(${String(made.contactid)})`, {
				'parentcustomerid_account@odata.bind': null,
			});
			expect(cleared.status).toBe(204);
			expect(get(`contacts(${String(made.contactid)})`).json._parentcustomerid_value).toBeNull();
		}
		const undeclared = send('POST', 'contacts', { 'parentcustomerid_account@odata.bind': '$2' });
		expect(errorOf(undeclared)).toMatchObject({
			status: 400,
			message: "Content-ID Reference: '$2' does not exist in the batch context.",
		});
		expect(
			send('POST', 'contacts', { 'parentcustomerid_account@odata.bind': `/accounts(${unknownId})` }).status,
		).toBe(404);
	});

	it('reads, sets and clears single properties and follows navigation properties', () => {
		const { get, send } = dataService({ contacts: 4, accounts: 1 });
		const path = `contacts(${contactId(0)})`;
		expect(get(`${path}/lastname`).json.value).toBe("O'Brien");
		expect(get(`${path}/lastname/$value`).body).toBe("O'Brien");
		expect(send('PUT', `${path}/jobtitle`, { value: 'Cook' }).status).toBe(204);
		expect(get(`${path}/jobtitle`).json.value).toBe('Cook');
		expect(send('DELETE', `${path}/jobtitle`).status).toBe(204);
		expect(get(`${path}/jobtitle`).status).toBe(204);
		expect(get(`${path}/parentcustomerid_account`).json.accountnumber).toBe('ACC-000000');
		const people = get(
			'accounts(acc00000-0000-4000-8000-000000000000)/contact_customer_accounts?$select=fullname',
		);
		expect(people.json.value.map((row) => row.contactid)).toEqual([contactId(0), contactId(3)]);
	});
});
