/** The results of a FetchXML query, in its order: rows of the outer table with those of its links. */

import { randomInt } from 'node:crypto';

import type { Row } from '../../contracts';
import { type Position, type Selection, type SortKey, walk } from '../selection';
import { compareValues } from '../values';
import type { FetchQuery } from './parse';
import { type FetchPlan, type Joined, type PlannedLink, columnOf, joinRow } from './plan';

export function rootOrder({ entity }: FetchQuery, { schema }: FetchPlan): readonly SortKey[] {
	return entity.orders
		.filter(({ alias }) => alias === undefined)
		.map(({ attribute, descending }) => ({ column: columnOf(attribute, schema).column.name, descending }));
}

interface LinkOrder extends SortKey {
	readonly alias: string;
}

export function linkOrders({ entity }: FetchQuery): readonly LinkOrder[] {
	const own = entity.orders.flatMap(({ attribute, descending, alias }) =>
		alias === undefined ? [] : [{ alias, column: attribute, descending }],
	);
	const ofLinks = entity.links.flatMap((link) =>
		link.orders.map(({ attribute, descending }) => ({ alias: link.alias, column: attribute, descending })),
	);
	return [...own, ...ofLinks];
}

/** @param key what the remembered order of the outer table goes by */
export function* allResults(
	query: FetchQuery,
	plan: FetchPlan,
	after?: Position,
	key?: string,
): Generator<Joined> {
	if (!query.distinct) {
		yield* everyResult(query, plan, after, key);
		return;
	}
	const isOrdered = rootOrder(query, plan).length > 0 || linkOrders(query).length > 0;
	yield* isOrdered ? eachOnce(query, plan, after, key) : shuffled([...eachOnce(query, plan, after, key)]);
}

function* eachOnce(query: FetchQuery, plan: FetchPlan, after?: Position, key?: string): Generator<Joined> {
	const seen = new Set<string>();
	for (const joined of everyResult(query, plan, after, key)) {
		const text = JSON.stringify([...shownValues(plan, joined)]);
		if (seen.has(text)) continue;
		seen.add(text);
		yield joined;
	}
}

/**
 * Distinct results without an order come in another one for every page, so that pages overlap and miss rows: "no order is
 * added" (fetchxml/order-rows, 03/06/2024).
 */
function shuffled<T>(results: T[]): readonly T[] {
	for (let left = results.length; left > 1; left -= 1) {
		const other = randomInt(left);
		const [one, two] = [results[left - 1], results[other]];
		if (one !== undefined && two !== undefined) [results[left - 1], results[other]] = [two, one];
	}
	return results;
}

/** What a result shows, in the order of its columns. */
function* shownValues(plan: FetchPlan, joined: Joined): Generator<unknown> {
	for (const { property } of plan.columns) yield joined.root[property.column.name] ?? null;
	yield* linkedValues(plan.links, joined);
}

function* linkedValues(links: readonly PlannedLink[], joined: Joined): Generator<unknown> {
	for (const link of links) {
		const row = joined.linked.get(link.alias);
		for (const { property } of link.columns) yield row?.[property.column.name] ?? null;
		yield* linkedValues(link.links, joined);
	}
}

/** Those that look alike included. */
export function* everyResult(
	query: FetchQuery,
	plan: FetchPlan,
	after?: Position,
	key?: string,
): Generator<Joined> {
	const { test, candidates, table, links, lasting } = plan;
	const order = rootOrder(query, plan);
	const selection: Selection = { test, candidates, order, key: lasting ? key : undefined };
	const byLink = linkOrders(query);
	if (byLink.length > 0) {
		yield* sortedByLink(walk(table, selection), links, byLink);
		return;
	}
	for (const { row } of walk(table, selection, after)) yield* joinRow(row, links);
}

function* sortedByLink(
	rows: Iterable<{ readonly row: Readonly<Row> }>,
	links: readonly PlannedLink[],
	order: readonly LinkOrder[],
): Generator<Joined> {
	const results: Joined[] = [];
	for (const { row } of rows) results.push(...joinRow(row, links));
	results.sort((a, b) => {
		for (const { alias, column, descending } of order) {
			const sign = compareValues(a.linked.get(alias)?.[column], b.linked.get(alias)?.[column]);
			if (sign !== 0) return descending ? -sign : sign;
		}
		return 0;
	});
	yield* results;
}
