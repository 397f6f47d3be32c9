/**
 * One poll of a trigger: (state, service) → (events, next state). The state is what n8n has stored, which may be older than
 * what was returned last; the same events are then returned again, with the same event IDs.
 */

import type { DataverseError } from '../dataverse/errors/errors';
import { chosenRound, findChosen, type ChosenRound, type ChosenSegment } from './chosen';
import {
	evaluatedEvents,
	failedEvents,
	segmentsOf,
	stillHanging,
	type SegmentsByDefinition,
} from './evaluationEvents';
import { readExecutions, seedExecutions, stepExecutions, type ExecutionWatch } from './executions';
import { eventSegment, type NamedSegment } from './describe';
import { whatBecameOf } from './gone';
import { markEvaluated, memberRound, seedMembers, type MemberReader } from './memberRound';
import { EXECUTION_CODE, type ExecutionRow, type SegmentRowStatus } from './rows';
import type { TriggerState } from './state';
import { statusEvent, wantedChange } from './statusEvents';
import { forget, readStatuses, seedStatuses, stepStatuses } from './statusWindow';
import type { GoneEvent, SegmentEvent } from './types';

export type TriggerEvent = 'evaluated' | 'failed' | 'members' | 'statusChanged';

export interface TriggerSettings {
	readonly event: TriggerEvent;
	/** The settings that a stored state has to belong to. */
	readonly bound: string;
	/** Gives the ids of the chosen segments, once; absent: all real-time segments. */
	readonly chosenIds?: () => Promise<readonly string[]>;
	/** An evaluation that has not ended after this many seconds hangs. */
	readonly hungAfter?: number;
	/** Statuses that a change has to come from, and to go to; empty: any. */
	readonly from?: readonly SegmentRowStatus[];
	readonly to?: readonly SegmentRowStatus[];
	/** Events of one poll; the others come with the next. */
	readonly most: number;
}

export interface PollResult {
	readonly events: readonly SegmentEvent[];
	readonly next: TriggerState;
	/** What kept a part from being read; that part is tried again. */
	readonly trouble?: DataverseError;
}

/** Executions that one poll looks through for members; they are no events themselves. */
const EXECUTIONS = 10_000;

/**
 * The state from which everything that already exists is not new. Nothing is reported.
 * @throws DataverseError for segments that cannot be watched
 */
export async function seed(reader: MemberReader, settings: TriggerSettings): Promise<TriggerState> {
	const { bound, chosenIds, event } = settings;
	const chosen = chosenIds && (await findChosen(reader.realTime, await chosenIds()));
	if (event === 'statusChanged') {
		const answer = chosen ? (await chosenRound(reader, chosen)).answer : await readAll(reader);
		return { v: 1, bound, chosen, statuses: seedStatuses(answer) };
	}
	const executions = await seedExecutions(reader, watchOf(settings, chosen));
	const members = event === 'members' ? await seedMembers(reader, chosen ?? []) : undefined;
	return { v: 1, bound, chosen, executions, members };
}

async function readAll(reader: MemberReader) {
	return await readStatuses({ ...reader, isTimeUp: () => false }, undefined);
}

/** What has happened since. With nothing new: a request for the chosen segments and one for what may have happened. */
export async function poll(
	reader: MemberReader,
	settings: TriggerSettings,
	state: TriggerState,
): Promise<PollResult> {
	const round = state.chosen && (await chosenRound(reader, state.chosen));
	const { events, trouble, next } =
		settings.event === 'statusChanged'
			? await pollStatuses(reader, settings, state, round)
			: await pollExecutions(reader, settings, state, round);
	return { events: [...(round?.events ?? []), ...events], next: { ...next, chosen: round?.next }, trouble };
}

async function pollStatuses(
	reader: MemberReader,
	settings: TriggerSettings,
	state: TriggerState,
	round: ChosenRound | undefined,
): Promise<PollResult> {
	const { statuses } = state;
	if (statuses === undefined) return { events: [], next: state };
	const answer = round ? { ...round.answer, isFull: true } : await readStatuses(reader, statuses);
	const step = stepStatuses(statuses, answer, wantedChange(settings), settings.most);
	const events: SegmentEvent[] = step.changes.map((change) => statusEvent(reader.client.origin, change));
	if (round !== undefined) {
		// A segment that is missing in one answer is not gone until the service says so: its status stays known.
		const goneIds = new Set(round.next.flatMap(({ id, isGone }) => (isGone === true ? [id] : [])));
		const left = step.missing.filter((id) => goneIds.has(id));
		return { events, next: { ...state, statuses: forget(step.next, left) } };
	}
	const gone = await whatBecameOf(reader, step.missing);
	const goneEvents = gone.map(({ id, change, reason }): GoneEvent => {
		const { host, fields } = eventSegment(reader.client.origin, { id, name: id });
		return { eventId: `${host}/segment/${id}/${change}`, change, ...fields, segmentName: null, reason };
	});
	const left = gone.map(({ id }) => id);
	return { events: [...events, ...goneEvents], next: { ...state, statuses: forget(step.next, left) } };
}

async function pollExecutions(
	reader: MemberReader,
	settings: TriggerSettings,
	state: TriggerState,
	round: ChosenRound | undefined,
): Promise<PollResult> {
	const there = round?.next.filter(({ isGone }) => isGone !== true);
	const { executions } = state;
	if (executions === undefined || there?.length === 0) return { events: [], next: state };
	const watch = watchOf(settings, there);
	const most = settings.event === 'members' ? EXECUTIONS : settings.most;
	const answer = await readExecutions(reader, executions, watch, most);
	const step = stepExecutions(executions, answer, watch, most);
	const next = { ...state, executions: step.next };
	if (settings.event === 'members') return await pollMembers(reader, settings, next, step.fresh, there ?? []);
	const late = step.late.length === 0 ? [] : await stillHanging(reader, step.late);
	const told = [...step.fresh, ...late];
	if (told.length === 0) return { events: [], next };
	const segments = round ? namesOf(round) : await segmentsOf(reader, told);
	const events =
		settings.event === 'evaluated'
			? await evaluatedEvents(reader, told, segments)
			: await failedEvents(reader, told, segments);
	return { events, next };
}

async function pollMembers(
	reader: MemberReader,
	settings: TriggerSettings,
	state: TriggerState,
	fresh: readonly ExecutionRow[],
	there: readonly ChosenSegment[],
): Promise<PollResult> {
	const evaluated = new Map(fresh.map(({ definitionId, id }) => [definitionId ?? '', id]));
	const due = markEvaluated(state.members ?? {}, there, evaluated);
	const { events, next, trouble } = await memberRound(reader, due, there, settings.most);
	return { events, next: { ...state, members: next }, trouble };
}

/** Which executions the trigger looks at. */
export function watchOf(
	{ event, hungAfter }: TriggerSettings,
	chosen: readonly ChosenSegment[] | undefined,
): ExecutionWatch {
	const { failed, succeeded, timedOut } = EXECUTION_CODE;
	const definitions = chosen?.map(({ definitionId }) => definitionId);
	return event === 'failed'
		? { codes: [failed, timedOut], definitions, hungAfter }
		: { codes: [succeeded], definitions };
}

/** As the service calls them now, or as it did at the last look. */
function namesOf({ answer, next }: ChosenRound): SegmentsByDefinition {
	const there = next.filter(({ isGone }) => isGone !== true);
	const names = new Map<string, NamedSegment>(there.map((segment) => [segment.definitionId, segment]));
	for (const row of answer.rows) if (row.definitionId !== undefined) names.set(row.definitionId, row);
	return names;
}
