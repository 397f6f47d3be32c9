import type { Dialect } from './ast';

/** What is known about the environment; read from Dataverse metadata by the caller, once per execution. */
export interface QueryFacts {
	readonly dialect: Dialect;
	/**
	 * The table of that name, compared without regard to case (the docs write both `Contact` and `contact`); `unknown` when
	 * there is none; nothing when metadata is not available, and then nothing that depends on it is reported.
	 */
	table(name: string): TableFacts | 'unknown' | undefined;
	/** In UTF-16 code units; 4000 when not given. */
	readonly maxLength?: number;
}

export interface TableFacts {
	readonly logicalName: string;
	/** By logical name in lower case. */
	readonly columns: ReadonlyMap<string, ColumnFacts>;
	/** By schema name in lower case; `otherTable` is the logical name at the other end. */
	readonly relationships: ReadonlyMap<string, { readonly otherTable: string }>;
}

export type ColumnType = 'string' | 'number' | 'boolean' | 'date' | 'guid' | 'choice' | 'lookup' | 'other';

export interface ColumnFacts {
	readonly type: ColumnType;
	readonly choices?: readonly { readonly value: number; readonly label: string }[];
	/** Calculated, formula or rollup columns, which segments cannot use. */
	readonly calculated?: boolean;
}
