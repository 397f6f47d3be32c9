/** Reads the rows of people in bulk, and says whose row did not come: that is not the same as an empty column. */

import type { DataverseClient } from '../../../dataverse/client';
import { decodeServiceError, isMissingRow } from '../../../dataverse/errors/decodeError';
import { DataverseError } from '../../../dataverse/errors/errors';
import { isJsonObject, ownString, parseJson } from '../../../dataverse/http/json';
import { parseGuid } from '../../../dataverse/text/guid';
import * as odata from '../../../dataverse/text/odata';
import type { BatchPart, EntityRow } from '../../../dataverse/types';
import type { WhyUnread } from '../../types';
import { audienceTable, type AudienceTable } from './audienceTable';

/** How many people are read one by one in a run; each is a request that counts toward the service's limits. */
const MOST_ASKED = 100;

/** The rows of people in one run, read by 500, and who could not be read. */
export class PersonRows {
	/** By lower-case ID: those whose row, or a column of it, did not come in this run. */
	readonly unread = new Map<string, WhyUnread>();
	private asked = 0;
	private table: AudienceTable | undefined;

	constructor(
		private readonly client: DataverseClient,
		private readonly audience: string,
		private readonly columns: readonly string[],
	) {}

	/**
	 * The rows in the order of the ids; what could not be read of somebody is left out, and `unread` says why. A list leaves
	 * out rows that are deleted or out of this user's sight without a word, so those who are missing are asked for once more,
	 * and the first of them one by one: such a read is answered 404 or 403.
	 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/retrieve-entity-using-web-api
	 * @throws DataverseError of a list that is refused
	 */
	async read(ids: readonly string[]): Promise<readonly EntityRow[]> {
		this.table ??= await audienceTable(this.client, this.audience);
		const { key } = this.table;
		const rows = await this.listed(this.table, ids);
		let missing = this.missingOf(ids, rows);
		if (missing.length > 0) {
			for (const [id, row] of await this.listed(this.table, missing)) rows.set(id, row);
			missing = this.missingOf(missing, rows);
		}
		if (missing.length > 0) await this.askEach(this.table, missing, rows);
		return ids.map((id) => rows.get(id) ?? { [key]: id });
	}

	private async listed({ key, set }: AudienceTable, ids: readonly string[]): Promise<Map<string, EntityRow>> {
		const select = [...new Set([key, ...this.columns])];
		const rows = new Map<string, EntityRow>();
		for (let start = 0; start < ids.length; start += odata.IN_VALUES_LIMIT) {
			const filter = odata.isIn(key, ids.slice(start, start + odata.IN_VALUES_LIMIT));
			for await (const page of this.client.listPages(set, { select, filter })) {
				for (const row of page.rows) rows.set(parseGuid(ownString(row, key) ?? '') ?? '', row);
			}
		}
		return rows;
	}

	private missingOf(ids: readonly string[], rows: ReadonlyMap<string, EntityRow>): readonly string[] {
		return ids.filter((id) => !this.isWhole(rows.get(id)));
	}

	/** A column that was asked for is there even when it is empty. */
	private isWhole(row: EntityRow | undefined): row is EntityRow {
		return row !== undefined && this.columns.every((column) => Object.hasOwn(row, column));
	}

	private async askEach(
		table: AudienceTable,
		ids: readonly string[],
		rows: Map<string, EntityRow>,
	): Promise<void> {
		const asked = ids.slice(0, MOST_ASKED - this.asked);
		this.asked += asked.length;
		const parts = asked.length === 0 ? [] : await this.oneByOne(table, asked);
		for (const [n, id] of ids.entries()) {
			const answer = readPart(parts[n], { ...table, id });
			if (typeof answer === 'string') this.unread.set(id, answer);
			else rows.set(id, answer);
			if (typeof answer !== 'string' && !this.isWhole(answer)) this.unread.set(id, 'notKnown');
		}
	}

	/** Only why is not known when this is refused: the list was answered. */
	private async oneByOne({ key, set }: AudienceTable, ids: readonly string[]): Promise<readonly BatchPart[]> {
		const query = odata.queryString({ select: [...new Set([key, ...this.columns])] });
		try {
			return await this.client.batch(
				ids.map((id) => ({ method: 'GET', path: `${odata.entityPath(set, id)}${query}` })),
				{ continueOnError: true },
			);
		} catch (error) {
			if (error instanceof DataverseError && error.kind !== 'cancelled') return [];
			throw error;
		}
	}
}

/** The row, or why there is none. */
function readPart(
	part: BatchPart | undefined,
	{ id, key, set }: AudienceTable & { readonly id: string },
): EntityRow | WhyUnread {
	if (part === undefined) return 'notKnown';
	if (part.status === 403) return 'forbidden';
	if (part.status >= 400) {
		return isMissingRow(decodeServiceError(part, { method: 'GET', path: set })) ? 'deleted' : 'notKnown';
	}
	const row = parseJson(part.body);
	const isOwn = part.status === 200 && isJsonObject(row) && parseGuid(ownString(row, key) ?? '') === id;
	return isOwn ? row : 'notKnown';
}

/** One sentence about people whose columns could not be read; undefined when there are none. */
export function unreadWords(unread: ReadonlyMap<string, WhyUnread> | undefined): string | undefined {
	if (unread === undefined || unread.size === 0) return undefined;
	const count = { deleted: 0, forbidden: 0, notKnown: 0 };
	for (const why of unread.values()) count[why] += 1;
	const reasons = [
		...(count.deleted > 0 ? [`deleted in the meantime: ${count.deleted}`] : []),
		...(count.forbidden > 0 ? [`not readable with this credential: ${count.forbidden}`] : []),
		...(count.notKnown > 0 ? [`for a reason that the service did not give: ${count.notKnown}`] : []),
	];
	const people = unread.size === 1 ? '1 person' : `${unread.size} people`;
	return `The columns of ${people} could not be read, so they are not known (${reasons.join('; ')}).`;
}
