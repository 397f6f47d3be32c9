/** GET `set?fetchXml=…`: pages by number or by cookie, total count, joined columns. */

import type { Row, ServiceContext } from '../../contracts';
import { equalTextsOf } from '../conditions';
import { cookieText, outerCookie, readCookie } from '../cookies';
import { codes } from '../faults';
import { countAnnotations } from '../list';
import { type Preferences, applied, largestPage, moreRecords, pagingCookie } from '../preferences';
import { annotate, etagOf } from '../render';
import { type AnswerOptions, type DataResponse, json } from '../responses';
import { apiRoot } from '../schema';
import type { Position, SortKey } from '../selection';
import type { TableStore } from '../tableStore';
import { isEmpty } from '../values';
import { aggregateRows } from './aggregate';
import { type FetchEntity, type FetchQuery, fetchFault, parseFetch } from './parse';
import { type FetchPlan, type Joined, type PlannedColumn, type PlannedLink, planFetch } from './plan';
import { allResults, everyResult, linkOrders, rootOrder } from './results';

/** Rows that can be reached by page numbers alone. */
const reachableWithoutCookie = 50_000;

export function answerFetch(
	table: TableStore,
	text: string,
	preferences: Preferences,
	context: ServiceContext,
	options: AnswerOptions,
): DataResponse {
	const query = parseFetch(text);
	const { logicalName, entitySetName } = table.definition;
	if (query.entity.name !== logicalName) {
		throw fetchFault(
			codes.fetchSetMismatch,
			`Entity Name specified in fetchXML does not match Entity Name specified in Entity Set: '${query.entity.name}' and '${logicalName}'.`,
		);
	}
	const plan = planFetch(query, context, options.fetchLinks);
	if (query.aggregate) return answerAggregate(query, plan, preferences, context);
	const page = readPage(query, plan, context, text);
	const body: Row = { '@odata.context': `${apiRoot(context)}$metadata#${entitySetName}` };
	const count = () => countUpTo(allResults(query, plan), largestPage + 1);
	Object.assign(body, countAnnotations(query.totalCount, count, preferences));
	if (page.more && preferences.wants(moreRecords)) body[`@${moreRecords}`] = true;
	if (page.cookie !== undefined && preferences.wants(pagingCookie)) body[`@${pagingCookie}`] = page.cookie;
	body.value = page.results.map((joined) => printJoined(joined, plan, preferences, context, !query.distinct));
	return json(200, body, { 'Preference-Applied': applied(preferences, {}) });
}

/** Groups are paged like rows, without a cookie. */
function answerAggregate(
	query: FetchQuery,
	plan: FetchPlan,
	preferences: Preferences,
	context: ServiceContext,
): DataResponse {
	const { entitySetName } = plan.table.definition;
	const unordered = { ...query, distinct: false, entity: withoutOrders(query.entity) };
	const rows = aggregateRows(query, plan, everyResult(unordered, plan), preferences, context);
	const size = Math.min(query.top ?? query.count ?? largestPage, largestPage);
	const end = query.page * size;
	const body: Row = { '@odata.context': `${apiRoot(context)}$metadata#${entitySetName}` };
	if (end < rows.length && query.top === undefined && preferences.wants(moreRecords)) {
		body[`@${moreRecords}`] = true;
	}
	body.value = rows.slice(end - size, end);
	return json(200, body, { 'Preference-Applied': applied(preferences, {}) });
}

/** In an aggregate query the orders name aliases of groups and numbers. */
function withoutOrders(entity: FetchEntity): FetchEntity {
	const links = entity.links.map((link) => ({ ...link, ...withoutOrders(link) }));
	return { ...entity, orders: [], links };
}

interface FetchPage {
	readonly results: readonly Joined[];
	readonly more: boolean;
	readonly cookie?: string;
}

function readPage(query: FetchQuery, plan: FetchPlan, context: ServiceContext, text: string): FetchPage {
	const size = Math.min(query.top ?? query.count ?? largestPage, largestPage);
	const order = rootOrder(query, plan);
	const start = query.cookie === undefined ? undefined : startAfter(query.cookie, query, order, plan.table);
	const skip = start === undefined ? (query.page - 1) * size : 0;
	if (skip + size > reachableWithoutCookie && query.page > 1 && start === undefined) {
		throw fetchFault(
			codes.pageWithoutCookie,
			`The maximum record limit of ${reachableWithoutCookie} is exceeded. Reduce the number of records or use a paging cookie.`,
		);
	}
	const results: Joined[] = [];
	let seen = 0;
	for (const joined of allResults(query, plan, start, `${equalTextsOf(context)} ${sortKeyText(text)}`)) {
		seen += 1;
		if (seen <= skip) continue;
		if (results.length === size) {
			if (query.top !== undefined) break;
			return { results, more: true, cookie: nextCookie(query, plan, order, results, context) };
		}
		results.push(joined);
	}
	return { results, more: false };
}

/** Paging attributes change from page to page and must not change what is remembered as sorted. */
function sortKeyText(text: string): string {
	return text.replace(/^[^>]*>/, '');
}

function startAfter(
	cookie: string,
	query: FetchQuery,
	order: readonly SortKey[],
	table: TableStore,
): Position {
	const read = readCookie(cookie, order, table);
	if (read === 'order') {
		throw fetchFault(
			codes.cookieOrder,
			'The order of the query differs from the order in the paging cookie.',
		);
	}
	if (read === 'malformed' || read.page !== query.page - 1) {
		throw fetchFault(
			codes.cookiePage,
			'The paging cookie is malformed or does not belong to the page before.',
		);
	}
	return read.position;
}

function nextCookie(
	query: FetchQuery,
	plan: FetchPlan,
	order: readonly SortKey[],
	results: readonly Joined[],
	context: ServiceContext,
): string | undefined {
	const [first, last] = [results[0]?.root, results.at(-1)?.root];
	const withheld = context.assumption('fetchWithoutCookie');
	const linkOrder = linkOrders(query).length > 0;
	if (withheld === 'always' || (withheld === 'linkOrder' && linkOrder)) return undefined;
	if (linkOrder || first === undefined || last === undefined) return undefined;
	// A row of the outer table that stands on two pages cannot be told by its id.
	if (query.distinct ? !isKeyed(query, plan, context) : !plan.links.every(isSingle)) return undefined;
	return outerCookie(query.page + 1, cookieText(query.page, order, plan.table, first, last));
}

/** Distinct results have no id that a cookie could name, unless the key is asked for and orders them: then each row is one result. */
function isKeyed({ entity }: FetchQuery, plan: FetchPlan, context: ServiceContext): boolean {
	const { primaryKey } = plan.table.definition;
	const { columns, links } = plan;
	if (context.assumption('fetchDistinctCookie') === 'never') return false;
	const isShown = columns.some(({ property }) => property.column.name === primaryKey);
	const shows = (link: PlannedLink): boolean => link.columns.length > 0 || link.links.some(shows);
	return isShown && entity.orders[0]?.attribute === primaryKey && !links.some(shows);
}

function isSingle({ single, links }: PlannedLink): boolean {
	return single && links.every(isSingle);
}

function countUpTo(results: Iterator<unknown>, limit: number): number {
	let count = 0;
	while (count < limit && !results.next().done) count += 1;
	return count;
}

/** Empty columns are left out: that is where FetchXML answers differ from OData ones. */
function printJoined(
	joined: Joined,
	plan: FetchPlan,
	preferences: Preferences,
	context: ServiceContext,
	isRow: boolean,
): Row {
	const printed: Row = isRow ? { '@odata.etag': etagOf(joined.root) } : {};
	printColumns(printed, plan.columns, joined.root, preferences, context);
	printLinks(printed, plan.links, joined, preferences, context);
	return printed;
}

/** Puts the columns of the links into a row. */
export function printLinks(
	printed: Row,
	links: readonly PlannedLink[],
	joined: Joined,
	preferences: Preferences,
	context: ServiceContext,
): void {
	for (const link of links) {
		const row = joined.linked.get(link.alias);
		if (row !== undefined) printColumns(printed, link.columns, row, preferences, context);
		printLinks(printed, link.links, joined, preferences, context);
	}
}

function printColumns(
	printed: Row,
	columns: readonly PlannedColumn[],
	row: Readonly<Row>,
	preferences: Preferences,
	context: ServiceContext,
): void {
	for (const { name, property } of columns) {
		const value = row[property.column.name];
		if (isEmpty(value)) continue;
		annotate(printed, name, property.column, row, preferences, context);
		printed[name] = value;
	}
}
