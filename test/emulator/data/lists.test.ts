import { contactId } from '../../../emulator/data';
import { errorOf, dataService, root } from './support';

const pageOf = (size: number) => ({ prefer: `odata.maxpagesize=${size}` });

describe('lists', () => {
	it('E25 a row carries etag, key and the currency of a money column unasked', () => {
		const answer = dataService({ contacts: 1 }).get('contacts?$select=annualincome');
		expect(answer.json['@odata.context']).toBe(`${root}$metadata#contacts(annualincome)`);
		expect(Object.keys(answer.json.value[0] ?? {}).sort()).toEqual(
			['@odata.etag', '_transactioncurrencyid_value', 'annualincome', 'contactid'].sort(),
		);
	});

	it('E26 a page holds 5000 rows at most and says which size was obeyed', () => {
		const { get } = dataService({ contacts: 5001 });
		expect(get('contacts?$select=contactid').json.value).toHaveLength(5000);
		expect(get('contacts?$select=contactid', pageOf(9000)).json.value).toHaveLength(5000);
		const small = get('contacts?$select=contactid', pageOf(10));
		expect(small.json.value).toHaveLength(10);
		expect(small.headers['Preference-Applied']).toBe('odata.maxpagesize=10');
	});

	it.each([
		'',
		'&$orderby=lastname%20desc,firstname',
		'&$orderby=annualincome',
		'&$orderby=birthdate%20desc',
	])('E27 links followed byte for byte give every row once (%s)', (order) => {
		const { get, send } = dataService({ contacts: 250 });
		const ids: string[] = [];
		let link: string | undefined = `contacts?$select=contactid,lastname${order}&$count=true`;
		while (link !== undefined) {
			const { json } = get(link, pageOf(40));
			ids.push(...json.value.map((row) => String(row.contactid)));
			link = json['@odata.nextLink'] as string | undefined;
			if (link !== undefined) {
				expect(link).toMatch(
					/^http:\/\/127\.0\.0\.1:4711\/api\/data\/v9\.2\/contacts\?\S+&\$skiptoken=%3Ccookie%20pagenumber=%22\d/,
				);
				expect(link).not.toContain('$count');
				send('PATCH', `contacts(${contactId(0)})`, { jobtitle: 'Changed meanwhile' });
			}
		}
		expect(ids).toHaveLength(250);
		expect(new Set(ids).size).toBe(250);
	});

	it('E27 a row added or deleted between two pages neither hides nor repeats another', () => {
		const { get, send } = dataService({ contacts: 30 });
		const first = get('contacts?$select=contactid', pageOf(10)).json;
		send('DELETE', `contacts(${contactId(9)})`);
		send('POST', 'contacts', { lastname: 'Late' });
		const second = get(String(first['@odata.nextLink']), pageOf(100)).json;
		expect(second.value).toHaveLength(21);
		expect(second.value[0]?.contactid).toBe(contactId(10));
		expect(second['@odata.nextLink']).toBeUndefined();
	});

	it('E28 a link that was encoded again or form-encoded is refused', () => {
		const { get } = dataService({ contacts: 30 });
		const link = String(get('contacts?$select=contactid', pageOf(10)).json['@odata.nextLink']);
		const [path = '', query = ''] = link.split('?');
		expect(errorOf(get(`${path}?${encodeURI(query)}`))).toMatchObject({ status: 400, code: '0x80060888' });
		expect(get(link.replace(/%20/g, '+')).status).toBe(400);
		expect(get(link).status).toBe(200);
	});

	it('E34 unsupported and misspelt options are refused, other parameters are not', () => {
		const { get } = dataService({ contacts: 1 });
		for (const query of [
			'$skip=1',
			'$search=a',
			'$format=json',
			'$Select=lastname',
			'$apply=x',
			'$top=1&$top=2',
		]) {
			expect(get(`contacts?${query}`).status).toBe(400);
		}
		expect(get('contacts?tag=nightly').status).toBe(200);
	});

	it('E35 the count is that of all matches, stops at 5000 and says so', () => {
		const { get } = dataService({ contacts: 5200 });
		const headers = { prefer: 'odata.maxpagesize=5, odata.include-annotations="*"' };
		const few = get(
			`contacts?$count=true&$filter=${encodeURIComponent("address1_city eq 'Dublin'")}`,
			headers,
		).json;
		expect(few['@odata.count']).toBe(742);
		expect(few.value).toHaveLength(5);
		const many = get('contacts?$count=true', headers).json;
		expect(many['@odata.count']).toBe(5000);
		expect(many['@Microsoft.Dynamics.CRM.totalrecordcount']).toBe(5000);
		expect(many['@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded']).toBe(true);
		const none = get('contacts', headers).json;
		expect(none['@Microsoft.Dynamics.CRM.totalrecordcount']).toBe(-1);
		expect(none).not.toHaveProperty('@odata.count');
	});

	it('E36 set/$count is plain text, with a byte order mark where that is assumed', () => {
		const answer = dataService({ contacts: 12 }).get('contacts/$count');
		expect(answer.body).toBe('12');
		expect(answer.headers['Content-Type']).toBe('text/plain');
		expect(
			dataService({ contacts: 12, assumptions: { countWithBom: 'yes' } }).get('contacts/$count').body,
		).toBe('\uFEFF12');
	});

	it('E37 annotations come when asked for, and only those', () => {
		const { get } = dataService({ contacts: 1, accounts: 1 });
		const formatted = '@OData.Community.Display.V1.FormattedValue';
		const query =
			'contacts?$select=statecode,donotemail,lastname,annualincome,createdon,_parentcustomerid_value';
		expect(Object.keys(get(query).json.value[0] ?? {}).filter((key) => key.includes('@'))).toEqual([
			'@odata.etag',
		]);
		const all = get(query, { prefer: 'odata.include-annotations="*"' }).json.value[0] ?? {};
		expect(all).toMatchObject({
			[`statecode${formatted}`]: 'Active',
			[`donotemail${formatted}`]: 'Yes',
			[`createdon${formatted}`]: '1/1/2020 12:00 AM',
			[`_parentcustomerid_value${formatted}`]: "O'Brien Ltd 0",
			'_parentcustomerid_value@Microsoft.Dynamics.CRM.lookuplogicalname': 'account',
			'_parentcustomerid_value@Microsoft.Dynamics.CRM.associatednavigationproperty':
				'parentcustomerid_account',
		});
		expect(all).not.toHaveProperty(`lastname${formatted}`);
		const some =
			get(query, { prefer: 'odata.include-annotations="Microsoft.Dynamics.CRM.lookup*"' }).json.value[0] ??
			{};
		expect(Object.keys(some).filter((key) => key.includes('@'))).toEqual([
			'@odata.etag',
			'_parentcustomerid_value@Microsoft.Dynamics.CRM.lookuplogicalname',
			'_transactioncurrencyid_value@Microsoft.Dynamics.CRM.lookuplogicalname',
		]);
		const money = dataService({ contacts: 2 }).get('contacts?$select=annualincome', {
			prefer: `odata.include-annotations="${formatted.slice(1)}"`,
		});
		expect(money.json.value[1]?.[`annualincome${formatted}`]).toBe('€20,100.00');
	});

	it('E42 selected empty columns are null here', () => {
		const row = dataService({ contacts: 1 }).get('contacts?$select=annualincome,jobtitle').json.value[0];
		expect(row).toMatchObject({ annualincome: null });
	});

	it('two hundred thousand sorted rows can be paged to the end', () => {
		const { get, store } = dataService({ contacts: 200_000 });
		let rows = 0;
		let link: string | undefined = 'contacts?$select=contactid&$orderby=lastname';
		while (link !== undefined) {
			const { json } = get(link);
			rows += json.value.length;
			link = json['@odata.nextLink'] as string | undefined;
		}
		expect(rows).toBe(store.table('contact').size);
	});
});

it('change tracking is refused where the table has none', () => {
	const { get } = dataService({ contacts: 1 });
	const answer = get('contacts?$select=fullname', { prefer: 'odata.track-changes' });
	expect(errorOf(answer)).toMatchObject({ status: 400, code: '0x80072491' });
	expect(get("EntityDefinitions(LogicalName='contact')").json.ChangeTrackingEnabled).toBe(false);
});
