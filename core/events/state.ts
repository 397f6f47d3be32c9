/** What a trigger remembers between two polls. */

import { isJsonObject } from '../dataverse/http/json';
import type { ChosenSegment } from './chosen';
import type { ExecutionCursor } from './executions';
import type { MemberCursors } from './memberRound';
import { splitPacked } from './packed';
import { readKnown, type StatusCursor } from './statusWindow';

export interface TriggerState {
	readonly v: 1;
	/** What the state belongs to: environment, event, segments. */
	readonly bound: string;
	readonly chosen?: readonly ChosenSegment[];
	readonly executions?: ExecutionCursor;
	readonly statuses?: StatusCursor;
	readonly members?: MemberCursors;
}

/** The stored state; undefined when there is none, when it is of something else, or when it is damaged. */
export function readState(stored: unknown, bound: string): TriggerState | undefined {
	if (!isJsonObject(stored) || stored.v !== 1 || stored.bound !== bound) return undefined;
	const { chosen, executions, statuses, members } = stored;
	if (chosen !== undefined && !(Array.isArray(chosen) && chosen.every(isChosen))) return undefined;
	if (executions !== undefined && !isWindow(executions)) return undefined;
	if (statuses !== undefined && !isStatuses(statuses)) return undefined;
	if (members !== undefined && !isMembers(members)) return undefined;
	if (executions === undefined && statuses === undefined) return undefined;
	return { v: 1, bound, chosen, executions, statuses, members };
}

function isChosen(value: unknown): value is ChosenSegment {
	return (
		isJsonObject(value) &&
		[value.id, value.definitionId, value.name].every((text) => typeof text === 'string')
	);
}

function isWindow(value: unknown): value is ExecutionCursor {
	if (!isJsonObject(value)) return false;
	const { mark, version, seen, time, hungTo } = value;
	const areNumbers = [mark, version].every(Number.isSafeInteger);
	const areTimes = [time, hungTo].every((each) => each === undefined || Number.isSafeInteger(each));
	return areNumbers && areTimes && Array.isArray(seen) && seen.every((key) => typeof key === 'string');
}

function isStatuses(value: unknown): value is StatusCursor {
	if (!isWindow(value)) return false;
	const { known, fullAt } = value as Partial<StatusCursor>;
	return Number.isSafeInteger(fullAt) && isTexts(known) && readKnown(known) !== undefined;
}

function isTexts(value: unknown): value is Readonly<Record<string, string>> {
	return isJsonObject(value) && Object.values(value).every((text) => typeof text === 'string');
}

function isMembers(value: unknown): value is MemberCursors {
	if (!isJsonObject(value)) return false;
	return Object.values(value).every(
		(cursor) =>
			isJsonObject(cursor) &&
			typeof cursor.ids === 'string' &&
			splitPacked(cursor.ids) !== undefined &&
			typeof cursor.asOf === 'string' &&
			typeof cursor.latest === 'string' &&
			typeof cursor.isDue === 'boolean',
	);
}
