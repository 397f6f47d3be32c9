/**
 * Conditions on a hierarchy: rows above or below another one, along the lookup by which a table points at itself.
 * https://learn.microsoft.com/power-apps/developer/data-platform/query-hierarchical-data
 */

import type { ServiceContext } from '../contracts';
import { type Test, isOneOf, not } from './conditions';
import { collectionsOf } from './schema';
import { findTable } from './store';
import { isEmpty } from './values';

const operators = new Set(['above', 'eq-or-above', 'eq-or-under', 'not-under', 'under']);

/** The test of an id; undefined when the operator is none of these, or the table has no hierarchy. */
export function hierarchyTest(
	operator: string,
	id: string,
	logicalName: string,
	context: ServiceContext,
): Test | undefined {
	if (!operators.has(operator)) return undefined;
	const relationship = collectionsOf(context.store, logicalName).find(
		({ referencingTable }) => referencingTable === logicalName,
	);
	const table = findTable(context.store, logicalName);
	if (relationship === undefined || table === undefined) return undefined;
	const { referencingColumn } = relationship;
	const parent = (of: string) => {
		const value = table.get(of)?.[referencingColumn];
		return isEmpty(value) ? [] : [String(value)];
	};
	const children = (of: string) =>
		table
			.equalTo(referencingColumn, of)
			.flatMap((ordinal) => String(table.at(ordinal)?.[table.definition.primaryKey] ?? []));
	switch (operator) {
		case 'above':
			return isOneOf(reached(id, parent));
		case 'eq-or-above':
			return isOneOf([id, ...reached(id, parent)]);
		case 'under':
			return isOneOf(reached(id, children));
		case 'eq-or-under':
			return isOneOf([id, ...reached(id, children)]);
		default:
			return not(isOneOf(reached(id, children)));
	}
}

/** All that can be reached by steps, each once. */
function reached(start: string, step: (id: string) => readonly string[]): readonly string[] {
	const found = new Set<string>();
	const open = [...step(start)];
	for (let next = open.pop(); next !== undefined; next = open.pop()) {
		if (found.has(next)) continue;
		found.add(next);
		open.push(...step(next));
	}
	return [...found];
}
