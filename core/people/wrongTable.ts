/** Looks for IDs and addresses that match nobody in the other table of people: a lead, for example, in the input for contacts. */

import type { Roster } from '../accounting/roster';
import { addressOfOtherTable, ofOtherTable, type Reason } from '../accounting/rowReasons';
import type { DataverseClient } from '../dataverse/client';
import { DataverseError } from '../dataverse/errors/errors';
import { parseGuid } from '../dataverse/text/guid';
import { ownString } from '../dataverse/http/json';
import type { EntityRow } from '../dataverse/types';
import { isIn } from '../dataverse/text/odata';
import { encodedLength, keyOf, LookUp, setOf, valueIn, valuesUsed, type PersonTable } from './lookUp';

/** The better reason is a convenience; if the whole input is wrong, its first rows show it. */
const MOST_LOOKS = 10;

export interface Elsewhere {
	/** Why an id that was found elsewhere cannot be taken. */
	readonly reason: Reason;
	/** Those of the ids (500 at most) that are of the other table. */
	find(ids: readonly string[]): Promise<ReadonlySet<string>>;
}

/**
 * @throws DataverseError from `find` only when the run is cancelled or its time is up: who may not read the other table is
 * told that the ids are unknown.
 */
export function lookElsewhere(client: DataverseClient, table: PersonTable): Elsewhere {
	const other = otherThan(table);
	const key = keyOf(other);
	let looks = 0;
	return {
		reason: ofOtherTable(other, table),
		find: async (ids) => {
			if (ids.length === 0 || looks >= MOST_LOOKS) return new Set();
			looks += 1;
			const idIn = (row: EntityRow) => parseGuid(ownString(row, key) ?? '') ?? '';
			const found = await valuesIn(client, other, { column: key, values: ids, read: idIn });
			if (found === undefined) looks = MOST_LOOKS;
			return found ?? new Set();
		},
	};
}

/** Addresses that nobody of the table has: when all rows are in, one query asks the other table for the first of them. */
export class UnmatchedAddresses {
	/** By normalized address, its rows. */
	private readonly rows = new Map<string, number[]>();
	private encoded = 0;
	private used = 0;

	/** @param column the column of addresses, which both tables have */
	constructor(
		private readonly client: DataverseClient,
		private readonly table: PersonTable,
		private readonly column: string,
	) {}

	/** @param row 0-based */
	add(address: string, row: number): void {
		const rows = this.rows.get(address);
		if (rows !== undefined) {
			rows.push(row);
			return;
		}
		const encoded = this.encoded + encodedLength([address]);
		const used = this.used + valuesUsed([address]);
		if (used > LookUp.limits.values || encoded > LookUp.limits.encoded) return;
		this.rows.set(address, [row]);
		this.encoded = encoded;
		this.used = used;
	}

	/**
	 * Gives the rows whose address the other table has the better reason; the others keep theirs, also where the other
	 * table cannot be read.
	 * @throws DataverseError only when the run is cancelled or its time is up
	 */
	async explain(roster: Roster): Promise<void> {
		if (this.rows.size === 0) return;
		const { client, column, table } = this;
		const other = otherThan(table);
		const read = (row: EntityRow) => valueIn(row, column);
		const found = await valuesIn(client, other, { column, values: [...this.rows.keys()], read });
		const reason = addressOfOtherTable(other, table);
		for (const address of found ?? []) {
			for (const row of this.rows.get(address) ?? []) roster.explainRow(row, reason);
		}
	}
}

function otherThan(table: PersonTable): PersonTable {
	return table === 'contact' ? 'lead' : 'contact';
}

interface Sought {
	readonly column: string;
	/** Within the limits of one query. */
	readonly values: readonly string[];
	/** The value of a row that was found. */
	readonly read: (row: EntityRow) => string;
}

/** Values that the table has; undefined where it could not be asked. */
async function valuesIn(
	client: DataverseClient,
	table: PersonTable,
	{ column, values, read }: Sought,
): Promise<ReadonlySet<string> | undefined> {
	const found = new Set<string>();
	try {
		const query = { select: [...new Set([keyOf(table), column])], filter: isIn(column, values) };
		for await (const { rows } of client.listPages(setOf(table), query)) {
			for (const row of rows) found.add(read(row));
		}
		return found;
	} catch (error) {
		const ends = !(error instanceof DataverseError) || ['cancelled', 'gaveUp'].includes(error.kind);
		if (ends) throw error;
		return undefined;
	}
}
