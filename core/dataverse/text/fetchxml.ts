/**
 * Turns a typed query into fully escaped FetchXML, and reads the paging cookie that the service returns.
 * https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/page-results
 */

import { DataverseError, invalidInput } from '../errors/errors';
import { checkedName } from './odata';

type FetchValue = boolean | number | string;

export interface FetchCondition {
	readonly attribute: string;
	/** e.g. `eq`, `ne`, `in`, `not-null`, `on-or-after`. */
	readonly operator: string;
	readonly value?: FetchValue;
	/** For operators that take several values. */
	readonly values?: readonly FetchValue[];
	/** Another column of the same row, or of a link as `alias.column`, that the attribute is compared with. */
	readonly otherColumn?: string;
	/** Alias of the link that the attribute belongs to. */
	readonly link?: string;
}

export interface FetchFilter {
	readonly type?: 'and' | 'or';
	/** Links inside of a filter are conditions: whether any, or not any, or all related rows are so. */
	readonly conditions: readonly (FetchCondition | FetchFilter | FetchLink)[];
}

interface FetchOrder {
	readonly attribute: string;
	readonly descending?: boolean;
}

/** https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/reference/link-entity#link-type-options */
export const FETCH_LINK_TYPES = [
	'all',
	'any',
	'exists',
	'in',
	'inner',
	'matchfirstrowusingcrossapply',
	'not all',
	'not any',
	'outer',
] as const;
export type FetchLinkType = (typeof FETCH_LINK_TYPES)[number];

export interface FetchLink {
	readonly table: string;
	/** Column of `table`. */
	readonly from: string;
	/** Column of the table that is linked from. */
	readonly to: string;
	readonly type?: FetchLinkType;
	readonly alias?: string;
	readonly intersect?: boolean;
	readonly attributes?: readonly string[];
	readonly filter?: FetchFilter;
	readonly links?: readonly FetchLink[];
}

export interface FetchXml {
	/** Logical name of the table. */
	readonly entity: string;
	/** Logical names; without any, the service returns all columns when `allAttributes` is set and the key otherwise. */
	readonly attributes?: readonly string[];
	readonly allAttributes?: boolean;
	readonly orders?: readonly FetchOrder[];
	readonly filter?: FetchFilter;
	readonly links?: readonly FetchLink[];
	/** Rows per page, 1 to 5000. */
	readonly count?: number;
	/** 1-based. */
	readonly page?: number;
	/** As `readPagingCookie` returned it. */
	readonly pagingCookie?: string;
	readonly returnTotalRecordCount?: boolean;
	readonly distinct?: boolean;
	/** Instead of rows: how many different values the column has, under the alias. */
	readonly total?: { readonly attribute: string; readonly alias: string };
}

const MAX_DEPTH = 20;
const ESCAPES: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&apos;',
	'\t': '&#9;',
	'\n': '&#10;',
	'\r': '&#13;',
};
const OPERATOR = /^[a-z]+(?:-[a-z]+)*$/;

/**
 * Writes the query as XML.
 * @throws DataverseError `invalidInput` for illegal names, for characters that XML 1.0 has no way to write, and for
 * nesting deeper than 20.
 */
export function fetchXmlText(fetch: FetchXml): string {
	const inner = [
		fetch.allAttributes === true ? '<all-attributes/>' : '',
		...(fetch.attributes ?? []).map(attributeElement),
		fetch.total === undefined ? '' : totalElement(fetch.total),
		...(fetch.orders ?? []).map(orderElement),
		fetch.filter === undefined ? '' : filterElement(fetch.filter, 0),
		...(fetch.links ?? []).map((link) => linkElement(link, 0)),
	].join('');
	const head = attributes({
		count: fetch.count,
		page: fetch.page,
		'paging-cookie': fetch.pagingCookie,
		returntotalrecordcount: fetch.returnTotalRecordCount,
		distinct: fetch.distinct,
		aggregate: fetch.total && true,
	});
	return `<fetch${head}><entity name="${checkedName(fetch.entity, 'table')}">${inner}</entity></fetch>`;
}

/**
 * Reads `@Microsoft.Dynamics.CRM.fetchxmlpagingcookie`: the attribute `pagingcookie` of an XML element, URL-decoded
 * twice.
 * @returns the cookie to put into the next query.
 * @throws DataverseError `unexpectedReply` when the annotation has another shape.
 */
export function readPagingCookie(annotation: string): string {
	const encoded = /\spagingcookie\s*=\s*(?:"([^"]*)"|'([^']*)')/.exec(annotation);
	try {
		if (encoded !== null) {
			return decodeURIComponent(decodeURIComponent(unescapeXml(encoded[1] ?? encoded[2] ?? '')));
		}
	} catch {
		// Reported below: what is wrong with the encoding helps nobody.
	}
	throw new DataverseError({
		kind: 'unexpectedReply',
		message: 'The environment returned a paging cookie of an unknown form.',
		remedy: 'Run the workflow again. If it happens again, report it with the version of this package.',
	});
}

/**
 * Escapes text for an attribute or an element, line breaks and tabs included, which XML would turn into blanks.
 * @throws DataverseError `invalidInput` for characters that XML 1.0 cannot hold.
 */
export function escapeXml(text: string): string {
	if (/\p{Surrogate}/u.test(text) || hasIllegalCharacter(text)) {
		throw invalidInput(
			'A value has a character that cannot be part of a query.',
			'Remove control characters from the value; they often come from copied cells.',
		);
	}
	return text.replace(/[&<>"'\t\n\r]/g, (character) => ESCAPES[character] ?? '');
}

function attributes(values: Readonly<Record<string, FetchValue | undefined>>): string {
	return Object.entries(values)
		.map(([name, value]) => (value === undefined ? '' : ` ${name}="${escapeXml(String(value))}"`))
		.join('');
}

function attributeElement(name: string): string {
	return `<attribute name="${checkedName(name, 'column')}"/>`;
}

function totalElement({ alias, attribute }: NonNullable<FetchXml['total']>): string {
	const name = checkedName(attribute, 'column');
	return `<attribute${attributes({ name, alias: checkedName(alias, 'alias'), aggregate: 'countcolumn', distinct: true })}/>`;
}

function orderElement({ attribute, descending }: FetchOrder): string {
	return `<order${attributes({ attribute: checkedName(attribute, 'column'), descending })}/>`;
}

function filterElement(filter: FetchFilter, depth: number): string {
	refuseDepth(depth);
	const inner = filter.conditions.map((item) => {
		if ('conditions' in item) return filterElement(item, depth + 1);
		return 'table' in item ? linkElement(item, depth + 1) : conditionElement(item);
	});
	return `<filter${attributes({ type: filter.type ?? 'and' })}>${inner.join('')}</filter>`;
}

function conditionElement(condition: FetchCondition): string {
	if (!OPERATOR.test(condition.operator)) {
		throw invalidInput(
			'A condition uses an unknown operator.',
			'Operators of FetchXML are words such as eq, in or not-null.',
		);
	}
	const head = attributes({
		entityname: condition.link === undefined ? undefined : checkedName(condition.link, 'link'),
		attribute: checkedName(condition.attribute, 'column'),
		operator: condition.operator,
		value: condition.value,
		valueof: condition.otherColumn === undefined ? undefined : checkedPath(condition.otherColumn),
	});
	if (condition.values === undefined) return `<condition${head}/>`;
	const values = condition.values.map((value) => `<value>${escapeXml(String(value))}</value>`);
	return `<condition${head}>${values.join('')}</condition>`;
}

/** `column`, or `alias.column`. */
function checkedPath(path: string): string {
	return path
		.split('.')
		.map((name) => checkedName(name, 'column'))
		.join('.');
}

function linkElement(link: FetchLink, depth: number): string {
	refuseDepth(depth);
	const head = attributes({
		name: checkedName(link.table, 'table'),
		from: checkedName(link.from, 'column'),
		to: checkedName(link.to, 'column'),
		'link-type': link.type,
		alias: link.alias === undefined ? undefined : checkedName(link.alias, 'alias'),
		intersect: link.intersect,
	});
	const inner = [
		...(link.attributes ?? []).map(attributeElement),
		link.filter === undefined ? '' : filterElement(link.filter, depth + 1),
		...(link.links ?? []).map((inside) => linkElement(inside, depth + 1)),
	];
	return `<link-entity${head}>${inner.join('')}</link-entity>`;
}

function refuseDepth(depth: number): void {
	if (depth < MAX_DEPTH) return;
	throw invalidInput(
		`A query is nested deeper than ${MAX_DEPTH} levels.`,
		'Put conditions that are joined by the same word into one group.',
	);
}

/** XML 1.0, production 2: https://www.w3.org/TR/xml/#charsets */
function hasIllegalCharacter(text: string): boolean {
	for (let index = 0; index < text.length; index++) {
		const code = text.charCodeAt(index);
		if (code < 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d) return true;
		if (code === 0xfffe || code === 0xffff) return true;
	}
	return false;
}

function unescapeXml(text: string): string {
	const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
	return text.replace(
		/&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([0-9a-f]{1,6}));/gi,
		(whole, name, decimal, hex) => {
			if (typeof name === 'string') return named[name.toLowerCase()] ?? whole;
			const code = typeof decimal === 'string' ? Number(decimal) : parseInt(String(hex), 16);
			return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
		},
	);
}
