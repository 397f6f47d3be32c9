/** All tables of an environment and the undo log that makes a unit of work whole. */

import type { EmulatorClock, Store, Table, TableDefinition } from '../contracts';
import { type Change, type Journal, TableStore } from './tableStore';

class MemoryStore implements Store {
	private readonly tables = new Map<string, TableStore>();
	private readonly sets = new Map<string, TableStore>();
	private readonly journal: Journal = { log: undefined, version: 1_000_000 };

	constructor(
		public definitions: readonly TableDefinition[],
		clock: EmulatorClock,
	) {
		for (const definition of definitions) {
			if (this.tables.has(definition.logicalName)) {
				throw new Error(`Table ${definition.logicalName} is defined twice; define each table once.`);
			}
			const table = new TableStore(definition, clock, this.journal);
			this.tables.set(definition.logicalName, table);
			this.sets.set(definition.entitySetName, table);
		}
	}

	table(logicalName: string): TableStore {
		const table = this.tables.get(logicalName);
		if (table === undefined) throw new Error(`No table ${logicalName}; pass its definition to createStore.`);
		return table;
	}

	bySet(entitySetName: string): TableStore | undefined {
		return this.sets.get(entitySetName);
	}

	redefine(definition: TableDefinition): void {
		const { logicalName } = definition;
		this.table(logicalName).definition = definition;
		this.definitions = this.definitions.map((known) =>
			known.logicalName === logicalName ? definition : known,
		);
	}

	atomically<T>(work: () => T): T {
		const outer = this.journal.log;
		const log: Change[] = [];
		this.journal.log = log;
		try {
			const result = work();
			for (const undo of log) outer?.push(undo);
			return result;
		} catch (error) {
			this.journal.log = undefined;
			for (const undo of log.reverse()) undo();
			throw error;
		} finally {
			this.journal.log = outer;
		}
	}
}

/** An empty store of these tables. Throws when two definitions share a logical name. */
export function createStore(definitions: readonly TableDefinition[], clock: EmulatorClock): Store {
	return new MemoryStore(definitions, clock);
}

/** The table as this folder makes it, with its places and indexes. */
export function tableStore(table: Table): TableStore {
	if (table instanceof TableStore) return table;
	throw new Error(`Table ${table.definition.logicalName} was not made by createStore.`);
}

/** Like `store.table`, but undefined for a table that this environment does not have. */
export function findTable(store: Store, logicalName: string): TableStore | undefined {
	const known = store.definitions.some((definition) => definition.logicalName === logicalName);
	return known ? tableStore(store.table(logicalName)) : undefined;
}
