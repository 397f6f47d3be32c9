/** Changes of status as events. */

import { eventSegment } from './describe';
import { segmentRowStatus, type SegmentRowStatus } from './rows';
import type { StatusChange } from './statusWindow';
import type { StatusEvent } from './types';

/** Whether a change is one that the user asked for; empty lists stand for any status. */
export function wantedChange({
	from = [],
	to = [],
}: {
	readonly from?: readonly SegmentRowStatus[];
	readonly to?: readonly SegmentRowStatus[];
}): (change: StatusChange) => boolean {
	return (change) => {
		const before = change.from === undefined ? undefined : segmentRowStatus(change.from.code).status;
		const isFrom = from.length === 0 || (before !== undefined && from.includes(before));
		return isFrom && (to.length === 0 || to.includes(segmentRowStatus(change.row.code).status));
	};
}

/**
 * The event id holds the status that was left and since when it was known: it stays the same while the same change is told
 * again, although evaluations go on writing the row.
 */
export function statusEvent(origin: string, { row, from }: StatusChange): StatusEvent {
	const { fields, host } = eventSegment(origin, row);
	const after = segmentRowStatus(row.code);
	const before = from === undefined ? undefined : segmentRowStatus(from.code);
	const path = `${host}/segment/${row.id}`;
	const isNew = from === undefined;
	return {
		eventId: isNew ? `${path}/created` : `${path}/status/${from.code}-${row.code}/${from.since}`,
		change: isNew ? 'created' : 'statusChanged',
		...fields,
		from: before?.status ?? null,
		to: after.status,
		fromLabel: before?.label ?? null,
		toLabel: after.label,
		memberCount: row.memberCount ?? null,
		modifiedOn: row.modifiedText,
	};
}
