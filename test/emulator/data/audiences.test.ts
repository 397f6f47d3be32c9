import { contactId, leadId, standardIds, viewId } from '../../../emulator/data';
import { errorOf, dataService } from './support';

const LIST = '11111111-2222-4333-8444-555555555555';

/** A list of the first people, put there row by row as the service keeps them. */
function withList(count = 30, setup: Parameters<typeof dataService>[0] = {}) {
	const world = dataService({ contacts: 100, leads: 5, ...setup });
	const { store } = world.context;
	store.table('list').insert({ listid: LIST, listname: 'Newsletter', type: false, createdfromcode: 2 });
	for (let n = 0; n < count; n += 1) {
		store.table('listmember').insert({
			listid: LIST,
			'listid@table': 'list',
			entityid: contactId(n),
			'entityid@table': 'contact',
			entitytype: 'contact',
		});
	}
	return world;
}

const fetchOf = (world: ReturnType<typeof dataService>, xml: string, set = 'contacts') =>
	world.get(`${set}?fetchXml=${encodeURIComponent(xml)}`, {
		prefer: 'odata.include-annotations="*"',
	});

describe('marketing lists', () => {
	it('3.1 a list counts its members and says with a Boolean that it is static', () => {
		const { json } = withList().get(`lists(${LIST})?$select=listname,type,membercount,createdfromcode`);
		expect(json).toMatchObject({ listname: 'Newsletter', type: false, membercount: 30, createdfromcode: 2 });
	});

	it('3.1 members are read by the relationship, page by page, and can be filtered', () => {
		const { get } = withList();
		const first = get(`lists(${LIST})/listcontact_association?$select=contactid`, {
			prefer: 'odata.maxpagesize=20',
		}).json;
		expect(first.value).toHaveLength(20);
		expect(get(String(first['@odata.nextLink'])).json.value).toHaveLength(10);
		const active = get(
			`lists(${LIST})/listcontact_association?$select=contactid&$filter=statecode eq 0`,
		).json;
		expect(active.value).toHaveLength(29);
		expect(get(`lists(${LIST})/listlead_association?$select=leadid`).json.value).toEqual([]);
	});

	it('3.1 members are read as rows of listmember, and never one by one', () => {
		const { get } = withList(3);
		const { value } = get(
			`listmembers?$select=_entityid_value,entitytype&$filter=_listid_value eq ${LIST}`,
		).json;
		expect(value.map(({ _entityid_value }) => _entityid_value)).toEqual([0, 1, 2].map(contactId));
		const one = get(`listmembers(${String(value[0]?.listmemberid)})`);
		expect([one.status, errorOf(one).code]).toEqual([400, '0x80040800']);
	});

	it('3.1 members are found by a link over the pairs', () => {
		const xml = `<fetch><entity name="contact"><attribute name="contactid"/><order attribute="contactid"/><link-entity name="listmember" from="entityid" to="contactid" intersect="true"><filter><condition attribute="listid" operator="eq" value="${LIST}"/></filter></link-entity></entity></fetch>`;
		expect(fetchOf(withList(), xml).json.value).toHaveLength(30);
	});

	it('3.1 rights on members are those on lists', () => {
		const answer = withList(1, { missingPrivileges: ['prvReadList'] }).get('listmembers');
		expect([answer.status, errorOf(answer).code]).toEqual([403, '0x80040220']);
	});
});

describe('distinct FetchXML', () => {
	const distinct = (inner: string, head = '') =>
		`<fetch distinct="true" count="40" ${head}><entity name="contact"><attribute name="contactid"/>${inner}</entity></fetch>`;

	it('3.3 comes in another order for each page where none is given, so that pages overlap', () => {
		const world = dataService({ contacts: 100 });
		const ids = [1, 2, 3].flatMap((page) =>
			fetchOf(world, distinct('', `page="${page}"`)).json.value.map(({ contactid }) => contactid),
		);
		expect(ids).toHaveLength(100);
		expect(new Set(ids).size).toBeLessThan(100);
	});

	it('3.3 has a cookie and every row once where the key is asked for and orders it', () => {
		const { json } = fetchOf(dataService({ contacts: 100 }), distinct('<order attribute="contactid"/>'));
		expect(json['@Microsoft.Dynamics.CRM.fetchxmlpagingcookie']).toContain('pagingcookie=');
		const never = dataService({ contacts: 100, assumptions: { fetchDistinctCookie: 'never' } });
		expect(
			fetchOf(never, distinct('<order attribute="contactid"/>')).json[
				'@Microsoft.Dynamics.CRM.fetchxmlpagingcookie'
			],
		).toBeUndefined();
	});

	it('3.3 a link of the type exists adds no rows', () => {
		const xml = (type: string) =>
			`<fetch><entity name="contact"><attribute name="contactid"/><link-entity name="listmember" from="entityid" to="contactid" link-type="${type}"/></entity></fetch>`;
		const world = withList(3);
		world.context.store.table('listmember').insert({ listid: LIST, entityid: contactId(0) });
		expect(fetchOf(world, xml('inner')).json.value).toHaveLength(4);
		expect(fetchOf(world, xml('exists')).json.value).toHaveLength(3);
	});
});

describe('views', () => {
	const [active, , mine, quickFind] = [0, 1, 2, 3].map(viewId);

	it('3.2 every environment has system views of people, with their FetchXML', () => {
		const { value } = dataService().get(
			"savedqueries?$select=name,returnedtypecode,fetchxml&$filter=querytype eq 0 and returnedtypecode eq 'contact'",
		).json;
		expect(value.map(({ name }) => name)).toEqual([
			'Active Contacts',
			'Inactive Contacts',
			'My Active Contacts',
		]);
		expect(value[0]?.fetchxml).toContain('<entity name="contact">');
		expect(dataService().get(`savedqueries(${quickFind})?$select=querytype`).json).toMatchObject({
			querytype: 4,
		});
	});

	it('3.2 savedQuery gives the rows of the view with its columns, empty ones left out', () => {
		const { value } = dataService({ contacts: 100 }).get(`contacts?savedQuery=${active}`).json;
		expect(value).toHaveLength(95);
		expect(value.every((row) => row.fullname !== undefined && row.contactid !== undefined)).toBe(true);
		expect(value.filter((row) => !('emailaddress1' in row))).toHaveLength(1);
		expect(value[0]).not.toHaveProperty('jobtitle');
	});

	it('3.2 a view is of one table, and a set of another one is refused', () => {
		const answer = dataService({ leads: 1 }).get(`leads?savedQuery=${active}`);
		expect([answer.status, errorOf(answer).code]).toEqual([400, '0x80041128']);
		expect(dataService().get(`contacts?savedQuery=${leadId(7)}`).status).toBe(404);
	});

	it('3.2 other options beside a view apply to its rows, or are refused', () => {
		const address = `contacts?savedQuery=${active}&$filter=contactid eq ${contactId(1)}`;
		expect(dataService({ contacts: 9 }).get(address).json.value).toHaveLength(1);
		const answer = dataService({ contacts: 9, assumptions: { viewComposition: '400' } }).get(address);
		expect([answer.status, errorOf(answer).code]).toEqual([400, '0x80060888']);
	});

	it('3.2 a view applies to a collection of a row, page by page, and to the rows of it alone', () => {
		const { get } = withList(30, { contacts: 100 });
		const path = `lists(${LIST})/listcontact_association?savedQuery=${active}`;
		const first = get(path, { prefer: 'odata.maxpagesize=20' }).json;
		const second = get(String(first['@odata.nextLink'])).json;
		const names = [...first.value, ...second.value].map(({ fullname }) => fullname);
		expect([first.value.length, second.value.length]).toEqual([20, 9]);
		expect(names).toEqual([...names].sort());
		expect(second['@odata.nextLink']).toBeUndefined();
		const foreign = get(`lists(${LIST})/listlead_association?savedQuery=${active}`);
		expect([foreign.status, errorOf(foreign).code]).toEqual([400, '0x80041128']);
	});

	it('3.2 columns of the links of a view come along, and an order by one of them is no fault', () => {
		const world = withList(3, { contacts: 5 });
		const fetchxml = `<fetch><entity name="contact"><attribute name="fullname"/><order entityname="m" attribute="entitytype"/><link-entity name="listmember" from="entityid" to="contactid" alias="m"><attribute name="entitytype"/></link-entity></entity></fetch>`;
		world.context.store.table('userquery').insert({
			userqueryid: LIST,
			name: 'V',
			returnedtypecode: 'contact',
			fetchxml,
			ownerid: standardIds.administrator,
		});
		const { value } = world.get(`contacts?userQuery=${LIST}`).json;
		expect(value.map((row) => row['m.entitytype'])).toEqual(['contact', 'contact', 'contact']);
		const chosen = world.get(`contacts?userQuery=${LIST}&$select=fullname`).json;
		expect(chosen.value[0]).not.toHaveProperty(['m.entitytype']);
	});

	it('3.2 a personal view is shown to its owner, and "mine" is whoever asks', () => {
		const world = dataService({ contacts: 10 });
		const fetchxml = '<fetch><entity name="contact"><attribute name="contactid"/></entity></fetch>';
		const own = { name: 'Own', returnedtypecode: 'contact', fetchxml, ownerid: standardIds.administrator };
		world.context.store.table('userquery').insert(own);
		world.context.store.table('userquery').insert({ ...own, name: 'Not own', ownerid: standardIds.rootTeam });
		const { value } = world.get('userqueries?$select=name').json;
		expect(value.map(({ name }) => name)).toEqual(['Own']);
		expect(world.get(`contacts?userQuery=${String(value[0]?.userqueryid)}`).json.value).toHaveLength(10);
		expect(world.get(`contacts?savedQuery=${mine}`).json.value).toHaveLength(10);
	});

	it('3.2 rights on system views and on personal views are two', () => {
		const world = dataService({ missingPrivileges: ['prvReadQuery', 'prvReadUserQuery'] });
		expect([world.get('savedqueries').status, world.get('userqueries').status]).toEqual([403, 403]);
	});
});
