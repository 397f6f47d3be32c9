import type { Row, ServiceContext } from '../../contracts';
import { QueryRefusal } from '../query/ast';
import { endExecution, insertExecution } from './executions';
import { publishMembers, takeQueried, withinScope } from './membership';
import {
	computation,
	COMPUTING_MS,
	DEFINITION_TABLE,
	definitionStatus,
	executionStatus,
	executionType,
	REFRESH_MS,
	SEGMENT_TABLE,
	segmentStatus,
	YOUNG_MS,
} from './options';
import { prepareRealTime } from './queries';
import {
	audienceOf,
	definitionId,
	printTime,
	queryOf,
	segmentId,
	stateOf,
	type Computation,
	type SegmentRows,
} from './state';
import { liveJourneys } from './usage';

const MINUTE = 60_000;

/** Goes to Computing; `settle` does the rest. */
export function startComputation(rows: SegmentRows, context: ServiceContext): void {
	const state = stateOf(rows.definition, context.store);
	if (state.computing !== undefined) return;
	const now = context.clock.now();
	const executionId = insertExecution(rows, executionType.onDemand, context);
	state.computing = { due: now + COMPUTING_MS, executionId };
	state.refreshDue = undefined;
	setStatus(rows, segmentStatus.computing, definitionStatus.goingLive, context, {
		msdynmkt_computationstatus: computation.running,
		msdynmkt_computationstartedon: printTime(now),
		msdynmkt_computationfinishedon: null,
	});
}

/** Ends a computation that is due, as `realTimePublishOutcome` says. */
export function finishComputation(
	rows: SegmentRows,
	{ due, executionId }: Computation,
	context: ServiceContext,
): void {
	const state = stateOf(rows.definition, context.store);
	state.computing = undefined;
	// The change set that published it may have failed, or somebody has written another status.
	if (rows.segment.statuscode !== segmentStatus.computing) return;
	const outcome = context.assumption('realTimePublishOutcome');
	if (outcome === 'error' || outcome === 'faulted') {
		fail(rows, outcome, 'The computation failed.', { due, executionId }, context);
		return;
	}
	const queried = evaluate(rows, context);
	if (queried instanceof QueryRefusal) {
		fail(rows, 'error', queried.message, { due, executionId }, context);
		return;
	}
	const members = publishMembers(rows, queried, context);
	state.publishedAt = due;
	state.unusedSince = due;
	const warned = outcome === 'warnings';
	setStatus(
		rows,
		warned ? segmentStatus.computedWithWarnings : segmentStatus.active,
		warned ? definitionStatus.liveWithWarnings : definitionStatus.live,
		context,
		{ msdynmkt_computationstatus: computation.finished, msdynmkt_computationfinishedon: printTime(due) },
	);
	succeed(rows, members.size, { due, executionId }, context);
	scheduleRefresh(rows, context);
}

/** Evaluates the query of a live segment again. A clock that jumped past several refreshes gets the last one only. */
export function refresh(rows: SegmentRows, context: ServiceContext): void {
	const due = context.clock.now();
	const executionId = insertExecution(rows, executionType.scheduled, context);
	const queried = evaluate(rows, context);
	if (queried instanceof QueryRefusal) {
		fail(rows, 'error', queried.message, { due, executionId }, context);
		return;
	}
	const members = takeQueried(rows, queried, context);
	const untouched = context.assumption('segmentTouchedByRefresh') === 'no';
	const times = untouched ? { modifiedon: rows.segment.modifiedon } : {};
	succeed(rows, members.size, { due, executionId }, context, times);
	scheduleRefresh(rows, context);
}

/** Writes the status of both rows; the state follows from it. */
export function setStatus(
	{ definition, segment }: SegmentRows,
	ofSegment: number,
	ofDefinition: number,
	context: ServiceContext,
	more: Row = {},
): void {
	context.store.table(SEGMENT_TABLE).patch(segmentId(segment), {
		statuscode: ofSegment,
		statecode: ofSegment === segmentStatus.active ? 0 : 1,
	});
	context.store
		.table(DEFINITION_TABLE)
		.patch(definitionId(definition), { statuscode: ofDefinition, statecode: 0, ...more });
}

function evaluate(
	{ definition, segment }: SegmentRows,
	context: ServiceContext,
): QueryRefusal | ReadonlySet<string> | undefined {
	if (queryOf(definition) === '') return undefined;
	try {
		const text = String(definition.msdynmkt_segmentquery);
		const ids = new Set(prepareRealTime(text, audienceOf(segment), context).run());
		return withinScope(ids, segment, context);
	} catch (error) {
		if (error instanceof QueryRefusal) return error;
		throw error;
	}
}

function succeed(
	{ definition, segment }: SegmentRows,
	count: number,
	{ due, executionId }: Computation,
	context: ServiceContext,
	times: Row = {},
): void {
	const at = printTime(due);
	context.store.table(SEGMENT_TABLE).patch(segmentId(segment), {
		msdynmkt_membercount: count,
		msdynmkt_membercount_date: at,
		msdynmkt_membercount_state: 1,
		msdynmkt_lastevaluated: at,
		msdynmkt_lastupdatedon: at,
		...times,
	});
	stateOf(definition, context.store).lastExecution = { finishedAt: due, succeeded: true, message: '' };
	const changes = { statuscode: executionStatus.succeeded, msdynmkt_membershipcount: count };
	endExecution(definition, { id: executionId, changes, due }, context);
}

/** The membership stays as it was; the definition can be corrected and published again. */
function fail(
	rows: SegmentRows,
	outcome: 'error' | 'faulted',
	message: string,
	{ due, executionId }: Computation,
	context: ServiceContext,
): void {
	const state = stateOf(rows.definition, context.store);
	state.refreshDue = undefined;
	state.lastExecution = { finishedAt: due, succeeded: false, message };
	setStatus(
		rows,
		outcome === 'error' ? segmentStatus.error : segmentStatus.faulted,
		definitionStatus.draft,
		context,
		{ msdynmkt_computationstatus: computation.error, msdynmkt_computationfinishedon: printTime(due) },
	);
	const changes = { statuscode: executionStatus.failed };
	endExecution(rows.definition, { id: executionId, changes, due }, context);
}

/** When a live segment is evaluated again (automatic segment management, 2026-04-21); a static one never is. */
function scheduleRefresh(rows: SegmentRows, context: ServiceContext): void {
	const { definition } = rows;
	const state = stateOf(definition, context.store);
	const next = context.clock.now() + refreshInterval(rows, state.publishedAt ?? 0, context);
	const until = definition.msdynmkt_stoprefreshafter;
	const ended = typeof until === 'string' && Date.parse(until) < next;
	const off = definition.msdynmkt_disablesegmentrefresh === true || queryOf(definition) === '' || ended;
	state.refreshDue = off ? undefined : next;
}

function refreshInterval(
	{ definition, segment }: SegmentRows,
	publishedAt: number,
	context: ServiceContext,
): number {
	const minutes = Number(definition.msdynmkt_segmentrefreshintervalminutes ?? 0);
	if (minutes > 0) return minutes * MINUTE;
	if (liveJourneys(segmentId(segment), context).length > 0) {
		return /\bINTERACTION\s*\(/i.test(queryOf(definition)) ? REFRESH_MS.usedWithInteraction : REFRESH_MS.used;
	}
	return context.clock.now() - publishedAt < YOUNG_MS ? REFRESH_MS.young : REFRESH_MS.unused;
}
