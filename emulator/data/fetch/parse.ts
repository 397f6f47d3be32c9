/** FetchXML text to a tree. Only the shape is checked here; names and operators are checked where they are resolved. */

import { ServiceFault } from '../../contracts';
import { type XmlElement, parseXml } from '../cookies';
import { codes } from '../faults';
import type { FetchCondition } from './links';

export interface FetchFilter {
	readonly kind: 'and' | 'or';
	readonly conditions: readonly FetchCondition[];
	readonly filters: readonly FetchFilter[];
}

interface FetchOrder {
	readonly attribute: string;
	readonly descending: boolean;
	/** `entityname`: alias of the link whose column is meant. */
	readonly alias?: string;
}

export interface FetchAttribute {
	readonly name: string;
	readonly alias?: string;
	/** Of aggregate queries. */
	readonly aggregate?: string;
	readonly groupBy: boolean;
	readonly dateGrouping?: string;
	readonly distinct: boolean;
}

export interface FetchEntity {
	readonly name: string;
	readonly allAttributes: boolean;
	readonly attributes: readonly FetchAttribute[];
	readonly orders: readonly FetchOrder[];
	readonly filters: readonly FetchFilter[];
	readonly links: readonly FetchLink[];
}

export interface FetchLink extends FetchEntity {
	readonly from: string;
	readonly to: string;
	readonly alias: string;
	readonly outer: boolean;
	/** `exists` and `in`: whether there is a row, which adds none. */
	readonly asTest: boolean;
}

export interface FetchQuery {
	readonly entity: FetchEntity;
	readonly count?: number;
	readonly page: number;
	readonly top?: number;
	readonly cookie?: string;
	readonly totalCount: boolean;
	/** Rows that look alike are one; no id comes along unasked. */
	readonly distinct: boolean;
	readonly aggregate: boolean;
}

export function fetchFault(code: string, message: string): ServiceFault {
	return new ServiceFault(400, code, message);
}

function badElement(message: string): ServiceFault {
	return fetchFault(codes.fetchElement, `Invalid XML in FetchXML: ${message}`);
}

/** Throws 400 0x8004111C for text that is no FetchXML or uses what this emulator does not evaluate. */
export function parseFetch(text: string): FetchQuery {
	const root = parseXml(text);
	if (root?.name !== 'fetch') throw badElement('a well-formed <fetch> element is expected.');
	const { attributes } = root;
	const [entity, ...others] = root.children.filter(({ name }) => name === 'entity');
	if (entity === undefined || others.length > 0) throw badElement('exactly one <entity> is expected.');
	const query: FetchQuery = {
		entity: parseEntity(entity, isTrue(attributes.aggregate)),
		aggregate: isTrue(attributes.aggregate),
		count: whole(attributes.count, 'count'),
		page: whole(attributes.page, 'page') ?? 1,
		top: whole(attributes.top, 'top'),
		cookie: attributes['paging-cookie'],
		totalCount: attributes.returntotalrecordcount === 'true',
		distinct: isTrue(attributes.distinct),
	};
	if (
		query.top !== undefined &&
		(attributes.page !== undefined || attributes.count !== undefined || query.totalCount)
	) {
		throw badElement("the 'top' attribute cannot be used with paging or 'returntotalrecordcount'.");
	}
	return query;
}

const isTrue = (text: string | undefined) => text === 'true' || text === '1';

function whole(text: string | undefined, name: string): number | undefined {
	if (text === undefined) return undefined;
	if (!/^\d{1,9}$/.test(text) || Number(text) === 0)
		throw badElement(`'${name}' must be a positive whole number.`);
	return Number(text);
}

function parseEntity(element: XmlElement, aggregate: boolean): FetchEntity {
	const attributes: FetchAttribute[] = [];
	const orders: FetchOrder[] = [];
	const filters: FetchFilter[] = [];
	const links: FetchLink[] = [];
	let allAttributes = false;
	for (const child of element.children) {
		switch (child.name) {
			case 'attribute':
				attributes.push(parseAttribute(child));
				break;
			case 'all-attributes':
				allAttributes = true;
				break;
			case 'order':
				orders.push({
					// Groups and numbers are ordered by their alias.
					attribute: required(child, aggregate ? 'alias' : 'attribute'),
					descending: child.attributes.descending === 'true',
					alias: child.attributes.entityname,
				});
				break;
			case 'filter':
				filters.push(parseFilter(child));
				break;
			case 'link-entity':
				links.push(parseLink(child, aggregate));
				break;
			default:
				throw badElement(`the element <${child.name}> is not expected in <${element.name}>.`);
		}
	}
	return { name: required(element, 'name'), allAttributes, attributes, orders, filters, links };
}

function parseAttribute(element: XmlElement): FetchAttribute {
	const { alias, aggregate, dategrouping, distinct, groupby } = element.attributes;
	return {
		name: required(element, 'name'),
		...(alias !== undefined && { alias }),
		...(aggregate !== undefined && { aggregate }),
		...(dategrouping !== undefined && { dateGrouping: dategrouping }),
		groupBy: isTrue(groupby),
		distinct: isTrue(distinct),
	};
}

function parseLink(element: XmlElement, aggregate: boolean): FetchLink {
	const type = element.attributes['link-type'] ?? 'inner';
	if (type !== 'inner' && type !== 'outer' && type !== 'exists' && type !== 'in')
		throw badElement(`the link-type '${type}' is not evaluated here.`);
	return {
		...parseEntity(element, aggregate),
		from: required(element, 'from'),
		to: required(element, 'to'),
		alias: element.attributes.alias ?? required(element, 'name'),
		outer: type === 'outer',
		asTest: type === 'exists' || type === 'in',
	};
}

function parseFilter(element: XmlElement): FetchFilter {
	const kind = element.attributes.type ?? 'and';
	if (kind !== 'and' && kind !== 'or') throw badElement(`the filter type '${kind}' is not known.`);
	const unexpected = element.children.find(({ name }) => name !== 'condition' && name !== 'filter');
	if (unexpected) throw badElement(`the element <${unexpected.name}> is not expected in <filter>.`);
	return {
		kind,
		conditions: element.children.filter(({ name }) => name === 'condition').map(parseCondition),
		filters: element.children.filter(({ name }) => name === 'filter').map(parseFilter),
	};
}

function parseCondition(element: XmlElement): FetchCondition {
	const listed = element.children.filter(({ name }) => name === 'value').map(({ text }) => text);
	const { entityname, value, valueof } = element.attributes;
	if (entityname !== undefined || valueof !== undefined) {
		throw badElement("'entityname' and 'valueof' of a condition are not evaluated here.");
	}
	return {
		attribute: required(element, 'attribute'),
		operator: required(element, 'operator'),
		values: value === undefined ? listed : [value, ...listed],
	};
}

function required(element: XmlElement, name: string): string {
	const value = element.attributes[name];
	if (value === undefined || value === '')
		throw badElement(`<${element.name}> needs the attribute '${name}'.`);
	return value;
}
