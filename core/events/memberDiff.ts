/** Who entered and who left a segment since its members were last read. Pure functions. */

import { packId, splitPacked, unpackId } from './packed';

export interface MemberCursor {
	/** Packed IDs of the members that have been reported. */
	readonly ids: string;
	/** The execution to which they belong: it moves only when all changes have been reported. */
	readonly asOf: string;
	/** The newest execution that was seen. */
	readonly latest: string;
	/** The members have to be read: an evaluation has ended, or a read was incomplete, or a step was full. */
	readonly isDue: boolean;
	/** The members could not be read yet: the first read reports nobody. */
	readonly isUnread?: boolean;
	/** A read went wrong that may go better. */
	readonly isWaiting?: boolean;
	/** It did not go better until another evaluation had ended. */
	readonly isWaitedOut?: boolean;
	/** It has been reported that they cannot be read. */
	readonly isUnreadable?: boolean;
}

export interface MemberDifference {
	readonly id: string;
	readonly change: 'entered' | 'left';
}

/**
 * (cursor, members) → (changes, next cursor). Who left comes first, then who entered, each by id, so that the same cursor
 * and the same members always give the same changes.
 * @param now lower-case GUIDs
 * @param most changes to hand out; the cursor then stays due, and the others come with the next step.
 * @returns undefined when the cursor is damaged
 */
export function diffMembers(
	cursor: MemberCursor,
	now: Iterable<string>,
	most: number,
): { readonly changes: readonly MemberDifference[]; readonly next: MemberCursor } | undefined {
	const told = splitPacked(cursor.ids);
	if (told === undefined) return undefined;
	const before = new Set(told);
	const members = new Set(Array.from(now, packId));
	if (cursor.isUnread === true) return { changes: [], next: caughtUp(cursor, members) };
	const left = [...before].filter((id) => !members.has(id)).sort();
	const entered = [...members].filter((id) => !before.has(id)).sort();
	const leaving = left.slice(0, most);
	const entering = entered.slice(0, most - leaving.length);
	const changes = [...asChanges(leaving, 'left'), ...asChanges(entering, 'entered')];
	if (changes.length === left.length + entered.length) return { changes, next: caughtUp(cursor, members) };
	for (const id of leaving) before.delete(id);
	for (const id of entering) before.add(id);
	const { asOf, latest } = cursor;
	return { changes, next: { ids: [...before].join(''), asOf, latest, isDue: true } };
}

/** How many ids the cursor holds. */
export function sizeOf({ ids }: MemberCursor): number {
	return splitPacked(ids)?.length ?? 0;
}

function caughtUp({ latest }: MemberCursor, members: ReadonlySet<string>): MemberCursor {
	return { ids: [...members].sort().join(''), asOf: latest, latest, isDue: false };
}

function asChanges(ids: readonly string[], change: MemberDifference['change']): MemberDifference[] {
	return ids.map((id) => ({ id: unpackId(id), change }));
}
