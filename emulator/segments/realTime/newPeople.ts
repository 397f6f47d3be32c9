/** People who were created a moment ago: what becomes of them in `msdynmkt_AddStaticMembers` is not documented. */

import type { Row, ServiceContext } from '../../contracts';
import { refusedByPlugin } from '../faults';
import type { SegmentState, StaticGroup } from './state';

/** How long the tables of people take to reach the service that keeps segments, in the emulator. */
const SYNC_MS = 60_000;

export interface SortedIds {
	/** Put into the group at once. */
	readonly now: readonly string[];
	/** Put into the group when they have arrived. */
	readonly later: ReadonlyMap<string, number>;
}

/**
 * Sorts ids by whether the service of segments knows the person yet, as the switch `newPeopleAddable` says.
 * @throws ServiceFault 400 under `refusedUntilSync`
 */
export function sortByAge(
	ids: readonly string[],
	personOf: (id: string) => Readonly<Row> | undefined,
	context: ServiceContext,
): SortedIds {
	const manners = context.assumption('newPeopleAddable');
	if (manners === 'atOnce') return { now: ids, later: new Map() };
	const now: string[] = [];
	const later = new Map<string, number>();
	for (const id of ids) {
		const due = Date.parse(String(personOf(id)?.createdon)) + SYNC_MS;
		if (!(due > context.clock.now())) now.push(id);
		else if (manners === 'refusedUntilSync') throw refusedByPlugin(`The member ${id} does not exist.`);
		else if (manners === 'afterSync') later.set(id, due);
	}
	return { now, later };
}

/** When the next of those who wait gets into a group. */
export function nextArrival(state: SegmentState): number | undefined {
	const dues = [...state.groups.values()].flatMap(({ waiting }) => [...waiting.values()]);
	return dues.length === 0 ? undefined : dues.reduce((first, due) => Math.min(first, due));
}

/** Puts those into their groups who have arrived by `due`. */
export function admit(state: SegmentState, due: number): void {
	for (const group of state.groups.values()) admitTo(group, due);
	state.revision++;
}

function admitTo(group: StaticGroup, due: number): void {
	for (const [id, at] of group.waiting) {
		if (at > due) continue;
		group.waiting.delete(id);
		group.ids.add(id);
		group.paged = undefined;
	}
}
