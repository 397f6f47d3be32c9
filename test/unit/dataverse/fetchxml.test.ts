import fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { DataverseError } from '../../../core/dataverse/errors/errors';
import {
	escapeXml,
	fetchXmlText,
	readPagingCookie,
	type FetchFilter,
} from '../../../core/dataverse/text/fetchxml';

const parser = new XMLParser({
	ignoreAttributes: false,
	attributeNamePrefix: '',
	processEntities: true,
	htmlEntities: true,
	trimValues: false,
	parseAttributeValue: false,
});

/** Text that XML 1.0 can hold: no control characters but tab and line breaks, no half pairs, no U+FFFE and U+FFFF. */
const xmlText = fc
	.string({ unit: 'grapheme' })
	.filter((text) => !/[\p{Cc}\p{Surrogate}\ufffe\uffff]/u.test(text.replace(/[\t\n\r]/g, '')));

describe('a query', () => {
	it('is written whole', () => {
		const text = fetchXmlText({
			entity: 'contact',
			attributes: ['fullname'],
			orders: [{ attribute: 'fullname', descending: true }],
			filter: {
				type: 'or',
				conditions: [
					{ attribute: 'statecode', operator: 'eq', value: 0 },
					{ attribute: 'contactid', operator: 'in', values: ['a', 'b'] },
					{ conditions: [{ attribute: 'name', operator: 'not-null', link: 'acc' }] },
				],
			},
			links: [
				{
					table: 'account',
					from: 'accountid',
					to: 'parentcustomerid',
					type: 'outer',
					alias: 'acc',
					attributes: ['name'],
				},
			],
			count: 10,
			page: 1,
			returnTotalRecordCount: true,
		});
		expect(text).toBe(
			'<fetch count="10" page="1" returntotalrecordcount="true"><entity name="contact"><attribute name="fullname"/>' +
				'<order attribute="fullname" descending="true"/><filter type="or">' +
				'<condition attribute="statecode" operator="eq" value="0"/>' +
				'<condition attribute="contactid" operator="in"><value>a</value><value>b</value></condition>' +
				'<filter type="and"><condition entityname="acc" attribute="name" operator="not-null"/></filter></filter>' +
				'<link-entity name="account" from="accountid" to="parentcustomerid" link-type="outer" alias="acc">' +
				'<attribute name="name"/></link-entity></entity></fetch>',
		);
	});

	it('keeps every value what it is, whatever is in it', () => {
		fc.assert(
			fc.property(xmlText, (value) => {
				const conditions = [{ attribute: 'name', operator: 'eq', value }];
				const text = fetchXmlText({ entity: 'contact', filter: { conditions }, pagingCookie: value });
				expect(XMLValidator.validate(text)).toBe(true);
				for (const [, written] of text.matchAll(/"([^"]*)"/g)) expect(written).not.toMatch(/[<>\t\n\r']/);
				const { fetch } = parser.parse(text);
				expect(fetch.entity.filter.condition.value).toBe(value);
				expect(fetch['paging-cookie']).toBe(value);
			}),
		);
	});

	it.each(['"/><entity name="systemuser', '</value><value>', ']]>', '<!--', '&#0;', '&lt;'])(
		'cannot be broken out of by %s',
		(value) => {
			const conditions = [{ attribute: 'name', operator: 'in', values: [value], value }];
			const text = fetchXmlText({ entity: 'contact', filter: { conditions } });
			expect(text.match(/<entity/g)).toHaveLength(1);
			expect(text.match(/<value>/g)).toHaveLength(1);
			expect(parser.parse(text).fetch.entity.filter.condition.value).toBeDefined();
		},
	);

	it.each(['\0', '\x1f', '\ufffe', '\uffff', '\ud800', 'a\udc00'])(
		'refuses %j, which XML cannot hold',
		(text) => {
			expect(() => escapeXml(text)).toThrow(DataverseError);
		},
	);

	it.each(['con tact', '', 'a"b', 'a>b', 'Ä'])('refuses the name "%s"', (name) => {
		expect(() => fetchXmlText({ entity: name })).toThrow(DataverseError);
		expect(() => fetchXmlText({ entity: 'a', attributes: [name] })).toThrow(DataverseError);
		const link = { table: 'a', from: 'b', to: 'c' };
		expect(() => fetchXmlText({ entity: 'a', links: [{ ...link, alias: name }] })).toThrow(DataverseError);
	});

	it('refuses an operator that is no word, and nesting without end', () => {
		const odd: FetchFilter = { conditions: [{ attribute: 'a', operator: 'eq" x="' }] };
		expect(() => fetchXmlText({ entity: 'a', filter: odd })).toThrow(DataverseError);
		let deep: FetchFilter = { conditions: [] };
		for (let level = 0; level < 10_000; level++) deep = { conditions: [deep] };
		expect(() => fetchXmlText({ entity: 'a', filter: deep })).toThrow(DataverseError);
	});
});

describe('a paging cookie', () => {
	it('is read whatever it holds', () => {
		fc.assert(
			fc.property(xmlText, (cookie) => {
				const encoded = encodeURIComponent(encodeURIComponent(cookie)).replaceAll("'", '&apos;');
				const annotation = `<cookie pagenumber="2" pagingcookie="${encoded}" istracking="False" />`;
				expect(readPagingCookie(annotation)).toBe(cookie);
			}),
		);
	});

	it.each([
		'',
		'<cookie />',
		'<cookie pagingcookie="%" />',
		'<cookie pagingcookie="%25E0%25A4" />',
		'x'.repeat(10_000),
	])('of another form is reported', (annotation) => {
		expect(() => readPagingCookie(annotation)).toThrow(DataverseError);
	});
});
