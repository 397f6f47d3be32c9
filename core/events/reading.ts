/** Reading the rows of a time window, page by page, until the time is up. */

import type { DataverseClient } from '../dataverse/client';
import { firstPage } from '../dataverse/http/paging';
import type { Filter } from '../dataverse/text/odata';
import * as odata from '../dataverse/text/odata';
import type { EntityRow } from '../dataverse/types';

/** Rows per page: a step stops between two of them. */
const PAGE_SIZE = 1000;
/** Operations in one batch. */
export const PER_BATCH = 100;

/** What a look at the service needs. */
export interface Reader {
	readonly client: DataverseClient;
	/** Whether no further page should be asked for: what is left comes with the next poll. */
	readonly isTimeUp: () => boolean;
}

export interface WindowRead<R> {
	readonly rows: readonly R[];
	readonly isComplete: boolean;
	readonly serviceTime?: number;
}

export interface WindowQuery<R> {
	readonly set: string;
	readonly select: readonly string[];
	readonly filter: Filter;
	/** Reads one row of the service. */
	readonly read: (row: EntityRow) => R;
	/** Whether to stop after the page with which there are these rows. */
	readonly isEnough?: (rows: readonly R[]) => boolean;
	readonly pageSize?: number;
}

/**
 * Reads rows from the lowest version on. The first page is always asked for, so that there is progress however short the
 * time is.
 */
export async function readWindow<R>(
	{ client, isTimeUp }: Reader,
	{ set, select, filter, read, isEnough = () => false, pageSize = PAGE_SIZE }: WindowQuery<R>,
): Promise<WindowRead<R>> {
	const rows: R[] = [];
	const orderBy = odata.orderBy([{ column: 'versionnumber' }]);
	for await (const page of client.listPages(set, { select, filter, orderBy, pageSize })) {
		for (const row of page.rows) rows.push(read(row));
		const isLast = page.nextLink === undefined;
		if (isLast || isEnough(rows) || isTimeUp()) {
			return { rows, isComplete: isLast, serviceTime: serviceSeconds(client) };
		}
	}
	return { rows, isComplete: true, serviceTime: serviceSeconds(client) };
}

/** The row with the highest version that matches. */
export async function readNewest<R>(
	{ client }: Reader,
	{ set, select, filter, read }: WindowQuery<R>,
): Promise<R | undefined> {
	const orderBy = odata.orderBy([{ column: 'versionnumber', descending: true }]);
	const { rows } = await firstPage(client.listPages(set, { select, filter, orderBy, pageSize: 1 }));
	const [row] = rows;
	return row === undefined ? undefined : read(row);
}

/** Seconds since the epoch by the service's clock, as of its last answer. */
export function serviceSeconds(client: DataverseClient): number | undefined {
	const ms = client.serviceTimeMs;
	return ms === undefined ? undefined : Math.floor(ms / 1000);
}
