/** Reading the rows of the two tables, with the columns that this environment has. */

import type { DataverseClient } from '../../../dataverse/client';
import { unexpectedReply } from '../../../dataverse/errors/decodeError';
import { idOfRow } from '../../../dataverse/http/answers';
import { ownString } from '../../../dataverse/http/json';
import { firstPage } from '../../../dataverse/http/paging';
import * as odata from '../../../dataverse/text/odata';
import type { EntityRow } from '../../../dataverse/types';
import { isSameSegmentName } from '../../segmentNames';
import { expiredCodeFor } from './expired';
import { explainMissingRealTime } from '../lifecycle/missing';
import { DEFINITION_KEY, DEFINITION_SET, DEFINITION_TABLE, SEGMENT_SET, SEGMENT_TABLE } from './optionSets';
import {
	DEFINITION_COLUMNS,
	definitionIdOf,
	readRealTimeRows,
	SEGMENT_COLUMNS,
	type RealTimeSegment,
} from './row';
import type { RealTimeTables } from './tables';

/** By-name look-ups stop here: two are enough to refuse, a few more help to tell them apart. */
const MATCHES_SHOWN = 5;

/** Reads the rows as the service prints them, without the columns that this environment does not have. */
export class SegmentRows {
	constructor(
		private readonly client: DataverseClient,
		private readonly tables: RealTimeTables,
	) {}

	/** The definition as it is now, with its ETag. */
	async definitionRow(id: string, columns: readonly string[] = []): Promise<EntityRow | undefined> {
		return await this.tables.reading(DEFINITION_TABLE, union(DEFINITION_COLUMNS, columns), async (select) =>
			this.client.findRow(DEFINITION_SET, id, { select }),
		);
	}

	/** The row of a segment by its own ID, with further columns; undefined where there is none. */
	async segmentRow(id: string, columns: readonly string[]): Promise<EntityRow | undefined> {
		return await this.tables.reading(SEGMENT_TABLE, union(SEGMENT_COLUMNS, columns), async (select) =>
			this.client.findRow(SEGMENT_SET, id, { select }),
		);
	}

	/** The first few segments that match. */
	async firstSegmentRows(filter: odata.Filter, columns: readonly string[]): Promise<readonly EntityRow[]> {
		try {
			return await this.tables.reading(SEGMENT_TABLE, union(SEGMENT_COLUMNS, columns), async (select) => {
				const pages = this.client.listPages(SEGMENT_SET, { select, filter, pageSize: MATCHES_SHOWN });
				return (await firstPage(pages)).rows;
			});
		} catch (error) {
			throw explainMissingRealTime(error);
		}
	}

	/** The first few segments of the name. The filter finds others too where `%`, `_` or `[` in it are wildcards. */
	async segmentRowsNamed(name: string): Promise<readonly EntityRow[]> {
		const filter = odata.equalsText('msdynmkt_displayname', name);
		const pageSize = odata.hasWildcards(name) ? undefined : MATCHES_SHOWN;
		try {
			return await this.tables.reading(SEGMENT_TABLE, SEGMENT_COLUMNS, async (select) => {
				const named: EntityRow[] = [];
				for await (const { rows } of this.client.listPages(SEGMENT_SET, { select, filter, pageSize })) {
					named.push(
						...rows.filter((row) => isSameSegmentName(ownString(row, 'msdynmkt_displayname') ?? '', name)),
					);
					if (named.length >= MATCHES_SHOWN) break;
				}
				return named.slice(0, MATCHES_SHOWN);
			});
		} catch (error) {
			throw explainMissingRealTime(error);
		}
	}

	/** All segments that match. */
	async allSegmentRows(filter: odata.Filter): Promise<readonly EntityRow[]> {
		try {
			return await this.tables.reading(SEGMENT_TABLE, SEGMENT_COLUMNS, async (select) =>
				allRows(this.client, SEGMENT_SET, { select, filter }),
			);
		} catch (error) {
			throw explainMissingRealTime(error);
		}
	}

	/** Reads the definitions of all rows, 500 with one request. */
	async joined(rows: readonly EntityRow[], columns: readonly string[]): Promise<readonly RealTimeSegment[]> {
		const ids = [...new Set(rows.flatMap((row) => definitionIdOf(row) ?? []))];
		const definitions = new Map<string, EntityRow>();
		for (let start = 0; start < ids.length; start += odata.IN_VALUES_LIMIT) {
			const filter = odata.isIn(DEFINITION_KEY, ids.slice(start, start + odata.IN_VALUES_LIMIT));
			const found = await this.tables.reading(
				DEFINITION_TABLE,
				union(DEFINITION_COLUMNS, columns),
				async (select) => await allRows(this.client, DEFINITION_SET, { select, filter }),
			);
			for (const row of found) definitions.set(idOfRow(row, DEFINITION_KEY), row);
			if (found.some((row) => !ids.includes(idOfRow(row, DEFINITION_KEY)))) throw notAskedFor();
		}
		const expired = await expiredCodeFor(this.client, rows);
		return rows.map((row) =>
			readRealTimeRows(row, definitions.get(definitionIdOf(row) ?? ''), this.client.origin, expired),
		);
	}
}

function notAskedFor() {
	return unexpectedReply('The environment returned a segment definition that was not asked for.');
}

async function allRows(
	client: DataverseClient,
	set: string,
	query: { readonly select: readonly string[]; readonly filter: odata.Filter },
): Promise<readonly EntityRow[]> {
	const rows: EntityRow[] = [];
	for await (const page of client.listPages(set, query)) rows.push(...page.rows);
	return rows;
}

/** The columns, each once, in their order. */
export function union(columns: readonly string[], further: readonly string[]): readonly string[] {
	return [...new Set([...columns, ...further])];
}
