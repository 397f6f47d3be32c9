/** What the service says about the last evaluation of a segment: from its status action, otherwise from the execution row. */

import type { DataverseClient } from '../../../dataverse/client';
import { DataverseError } from '../../../dataverse/errors/errors';
import { ownNumber, ownString } from '../../../dataverse/http/json';
import { firstPage } from '../../../dataverse/http/paging';
import * as odata from '../../../dataverse/text/odata';
import type { EntityRow } from '../../../dataverse/types';
import { scrub } from '../../../dataverse/errors/redact';
import { STATUS_ACTION, type SegmentActions } from '../api/actions';
import { EXECUTION_SET, EXECUTION_STATUS } from './optionSets';
import { readSegmentStatus, type LastExecution } from '../api/replies';
import type { RealTimeSegment } from './row';

export interface Execution {
	readonly id: string;
	/** As the table's choices are called; `Undocumented (n)` otherwise. */
	readonly status: string;
	readonly finishedOn?: string;
	readonly memberCount?: number;
}

/** The newest row of msdynmkt_segmentexecution; undefined where there is none, or no right to read it. */
export async function newestExecution(
	client: DataverseClient,
	segment: RealTimeSegment,
): Promise<Execution | undefined> {
	if (segment.definitionId === undefined) return undefined;
	const pages = client.listPages(EXECUTION_SET, {
		select: ['msdynmkt_segmentexecutionid', 'statuscode', 'msdynmkt_finishedon', 'msdynmkt_membershipcount'],
		filter: odata.eq('_msdynmkt_segmentdefinitionid_value', odata.literal.guid(segment.definitionId)),
		orderBy: odata.orderBy([{ column: 'createdon', descending: true }]),
		pageSize: 1,
	});
	const row = (await optional(firstPage(pages)))?.rows[0];
	if (row === undefined) return undefined;
	const code = ownNumber(row, 'statuscode');
	return {
		id: ownString(row, 'msdynmkt_segmentexecutionid') ?? '',
		status:
			(code === undefined ? undefined : EXECUTION_STATUS.get(code)) ?? `Undocumented (${code ?? 'none'})`,
		finishedOn: ownString(row, 'msdynmkt_finishedon'),
		memberCount: ownNumber(row, 'msdynmkt_membershipcount'),
	};
}

/**
 * `msdynmkt_SegmentStatus`, which no page documents; undefined where it does not answer in the form seen.
 * Assumption: realTimeSegmentStatus
 */
export async function lastExecution(
	actions: SegmentActions,
	segment: RealTimeSegment,
): Promise<LastExecution | undefined> {
	const reply = await optional(actions.call(STATUS_ACTION, segment));
	return readSegmentStatus(reply);
}

/** Why the last evaluation ended as it did, in the service's words. */
export async function lastReason(
	services: { readonly client: DataverseClient; readonly actions: SegmentActions },
	segment: RealTimeSegment,
): Promise<string | undefined> {
	const told = await lastExecution(services.actions, segment);
	if (told?.reason !== undefined) return scrub(told.reason, 300);
	const execution = await newestExecution(services.client, segment);
	if (execution === undefined || execution.status === 'Succeeded') return undefined;
	return `the last execution is ${execution.status}.`;
}

/** Explanations are optional: if they cannot be read, the operation continues; if the run is canceled, it does not. */
async function optional<T>(work: Promise<T>): Promise<T | undefined> {
	try {
		return await work;
	} catch (error) {
		if (!(error instanceof DataverseError) || error.kind === 'cancelled' || error.kind === 'gaveUp')
			throw error;
		return undefined;
	}
}

/** A computation writes its rows within this time of its end; a change of the definition after that is the user's. */
const SETTLING_MS = 60_000;
/** The start of a computation is written at once. A change that is read as older than it is would be lost, so this is short. */
const STARTING_MS = 10_000;

type Evaluated = Pick<RealTimeSegment, 'row'> & { readonly definition: EntityRow };

/**
 * Whether a person changed the definition after the last evaluation took it over, which is at its start: a change while it is
 * computed does not count yet. All times compared are the service's own. Undefined where the environment does not say.
 */
export function definitionChanged({ definition, row }: Evaluated): boolean | undefined {
	const changed = time(ownString(definition, 'msdynmkt_definitionmodifiedon'));
	if (changed === 0) return undefined;
	const started = startedAt(definition);
	return changed > (started > 0 ? started : evaluatedAt(definition, row));
}

/** The same, and where the environment does not say it, by `modifiedon`, which the service's own writes move as well. */
export function changedSinceEvaluation({ definition, row }: Evaluated): boolean {
	const changed = definitionChanged({ definition, row });
	if (changed !== undefined) return changed;
	const modified = time(ownString(definition, 'modifiedon'));
	const [evaluated, started] = [evaluatedAt(definition, row), startedAt(definition)];
	// A computation that has started and not ended takes over what was there at its start.
	return started > evaluated ? modified > started + STARTING_MS : modified > evaluated + SETTLING_MS;
}

/** Whether the row tells of an evaluation, or of a count that one made. A count of nobody is also that of a new row. */
export function isEvaluated({
	definition,
	memberCount,
	row,
}: Evaluated & Pick<RealTimeSegment, 'memberCount'>): boolean {
	return (memberCount ?? 0) > 0 || evaluatedAt(definition, row) > 0;
}

function evaluatedAt(definition: EntityRow, row: EntityRow): number {
	return Math.max(
		time(ownString(row, 'msdynmkt_lastevaluated')),
		time(ownString(definition, 'msdynmkt_computationfinishedon')),
	);
}

function startedAt(definition: EntityRow): number {
	return time(ownString(definition, 'msdynmkt_computationstartedon'));
}

function time(text: string | undefined): number {
	return text === undefined ? 0 : Date.parse(text) || 0;
}
