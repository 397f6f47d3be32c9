/**
 * `set?savedQuery=<id>` and `set?userQuery=<id>`, also behind a collection (`set(id)/collection?savedQuery=<id>`): the rows of a
 * view, with the view's columns in the view's order, those of its links as FetchXML names them, and empty ones left out
 * ("Retrieve and execute predefined queries", 04/06/2022). A row that a link brings several times comes once.
 */

import type { Row, ServiceContext } from '../contracts';
import { ServiceFault } from '../contracts';
import { badUri, codes, rowNotFound } from './faults';
import { printLinks } from './fetch/answer';
import { parseFetch } from './fetch/parse';
import { planFetch } from './fetch/plan';
import { allResults } from './fetch/results';
import { type Related, answerList } from './list';
import type { Preferences } from './preferences';
import { requireReach, requireVerb } from './privileges';
import type { QueryOptions } from './queryOptions';
import type { AnswerOptions, DataResponse } from './responses';
import { tableStore } from './store';
import type { TableStore } from './tableStore';
import { isRecord } from './values';

/** The view that the options name; undefined when they name none. */
export function answerStoredView(
	table: TableStore,
	options: QueryOptions,
	preferences: Preferences,
	context: ServiceContext,
	{ fetchLinks }: Pick<AnswerOptions, 'fetchLinks'> = {},
	related?: Related,
): DataResponse | undefined {
	const { savedQuery, userQuery } = options;
	if (savedQuery === undefined && userQuery === undefined) return undefined;
	if (savedQuery !== undefined && userQuery !== undefined) {
		throw badUri("The query options 'savedQuery' and 'userQuery' cannot be combined.");
	}
	const composed = [options.select, options.filter, options.top].some((given) => given !== undefined);
	if ((composed || options.orderBy.length > 0) && context.assumption('viewComposition') === '400') {
		throw badUri('A predefined query cannot be combined with other query options.');
	}
	const view = readView(
		userQuery === undefined ? 'savedquery' : 'userquery',
		savedQuery ?? userQuery ?? '',
		context,
	);
	const { logicalName } = table.definition;
	if (view.returnedtypecode !== logicalName) {
		throw new ServiceFault(
			400,
			codes.fetchSetMismatch,
			`Entity Name specified in the predefined query does not match Entity Name specified in Entity Set: '${String(view.returnedtypecode)}' and '${logicalName}'.`,
		);
	}
	const query = parseFetch(String(view.fetchxml));
	const plan = planFetch(query, context, fetchLinks);
	const { primaryKey } = table.definition;
	const inside = related && new Set(related.candidates);
	const places = new Set<number>();
	/** What the links bring, by the id of the row. */
	const linked = new Map<string, Row>();
	for (const joined of allResults(query, plan)) {
		const id = String(joined.root[primaryKey]);
		const place = table.ordinalOf(id);
		if (place === undefined || places.has(place)) continue;
		if (inside !== undefined && !(inside.has(place) && related?.belongs(joined.root) === true)) continue;
		places.add(place);
		const cells: Row = {};
		printLinks(cells, plan.links, joined, preferences, context);
		if (options.select === undefined) linked.set(id, cells);
	}
	const ownOrder = query.entity.orders
		.filter(({ alias }) => alias === undefined)
		.map(({ attribute, descending }) => ({ property: attribute, descending }));
	const response = answerList(
		table,
		{
			...options,
			select: options.select ?? plan.columns.map(({ property }) => property.name),
			orderBy: options.orderBy.length > 0 ? options.orderBy : ownOrder,
		},
		preferences,
		context,
		{
			candidates: [...places].sort((one, other) => one - other),
			belongs: () => true,
			path: related?.path ?? table.definition.entitySetName,
		},
	);
	return { ...response, body: asFetched(response.body, (row) => linked.get(String(row[primaryKey]))) };
}

function readView(logicalName: string, text: string, context: ServiceContext): Readonly<Row> {
	const table = tableStore(context.store.table(logicalName));
	requireVerb('Read', table.definition, context);
	const id = text.replace(/[{}]/g, '').toLowerCase();
	const row = table.get(id);
	if (row === undefined) throw rowNotFound(logicalName, id);
	requireReach('Read', table.definition, row, context);
	return row;
}

/** Without empty columns, and with those of the links. */
function asFetched(body: string | undefined, linkedTo: (row: Row) => Row | undefined): string | undefined {
	if (body === undefined) return undefined;
	const parsed: unknown = JSON.parse(body);
	if (!isRecord(parsed) || !Array.isArray(parsed.value)) return body;
	const value = (parsed.value as Row[]).map((row) => ({
		...Object.fromEntries(Object.entries(row).filter(([, cell]) => cell !== null)),
		...linkedTo(row),
	}));
	return JSON.stringify({ ...parsed, value });
}
