/** Many-to-many relationships: the rows on the other side, expanded or listed. */

import type { ManyToManyDefinition, ManyToManySide, Store, TableDefinition } from '../contracts';
import { findTable, tableStore } from './store';
import type { TableStore } from './tableStore';
import { isEmpty } from './values';

/** A many-to-many relationship seen from one of its sides. */
export interface ManyToMany {
	readonly definition: ManyToManyDefinition;
	readonly own: ManyToManySide;
	readonly other: ManyToManySide;
	readonly target: TableStore;
}

/** Every many-to-many relationship whose tables exist, each once. */
export function allManyToMany(definitions: readonly TableDefinition[]): readonly ManyToManyDefinition[] {
	const tables = new Set(definitions.map(({ logicalName }) => logicalName));
	return definitions
		.flatMap(({ manyToMany = [] }) => manyToMany)
		.filter(({ sides }) => sides.every(({ table }) => tables.has(table)));
}

/** The relationship that a navigation property of a table stands for. */
export function manyToManyOf(store: Store, logicalName: string, navigation: string): ManyToMany | undefined {
	for (const definition of allManyToMany(store.definitions)) {
		if (definition.schemaName !== navigation) continue;
		const [first, second] = definition.sides;
		const [own, other] = first.table === logicalName ? [first, second] : [second, first];
		const target = findTable(store, other.table);
		if (own.table === logicalName && target !== undefined) return { definition, own, other, target };
	}
	return undefined;
}

/** Places of the rows on the other side, ascending. */
export function placesAcross(store: Store, id: string, relation: ManyToMany): readonly number[] {
	const pairs = tableStore(store.table(relation.definition.intersectTable));
	const places = pairs.equalTo(relation.own.column, id).flatMap((ordinal) => {
		const other = pairs.at(ordinal)?.[relation.other.column];
		return isEmpty(other) ? [] : (relation.target.ordinalOf(String(other)) ?? []);
	});
	return [...new Set(places)].sort((a, b) => a - b);
}
