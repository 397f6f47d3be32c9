import type { ColumnDefinition, Row, Store, TableDefinition } from '../../contracts';

/** A block of a query whose every name was found: a table and which of its rows. */
export interface PreparedSet {
	readonly table: TableDefinition;
	run(): ReadonlySet<string>;
}

/** The rows with these ids, or all of the table. */
export function* rowsOf(
	table: TableDefinition,
	ids: ReadonlySet<string> | undefined,
	store: Store,
): IterableIterator<Readonly<Row>> {
	const rows = store.table(table.logicalName);
	if (ids === undefined) {
		yield* everyRow(table, store);
		return;
	}
	for (const id of ids) {
		const row = rows.get(id);
		if (row !== undefined) yield row;
	}
}

export function everyRow(table: TableDefinition, store: Store): IterableIterator<Readonly<Row>> {
	return store.table(table.logicalName).rows();
}

export function* everyId(table: TableDefinition, store: Store): IterableIterator<string> {
	for (const row of store.table(table.logicalName).rows()) yield idOf(row, table);
}

export function idOf(row: Readonly<Row>, table: TableDefinition): string {
	return String(row[table.primaryKey]).toLowerCase();
}

/** The row of `target` that a lookup points at; undefined when it is empty or points at another table. */
export function pointedAt(
	row: Readonly<Row>,
	column: ColumnDefinition,
	target: TableDefinition,
): string | undefined {
	const id = row[column.name];
	const table = row[`${column.name}@table`] ?? target.logicalName;
	return typeof id === 'string' && table === target.logicalName ? id.toLowerCase() : undefined;
}
