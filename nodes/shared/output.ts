/** Segments as output items. */

import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { DataverseError } from '../../core/dataverse/errors/errors';
import {
	isRealTime,
	statusLabel,
	type RealTimeSegment,
	type StaticGroup,
} from '../../core/segments/realTime';
import { groupsOf } from '../../core/segments/realTime/lifecycle/update';
import type { LifecycleOutcome, Segment } from '../../core/segments/types';
import { asError } from './errors';
import type { OperationContext } from './operation';

/** The fields people work with; everything else is in the raw row. */
export function segmentFields(segment: Segment): IDataObject {
	return isRealTime(segment)
		? { ...commonFields(segment), ...realTimeFields(segment) }
		: commonFields(segment);
}

function commonFields(segment: Segment): IDataObject {
	return {
		id: segment.id,
		name: segment.name,
		type: segment.type,
		status: segment.status,
		statusLabel: labelOf(segment),
		memberCount: segment.memberCount ?? null,
		query: segment.query ?? null,
		createdOn: (segment.row.createdon as string | undefined) ?? null,
		modifiedOn: (segment.row.modifiedon as string | undefined) ?? null,
		url: segment.url,
	};
}

/** The status as Microsoft's screens call it. */
function labelOf(segment: Segment): string {
	return isRealTime(segment) ? statusLabel(segment) : segment.rawStatus.label;
}

function realTimeFields(segment: RealTimeSegment): IDataObject {
	const { audience, definition, definitionId, source } = segment;
	return {
		definitionId: definitionId ?? null,
		audience,
		source,
		groups: definition === undefined ? null : readableGroups(definition),
	};
}

/** Null for groups in a form that nobody documents: they do not keep the segment from being shown. */
function readableGroups(definition: NonNullable<RealTimeSegment['definition']>): IDataObject[] | null {
	try {
		return groupFields(groupsOf(definition));
	} catch (error) {
		if (error instanceof DataverseError) return null;
		throw asError(error);
	}
}

/** Groups without what the service added to their entries. */
export function groupFields(groups: readonly StaticGroup[]): IDataObject[] {
	return groups.map(({ id, includeType, name }) => ({ id, name, includeType }));
}

/** @param columns further columns of the row, shown beside the usual fields */
export function segmentItem(
	segment: Segment,
	simple: boolean,
	itemIndex: number,
	columns: readonly string[] = [],
): INodeExecutionData {
	const row = segment.row as IDataObject;
	const definition = isRealTime(segment) ? (segment.definition as IDataObject | undefined) : undefined;
	const chosen: IDataObject = Object.fromEntries(
		columns.map((column) => [column, row[column] ?? definition?.[column] ?? null]),
	);
	const raw: IDataObject = { ...row, ...(definition === undefined ? {} : { definition }) };
	const json = simple
		? { ...segmentFields(segment), ...chosen }
		: { ...raw, status: segment.status, url: segment.url };
	return { json, pairedItem: { item: itemIndex } };
}

/** The status alone, in our word and in the service's own values. */
export function statusFields(segment: Segment): IDataObject {
	const { id, memberCount, name, rawStatus, status } = segment;
	return {
		id,
		name,
		status,
		statusLabel: labelOf(segment),
		serviceStatus: rawStatus.label,
		statecode: rawStatus.statecode ?? null,
		statuscode: rawStatus.statuscode ?? null,
		memberCount: memberCount ?? null,
	};
}

/** Says that the waiting ended before the segment was there; it gets there without being waited for. */
export function hintIfTimedOut(
	context: OperationContext,
	{ segment, timedOut }: Pick<LifecycleOutcome, 'segment' | 'timedOut'>,
	end: 'live' | 'stopped',
): void {
	if (!timedOut) return;
	context.hint(
		`"${segment.name}" was not ${end} yet when the waiting time was over. It continues by itself; check with Get Status.`,
		'warning',
	);
}

/** The item of Go Live and Stop: the segment, whether it was changed, and whether the waiting ended before the change did. */
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
