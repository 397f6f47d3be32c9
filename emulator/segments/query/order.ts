import type { OrderKey } from './ast';
import { readColumn, type Scalar } from './values';
import { findColumn, type QueryWorld, type Scope } from './world';

/**
 * Prepares ORDERBY: nothing first, text without regard to case, the id last so that pages never overlap.
 *
 * @returns a function from ids to the ids of existing rows in order
 * @throws QueryRefusal naming an unknown column
 */
export function sortIds(
	keys: readonly OrderKey[],
	scope: Scope,
	world: QueryWorld,
): (ids: ReadonlySet<string>) => readonly string[] {
	const columns = keys.map(({ field, descending }) => ({
		read: readColumn(findColumn(field, scope, world)).read,
		sign: descending ? -1 : 1,
	}));
	if (columns.length === 0) return (ids) => [...ids];
	return (ids) => {
		const table = world.store.table(scope.table.logicalName);
		const entries: { readonly id: string; readonly values: readonly Scalar[] }[] = [];
		for (const id of ids) {
			const row = table.get(id);
			if (row !== undefined) entries.push({ id, values: columns.map(({ read }) => fold(read(row))) });
		}
		entries.sort((left, right) => {
			for (const [index, { sign }] of columns.entries()) {
				const order = compareScalars(left.values[index] ?? null, right.values[index] ?? null);
				if (order !== 0) return order * sign;
			}
			return compareScalars(left.id, right.id);
		});
		return entries.map(({ id }) => id);
	};
}

function fold(value: Scalar): Scalar {
	return typeof value === 'string' ? value.toLowerCase() : value;
}

function compareScalars(left: Scalar, right: Scalar): number {
	if (left === right) return 0;
	if (left === null) return -1;
	if (right === null) return 1;
	return left < right ? -1 : 1;
}
