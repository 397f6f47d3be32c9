/**
 * `set?savedQuery=<id>` and `set?userQuery=<id>`: the rows of a view, with the view's columns in the view's order, empty ones
 * left out ("Retrieve and execute predefined queries", 04/06/2022).
 */

import type { Row, ServiceContext } from '../contracts';
import { ServiceFault } from '../contracts';
import { badUri, codes, rowNotFound } from './faults';
import { parseFetch } from './fetch/parse';
import { planFetch } from './fetch/plan';
import { allResults } from './fetch/results';
import { answerList } from './list';
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
	answer: AnswerOptions,
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
	const plan = planFetch(query, context, answer.fetchLinks);
	const places = new Set<number>();
	for (const { root } of allResults(query, plan)) {
		const place = table.ordinalOf(String(root[table.definition.primaryKey]));
		if (place !== undefined) places.add(place);
	}
	const ownOrder = query.entity.orders.map(({ attribute, descending }) => ({
		property: attribute,
		descending,
	}));
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
			path: table.definition.entitySetName,
		},
	);
	return { ...response, body: withoutEmpty(response.body) };
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

function withoutEmpty(body: string | undefined): string | undefined {
	if (body === undefined) return undefined;
	const parsed: unknown = JSON.parse(body);
	if (!isRecord(parsed) || !Array.isArray(parsed.value)) return body;
	const value = (parsed.value as Row[]).map((row) =>
		Object.fromEntries(Object.entries(row).filter(([, cell]) => cell !== null)),
	);
	return JSON.stringify({ ...parsed, value });
}
