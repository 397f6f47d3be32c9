import { errorOf, dataService, root } from './support';

describe('an upsert by an alternate key', () => {
	const address = "accounts(accountnumber='A-1')";

	it('creates the row with the key, and updates it the next time', () => {
		const { send, get } = dataService();
		const made = send('PATCH', address, { name: 'Contoso' });
		expect(made.status).toBe(204);
		const id = /\(([0-9a-f-]{36})\)$/.exec(made.headers['OData-EntityId'] ?? '')?.[1];
		expect(get(address).json).toMatchObject({ accountid: id, accountnumber: 'A-1', name: 'Contoso' });
		expect(send('PATCH', address, { name: 'Contoso Ltd' }).headers['OData-EntityId']).toBe(
			made.headers['OData-EntityId'],
		);
		expect(get('accounts/$count').body).toBe('1');
	});

	it('a key with a lookup in it is stored as a lookup', () => {
		const { send, get } = dataService({ accounts: 1 });
		const parent = 'acc00000-0000-4000-8000-000000000000';
		const key = `contacts(emailaddress2='a@example.org',_parentcustomerid_value=${parent})`;
		expect(send('PATCH', key, { lastname: 'Lee' }).status).toBe(204);
		expect(get(`${key}?$expand=parentcustomerid_account($select=name)`).json).toMatchObject({
			lastname: 'Lee',
			emailaddress2: 'a@example.org',
			_parentcustomerid_value: parent,
			parentcustomerid_account: { accountid: parent },
		});
	});

	it('creates nothing when a precondition forbids it, and neither do other verbs', () => {
		const { send, get } = dataService();
		const refusals = [
			send('PATCH', address, { name: 'X' }, { 'if-match': '*' }),
			send('DELETE', address),
			get(address),
		];
		expect(refusals.map(errorOf).map(({ status, code }) => [status, code])).toEqual(
			Array(3).fill([404, '0x80060891']),
		);
		expect(send('PATCH', "accounts(name='X')", { name: 'X' }).status).toBe(400);
		expect(get('accounts/$count').body).toBe('0');
	});
});

describe('an empty text', () => {
	it.each([
		['null', null],
		['kept', ''],
	])('reads back as %s', (emptyText, expected) => {
		const { send, get } = dataService({ assumptions: { emptyText } });
		const address =
			send('POST', 'contacts', { lastname: 'Lee', jobtitle: '' }).headers['OData-EntityId'] ?? '';
		expect(get(address).json.jobtitle).toBe(expected);
		send('PATCH', address, { lastname: 'Lee', jobtitle: 'Clerk' });
		send('PATCH', address, { jobtitle: '' });
		expect(get(address).json.jobtitle).toBe(expected);
	});
});

describe('distinct in FetchXML', () => {
	const { send, get } = dataService();
	const people = [
		['Ann', 'London'],
		['Bob', 'London'],
		['Cyd', 'Paris'],
		['Dan', 'London'],
		['Eve', ''],
	];
	for (const [firstname, city] of people) send('POST', 'contacts', { firstname, address1_city: city });
	const fetch = (attributes: string, options = '') => {
		const inner = `<attribute name="address1_city"/>${attributes}<order attribute="address1_city"/>`;
		const xml = `<fetch distinct="true" ${options}><entity name="contact">${inner}</entity></fetch>`;
		return get(`contacts?fetchXml=${encodeURIComponent(xml)}`, { prefer: 'odata.include-annotations="*"' })
			.json;
	};

	it('gives what looks alike once, without ids and etags', () => {
		expect(fetch('').value).toEqual([{}, { address1_city: 'London' }, { address1_city: 'Paris' }]);
	});

	it('tells apart what the columns tell apart', () => {
		expect(fetch('<attribute name="firstname"/>').value).toHaveLength(5);
		expect(fetch('<attribute name="contactid"/>').value).toHaveLength(5);
	});

	it('is paged and counted as what is shown, page by page without a cookie', () => {
		const first = fetch('', 'count="2" returntotalrecordcount="true"');
		expect([first.value.length, first['@odata.count']]).toEqual([2, 3]);
		expect(first['@Microsoft.Dynamics.CRM.morerecords']).toBe(true);
		expect(first).not.toHaveProperty(['@Microsoft.Dynamics.CRM.fetchxmlpagingcookie']);
		expect(fetch('', 'count="2" page="2"').value).toEqual([{ address1_city: 'Paris' }]);
	});
});

it('addresses in answers are those of the version that was asked', () => {
	const { send, context } = dataService();
	const older = dataService();
	expect(send('POST', 'contacts', {}).headers['OData-EntityId']).toContain(root);
	Object.assign(older.context, { apiVersion: '9.0' });
	const answer = older.send('POST', 'contacts', {});
	expect(answer.headers['OData-EntityId']).toContain('/api/data/v9.0/contacts(');
	expect(context.apiVersion).toBeUndefined();
});
