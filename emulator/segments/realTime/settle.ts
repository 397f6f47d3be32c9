import type { ServiceContext } from '../../contracts';
import { finishComputation, refresh, setStatus } from './computation';
import { commitEnd } from './executions';
import { groupsOf } from './groups';
import { admit, nextArrival } from './newPeople';
import { DEFINITION_TABLE, definitionStatus, EXPIRY_MS, segmentStatus } from './options';
import { segmentId, segmentOf, statesOf, type SegmentRows, type SegmentState } from './state';
import { isLive, isUsed } from './usage';
import { applyVariant } from './variants';

interface Job {
	readonly due: number;
	readonly run: () => void;
}

/** Does what is due, in the order in which it was due, after the tables have taken the shape that the switches ask for. */
export function settle(context: ServiceContext): void {
	applyVariant(context);
	sweep(context);
	for (let job = nextJob(context); job !== undefined; job = nextJob(context)) job.run();
}

/** Forgets segments that were deleted, and groups that were taken out of their definition. */
function sweep(context: ServiceContext): void {
	const states = statesOf(context.store);
	const table = context.store.table(DEFINITION_TABLE);
	for (const [id, state] of states) {
		const definition = table.get(id);
		if (definition === undefined) {
			states.delete(id);
			continue;
		}
		if (state.sweptGroups === definition.msdynmkt_staticlistmembers) continue;
		state.sweptGroups = definition.msdynmkt_staticlistmembers;
		state.revision++;
		const kept = new Set(groupsOf(definition).map(({ groupId }) => groupId));
		for (const groupId of state.groups.keys()) if (!kept.has(groupId)) state.groups.delete(groupId);
	}
}

function nextJob(context: ServiceContext): Job | undefined {
	const now = context.clock.now();
	let first: Job | undefined;
	for (const [id, state] of statesOf(context.store)) {
		const job = jobOf(id, state, context);
		if (job !== undefined && job.due <= now && (first === undefined || job.due < first.due)) first = job;
	}
	return first;
}

/** What a segment has to do next: itself, its executions, or its groups when they wait for people. */
function jobOf(id: string, state: SegmentState, context: ServiceContext): Job | undefined {
	const [lateEnd] = state.lateEnds;
	const arrival = nextArrival(state);
	const jobs: ReadonlyArray<Job | undefined> = [
		lifeJobOf(id, state, context),
		lateEnd && { due: lateEnd.due, run: () => commitEnd(state, context) },
		arrival === undefined ? undefined : { due: arrival, run: () => admit(state, arrival) },
	];
	return jobs.reduce((first, job) => (job && (first === undefined || job.due <= first.due) ? job : first));
}

/** What happens to the segment itself next. */
function lifeJobOf(id: string, state: SegmentState, context: ServiceContext): Job | undefined {
	const { computing, refreshDue, stopDue, unusedSince } = state;
	const withRows = (work: (rows: SegmentRows) => void) => () => {
		const definition = context.store.table(DEFINITION_TABLE).get(id);
		const segment = definition && segmentOf(id, context);
		if (definition === undefined || segment === undefined) forget(state);
		else work({ definition, segment });
	};
	if (computing !== undefined) {
		return { due: computing.due, run: withRows((rows) => finishComputation(rows, computing, context)) };
	}
	if (stopDue !== undefined) {
		return { due: stopDue, run: withRows((rows) => finishStop(rows, state, context)) };
	}
	const expiry = unusedSince === undefined ? Infinity : unusedSince + EXPIRY_MS;
	if (refreshDue !== undefined && refreshDue <= expiry) {
		return { due: refreshDue, run: withRows((rows) => refreshIfLive(rows, state, context)) };
	}
	if (unusedSince === undefined) return undefined;
	return { due: expiry, run: withRows((rows) => expire(rows, state, context)) };
}

/** The other half of the segment is gone: nothing is left to do. */
function forget(state: SegmentState): void {
	state.computing = undefined;
	state.stopDue = undefined;
	state.refreshDue = undefined;
	state.unusedSince = undefined;
}

function refreshIfLive(rows: SegmentRows, state: SegmentState, context: ServiceContext): void {
	state.refreshDue = undefined;
	if (isLive(rows.segment)) refresh(rows, context);
}

function finishStop(rows: SegmentRows, state: SegmentState, context: ServiceContext): void {
	forget(state);
	if (rows.segment.statuscode !== segmentStatus.stopping) return;
	setStatus(rows, segmentStatus.stopped, definitionStatus.stopped, context);
}

/** A segment that is used does not expire; its 120 days start again. */
function expire(rows: SegmentRows, state: SegmentState, context: ServiceContext): void {
	if (isUsed(segmentId(rows.segment), context)) {
		state.unusedSince = context.clock.now();
		return;
	}
	const lastUsed = Date.parse(String(rows.segment.msdynmkt_lastusedinjourney ?? ''));
	const counts = context.assumption('realTimeExpiryClock') === 'lastUsed' && !Number.isNaN(lastUsed);
	if (counts && lastUsed + EXPIRY_MS > context.clock.now()) {
		state.unusedSince = lastUsed;
		return;
	}
	forget(state);
	if (!isLive(rows.segment)) return;
	const code = Number(context.assumption('realTimeExpiredStatus'));
	setStatus(rows, code, definitionStatus.stopped, context);
}
