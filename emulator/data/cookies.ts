/** The paging cookie that OData links and FetchXML answers share: sort values and id of the first and last row of a page. */

import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { Row } from '../contracts';
import type { Position, SortKey } from './selection';
import type { TableStore } from './tableStore';
import { decodePercent, isEmpty, isRecord, own } from './values';

const xml = new XMLParser({
	ignoreAttributes: false,
	attributeNamePrefix: '',
	preserveOrder: true,
	parseAttributeValue: false,
	parseTagValue: false,
	processEntities: true,
	// Reads numeric references; named ones beyond the five of XML are refused before.
	htmlEntities: true,
	trimValues: false,
});

export interface XmlElement {
	readonly name: string;
	readonly attributes: Readonly<Record<string, string>>;
	readonly children: readonly XmlElement[];
	readonly text: string;
}

/** Root element of a well-formed text; undefined when it is not well-formed or declares entities of its own. */
export function parseXml(text: string): XmlElement | undefined {
	if (/<!/.test(text) || /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-f]+);)/i.test(text)) return undefined;
	if (XMLValidator.validate(text) !== true) return undefined;
	try {
		const roots = (xml.parse(text) as unknown[]).map(toElement).filter((element) => element !== undefined);
		return roots.find(({ name }) => !name.startsWith('?'));
	} catch {
		return undefined;
	}
}

function toElement(node: unknown): XmlElement | undefined {
	if (!isRecord(node)) return undefined;
	const name = Object.keys(node).find((key) => key !== ':@' && key !== '#text');
	if (name === undefined) return undefined;
	const inner = own(node, name);
	const children = Array.isArray(inner) ? (inner as unknown[]) : [];
	const texts = children.map((child) => (isRecord(child) ? own(child, '#text') : undefined));
	return {
		name,
		attributes: { ...(own(node, ':@') as Record<string, string> | undefined) },
		children: children.map(toElement).filter((element) => element !== undefined),
		text: texts.filter((part) => part !== undefined).join(''),
	};
}

export function escapeXml(text: string): string {
	const entities: Readonly<Record<string, string>> = {
		'&': '&amp;',
		'<': '&lt;',
		'>': '&gt;',
		'"': '&quot;',
		"'": '&apos;',
	};
	return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** The inner text: `<cookie page="1"><lastname last="…" first="…" /><contactid last="{…}" first="{…}" /></cookie>`. */
export function cookieText(
	page: number,
	order: readonly SortKey[],
	table: TableStore,
	first: Readonly<Row>,
	last: Readonly<Row>,
): string {
	const key = table.definition.primaryKey;
	const value = (row: Readonly<Row>, column: string) =>
		isEmpty(row[column]) ? null : escapeXml(String(row[column]));
	const bound = (name: string, text: string | null) =>
		text === null ? ` ${name}null="1"` : ` ${name}="${text}"`;
	const sortElements = order
		.filter(({ column }) => column !== key)
		.map(
			({ column }) =>
				`<${column}${bound('last', value(last, column))}${bound('first', value(first, column))} />`,
		);
	const braces = (row: Readonly<Row>) => `{${String(row[key]).toUpperCase()}}`;
	return `<cookie page="${page}">${sortElements.join('')}<${key} last="${braces(last)}" first="${braces(first)}" /></cookie>`;
}

/** The element that travels: the inner text, URL-encoded twice, in an attribute. `page` is that of the next page. */
export function outerCookie(page: number, inner: string): string {
	const lower = (text: string) => text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
	const encode = (text: string) => lower(encodeURIComponent(text).replace(/'/g, '%27'));
	return `<cookie pagenumber="${page}" pagingcookie="${encode(encode(inner))}" istracking="False" />`;
}

export type CookieFault = 'malformed' | 'order';

/** Reads the inner text back. The names in it have to be those of the order, in that order. */
export function readCookie(
	inner: string,
	order: readonly SortKey[],
	table: TableStore,
): { readonly page: number; readonly position: Position } | CookieFault {
	const root = parseXml(inner);
	const page = Number(root?.attributes.page);
	if (root?.name !== 'cookie' || !Number.isInteger(page) || page < 1) return 'malformed';
	const key = table.definition.primaryKey;
	const expected = [...order.map(({ column }) => column).filter((column) => column !== key), key];
	if (root.children.map(({ name }) => name).join() !== expected.join()) return 'order';
	const id = root.children.at(-1)?.attributes.last?.replace(/[{}]/g, '').toLowerCase() ?? '';
	const ordinal = table.ordinalOf(id);
	if (ordinal === undefined) return 'malformed';
	const byColumn = new Map(root.children.map((child) => [child.name, child.attributes.last]));
	const values = order.map(({ column }) => {
		if (column === key) return id;
		return typedValue(byColumn.get(column), table, column);
	});
	return { page, position: { ordinal, values } };
}

function typedValue(text: string | undefined, table: TableStore, name: string): unknown {
	if (text === undefined) return null;
	const type = table.definition.columns.find((column) => column.name === name)?.type;
	switch (type) {
		case 'boolean':
			return text === 'true';
		case 'choice':
		case 'decimal':
		case 'integer':
		case 'money':
		case 'state':
		case 'status':
			return Number(text);
		default:
			return text;
	}
}

/** Value of a decoded `$skiptoken` to the inner text; undefined when it is not the element that was handed out. */
export function innerOfSkipToken(
	token: string,
): { readonly page: number; readonly inner: string } | undefined {
	if (!token.startsWith('<cookie ')) return undefined;
	const root = parseXml(token);
	const once = decodePercent(root?.attributes.pagingcookie ?? '%');
	const inner = once === undefined ? undefined : decodePercent(once);
	const page = Number(root?.attributes.pagenumber);
	return inner === undefined || !Number.isInteger(page) ? undefined : { page, inner };
}
