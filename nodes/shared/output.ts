/** Segments as output items. */

import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { LifecycleOutcome, Segment } from '../../core/segments/types';

/** The fields people work with; everything else is in the raw row. */
export function segmentFields(segment: Segment): IDataObject {
	return {
		id: segment.id,
		name: segment.name,
		type: segment.type,
		status: segment.status,
		statusLabel: segment.rawStatus.label,
		memberCount: segment.memberCount ?? null,
		query: segment.query ?? null,
		createdOn: (segment.row.createdon as string | undefined) ?? null,
		modifiedOn: (segment.row.modifiedon as string | undefined) ?? null,
		url: segment.url,
	};
}

/** @param columns further columns of the row, shown beside the usual fields */
export function segmentItem(
	segment: Segment,
	simple: boolean,
	itemIndex: number,
	columns: readonly string[] = [],
): INodeExecutionData {
	const row = segment.row as IDataObject;
	const chosen = Object.fromEntries(columns.map((column) => [column, row[column] ?? null]));
	const json = simple
		? { ...segmentFields(segment), ...chosen }
		: { ...row, status: segment.status, url: segment.url };
	return { json, pairedItem: { item: itemIndex } };
}

export function lifecycleItem(outcome: LifecycleOutcome, itemIndex: number): INodeExecutionData {
	return {
		json: { ...segmentFields(outcome.segment), changed: outcome.changed, timedOut: outcome.timedOut },
		pairedItem: { item: itemIndex },
	};
}

/** A plain object of core as the JSON of an item. */
export function toJson(value: object): IDataObject {
	return Object.fromEntries(Object.entries(value));
}
