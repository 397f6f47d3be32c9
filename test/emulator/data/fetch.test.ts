import type { AnswerOptions } from '../../../emulator/data';
import { contactId } from '../../../emulator/data';
import { type Answer, errorOf, dataService } from './support';

const annotations = { prefer: 'odata.include-annotations="*"' };
const cookieKey = '@Microsoft.Dynamics.CRM.fetchxmlpagingcookie';
const moreKey = '@Microsoft.Dynamics.CRM.morerecords';

function setup(
	contacts: number,
	extra: { assumptions?: Record<string, string>; options?: AnswerOptions } = {},
) {
	const made = dataService({ contacts, accounts: 2, leads: 2, ...extra });
	const fetch = (xml: string, headers: Record<string, string> = annotations, set = 'contacts'): Answer =>
		made.get(`${set}?fetchXml=${encodeURIComponent(xml)}`, headers);
	return { ...made, fetch };
}

const escape = (text: string) =>
	text
		.replace(/&/g, '&amp;')
		.replace(/</g, '&lt;')
		.replace(/>/g, '&gt;')
		.replace(/"/g, '&quot;')
		.replace(/'/g, '&apos;');

/** The documented recipe: take the attribute, decode twice, escape for XML. */
function nextCookie(answer: Answer): string {
	const outer = /pagingcookie="([^"]*)"/.exec(String(answer.json[cookieKey]))?.[1] ?? '';
	return escape(decodeURIComponent(decodeURIComponent(outer)));
}

const ordered = (attributes: string) =>
	`<fetch ${attributes}><entity name="contact"><attribute name="fullname"/><order attribute="lastname"/><order attribute="contactid"/></entity></fetch>`;

describe('FetchXML', () => {
	it('E42 leaves empty columns out', () => {
		const row = setup(1).fetch(
			'<fetch><entity name="contact"><attribute name="annualincome"/><attribute name="lastname"/></entity></fetch>',
			{},
		);
		expect(row.json.value[0]).toEqual({
			'@odata.etag': expect.any(String),
			lastname: "O'Brien",
			contactid: contactId(0),
		});
	});

	it('E43 count and page cut the right slices, 5000 rows at most', () => {
		const { fetch } = setup(5010);
		const page = (attributes: string) =>
			fetch(`<fetch ${attributes}><entity name="contact"><attribute name="contactid"/></entity></fetch>`).json
				.value;
		expect(page('count="10" page="3"').map((row) => row.contactid)).toEqual(
			Array.from({ length: 10 }, (_, n) => contactId(20 + n)),
		);
		expect(page('')).toHaveLength(5000);
		expect(page('count="9000"')).toHaveLength(5000);
		expect(page('page="2"')).toHaveLength(10);
		expect(page('top="3"')).toHaveLength(3);
	});

	it.each([
		['a set of another table', '<fetch><entity name="contact"/></fetch>', '0x80041128', 'leads'],
		[
			'an unknown table in a link',
			'<fetch><entity name="contact"><link-entity name="nope" from="a" to="b"/></entity></fetch>',
			'0x80041102',
			'contacts',
		],
		[
			'an unknown column',
			'<fetch><entity name="contact"><attribute name="shoesize"/></entity></fetch>',
			'0x80041103',
			'contacts',
		],
		[
			'an unknown operator',
			'<fetch><entity name="contact"><filter><condition attribute="lastname" operator="resembles" value="a"/></filter></entity></fetch>',
			'0x80041120',
			'contacts',
		],
		[
			'an operator named like a built-in',
			'<fetch><entity name="contact"><filter><condition attribute="lastname" operator="constructor" value="a"/></filter></entity></fetch>',
			'0x80041120',
			'contacts',
		],
		[
			'an unknown element',
			'<fetch><entity name="contact"><magic/></entity></fetch>',
			'0x8004111C',
			'contacts',
		],
		['broken XML', '<fetch><entity name="contact"></fetch>', '0x8004111C', 'contacts'],
		[
			'an entity declaration',
			'<!DOCTYPE f [<!ENTITY a "b">]><fetch><entity name="contact"/></fetch>',
			'0x8004111C',
			'contacts',
		],
		['top with page', '<fetch top="3" page="1"><entity name="contact"/></fetch>', '0x8004111C', 'contacts'],
		[
			'top with a total count',
			'<fetch top="3" returntotalrecordcount="true"><entity name="contact"/></fetch>',
			'0x8004111C',
			'contacts',
		],
	])('E43, E48 refuses %s', (_name, xml, code, set) => {
		expect(errorOf(setup(1).fetch(xml, {}, set))).toMatchObject({ status: 400, code });
	});

	it('E44 cookie and morerecords come when asked for and while there is more', () => {
		const { fetch } = setup(15);
		const xml = (page: number) => `<fetch count="10" page="${page}"><entity name="contact"/></fetch>`;
		expect(fetch(xml(1)).json).toMatchObject({
			[moreKey]: true,
			[cookieKey]: expect.stringContaining('<cookie pagenumber="2"'),
		});
		expect(fetch(xml(1), {}).json).not.toHaveProperty([moreKey]);
		const only = fetch(xml(1), { prefer: `odata.include-annotations="${moreKey.slice(1)}"` }).json;
		expect(Object.keys(only)).toEqual(expect.arrayContaining([moreKey]));
		expect(Object.keys(only)).not.toContain(cookieKey);
		const last = fetch(xml(2)).json;
		expect(Object.keys(last).filter((key) => key === moreKey || key === cookieKey)).toEqual([]);
	});

	it('E45 the cookie, decoded twice and escaped, leads through names with any letter', () => {
		const { fetch } = setup(120);
		const ids: string[] = [];
		let attributes = 'count="7" page="1"';
		for (let page = 2; ; page += 1) {
			const answer = fetch(ordered(attributes));
			ids.push(...answer.json.value.map((row) => String(row.contactid)));
			if (answer.json[moreKey] !== true) break;
			attributes = `count="7" page="${page}" paging-cookie="${nextCookie(answer)}"`;
		}
		expect(ids).toHaveLength(120);
		expect(new Set(ids).size).toBe(120);
	});

	it('E46 a cookie that is damaged, of another page or of another order is refused', () => {
		const { fetch } = setup(40);
		const first = fetch(ordered('count="5" page="1"'));
		const cookie = nextCookie(first);
		const encoded = escape(/pagingcookie="([^"]*)"/.exec(String(first.json[cookieKey]))?.[1] ?? '');
		expect(errorOf(fetch(ordered(`count="5" page="2" paging-cookie="${encoded}"`))).code).toBe('0x8004112A');
		expect(errorOf(fetch(ordered(`count="5" page="4" paging-cookie="${cookie}"`))).code).toBe('0x8004112A');
		const under = cookie.replace('&lt;cookie', '&lt;cookie x=&quot;a & b&quot;');
		expect(fetch(ordered(`count="5" page="2" paging-cookie="${under}"`)).status).toBe(400);
		const other = `<fetch count="5" page="2" paging-cookie="${cookie}"><entity name="contact"><order attribute="firstname"/></entity></fetch>`;
		expect(errorOf(fetch(other))).toMatchObject({ status: 400, code: '0x80041129' });
	});

	it('E47 pages ordered by a link carry no cookie and end at 50,000 rows', () => {
		const { fetch } = setup(50_100);
		const byLink = (page: number) =>
			`<fetch count="5000" page="${page}"><entity name="contact"><attribute name="contactid"/><link-entity name="account" from="accountid" to="parentcustomerid" alias="a" link-type="outer"><order attribute="name"/></link-entity></entity></fetch>`;
		const tenth = fetch(byLink(10)).json;
		expect(tenth[moreKey]).toBe(true);
		expect(Object.keys(tenth)).not.toContain(cookieKey);
		expect(errorOf(fetch(byLink(11)))).toMatchObject({ status: 400, code: '0x8004430A' });
		const always = setup(20, { assumptions: { fetchWithoutCookie: 'always' } }).fetch(
			ordered('count="5"'),
		).json;
		expect(always[moreKey]).toBe(true);
		expect(Object.keys(always)).not.toContain(cookieKey);
	});

	it('E48 returntotalrecordcount counts as $count does', () => {
		const json = setup(30).fetch(
			'<fetch count="5" returntotalrecordcount="true"><entity name="contact"/></fetch>',
		).json;
		expect(json['@odata.count']).toBe(30);
		expect(json['@Microsoft.Dynamics.CRM.totalrecordcount']).toBe(30);
	});

	const condition = (text: string) =>
		`<fetch><entity name="contact"><attribute name="contactid"/><filter type="and">${text}</filter></entity></fetch>`;
	it.each([
		['<condition attribute="lastname" operator="eq" value="smith"/>', [1]],
		['<condition attribute="lastname" operator="like" value="Smith%"/>', [1, 4]],
		['<condition attribute="lastname" operator="not-like" value="%i%"/>', [2, 3]],
		['<condition attribute="lastname" operator="begins-with" value="smith &amp;"/>', [4]],
		[
			'<condition attribute="contactid" operator="in"><value>{C0000000-0000-4000-8000-000000000001}</value><value>c0000000-0000-4000-8000-000000000003</value></condition>',
			[1, 3],
		],
		['<condition attribute="annualincome" operator="null"/>', [0, 4]],
		['<condition attribute="annualincome" operator="ge" value="20200"/>', [2, 3]],
		['<condition attribute="gendercode" operator="ne" value="2"/>', [0, 2, 4]],
		[
			'<filter type="or"><condition attribute="lastname" operator="eq" value="Smith"/><condition attribute="donotemail" operator="eq" value="1"/></filter>',
			[0, 1],
		],
		['<condition attribute="createdon" operator="on-or-after" value="2020-01-02"/>', []],
		['<condition attribute="parentcustomerid" operator="not-null"/>', [0, 3]],
	])('evaluates %s', (text, expected) => {
		const ids = setup(5)
			.fetch(condition(text))
			.json.value.map((row) => row.contactid);
		expect(ids).toEqual(expected.map(contactId));
	});

	it('joins over lookups and back, inner and outer, and names linked columns by alias', () => {
		const { fetch } = setup(4);
		const inner = fetch(
			'<fetch><entity name="contact"><attribute name="fullname"/><link-entity name="account" from="accountid" to="parentcustomerid" alias="company"><attribute name="name"/></link-entity></entity></fetch>',
		).json.value;
		expect(inner.map((row) => row['company.name'])).toEqual(["O'Brien Ltd 0", 'Smith Ltd 1']);
		const outer = fetch(
			'<fetch><entity name="contact"><attribute name="fullname"/><link-entity name="account" from="accountid" to="parentcustomerid" link-type="outer"><attribute name="name" alias="firm"/></link-entity></entity></fetch>',
		).json.value;
		expect(outer.map((row) => row.firm)).toEqual(["O'Brien Ltd 0", undefined, undefined, 'Smith Ltd 1']);
		const back = fetch(
			'<fetch><entity name="account"><attribute name="name"/><link-entity name="contact" from="parentcustomerid" to="accountid" alias="p"><filter><condition attribute="firstname" operator="eq" value="Dmitri"/></filter></link-entity></entity></fetch>',
			{},
			'accounts',
		).json.value;
		expect(back.map((row) => row.name)).toEqual(['Smith Ltd 1']);
	});

	it('asks the system of segments about links to what is no table', () => {
		const asked: unknown[] = [];
		const { fetch } = setup(10, {
			options: {
				fetchLinks: (link) => {
					asked.push(link);
					return link.name === 'msdyncrm_segment' ? new Set([contactId(7), contactId(2)]) : undefined;
				},
			},
		});
		const xml = `<fetch count="1" page="1"><entity name="contact"><attribute name="contactid"/><link-entity name="msdyncrm_segment" from="msdyncrm_segmentid" to="msdyncrm_segmentmemberid"><filter><condition attribute="msdyncrm_segmentid" operator="eq" value="S"/></filter></link-entity></entity></fetch>`;
		const { json } = fetch(xml);
		expect(json.value.map((row) => row.contactid)).toEqual([contactId(2)]);
		expect(json[moreKey]).toBe(true);
		expect(asked[0]).toEqual({
			name: 'msdyncrm_segment',
			from: 'msdyncrm_segmentid',
			to: 'msdyncrm_segmentmemberid',
			conditions: [{ attribute: 'msdyncrm_segmentid', operator: 'eq', values: ['S'] }],
		});
	});
});
