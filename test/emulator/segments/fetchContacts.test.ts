import { contactId, standardIds } from '../../../emulator/data';
import { queryName, startOutbound, type, type Outbound } from './support';

let outbound: Outbound;
let segment: string;
const members = Array.from({ length: 6000 }, (_, number) => contactId(number));

beforeAll(async () => {
	outbound = await startOutbound({ contacts: 6100, accounts: 10 });
	segment = await outbound.create({ msdyncrm_segmentname: 'Static', msdyncrm_segmenttype: type.static });
	outbound.emulator.control.setMembers(segment, members);
});
afterEach(() => outbound.emulator.control.resetAssumptions());
afterAll(async () => await outbound.emulator.close());

const assume = (id: string, value: string) => outbound.emulator.control.setAssumption(id, value);
const fetchContacts = async (parameters: object) =>
	await outbound.send('POST', 'msdyncrm_FetchContactsByQuery', parameters);
const query = (skip: number, take: number) =>
	`(SEGMENT(${queryName(segment)})).ORDERBY(contactid ASC).SKIP(${skip}).TAKE(${take}).SELECT(contactid)`;
const fetchXml = (page: number, count: number, columns = ['fullname', 'parentcustomerid', 'contactid']) =>
	`<fetch version="1.0" mapping="logical" count="${count}" page="${page}" returntotalrecordcount="true">` +
	`<entity name="contact">${columns.map((name) => `<attribute name="${name}"/>`).join('')}` +
	'<order attribute="contactid" descending="false"/></entity></fetch>';

type Rows = ReadonlyArray<Readonly<Record<string, unknown>>>;
const ids = (body: Readonly<Record<string, unknown>>) =>
	(body.value as Rows).map(({ contactid }) => contactid);

describe('the members of a segment', () => {
	it('come page by page, each once, with the columns of the FetchXML', async () => {
		const seen: unknown[] = [];
		for (let page = 1; page <= 4; page++) {
			const reply = await fetchContacts({
				Query: query((page - 1) * 2000, 2000),
				FetchXml: fetchXml(page, 2000),
			});
			expect(reply.status).toBe(200);
			seen.push(...ids(reply.body));
		}
		expect(seen).toEqual(members);
	});

	it('are rows of the Web API: lookups as ids, nothing that is empty', async () => {
		const { body } = await fetchContacts({ Query: query(0, 2), FetchXml: fetchXml(1, 2) });
		const [first, second] = body.value as Rows;
		expect(first).toMatchObject({
			contactid: contactId(0),
			_parentcustomerid_value: expect.any(String) as string,
		});
		expect(second).toMatchObject({ contactid: contactId(1), fullname: expect.any(String) as string });
		expect(second).not.toHaveProperty('_parentcustomerid_value');
	});

	it('can be read with a query alone', async () => {
		const Query =
			"PROFILE(contact).FILTER(address1_city == 'London').ORDERBY(contactid).TAKE(2).SELECT(contactid, fullname)";
		const { body } = await fetchContacts({ Query, FetchXml: null, TimeZone: null });
		expect(body.value).toMatchObject([
			{ contactid: contactId(0), fullname: expect.any(String) as string },
			{ contactid: contactId(7) },
		]);
	});

	it('are those of one business unit where that is the scope', async () => {
		const parameters = { Query: query(0, 100), Scope: 270100001 };
		const north = await fetchContacts({ ...parameters, OwningBusinessUnit: standardIds.northBusinessUnit });
		expect(ids(north.body)).toHaveLength(100);
		expect(ids(north.body).slice(0, 2)).toEqual([contactId(0), contactId(20)]);
		expect(await fetchContacts({ ...parameters, OwningBusinessUnit: contactId(1) })).toMatchObject({
			status: 400,
		});
		expect(await fetchContacts(parameters)).toMatchObject({ status: 400 });
	});

	it.each([
		['no query', {}, 'Query'],
		['a segment that is not there', { Query: 'SEGMENT(nobody)' }, "'nobody' does not exist"],
		['text that is no query', { Query: 'SEGMENT(' }, 'Line 1'],
		['broken XML', { Query: 'PROFILE(contact)', FetchXml: '<fetch>' }, 'not well formed'],
		[
			'another entity',
			{ Query: 'PROFILE(contact)', FetchXml: '<fetch><entity name="lead"/></fetch>' },
			"'contact'",
		],
		[
			'an unknown column',
			{ Query: 'PROFILE(contact)', FetchXml: fetchXml(1, 1, ['shoesize']) },
			"'shoesize'",
		],
		[
			'a filter, which would pick people a second time',
			{ Query: 'PROFILE(contact)', FetchXml: '<fetch><entity name="contact"><filter/></entity></fetch>' },
			'<filter> is not supported',
		],
		[
			'a page that is none',
			{ Query: 'PROFILE(contact)', FetchXml: '<fetch page="0"><entity name="contact"/></fetch>' },
			"'page'",
		],
		['an unknown scope', { Query: 'PROFILE(contact)', Scope: 1 }, 'no scope 1'],
		['an unknown time zone', { Query: 'PROFILE(contact)', TimeZone: 1501 }, 'no time zone 1501'],
		['a number for a query', { Query: 7 }, "'Query'"],
		['a parameter that is none', { Query: 'PROFILE(contact)', Top: 1 }, "'Top'"],
	])('are not read with %s', async (_, parameters, words) => {
		const reply = await fetchContacts(parameters);
		expect(reply.status).toBe(400);
		expect(reply.message).toContain(words);
	});
});

describe('undocumented behaviour of reading members follows its switch', () => {
	it('the answer is a collection, a named array, an entity collection or JSON in a text', async () => {
		const parameters = { Query: query(0, 1), FetchXml: fetchXml(1, 1, ['contactid']) };
		const row = { contactid: contactId(0) };
		expect((await fetchContacts(parameters)).body).toMatchObject({ value: [row] });
		assume('outboundFetchReply', 'namedArray');
		expect((await fetchContacts(parameters)).body).toMatchObject({ Contacts: [row], TotalRecordCount: 6000 });
		assume('outboundFetchReply', 'entityCollection');
		const collection = { EntityName: 'contact', Entities: [row], TotalRecordCount: 6000 };
		expect((await fetchContacts(parameters)).body).toMatchObject({ EntityCollection: collection });
		assume('outboundFetchReply', 'jsonString');
		const { body } = await fetchContacts(parameters);
		expect(JSON.parse(String(body.Result))).toEqual({ Entities: [row], TotalRecordCount: 6000 });
		assume('outboundFetchReply', 'unrecognised');
		expect((await fetchContacts(parameters)).body).toMatchObject({ Token: 'opaque' });
	});

	it('the query cuts the page, or the FetchXML does, or both have to agree', async () => {
		const askew = { Query: query(10, 2), FetchXml: fetchXml(3, 4) };
		expect(ids((await fetchContacts(askew)).body)).toEqual([contactId(10), contactId(11)]);
		assume('outboundFetchPaging', 'fetchPages');
		expect(ids((await fetchContacts(askew)).body)).toEqual([8, 9, 10, 11].map(contactId));
		assume('outboundFetchPaging', 'mustAgree');
		expect((await fetchContacts(askew)).message).toContain('SKIP(10)');
		expect((await fetchContacts({ Query: query(4, 2), FetchXml: fetchXml(3, 2) })).status).toBe(200);
	});

	it('an answer holds 5000 people at most, or as many as were asked for', async () => {
		expect(ids((await fetchContacts({ Query: query(0, 6000) })).body)).toHaveLength(5000);
		assume('outboundFetchPageCap', 'none');
		expect(ids((await fetchContacts({ Query: query(0, 6000) })).body)).toHaveLength(6000);
	});

	it('only the query has to be sent, or every parameter', async () => {
		assume('outboundFetchParameters', 'all');
		expect((await fetchContacts({ Query: query(0, 1) })).message).toContain('FetchXml');
		const all = { FetchXml: fetchXml(1, 1), OwningBusinessUnit: null, Scope: 270100000, TimeZone: null };
		expect((await fetchContacts({ Query: query(0, 1), ...all })).status).toBe(200);
	});
});

describe('the deprecated way to read members', () => {
	const linked = (condition: string, from = 'msdyncrm_segmentid') =>
		'<fetch count="5000" page="1"><entity name="contact"><attribute name="contactid"/>' +
		'<order attribute="contactid" descending="false"/>' +
		`<link-entity name="msdyncrm_segment" from="${from}" to="msdyncrm_segmentmemberid" alias="bb">` +
		`<filter type="and">${condition}</filter></link-entity></entity></fetch>`;
	const read = async (xml: string) =>
		await outbound.send('GET', `contacts?fetchXml=${encodeURIComponent(xml)}`);
	const ofSegment = () =>
		`<condition attribute="msdyncrm_segmentid" operator="eq" value="{${segment.toUpperCase()}}"/>`;

	it('links contacts to the segment', async () => {
		const reply = await read(linked(ofSegment()));
		expect(reply.status).toBe(200);
		expect(ids(reply.body)).toEqual(members.slice(0, 5000));
	});

	it('takes no other condition and no other column', async () => {
		const other = '<condition attribute="msdyncrm_segmentname" operator="eq" value="Static"/>';
		expect(await read(linked(other))).toMatchObject({ status: 400 });
		expect(await read(linked(ofSegment(), 'msdyncrm_segmentname'))).toMatchObject({ status: 400 });
	});

	it('finds no such column once the service is removed', async () => {
		assume('outboundRemoved', '404');
		expect(await read(linked(ofSegment()))).toMatchObject({ status: 400, code: '0x80041103' });
	});
});
