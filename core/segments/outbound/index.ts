/** The outbound system behind the interface that both systems share. */

import type { DataverseClient } from '../../dataverse/client';
import { DataverseError } from '../../dataverse/errors/errors';
import * as odata from '../../dataverse/text/odata';
import { nameHas, isSameSegmentName } from '../segmentNames';
import type {
	DeleteOptions,
	LifecycleOutcome,
	MemberAccess,
	MemberChange,
	Segment,
	SegmentListQuery,
	SegmentPage,
	SegmentSystem,
	Waiting,
} from '../types';
import { createOnce, type CreatedOnce } from '../createOnce';
import { createOutbound, outboundIdOfName } from './create';
import type { CreatedOutboundSegment, NewOutboundSegment, OutboundFields } from './create';
import { changeStatus, deleteOutbound } from './lifecycle';
import { changeOutboundByQuery, outboundMembers } from './members';
import type { OutboundMemberOptions } from './members';
import { OUTBOUND_SET } from './optionSets';
import type { OutboundType } from './optionSets';
import { readPending, waitForPending } from './pending';
import type { PendingOperations } from './pending';
import { explainMissingOutbound } from './removal';
import { OUTBOUND_COLUMNS, outboundFilter, readOutboundRow } from './row';
import { updateOutbound } from './update';
import { validateOutbound } from './validate';
import type { ServiceFinding } from './validate';

const SORT_COLUMNS = {
	createdOn: 'createdon',
	modifiedOn: 'modifiedon',
	name: 'msdyncrm_segmentname',
} as const;
/** By-name look-ups stop here: two are enough to refuse, a few more help to tell them apart. */
const MATCHES_SHOWN = 5;

/**
 * The outbound segments of one environment in one run. Every method throws `DataverseError` and nothing else, of kind
 * `notFound` where the environment has no outbound table. Microsoft removed the service behind it in May 2026; what still
 * works is in `removal.ts`. The page that described it is gone as well:
 * https://learn.microsoft.com/dynamics365/customer-insights/journeys/developer/extend-segments
 */
export class OutboundSegments implements SegmentSystem {
	readonly system = 'outbound';

	constructor(private readonly client: DataverseClient) {}

	/**
	 * Creates a segment as a draft, or going live. Nothing waits for the end of that.
	 * @throws DataverseError `invalidInput` before any request for what the service would refuse
	 */
	async create(segment: NewOutboundSegment): Promise<CreatedOutboundSegment> {
		return await this.onTable(createOutbound(this.client, segment));
	}

	/** Creates a segment that other runs may be creating at this moment, so that there is one of its name afterwards. */
	async createOnce(segment: NewOutboundSegment): Promise<CreatedOnce<CreatedOutboundSegment, Segment>> {
		return await createOnce({
			create: async (ordinal) =>
				await this.create({ ...segment, id: outboundIdOfName(segment.name, ordinal) }),
			find: async () => (await this.findByName(segment.name))[0],
		});
	}

	/**
	 * @param columns further columns of the row, by logical name
	 * @throws DataverseError `notFound` when no outbound segment has the ID
	 */
	async get(id: string, columns: readonly string[] = []): Promise<Segment> {
		const select = [...new Set([...OUTBOUND_COLUMNS, ...columns])];
		const row = await this.onTable(this.client.findRow(OUTBOUND_SET, id, { select }));
		if (row === undefined) throw noSuchSegment(id);
		return readOutboundRow(row, this.client.origin);
	}

	/** The segments of this display name, at most five. Blanks around it and case do not count. */
	async findByName(name: string): Promise<readonly Segment[]> {
		const wanted = name.trim();
		const pages = this.client.listPages(OUTBOUND_SET, {
			select: OUTBOUND_COLUMNS,
			filter: odata.equalsText('msdyncrm_segmentname', wanted),
			pageSize: odata.hasWildcards(wanted) ? undefined : MATCHES_SHOWN,
		});
		const named: Segment[] = [];
		try {
			for await (const { rows } of pages) {
				// The filter may match more than it says: Dataverse reads %, _ and [ in it as wildcards.
				const read = rows.map((row) => readOutboundRow(row, this.client.origin));
				named.push(...read.filter((segment) => isSameSegmentName(segment.name, wanted)));
				if (named.length >= MATCHES_SHOWN) break;
			}
		} catch (error) {
			throw explainMissingOutbound(error, OUTBOUND_SET);
		}
		return named.slice(0, MATCHES_SHOWN);
	}

	/** Pages of the segments that match, by name unless `sort` says otherwise. A page may be empty and not be the last. */
	async *list(query: SegmentListQuery): AsyncGenerator<SegmentPage> {
		const sort = query.sort ?? { by: 'name', descending: false };
		const pages = this.client.listPages(OUTBOUND_SET, {
			select: [...new Set([...OUTBOUND_COLUMNS, ...(query.columns ?? [])])],
			filter: outboundFilter(query.filter),
			// The key makes the order total, so that no row is skipped or repeated between pages.
			orderBy: odata.orderBy([
				{ column: SORT_COLUMNS[sort.by], descending: sort.descending },
				{ column: 'msdyncrm_segmentid' },
			]),
			pageSize: query.pageSize,
			nextLink: query.continueFrom,
		});
		try {
			for await (const page of pages) {
				yield {
					segments: page.rows
						.map((row) => readOutboundRow(row, this.client.origin))
						.filter((segment) => nameHas(segment.name, query.filter?.nameContains)),
					continueFrom: page.nextLink,
				};
			}
		} catch (error) {
			throw explainMissingOutbound(error, OUTBOUND_SET);
		}
	}

	/**
	 * Asks for Going live, and with `waiting` waits until the segment is live. One that is live or on its way is left alone.
	 * @throws DataverseError `invalidInput` when its status does not allow it, `refused` when it ends in Error or Expired
	 */
	async goLive(id: string, waiting?: Waiting): Promise<LifecycleOutcome> {
		return await this.onTable(changeStatus(this.client, this.read, id, 'goLive', waiting));
	}

	/**
	 * Asks for Stopping, and with `waiting` waits until the segment is stopped. One that is stopped or on its way is left alone.
	 * @throws DataverseError `invalidInput` when its status does not allow it, `refused` when it ends in Error or Expired
	 */
	async stop(id: string, waiting?: Waiting): Promise<LifecycleOutcome> {
		return await this.onTable(changeStatus(this.client, this.read, id, 'stop', waiting));
	}

	/** @throws DataverseError `invalidInput` while the segment is in use, unless `stopFirst` is given and it stops in time */
	async delete(id: string, options: DeleteOptions): Promise<void> {
		await this.onTable(deleteOutbound(this.client, this.read, id, options));
	}

	/**
	 * Writes the fields that are given.
	 * @throws DataverseError `invalidInput` when none is, or the segment cannot take one of them
	 */
	async update(segment: Segment, fields: OutboundFields): Promise<void> {
		await this.onTable(updateOutbound(this.client, segment, fields));
	}

	/** What the service has to say against a definition; empty = nothing. */
	async validate(
		definition: OutboundFields & { readonly name: string; readonly type: OutboundType },
	): Promise<readonly ServiceFinding[]> {
		return await validateOutbound(this.client, definition);
	}

	/** Reads and writes the members; nothing is sent by this call itself. */
	members(segment: Segment, options: OutboundMemberOptions = {}): MemberAccess {
		return outboundMembers(this.client, segment, options);
	}

	/**
	 * Adds or removes everybody whom a query selects, once: after a lost answer it is not sent again.
	 * @throws DataverseError `invalidInput` for a segment that is not static, and for a query that is empty or too long
	 */
	async changeByQuery(segment: Segment, change: MemberChange, query: string): Promise<void> {
		await changeOutboundByQuery(this.client, segment, change, query);
	}

	/** Whether the service still works on member changes (`getState`). No reply is documented, so the state may be `unknown`. */
	async pending(segment: Segment): Promise<PendingOperations> {
		return await readPending(this.client, segment);
	}

	/**
	 * Asks until no member change is pending. A reply that cannot be read ends the waiting at once.
	 * @returns the last state, and whether changes were still pending when the time was up
	 */
	async waitForPending(
		segment: Segment,
		waiting: Waiting,
	): Promise<{ readonly operations: PendingOperations; readonly timedOut: boolean }> {
		return await waitForPending(this.client, segment, waiting);
	}

	private readonly read = async (id: string): Promise<Segment> => await this.get(id);

	/** A missing table is explained like a missing action: outbound marketing was never installed, or is gone. */
	private async onTable<T>(work: Promise<T>): Promise<T> {
		try {
			return await work;
		} catch (error) {
			throw explainMissingOutbound(error, OUTBOUND_SET);
		}
	}
}

function noSuchSegment(id: string): DataverseError {
	return new DataverseError({
		kind: 'notFound',
		message: `There is no outbound segment with the ID ${id}.`,
		remedy:
			'Choose the segment from the list, or check the ID. A real-time segment needs the resource Real-Time Segment.',
	});
}
