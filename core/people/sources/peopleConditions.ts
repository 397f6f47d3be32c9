/** The filters and links of FetchXML, which decide who is selected: every part is kept, or the query is refused. */

import {
	FETCH_LINK_TYPES,
	type FetchCondition,
	type FetchFilter,
	type FetchLink,
	type FetchLinkType,
} from '../../dataverse/text/fetchxml';
import type { XmlElement } from '../../dataverse/text/xml';
import { onlyKnown, refusedQuery, requiredAttribute, unknownElement } from './queryProblems';

/** Links of these types are a condition, and give no further row. */
const CONDITIONS: ReadonlySet<FetchLinkType> = new Set([
	'all',
	'any',
	'exists',
	'in',
	'matchfirstrowusingcrossapply',
	'not all',
	'not any',
]);

/** The filters of an entity or a link as one; all of them must hold. */
export function readFilters(element: XmlElement, name: string): FetchFilter | undefined {
	const filters = element.children
		.filter((child) => child.name === 'filter')
		.map((child) => readFilter(child, name))
		.filter(({ conditions }) => conditions.length > 0);
	return filters.length > 1 ? { type: 'and', conditions: filters } : filters[0];
}

/** @returns the links, and whether one of them may give several rows for one person */
export function readLinks(
	element: XmlElement,
	name: string,
): { readonly links: readonly FetchLink[]; readonly multiply: boolean } {
	const links = element.children
		.filter((child) => child.name === 'link-entity')
		.map((child) => readLink(child, name));
	return { links, multiply: links.some(({ type }) => !CONDITIONS.has(type ?? 'inner')) };
}

function readFilter(element: XmlElement, name: string): FetchFilter {
	onlyKnown(element, ['type', 'hint', 'isquickfindfields', 'overridequickfindrecordlimitenabled'], name);
	if (['1', 'true'].includes(element.attributes.get('isquickfindfields') ?? '')) throw quickFind(name);
	const type = element.attributes.get('type') ?? 'and';
	if (type !== 'and' && type !== 'or') {
		throw refusedQuery(name, `has a filter of the type "${type.slice(0, 60)}"; types are and, or.`);
	}
	return {
		type,
		conditions: element.children.map((child) => {
			switch (child.name) {
				case 'condition':
					return readCondition(child, name);
				case 'filter':
					return readFilter(child, name);
				case 'link-entity':
					return readLink(child, name);
				default:
					throw unknownElement(child, element, name);
			}
		}),
	};
}

function readCondition(element: XmlElement, name: string): FetchCondition {
	onlyKnown(
		element,
		['attribute', 'column', 'entityname', 'operator', 'uihidden', 'uiname', 'uitype', 'value', 'valueof'],
		name,
	);
	const { attributes } = element;
	const listed = element.children.map((child) => {
		const [inside] = child.children;
		if (child.name === 'value' && inside === undefined) return child.text;
		throw inside === undefined ? unknownElement(child, element, name) : unknownElement(inside, child, name);
	});
	const value = attributes.get('value');
	const link = attributes.get('entityname');
	const otherColumn = attributes.get('valueof');
	for (const text of [value ?? '', ...listed]) if (/\{\d+\}/.test(text)) throw quickFind(name);
	return {
		attribute: requiredAttribute(element, 'attribute', name),
		operator: requiredAttribute(element, 'operator', name),
		...(value === undefined ? {} : { value }),
		...(listed.length === 0 ? {} : { values: listed }),
		...(link === undefined ? {} : { link }),
		...(otherColumn === undefined ? {} : { otherColumn }),
	};
}

function readLink(element: XmlElement, name: string): FetchLink {
	onlyKnown(
		element,
		[
			'alias',
			'enableprefiltering',
			'from',
			'intersect',
			'link-type',
			'name',
			'prefilterparametername',
			'to',
			'visible',
		],
		name,
	);
	const given = element.attributes.get('link-type');
	const type = FETCH_LINK_TYPES.find((known) => known === (given ?? 'inner'));
	if (type === undefined) {
		throw refusedQuery(name, `has a link of the type "${(given ?? '').slice(0, 60)}", which is not known.`);
	}
	const alias = element.attributes.get('alias');
	const filter = readFilters(element, name);
	const { links } = readLinks(element, name);
	return {
		table: requiredAttribute(element, 'name', name),
		from: requiredAttribute(element, 'from', name),
		to: requiredAttribute(element, 'to', name),
		...(given === undefined ? {} : { type }),
		...(alias === undefined ? {} : { alias }),
		...(element.attributes.get('intersect') === 'true' ? { intersect: true } : {}),
		...(filter === undefined ? {} : { filter }),
		...(links.length === 0 ? {} : { links }),
	};
}

function quickFind(name: string) {
	return refusedQuery(
		name,
		'has conditions with placeholders such as {0}, which only a quick search fills in. Use a view from the list of views.',
	);
}
