/** Ended evaluations as events: with the segment's name, the count before, and the reason of a failure. */

import { decodeServiceError, unexpectedReply } from '../dataverse/errors/decodeError';
import { DataverseError } from '../dataverse/errors/errors';
import { scrub } from '../dataverse/errors/redact';
import { isJsonObject, ownNumber, ownValue, parseJson } from '../dataverse/http/json';
import * as odata from '../dataverse/text/odata';
import type { BatchPart, EntityRow } from '../dataverse/types';
import type { RealTimeSegments } from '../segments/realTime';
import { DEFINITION_LINK, EXECUTION_SET, SEGMENT_SET } from '../segments/realTime/rows/optionSets';
import { eventSegment, type NamedSegment } from './describe';
import { anyCode, begunAt, ENDED, ofDefinition } from './executions';
import { PER_BATCH, type Reader } from './reading';
import {
	EXECUTION_CODE,
	EXECUTION_KEY,
	instantOf,
	readSegmentRow,
	seconds,
	SEGMENT_EVENT_COLUMNS,
	type ExecutionRow,
	type SegmentRow,
} from './rows';
import type { EvaluatedEvent, FailedEvent } from './types';

/** The number of failures whose reason is read, with one request each. */
const REASONS = 20;

export type SegmentsByDefinition = ReadonlyMap<string, NamedSegment>;

/**
 * The segments of the definitions, as far as they are there; 500 with one request. Those that are missing are asked for once
 * more: an event without its segment cannot be told again.
 */
export async function segmentsOf(
	reader: Reader,
	executions: readonly ExecutionRow[],
): Promise<SegmentsByDefinition> {
	const ids = [...new Set(executions.flatMap(({ definitionId }) => definitionId ?? []))];
	const found = await readSegments(reader, ids);
	const missing = ids.filter((id) => !found.has(id));
	if (missing.length === 0) return found;
	return new Map([...found, ...(await readSegments(reader, missing))]);
}

async function readSegments(
	{ client }: Reader,
	ids: readonly string[],
): Promise<ReadonlyMap<string, SegmentRow>> {
	const segments = new Map<string, SegmentRow>();
	for (let start = 0; start < ids.length; start += odata.IN_VALUES_LIMIT) {
		const filter = odata.isIn(DEFINITION_LINK, ids.slice(start, start + odata.IN_VALUES_LIMIT));
		for await (const page of client.listPages(SEGMENT_SET, { select: SEGMENT_EVENT_COLUMNS, filter })) {
			for (const row of page.rows.map(readSegmentRow)) {
				if (row.definitionId !== undefined) segments.set(row.definitionId, row);
			}
		}
	}
	return segments;
}

/** Succeeded executions as events. One request for 100 of them. */
export async function evaluatedEvents(
	reader: Reader,
	executions: readonly ExecutionRow[],
	segments: SegmentsByDefinition,
): Promise<readonly EvaluatedEvent[]> {
	const counts = await previousCounts(reader, executions);
	return executions.map((execution, index) => {
		const { fields, host } = about(reader, execution, segments);
		const { id, type, memberCount, startedOn, finishedOn } = execution;
		return {
			eventId: `${host}/execution/${id}/succeeded`,
			change: 'evaluated',
			...fields,
			executionId: id,
			evaluationType: type,
			memberCount: memberCount ?? null,
			previousMemberCount: counts[index] ?? null,
			startedOn: startedOn ?? null,
			finishedOn: finishedOn ?? null,
			durationSeconds: duration(execution),
		};
	});
}

/** Failed, timed-out and hung executions as events. */
export async function failedEvents(
	reader: Reader & { readonly realTime: RealTimeSegments },
	executions: readonly ExecutionRow[],
	segments: SegmentsByDefinition,
): Promise<readonly FailedEvent[]> {
	const events: FailedEvent[] = [];
	for (const execution of executions) {
		const { fields, host } = about(reader, execution, segments);
		const { id, type, startedOn, finishedOn } = execution;
		const change = changeOf(execution);
		const segment = segments.get(execution.definitionId ?? '');
		const isAsked = change !== 'hung' && segment !== undefined && events.length < REASONS;
		events.push({
			eventId: `${host}/execution/${id}/${change}`,
			change,
			...fields,
			executionId: id,
			evaluationType: type,
			startedOn: startedOn ?? null,
			finishedOn: finishedOn ?? null,
			durationSeconds: duration(execution),
			reason: isAsked ? await reasonOf(reader, segment, execution) : null,
		});
	}
	return events;
}

function changeOf({ code }: ExecutionRow): FailedEvent['change'] {
	if (code === EXECUTION_CODE.failed) return 'failed';
	return code === EXECUTION_CODE.timedOut ? 'timedOut' : 'hung';
}

/**
 * The reason of an execution, in the service's words. The action tells of the last execution only, so its time has to be
 * that of this one. https://learn.microsoft.com documents no such action.
 */
async function reasonOf(
	{ realTime }: { readonly realTime: RealTimeSegments },
	segment: NamedSegment,
	{ finishedOn }: ExecutionRow,
): Promise<string | null> {
	try {
		const { told } = await realTime.lastExecution(await realTime.get(segment.id));
		const [run, end] = [seconds(told?.lastRun), seconds(finishedOn)];
		const isOther = run !== undefined && end !== undefined && Math.abs(run - end) > 60;
		return told?.reason === undefined || isOther ? null : scrub(told.reason, 300);
	} catch (error) {
		// The reason is optional: without it the failure is still reported.
		if (error instanceof DataverseError && error.kind !== 'cancelled') return null;
		throw error;
	}
}

/**
 * Which of the executions hang: those after which no evaluation of the same segment has ended. With a row of its own for
 * the end, the row of the start stays as it was for good. Assumption: executionUpdates
 */
export async function stillHanging(
	reader: Reader,
	late: readonly ExecutionRow[],
): Promise<readonly ExecutionRow[]> {
	const answers = await newestOfEach(reader, late, (execution) => {
		const since = odata.literal.date(instantOf(begunAt(execution) ?? 0));
		return odata.and(anyCode(ENDED), odata.ge('msdynmkt_startedon', since));
	});
	return late.filter((_, index) => answers[index] === undefined);
}

/** The count of the succeeded execution before each one. */
async function previousCounts(
	reader: Reader,
	executions: readonly ExecutionRow[],
): Promise<readonly (number | undefined)[]> {
	const answers = await newestOfEach(reader, executions, ({ createdOn, startedOn }) => {
		const before = odata.literal.date(createdOn ?? startedOn ?? instantOf(0));
		return odata.and(anyCode([EXECUTION_CODE.succeeded]), odata.lt('createdon', before));
	});
	return answers.map((row) => ownNumber(row, 'msdynmkt_membershipcount'));
}

/** The newest execution of the same definition that matches, for each; 100 with one request. */
async function newestOfEach(
	{ client }: Reader,
	executions: readonly ExecutionRow[],
	filterOf: (execution: ExecutionRow) => odata.Filter,
): Promise<readonly (EntityRow | undefined)[]> {
	const answers: (EntityRow | undefined)[] = [];
	for (let start = 0; start < executions.length; start += PER_BATCH) {
		const part = executions.slice(start, start + PER_BATCH);
		const known = part.filter(({ definitionId }) => definitionId !== undefined);
		const operations = known.map((execution) => ({
			method: 'GET' as const,
			path: `${EXECUTION_SET}${odata.queryString({
				select: [EXECUTION_KEY, 'msdynmkt_membershipcount'],
				filter: odata.and(ofDefinition(execution.definitionId ?? ''), filterOf(execution)),
				orderBy: odata.orderBy([{ column: 'createdon', descending: true }]),
				top: 1,
			})}`,
		}));
		const parts = operations.length === 0 ? [] : await client.batch(operations);
		const byExecution = new Map(known.map(({ id }, index) => [id, firstRow(parts[index])]));
		answers.push(...part.map(({ id }) => byExecution.get(id)));
	}
	return answers;
}

/** An answer that is not a list says nothing about there being none. */
function firstRow(part: BatchPart | undefined): EntityRow | undefined {
	const facts = { method: 'GET', path: EXECUTION_SET } as const;
	if (part !== undefined && part.status >= 400) throw decodeServiceError(part, facts);
	const rows = ownValue(parseJson(part?.body ?? ''), 'value');
	if (Array.isArray(rows)) return rows.find(isJsonObject);
	throw unexpectedReply('The environment answered with something that is not a list.', facts, part?.status);
}

function about({ client }: Reader, { definitionId }: ExecutionRow, segments: SegmentsByDefinition) {
	return eventSegment(client.origin, segments.get(definitionId ?? ''));
}

function duration({ startedOn, finishedOn }: ExecutionRow): number | null {
	const [start, end] = [seconds(startedOn), seconds(finishedOn)];
	return start === undefined || end === undefined ? null : end - start;
}
