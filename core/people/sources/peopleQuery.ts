/**
 * FetchXML of a view, a dynamic list or a user, rewritten so that it can be read page by page to the end: whom it
 * selects stays the same, but everything about display and sorting is dropped. Anything that does not select people is refused by name.
 * https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/page-results
 * https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/order-rows
 */

import { DataverseError, invalidInput } from '../../dataverse/errors/errors';
import type { FetchXml } from '../../dataverse/text/fetchxml';
import { parseXml, XmlProblem, type XmlElement } from '../../dataverse/text/xml';
import { keyOf, type PersonTable } from '../lookUp';
import { readFilters, readLinks } from './peopleConditions';
import { onlyKnown, refusedQuery, requiredAttribute, unknownElement } from './queryProblems';

export interface PeopleQuery {
	readonly table: PersonTable;
	/** Gives the id of each person once, in the order of the ids. */
	readonly fetch: FetchXml;
}

/** Attributes about paging and display, which are set here; `datasource`, `top` and `aggregate` decide which rows come. */
const OF_PAGES = [
	'count',
	'distinct',
	'latematerialize',
	'mapping',
	'min-active-row-version',
	'no-lock',
	'options',
	'output-format',
	'page',
	'paging-cookie',
	'returntotalrecordcount',
	'savedqueryid',
	'useraworderby',
	'utc-offset',
	'version',
	'aggregate',
] as const;

/**
 * @param text FetchXML
 * @param name how it is called in messages: `View "Active Contacts"`, `FetchXML`
 * @throws DataverseError `invalidInput` for text that is not FetchXML, or asks for something else than contacts or leads
 */
export function readPeopleQuery(text: string, name: string): PeopleQuery {
	const root = parsed(text, name);
	if (root.name !== 'fetch') throw refusedQuery(name, `begins with <${root.name}> instead of <fetch>.`);
	if (mayBeTrue(root, 'aggregate')) throw aggregates(name);
	if (root.attributes.has('top')) {
		throw refusedQuery(name, 'asks only for the first rows (top), but everybody is read here. Remove top.');
	}
	onlyKnown(root, OF_PAGES, name);
	const stray = root.children.find((child) => child.name !== 'entity');
	if (stray !== undefined) throw unknownElement(stray, root, name);
	const [entity, ...others] = root.children;
	if (entity === undefined || others.length > 0) throw refusedQuery(name, 'needs exactly one <entity>.');
	const table = personTableOf(entity, name);
	refuseAggregates(entity, name);
	const filter = readFilters(entity, name);
	const { links, multiply } = readLinks(entity, name);
	const key = keyOf(table);
	return {
		table,
		fetch: {
			entity: table,
			attributes: [key],
			orders: [{ attribute: key }],
			...(filter === undefined ? {} : { filter }),
			...(links.length === 0 ? {} : { links }),
			// One row for each pair, unless it is asked for each person once.
			...(multiply ? { distinct: true } : {}),
		},
	};
}

function parsed(text: string, name: string): XmlElement {
	if (text.trim() === '') throw refusedQuery(name, 'is empty.');
	try {
		return parseXml(text);
	} catch (error) {
		if (!(error instanceof XmlProblem)) throw error;
		const before = text.slice(0, error.offset).split('\n');
		const place = `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
		throw refusedQuery(name, `is not XML: ${place}. ${error.message}`);
	}
}

function personTableOf(entity: XmlElement, name: string): PersonTable {
	onlyKnown(entity, ['name', 'enableprefiltering', 'prefilterparametername'], name);
	const table = requiredAttribute(entity, 'name', name).toLowerCase();
	if (table === 'contact' || table === 'lead') return table;
	throw new DataverseError({
		kind: 'invalidInput',
		message: `${name} asks for rows of the table "${table.slice(0, 60)}", but only contacts and leads can be used.`,
		remedy:
			'Use a view or FetchXML whose entity is contact or lead; related tables can be in its <link-entity>.',
	});
}

const CHILDREN = ['all-attributes', 'attribute', 'filter', 'link-entity', 'no-attrs', 'order'];

function refuseAggregates(entity: XmlElement, name: string): void {
	for (const child of entity.children) {
		if (!CHILDREN.includes(child.name)) throw unknownElement(child, entity, name);
		if (child.name === 'link-entity') refuseAggregates(child, name);
		if (child.name === 'filter') refuseInLinksOf(child, name);
		if (child.attributes.has('aggregate') || child.attributes.has('groupby')) throw aggregates(name);
	}
}

/** Links stand in filters as well, at any depth. */
function refuseInLinksOf(filter: XmlElement, name: string): void {
	for (const child of filter.children) {
		if (child.name === 'filter') refuseInLinksOf(child, name);
		if (child.name === 'link-entity') refuseAggregates(child, name);
	}
}

/** A value that is neither true nor false does not say whether the query returns people. */
function mayBeTrue(element: XmlElement, attribute: string): boolean {
	const word = element.attributes.get(attribute)?.trim().toLowerCase() ?? '';
	return !['', '0', 'false'].includes(word);
}

function aggregates(name: string) {
	return invalidInput(
		`${name} asks for totals (aggregate), which contain no people.`,
		'Use a view or FetchXML that lists contacts or leads.',
	);
}
