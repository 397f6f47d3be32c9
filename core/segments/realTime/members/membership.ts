/** Everybody who was put into the groups of a segment, read once and kept up to date with what this run sends. */

import type { Membership } from '../../types';
import type { SegmentActions } from '../api/actions';
import { groupPages } from './groupPages';
import type { StaticGroup } from './groups';
import type { RealTimeSegment } from '../rows/row';

/** Which groups hold whom: one bit per group, ten groups at most. */
export class StaticMembership implements Membership {
	private readonly holders = new Map<string, number>();
	private readonly bits = new Map<string, number>();
	/** See `Membership`. */
	unproven = false;
	private excludeMask = 0;
	private includeMask = 0;

	constructor(groups: readonly StaticGroup[]) {
		for (const group of groups) this.addGroup(group);
	}

	/** Lets a group count; one that is known already changes nothing. */
	addGroup({ id, includeType }: StaticGroup): void {
		if (this.bits.has(id)) return;
		// There are ten groups at most; 31 would fit.
		const bit = 1 << Math.min(this.bits.size, 30);
		this.bits.set(id, bit);
		if (includeType === 'Exclude') this.excludeMask |= bit;
		else this.includeMask |= bit;
	}

	/** These people (lower-case GUIDs) are in the group as well. */
	add(groupId: string, ids: readonly string[]): void {
		const bit = this.bits.get(groupId) ?? 0;
		for (const id of ids) this.holders.set(id, (this.holders.get(id) ?? 0) | bit);
	}

	/** These people are no longer in the group; in other groups they stay. */
	remove(groupId: string, ids: readonly string[]): void {
		const bit = this.bits.get(groupId) ?? 0;
		for (const id of ids) {
			const rest = (this.holders.get(id) ?? 0) & ~bit;
			if (rest === 0) this.holders.delete(id);
			else this.holders.set(id, rest);
		}
	}

	/** Those of the ids that the group holds. */
	heldBy(groupId: string, ids: readonly string[]): readonly string[] {
		const bit = this.bits.get(groupId) ?? 0;
		return ids.filter((id) => ((this.holders.get(id) ?? 0) & bit) !== 0);
	}

	/** In an include group, whether or not an exclusion keeps the person out. */
	isIncluded(id: string): boolean {
		return this.holders.size > 0 && ((this.holders.get(id) ?? 0) & this.includeMask) !== 0;
	}

	/** In an include group and in no exclude group. */
	has(id: string): boolean {
		return this.isIncluded(id) && !this.isExcluded(id);
	}

	/** In an exclude group, whatever other groups hold the person. */
	isExcluded(id: string): boolean {
		return this.excludeMask !== 0 && ((this.holders.get(id) ?? 0) & this.excludeMask) !== 0;
	}

	/** How many people `has` is true of. It is counted each time. */
	get size(): number {
		let size = 0;
		for (const mask of this.holders.values()) if (this.counts(mask)) size += 1;
		return size;
	}

	/** The IDs of the people of whom `has` is true, as lower-case GUIDs. */
	*[Symbol.iterator](): Generator<string> {
		for (const [id, mask] of this.holders) if (this.counts(mask)) yield id;
	}

	/** One group as a membership of its own. Whom an exclusion keeps out matters to include groups alone. */
	ofGroup({ id: groupId, includeType }: StaticGroup): Membership {
		const bit = this.bits.get(groupId) ?? 0;
		const holds = (id: string) => ((this.holders.get(id) ?? 0) & bit) !== 0;
		const { holders } = this;
		function* everybody(): Generator<string> {
			for (const [id, mask] of holders) if ((mask & bit) !== 0) yield id;
		}
		return {
			get size() {
				let size = 0;
				for (const mask of holders.values()) if ((mask & bit) !== 0) size += 1;
				return size;
			},
			has: holds,
			isIncluded: holds,
			isExcluded: (id) => includeType === 'Include' && this.isExcluded(id),
			unproven: this.unproven,
			[Symbol.iterator]: everybody,
		};
	}

	private counts(mask: number): boolean {
		return (mask & this.includeMask) !== 0 && (mask & this.excludeMask) === 0;
	}
}

interface ReadMembership {
	readonly membership: StaticMembership;
	readonly sizes: ReadonlyMap<string, number>;
}

/**
 * Reads all groups. `ceil(people / page)` requests a group.
 * @returns the membership, and how many people each group holds; undefined when there are more than `mostPeople`
 */
export async function readStaticMembership(
	actions: SegmentActions,
	segment: RealTimeSegment,
	groups: readonly StaticGroup[],
): Promise<ReadMembership>;
/** The same; undefined when the groups hold more than `mostPeople`. */
export async function readStaticMembership(
	actions: SegmentActions,
	segment: RealTimeSegment,
	groups: readonly StaticGroup[],
	mostPeople?: number,
): Promise<ReadMembership | undefined>;
export async function readStaticMembership(
	actions: SegmentActions,
	segment: RealTimeSegment,
	groups: readonly StaticGroup[],
	mostPeople = Infinity,
): Promise<ReadMembership | undefined> {
	const membership = new StaticMembership(groups);
	const sizes = new Map<string, number>();
	let people = 0;
	for (const { id } of groups) {
		let size = 0;
		for await (const page of groupPages(actions, segment, id)) {
			membership.add(id, page);
			size += page.length;
			people += page.length;
			if (people > mostPeople) return undefined;
		}
		sizes.set(id, size);
	}
	return { membership, sizes };
}
