/** Which columns the two tables have in this environment: sources of different years disagree on some. */

import type { DataverseClient } from '../../../dataverse/client';
import { DataverseError, invalidInput } from '../../../dataverse/errors/errors';
import { ownString } from '../../../dataverse/http/json';
import { columnDefinitionsPath } from '../../../environment/metadata';
import { DEFINITION_TABLE, SEGMENT_TABLE } from './optionSets';
import { DEFINITION_COLUMNS, SEGMENT_COLUMNS } from './row';

export type RealTimeTable = typeof DEFINITION_TABLE | typeof SEGMENT_TABLE;

/** Reads metadata when it is first needed, once per table. */
export class RealTimeTables {
	private readonly known = new Map<RealTimeTable, Promise<ReadonlySet<string> | undefined>>();

	constructor(private readonly client: DataverseClient) {}

	/** The table's columns; undefined where this user may not read metadata. */
	async columns(table: RealTimeTable): Promise<ReadonlySet<string> | undefined> {
		const known = this.known.get(table) ?? this.read(table);
		this.known.set(table, known);
		return await known;
	}

	/** Whether to send a column on which sources disagree: only where the environment surely has it. */
	async has(table: RealTimeTable, column: string): Promise<boolean> {
		return (await this.columns(table))?.has(column) ?? false;
	}

	/**
	 * Reads with all documented columns, and when the environment refuses that, with those it has. Environments that are up
	 * to date pay no request for the others.
	 */
	async reading<T>(
		table: RealTimeTable,
		select: readonly string[],
		read: (select: readonly string[]) => Promise<T>,
	): Promise<T> {
		const known = this.known.get(table);
		const usable = known === undefined ? select : existing(select, await known);
		try {
			return await read(usable);
		} catch (error) {
			if (known !== undefined || !(error instanceof DataverseError) || error.status !== 400) throw error;
			const having = existing(select, await this.columns(table));
			if (having.length === select.length) throw error;
			return await read(having);
		}
	}

	/**
	 * Sorts further columns to the table that has them.
	 * @throws DataverseError `invalidInput` naming those that neither has.
	 */
	async sort(
		columns: readonly string[],
	): Promise<{ readonly segment: readonly string[]; readonly definition: readonly string[] }> {
		const segment: string[] = [];
		const definition: string[] = [];
		const nowhere: string[] = [];
		for (const column of columns) {
			if (SEGMENT_COLUMNS.includes(column)) segment.push(column);
			else if (DEFINITION_COLUMNS.includes(column)) definition.push(column);
			else if (await this.mayHave(SEGMENT_TABLE, column)) segment.push(column);
			else if (await this.mayHave(DEFINITION_TABLE, column)) definition.push(column);
			else nowhere.push(column);
		}
		if (nowhere.length === 0) return { segment, definition };
		throw invalidInput(
			`Neither msdynmkt_segment nor msdynmkt_segmentdefinition has the column ${nowhere.map((name) => `"${name.slice(0, 60)}"`).join(', ')}.`,
			'Use logical names of columns of one of the two tables.',
		);
	}

	/** A lookup `x` is read as `_x_value`. */
	private async mayHave(table: RealTimeTable, column: string): Promise<boolean> {
		const known = await this.columns(table);
		const logicalName = /^_(.+)_value$/.exec(column)?.[1] ?? column;
		return known === undefined ? table === SEGMENT_TABLE : known.has(logicalName);
	}

	private async read(table: RealTimeTable): Promise<ReadonlySet<string> | undefined> {
		try {
			const reply = await this.client.metadata(columnDefinitionsPath(table, { select: ['LogicalName'] }));
			const rows: readonly unknown[] = Array.isArray(reply.value) ? reply.value : [];
			return new Set(rows.flatMap((row) => ownString(row, 'LogicalName')?.toLowerCase() ?? []));
		} catch (error) {
			if (error instanceof DataverseError && error.kind === 'forbidden') return undefined;
			this.known.delete(table);
			throw error;
		}
	}
}

/** Keys, statuses and lookups are in every environment, whatever metadata lists. */
function existing(select: readonly string[], columns: ReadonlySet<string> | undefined): readonly string[] {
	if (columns === undefined) return select;
	return select.filter((column) => columns.has(column) || !column.startsWith('msdynmkt_'));
}
