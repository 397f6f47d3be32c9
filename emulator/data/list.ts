/** GET on a set: filter, order, pages with an opaque link, count. */

import type { Row, ServiceContext } from '../contracts';
import { dependsOnRowOnly, selectByFilter, tableScope } from './candidates';
import { cookieText, innerOfSkipToken, outerCookie, readCookie } from './cookies';
import { badUri, unknownProperty } from './faults';
import type { RowTest } from './filterScope';
import { type Preferences, applied, largestPage, totalCount, totalCountExceeded } from './preferences';
import { reachOf } from './privileges';
import type { QueryOptions } from './queryOptions';
import { checkExpand, expandContext } from './expand';
import { selectedProperties } from './properties';
import { renderRow } from './render';
import { type DataResponse, json } from './responses';
import { type TableSchema, apiRoot, schemaOf } from './schema';
import { type PlacedRow, type Position, type Selection, type SortKey, countMatches, walk } from './selection';
import type { TableStore } from './tableStore';

/** The rows behind `set(id)/<relationship>`: places of those that can belong to it, and the test of those that do. */
export interface Related {
	readonly candidates: readonly number[];
	belongs(row: Readonly<Row>): boolean;
	readonly path: string;
}

export function answerList(
	table: TableStore,
	options: QueryOptions,
	preferences: Preferences,
	context: ServiceContext,
	related?: Related,
): DataResponse {
	const schema = schemaOf(table.definition);
	const selection = select(table, options, context, related);
	const properties = selectedProperties(schema, options.select);
	checkExpand(schema, options.expand, context);
	const page = readPage(table, selection, options, preferences);
	const rows = page.rows.map(({ row }) =>
		renderRow(schema, row, { properties, preferences, expand: options.expand }, context),
	);
	const body: Row = { '@odata.context': listContext(schema, options, context) };
	Object.assign(
		body,
		countAnnotations(options.count, () => countMatches(table, selection, largestPage + 1), preferences),
	);
	body.value = rows;
	if (page.nextToken !== undefined) {
		body['@odata.nextLink'] = nextLink(
			related?.path ?? table.definition.entitySetName,
			options,
			page.nextToken,
			context,
		);
	}
	return json(200, body, { 'Preference-Applied': applied(preferences, { page: options.top === undefined }) });
}

/** `@odata.count` and its annotations. The service counts to 5000 and says when there are more. */
export function countAnnotations(asked: boolean, count: () => number, preferences: Preferences): Row {
	const matches = asked ? count() : undefined;
	const capped = matches === undefined ? -1 : Math.min(matches, largestPage);
	const body: Row = asked ? { '@odata.count': capped } : {};
	if (preferences.wants(totalCount)) body[`@${totalCount}`] = capped;
	if (preferences.wants(totalCountExceeded)) body[`@${totalCountExceeded}`] = (matches ?? 0) > largestPage;
	return body;
}

/** `set/$count` and `set(key)/collection/$count`: text, counted to 5000, with a byte order mark where the assumption says so. */
export function answerCount(
	table: TableStore,
	options: QueryOptions,
	context: ServiceContext,
	related?: Related,
): DataResponse {
	const selection = select(table, options, context, related);
	const mark = context.assumption('countWithBom') === 'yes' ? '\uFEFF' : '';
	return {
		status: 200,
		headers: { 'Content-Type': 'text/plain', 'OData-Version': '4.0' },
		body: `${mark}${countMatches(table, selection, largestPage)}`,
	};
}

function select(
	table: TableStore,
	options: QueryOptions,
	context: ServiceContext,
	related?: Related,
): Selection {
	const schema = schemaOf(table.definition);
	const scope = tableScope(schema, context, options.aliases);
	const own = options.filter === undefined ? undefined : selectByFilter(options.filter, table, scope);
	const order = options.orderBy.map((term) => sortKey(term.property, term.descending, schema));
	const reach = reachOf('Read', table.definition, context);
	const rowOnly = reach === undefined && (options.filter === undefined || dependsOnRowOnly(options.filter));
	const key = rowOnly ? `${scope.equalTexts} ${related?.path ?? ''}?${options.repeated}` : undefined;
	const test = bothTests(own?.test, reach);
	if (related === undefined) return { ...own, ...(test && { test }), order, key };
	return {
		candidates: related.candidates,
		test: (row) => related.belongs(row) && (test?.(row) ?? true),
		order,
		key,
	};
}

function bothTests(one: RowTest | undefined, other: RowTest | undefined): RowTest | undefined {
	if (one === undefined || other === undefined) return one ?? other;
	return (row) => one(row) && other(row);
}

function sortKey(property: string, descending: boolean, schema: TableSchema): SortKey {
	const found = schema.properties.get(property);
	if (found === undefined) throw unknownProperty(property, schema.definition.logicalName);
	return { column: found.column.name, descending };
}

interface PageOfRows {
	readonly rows: readonly PlacedRow[];
	readonly nextToken?: string;
}

/** `$top` and a page size do not go together; the page size wins and `$top` is ignored. */
function readPage(
	table: TableStore,
	selection: Selection,
	options: QueryOptions,
	preferences: Preferences,
): PageOfRows {
	const start = options.skipToken === undefined ? undefined : readToken(options.skipToken, selection, table);
	const topOnly = preferences.pageSize === undefined ? options.top : undefined;
	const size = Math.min(topOnly ?? preferences.pageSize ?? largestPage, largestPage);
	const rows: PlacedRow[] = [];
	for (const placed of size === 0 ? [] : walk(table, selection, start?.position)) {
		if (rows.length === size) {
			const [first, last] = [rows[0]?.row, rows.at(-1)?.row];
			if (topOnly !== undefined || first === undefined || last === undefined) break;
			const page = start?.page ?? 1;
			return {
				rows,
				nextToken: outerCookie(page + 1, cookieText(page, selection.order, table, first, last)),
			};
		}
		rows.push(placed);
	}
	return { rows };
}

function readToken(
	token: string,
	selection: Selection,
	table: TableStore,
): { readonly page: number; readonly position: Position } {
	const outer = innerOfSkipToken(token);
	const cookie = outer && readCookie(outer.inner, selection.order, table);
	if (outer === undefined || cookie === undefined || typeof cookie === 'string') {
		throw badUri(
			"Malformed XML in the query option '$skiptoken'. Follow '@odata.nextLink' exactly as it was received.",
		);
	}
	return { page: outer.page, position: cookie.position };
}

function nextLink(path: string, options: QueryOptions, token: string, context: ServiceContext): string {
	// The form of the documented link: everything encoded but the quotes' surroundings `=` and the slash.
	const encoded = encodeURIComponent(token).replace(/%3D/g, '=').replace(/%2F/g, '/');
	const query = [options.repeated, `$skiptoken=${encoded}`].filter((part) => part !== '').join('&');
	return `${apiRoot(context)}${path}?${query}`;
}

export function listContext(
	schema: TableSchema,
	options: Pick<QueryOptions, 'expand' | 'select'>,
	context: ServiceContext,
): string {
	const parts = [...(options.select ?? []), ...expandContext(options.expand)];
	const suffix = parts.length === 0 ? '' : `(${parts.join()})`;
	return `${apiRoot(context)}$metadata#${schema.definition.entitySetName}${suffix}`;
}
