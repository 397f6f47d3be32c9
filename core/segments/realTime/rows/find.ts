/** Finding real-time segments: by either of their two ids, by name, in lists. */

import type { DataverseClient } from '../../../dataverse/client';
import { DataverseError } from '../../../dataverse/errors/errors';
import * as odata from '../../../dataverse/text/odata';
import type { EntityRow } from '../../../dataverse/types';
import { OUTBOUND_KEY, OUTBOUND_SET } from '../../outboundTable';
import type { SegmentListQuery, SegmentPage } from '../../types';
import { explainMissingRealTime } from '../lifecycle/missing';
import { expiredCode, expiredCodeFor } from './expired';
import { DEFINITION_LINK, SEGMENT_KEY, SEGMENT_SET, SEGMENT_TABLE } from './optionSets';
import {
	definitionIdOf,
	matches,
	readRealTimeRows,
	realTimeFilter,
	SEGMENT_COLUMNS,
	type RealTimeSegment,
} from './row';
import { SegmentRows, union } from './segmentRows';
import type { RealTimeTables } from './tables';

const SORT_COLUMNS = {
	createdOn: 'createdon',
	modifiedOn: 'modifiedon',
	name: 'msdynmkt_displayname',
} as const;

/** What there is under an id: both rows, a segment whose definition is gone, or a definition whose segment is gone. */
export type Found =
	| { readonly kind: 'definitionOnly'; readonly definitionId: string; readonly definition: EntityRow }
	| { readonly kind: 'nothing' }
	| { readonly kind: 'segment'; readonly segment: RealTimeSegment };

export interface RealTimeListQuery extends SegmentListQuery {
	/**
	 * `skip` reads the segment rows only: one request a page, for pickers. Then the type is what the row declares (static
	 * ones may show as dynamic), Inactive reads as draft, and there is no query. Default `join`.
	 */
	readonly definitions?: 'join' | 'skip';
}

/** Reads segments together with their definitions. Every method throws `DataverseError` and nothing else. */
export class SegmentFinder {
	private readonly rows: SegmentRows;

	constructor(
		private readonly client: DataverseClient,
		private readonly tables: RealTimeTables,
	) {
		this.rows = new SegmentRows(client, tables);
	}

	/**
	 * The segment with this id, of the segment or of its definition.
	 * @throws DataverseError `notFound`, which says so when the id is that of an outbound segment.
	 */
	async get(id: string, columns: readonly string[] = []): Promise<RealTimeSegment> {
		const found = await this.find(id, columns);
		switch (found.kind) {
			case 'segment':
				return found.segment;
			case 'definitionOnly':
				throw new DataverseError({
					kind: 'notFound',
					message: `The segment definition ${found.definitionId} has no segment: it was deleted, or its creation was not completed.`,
					remedy: 'Use Delete with this ID to remove the definition, then create the segment again.',
				});
			case 'nothing':
				throw await this.noSuchSegment(id);
		}
	}

	/**
	 * What there is under an ID, which may be that of the segment or of its definition.
	 * @param columns further columns of either table, by logical name
	 * @throws DataverseError `invalidInput` for a column that neither table has
	 */
	async find(id: string, columns: readonly string[] = []): Promise<Found> {
		const further = await this.tables.sort(columns);
		try {
			const row = await this.rows.segmentRow(id, further.segment);
			if (row !== undefined) return await this.withDefinition(row, further.definition);
			const linked = await this.segmentOfDefinition(id, further.segment);
			if (linked !== undefined) return await this.withDefinition(linked, further.definition);
			const definition = await this.rows.definitionRow(id, further.definition);
			if (definition === undefined) return { kind: 'nothing' };
			return { kind: 'definitionOnly', definitionId: odata.checkedId(id), definition };
		} catch (error) {
			throw explainMissingRealTime(error);
		}
	}

	/** The segments under these ids, of segments or of definitions, with a few requests for all of them. */
	async getMany(ids: readonly string[]): Promise<ReadonlyMap<string, RealTimeSegment>> {
		const found = new Map<string, RealTimeSegment>();
		await this.addSegments(found, ids, SEGMENT_KEY, ({ id }) => id);
		const others = ids.filter((id) => !found.has(id));
		await this.addSegments(found, others, DEFINITION_LINK, ({ definitionId }) => definitionId);
		return found;
	}

	private async addSegments(
		found: Map<string, RealTimeSegment>,
		ids: readonly string[],
		column: string,
		keyOf: (segment: RealTimeSegment) => string | undefined,
	): Promise<void> {
		const wanted = [...new Set(ids.map((id) => odata.checkedId(id)))];
		for (let start = 0; start < wanted.length; start += odata.IN_VALUES_LIMIT) {
			const filter = odata.isIn(column, wanted.slice(start, start + odata.IN_VALUES_LIMIT));
			const rows = await this.rows.allSegmentRows(filter);
			const segments = new Map(
				(await this.rows.joined(rows, [])).map((segment) => [keyOf(segment), segment] as const),
			);
			for (const id of ids) {
				const segment = segments.get(odata.checkedId(id));
				if (segment !== undefined) found.set(id, segment);
			}
		}
	}

	/** The definition as it is now, with its ETag. */
	async definitionRow(id: string): Promise<EntityRow | undefined> {
		return await this.rows.definitionRow(id);
	}

	/**
	 * The segments of this display name, at most five; blanks around it and case do not count. Copies of outbound segments are
	 * among them only where nothing else has the name.
	 */
	async byName(name: string): Promise<readonly RealTimeSegment[]> {
		const named = await this.rows.segmentRowsNamed(name.trim());
		const segments = await this.rows.joined(named, []);
		const usable = segments.filter((segment) => !isOutboundCopy(segment));
		return usable.length > 0 ? usable : segments;
	}

	/**
	 * Pages of the segments that match, by name unless `sort` says otherwise. A page may be empty and not be the last.
	 * @throws DataverseError `invalidInput` for a column that neither table has
	 */
	async *list(
		query: RealTimeListQuery,
	): AsyncGenerator<SegmentPage & { segments: readonly RealTimeSegment[] }> {
		const further = await this.tables.sort(query.columns ?? []);
		const sort = query.sort ?? { by: 'name', descending: false };
		let select = union(SEGMENT_COLUMNS, further.segment);
		const wantsExpired = query.filter?.statuses?.includes('expired') === true;
		const expired = wantsExpired ? await expiredCode(this.client) : undefined;
		const pagesOf = (columns: readonly string[]) =>
			this.client.listPages(SEGMENT_SET, {
				select: columns,
				filter: realTimeFilter(query.filter, expired),
				// The key makes the order total, so that no row is skipped or repeated between pages.
				orderBy: odata.orderBy([
					{ column: SORT_COLUMNS[sort.by], descending: sort.descending },
					{ column: SEGMENT_KEY },
				]),
				pageSize: query.pageSize,
				nextLink: query.continueFrom,
			});
		try {
			let pages = pagesOf(select);
			let next = await this.tables.reading(SEGMENT_TABLE, select, async (having) => {
				if (having !== select) pages = pagesOf((select = having));
				return await pages.next();
			});
			while (!next.done) {
				const { rows, nextLink } = next.value;
				const segments =
					query.definitions === 'skip'
						? await this.alone(rows)
						: await this.rows.joined(rows, further.definition);
				yield {
					segments: segments.filter((segment) => matches(segment, query.filter)),
					continueFrom: nextLink,
				};
				next = await pages.next();
			}
		} catch (error) {
			throw explainMissingRealTime(error);
		}
	}

	/** Without their definitions. */
	private async alone(rows: readonly EntityRow[]): Promise<readonly RealTimeSegment[]> {
		const expired = await expiredCodeFor(this.client, rows);
		return rows.map((row) => readRealTimeRows(row, undefined, this.client.origin, expired));
	}

	private async segmentOfDefinition(id: string, columns: readonly string[]): Promise<EntityRow | undefined> {
		const definitionId = odata.checkedId(id);
		const filter = odata.eq(DEFINITION_LINK, odata.literal.string(definitionId));
		const rows = await this.rows.firstSegmentRows(filter, columns);
		// A service that answers without the filter gives rows of other segments.
		return rows.find((row) => definitionIdOf(row) === definitionId);
	}

	private async withDefinition(row: EntityRow, columns: readonly string[]): Promise<Found> {
		const definitionId = definitionIdOf(row);
		const definition =
			definitionId === undefined ? undefined : await this.rows.definitionRow(definitionId, columns);
		const expired = await expiredCodeFor(this.client, [row]);
		return { kind: 'segment', segment: readRealTimeRows(row, definition, this.client.origin, expired) };
	}

	private async noSuchSegment(id: string): Promise<DataverseError> {
		const outbound = await this.client
			.findRow(OUTBOUND_SET, id, { select: [OUTBOUND_KEY] })
			// Environments without the outbound tables, and users without rights on them, have no such segment.
			.catch((error: unknown) => {
				if (error instanceof DataverseError && error.kind !== 'cancelled') return undefined;
				throw error;
			});
		return new DataverseError({
			kind: 'notFound',
			message:
				outbound === undefined
					? `There is no real-time segment, and no segment definition, with the ID ${id}.`
					: `The ID ${id} is that of an outbound segment, not of a real-time segment.`,
			remedy:
				outbound === undefined
					? 'Choose the segment from the list, or check the ID and the environment.'
					: 'Choose the resource Outbound Segment for it, or a real-time segment from the list.',
		});
	}
}

/** A segment that outbound marketing put beside the real-time ones; its definition was never here. */
export function isOutboundCopy(segment: RealTimeSegment): boolean {
	return segment.source === 'outbound' && segment.definition === undefined;
}
