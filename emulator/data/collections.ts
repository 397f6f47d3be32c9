/** Collection-valued navigation properties: one-to-many from the "one" side, and many-to-many from either. */

import type { RelationshipDefinition, Row, ServiceContext } from '../contracts';
import { type ManyToMany, manyToManyOf, placesAcross } from './manyToMany';
import { collectionName, collectionsOf } from './schema';
import { findTable } from './store';
import type { TableStore } from './tableStore';

export interface Collection {
	readonly table: TableStore;
	/** Of a one-to-many relationship. */
	readonly relationship?: RelationshipDefinition;
	readonly across?: ManyToMany;
	/** Places of those that can belong to the row with this id. */
	candidates(id: string): readonly number[];
	/** Whether a candidate does belong to it. */
	belongs(candidate: Readonly<Row>, id: string): boolean;
}

/** Undefined when the table has no such navigation property. */
export function collectionOf(
	name: string,
	logicalName: string,
	{ store }: ServiceContext,
): Collection | undefined {
	const across = manyToManyOf(store, logicalName, name);
	if (across !== undefined) {
		return {
			table: across.target,
			across,
			candidates: (id) => placesAcross(store, id, across),
			belongs: () => true,
		};
	}
	const relationship = collectionsOf(store, logicalName).find(
		(candidate) => collectionName(candidate) === name,
	);
	const table = relationship && findTable(store, relationship.referencingTable);
	if (relationship === undefined || table === undefined) return undefined;
	const { referencingColumn } = relationship;
	return {
		table,
		relationship,
		candidates: (id) => table.equalTo(referencingColumn, id),
		belongs: (candidate, id) => candidate[referencingColumn] === id,
	};
}

/** The rows behind the property of one row. */
export function rowsOf(collection: Collection, id: string): readonly Readonly<Row>[] {
	return collection
		.candidates(id)
		.map((ordinal) => collection.table.at(ordinal))
		.filter((row) => row !== undefined)
		.filter((row) => collection.belongs(row, id));
}
