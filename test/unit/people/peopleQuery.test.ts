import fc from 'fast-check';

import { escapeXml, fetchXmlText } from '../../../core/dataverse/text/fetchxml';
import { parseXml, XmlProblem } from '../../../core/dataverse/text/xml';
import { readPeopleQuery } from '../../../core/people/sources/peopleQuery';

const rewritten = (xml: string) => fetchXmlText(readPeopleQuery(xml, 'FetchXML').fetch);
const inContact = (inner: string, head = '') =>
	`<fetch${head}><entity name="contact">${inner}</entity></fetch>`;
const KEYED = '<attribute name="contactid"/><order attribute="contactid"/>';

describe('FetchXML that people come from', () => {
	it('keeps who is meant, and pages by the key instead of by what is shown', () => {
		const xml = `<?xml version="1.0"?>
			<!-- as a view is saved -->
			<fetch version="1.0" output-format="xml-platform" mapping="logical" distinct="false" page="3" count="50"
				paging-cookie="x" returntotalrecordcount="true" useraworderby="true">
				<entity name="contact">
					<attribute name="fullname"/>
					<order attribute="fullname" descending="false"/>
					<filter type="and"><condition attribute="statecode" operator="eq" value="0"/></filter>
				</entity>
			</fetch>`;

		expect(rewritten(xml)).toBe(
			`<fetch><entity name="contact">${KEYED}<filter type="and"><condition attribute="statecode" operator="eq" value="0"/></filter></entity></fetch>`,
		);
	});

	it('keeps every condition, value and link with what it says', () => {
		const filter =
			'<filter type="or"><condition attribute="lastname" operator="in"><value>O&apos;Brien &amp; Sons</value><value>Ray</value></condition><filter type="and"><condition entityname="a" attribute="name" operator="null"/><condition attribute="firstname" operator="eq" valueof="a.name"/><link-entity name="email" from="regardingobjectid" to="contactid" link-type="not any"></link-entity></filter></filter>';
		const links =
			'<link-entity name="account" from="accountid" to="parentcustomerid" link-type="outer" alias="a"><filter type="and"><condition attribute="revenue" operator="gt" value="5"/></filter></link-entity>';

		expect(rewritten(inContact(filter + links))).toBe(
			`<fetch distinct="true"><entity name="contact">${KEYED}${filter}${links}</entity></fetch>`,
		);
	});

	it('asks for each person once only where a link could bring them several times', () => {
		const link = (type: string) =>
			inContact(`<link-entity name="listmember" from="entityid" to="contactid"${type}/>`);

		expect(rewritten(link(''))).toContain('<fetch distinct="true">');
		for (const type of ['exists', 'in', 'matchfirstrowusingcrossapply'])
			expect(rewritten(link(` link-type="${type}"`))).toContain('<fetch><entity');
	});

	it('reads whom a query means past comments, instructions, references and names of other schemas', () => {
		const xml = `\uFEFF<?xml version="1.0" encoding="utf-8"?><?x <fetch top="1"> ?><!-- <fetch top="1"/> -->
			<fetch xmlns="urn:a" xmlns:b="urn:b" b:top="5" no-lock="true" latematerialize="true" distinct="1">
				<entity name="CONTACT"><!-- <filter/> --><?skip it?>
					<attribute name="fullname" alias="contactid"/><no-attrs/>
					<filter><condition attribute="lastname" operator="in"><value>a<!-- x -->b</value>
						<value><![CDATA[<&"]]></value><value uiname="y">&#x41;&#66;</value></condition></filter>
				</entity>
			</fetch>
			<!-- end -->`;

		expect(rewritten(xml)).toBe(
			inContact(
				`${KEYED}<filter type="and"><condition attribute="lastname" operator="in"><value>ab</value><value>&lt;&amp;&quot;</value><value>AB</value></condition></filter>`,
			),
		);
	});

	it('keeps two links of one name as they are, so that the service refuses them', () => {
		const link =
			'<link-entity name="account" from="accountid" to="parentcustomerid" alias="people"></link-entity>';
		expect(rewritten(inContact(link + link))).toContain(link + link);
	});

	it('drops columns and orders of links', () => {
		const xml = inContact(
			'<link-entity name="account" from="accountid" to="parentcustomerid" link-type="inner"><attribute name="name"/><order attribute="name"/></link-entity>',
		);
		expect(rewritten(xml)).toContain('link-type="inner"></link-entity>');
	});

	it.each([
		['', 'is empty'],
		['contacts of last year', 'is not XML: line 1, column 1'],
		[
			'<fetch>\n<entity name="contact">\n</fetch>',
			'is not XML: line 3, column 8. <entity> is closed as </fetch>',
		],
		['<fetch><entity name="contact"/>', '<fetch> is not closed'],
		['<!DOCTYPE a [<!ENTITY b "c">]><fetch/>', 'document type'],
		['<fetch a="&b;"/>', 'is not a character of XML'],
		['<savedquery/>', 'begins with <savedquery> instead of <fetch>'],
		['<fetch/>', 'needs exactly one <entity>'],
		['<fetch><entity/></fetch>', 'has a <entity> without name'],
		['<fetch><entity name="account"/></fetch>', 'rows of the table "account"'],
		[inContact('', ' aggregate="true"'), 'asks for totals'],
		[inContact('<attribute name="contactid" aggregate="count" alias="n"/>'), 'asks for totals'],
		[inContact('', ' top="100"'), 'asks only for the first rows (top)'],
		[inContact('', ' datasource="retained"'), 'the attribute "datasource"'],
		[inContact('<filter type="xor"/>'), 'a filter of the type "xor"'],
		[inContact('<filter><having/></filter>'), 'has <having> in <filter>'],
		[
			inContact('<filter><condition attribute="a" operator="eq" value="1" rowaggregate="x"/></filter>'),
			'rowaggregate',
		],
		[inContact('<filter><condition operator="eq" value="1"/></filter>'), 'a <condition> without attribute'],
		[
			inContact('<filter><condition attribute="fullname" operator="like" value="{0}"/></filter>'),
			'placeholders',
		],
		[inContact('<filter type="or" isquickfindfields="1"/>'), 'placeholders'],
		[
			'<fetch><filter><condition attribute="a" operator="eq" value="1"/></filter><entity name="contact"/></fetch>',
			'has <filter> in <fetch>',
		],
		[
			inContact(
				'<filter><filter><link-entity name="a" from="b" to="c" link-type="any"><Filter/></link-entity></filter></filter>',
			),
			'has <Filter> in <link-entity>',
		],
		[inContact('<filter>statecode = 0</filter>'), 'has text in <filter>'],
		[
			inContact('<filter><condition attribute="a" operator="eq">5</condition></filter>'),
			'has text in <condition>',
		],
		[inContact('<link-entity name="account"/>'), 'a <link-entity> without from'],
		[inContact('<link-entity name="a" from="b" to="c" link-type="cross"/>'), 'a link of the type "cross"'],
		[inContact('', ' aggregate=" TRUE "'), 'asks for totals'],
		[inContact('', ' aggregate="yes"'), 'asks for totals'],
		[inContact('', ' TOP="5"'), 'the attribute "TOP" in <fetch>'],
		[inContact('', ' top=""'), 'asks only for the first rows'],
		[inContact('', ' late-materialize="true"'), 'the attribute "late-materialize"'],
		[inContact('', ' aggregatelimit="10"'), 'the attribute "aggregatelimit"'],
		[inContact('<attribute name="statecode" groupby="true" alias="s"/>'), 'asks for totals'],
		[
			inContact(
				'<link-entity name="account" from="accountid" to="parentcustomerid"><attribute name="name" aggregate="max" alias="n"/></link-entity>',
			),
			'asks for totals',
		],
		['<f:fetch xmlns:f="urn:f"><f:entity name="contact"/></f:fetch>', 'begins with <f:fetch>'],
		[
			inContact(
				'<f:filter xmlns:f="urn:f"><f:condition attribute="statecode" operator="eq" value="0"/></f:filter>',
			),
			'has <f:filter> in <entity>',
		],
		['<FETCH><entity name="contact"/></FETCH>', 'begins with <FETCH>'],
		['<fetch><entity name="contact"/><entity name="contact"/></fetch>', 'needs exactly one <entity>'],
		['<?xml version="1.0"?><!DOCTYPE fetch SYSTEM "http://x/y.dtd"><fetch/>', 'document type'],
		[
			inContact('<filter><condition attribute="a" operator="eq" value="&lol9;"/></filter>'),
			'is not a character of XML',
		],
		[inContact('<filter><condition attribute="a" operator="eq" value="&#0;"/></filter>'), 'not a character'],
		[
			inContact('<filter><condition attribute="a" operator="eq" value="&#1;"/></filter>'),
			'a character that cannot be part of a query',
		],
		[
			inContact('<filter><condition attribute="a" operator="eq" value="&#xD800;"/></filter>'),
			'a character that cannot be part of a query',
		],
		[inContact('<![CDATA[<filter/>]]>'), 'has text in <entity>'],
		[
			inContact('<filter><condition attribute="a" operator="in"><value>1<b/></value></condition></filter>'),
			'has <b> in <value>',
		],
		[
			inContact('<filter><condition attribute="a" operator="in"><value>{0}</value></condition></filter>'),
			'placeholders',
		],
		[
			inContact(
				'<link-entity name="account" from="accountid" to="parentcustomerid"><filter><condition attribute="name" operator="like" value="%{1}%"/></filter></link-entity>',
			),
			'placeholders',
		],
		[inContact('<filter><condition attribute="a" operator="e q" value="1"/></filter>'), 'unknown operator'],
		[inContact('<filter><condition attribute="a&quot;/>" operator="eq" value="1"/></filter>'), 'is not'],
		[inContact('<link-entity name="account" from="accountid" to="a" alias="x&quot; y=&quot;"/>'), 'is not'],
		[inContact('<filter>'.repeat(40) + '</filter>'.repeat(40)), 'deeper than 20'],
	])('refuses %j in words', (xml, words) => {
		expect(() => rewritten(xml)).toThrow(words);
	});
});

const name = fc.stringMatching(/^[a-z]{1,8}$/);
const condition = fc
	.record({ attribute: name, value: fc.string({ unit: 'grapheme-ascii' }) })
	.filter(({ value }) => !/\{\d+\}/.test(value))
	.map(
		({ attribute, value }) =>
			`<condition attribute="${attribute}" operator="eq" value="${escapeXml(value)}"/>`,
	);
const filter = fc
	.tuple(fc.constantFrom('and', 'or'), fc.array(condition, { maxLength: 3 }))
	.map(([type, inner]) => `<filter type="${type}">${inner.join('')}</filter>`);
const link = fc
	.tuple(name, fc.constantFrom('inner', 'outer', 'exists', 'in'), filter)
	.map(
		([to, type, inner]) =>
			`<link-entity name="${to}" from="${to}id" to="${to}" link-type="${type}">${inner}</link-entity>`,
	);

it('FetchXML that was rewritten is rewritten to itself: no condition and no link is lost or changed', () => {
	fc.assert(
		fc.property(fc.array(fc.oneof(filter, link), { maxLength: 4 }), (inner) => {
			const once = rewritten(inContact(inner.join('')));
			expect(rewritten(once)).toBe(once);
			for (const part of inner.join('').match(/<condition[^>]*>/g) ?? []) expect(once).toContain(part);
		}),
	);
});

describe('XML', () => {
	it('is read with references, CDATA and both kinds of quotes', () => {
		const { attributes, children, text } = parseXml(
			`<a b='1 "2"' c="&#65;&#x42;&lt;"><!-- d --><e/>x<![CDATA[<&]]>&amp;</a>`,
		);
		expect([...attributes]).toEqual([
			['b', '1 "2"'],
			['c', 'AB<'],
		]);
		expect(children.map(({ name }) => name)).toEqual(['e']);
		expect(text).toBe('x<&&');
	});

	it.each([
		'<a b=1/>',
		'<a b="1" b="2"/>',
		'<a b="<"/>',
		'<a',
		'<a/><b/>',
		'<a>&</a>',
		'<a b="1"c="2"/>',
		'<a><!--</a>',
	])('that is not well-formed is refused: %s', (text) => {
		expect(() => parseXml(text)).toThrow(XmlProblem);
	});

	it('is read or refused, whatever the text is', () => {
		const parts = [
			'<',
			'>',
			'/',
			'a',
			'="',
			"'",
			'"',
			'&',
			'amp;',
			'<!--',
			'-->',
			'<![CDATA[',
			']]>',
			'<?',
			'?>',
			' ',
			'\ud800',
		];
		fc.assert(
			fc.property(fc.array(fc.constantFrom(...parts)), (chosen) => {
				try {
					parseXml(chosen.join(''));
				} catch (error) {
					expect(error).toBeInstanceOf(XmlProblem);
				}
			}),
			{ numRuns: 2_000 },
		);
	});

	it('of any depth is refused instead of running out of stack', () => {
		expect(() => parseXml('<a>'.repeat(100_000))).toThrow('nested deeper');
	});
});
