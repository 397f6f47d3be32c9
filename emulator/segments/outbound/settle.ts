import type { Row, ServiceContext } from '../../contracts';
import { QueryRefusal } from '../query/ast';
import { applyUpdate, printTime, storeMembers } from './members';
import { SEGMENT_TABLE, status } from './options';
import { evaluateDefinition } from './queries';
import { isRemoved } from './removed';
import {
	isStatic,
	segmentId,
	segmentRow,
	stateOf,
	type PendingTransition,
	type PendingUpdate,
} from './state';

/** From GoingLive to Live, virtual milliseconds. */
const GOING_LIVE_MS = 10_000;
/** From Stopping to Stopped, virtual milliseconds. */
const STOPPING_MS = 5000;

const MINUTE = 60_000;

/**
 * Does what is due, in the order in which it was due. Nothing moves any more once the outbound service is removed.
 */
export function settle(context: ServiceContext): void {
	if (isRemoved(context)) return;
	sweep(context);
	for (let job = nextJob(context); job !== undefined; job = nextJob(context)) job.run();
}

/** Notes that a segment has begun to go live or to stop, or has been set Live directly. */
export function scheduleStatus(segment: Readonly<Row>, context: ServiceContext): void {
	const { transitions } = stateOf(context.store);
	const id = segmentId(segment);
	const now = context.clock.now();
	switch (segment.statuscode) {
		case status.goingLive:
		case status.live:
			if (transitions.get(id)?.kind !== 'goLive')
				transitions.set(id, { kind: 'goLive', due: now + GOING_LIVE_MS });
			return;
		case status.stopping:
			if (transitions.get(id)?.kind !== 'stop') transitions.set(id, { kind: 'stop', due: now + STOPPING_MS });
			return;
		default:
			transitions.delete(id);
	}
}

/** Forgets segments that were deleted; a deletion that was rolled back has lost nothing. */
function sweep(context: ServiceContext): void {
	const state = stateOf(context.store);
	const table = context.store.table(SEGMENT_TABLE);
	for (const entries of [state.members, state.transitions, state.hung]) {
		for (const id of entries.keys()) if (table.get(id) === undefined) entries.delete(id);
	}
	state.updates = state.updates.filter((update) => table.get(update.segmentId) !== undefined);
}

interface Job {
	readonly due: number;
	readonly run: () => void;
}

/** Updates come before transitions of the same moment, so that a segment goes live with all that was delivered before. */
function nextJob(context: ServiceContext): Job | undefined {
	const { transitions, updates, hung } = stateOf(context.store);
	const jobs: Job[] = [];
	for (const update of updates) {
		if (hung.has(update.segmentId)) continue;
		jobs.push({ due: update.due, run: () => finishUpdate(update, context) });
	}
	for (const [id, transition] of transitions) {
		if (hung.has(id)) continue;
		jobs.push({ due: transition.due, run: () => finishTransition(id, transition, context) });
	}
	return jobs
		.filter(({ due }) => due <= context.clock.now())
		.reduce<Job | undefined>(
			(first, job) => (first === undefined || job.due < first.due ? job : first),
			undefined,
		);
}

function finishUpdate(update: PendingUpdate, context: ServiceContext): void {
	const state = stateOf(context.store);
	const segment = segmentRow(update.segmentId, context);
	const outcome =
		segment === undefined ? 'done' : attempt(segment, context, () => applyUpdate(segment, update, context));
	if (outcome !== 'hung') state.updates = state.updates.filter((other) => other !== update);
}

function finishTransition(id: string, transition: PendingTransition, context: ServiceContext): void {
	stateOf(context.store).transitions.delete(id);
	const segment = segmentRow(id, context);
	if (segment === undefined) return;
	const table = context.store.table(SEGMENT_TABLE);
	if (transition.kind === 'stop') {
		if (segment.statuscode === status.stopping) {
			table.patch(id, { statuscode: status.stopped, msdyncrm_islive: false });
		}
		return;
	}
	if (segment.statuscode !== status.goingLive && segment.statuscode !== status.live) return;
	attempt(segment, context, () => {
		evaluate(segment, transition.due, context);
		return 'done';
	});
}

function evaluate(segment: Readonly<Row>, due: number, context: ServiceContext): void {
	const members = isStatic(segment)
		? (stateOf(context.store).members.get(segmentId(segment)) ?? new Set<string>())
		: evaluateDefinition(String(segment.msdyncrm_segmentquery ?? ''), segment, context);
	storeMembers(segment, members, context);
	const interval = Number(segment.msdyncrm_segmentrefreshrateintervalminutes ?? 0) * MINUTE;
	const next = interval > 0 && !isStatic(segment) ? Math.max(due, context.clock.now()) + interval : undefined;
	const id = segmentId(segment);
	context.store.table(SEGMENT_TABLE).patch(id, {
		statuscode: status.live,
		msdyncrm_islive: true,
		msdyncrm_lastevaluationtime: printTime(due),
		msdyncrm_nextevaluation: next === undefined ? null : printTime(next),
	});
	if (next !== undefined) stateOf(context.store).transitions.set(id, { kind: 'refresh', due: next });
}

/** A query that no longer holds ends in status Error. */
function attempt(
	segment: Readonly<Row>,
	context: ServiceContext,
	work: () => 'done' | 'hung',
): 'done' | 'hung' {
	try {
		return work();
	} catch (error) {
		if (!(error instanceof QueryRefusal)) throw error;
		context.store
			.table(SEGMENT_TABLE)
			.patch(segmentId(segment), { statuscode: status.error, msdyncrm_islive: false });
		return 'done';
	}
}
