/** Room in the groups of a segment: how full they are, what is kept for people still to come, and new groups. */

import { invalidInput, type DataverseError } from '../../../dataverse/errors/errors';
import { freeGroupName, newGroup, type StaticGroup } from './groups';
import { requireEditableDefinition, requireOwn } from '../lifecycle/guards';
import type { Services } from '../lifecycle/goLive';
import { readStaticMembership, type StaticMembership } from './membership';
import { GROUP_LIMIT, GROUP_SIZE_LIMIT } from '../rows/optionSets';
import { planGroups, type GroupShare, type GroupSize } from './planGroups';
import type { RealTimeSegment } from '../rows/row';
import { changeGroups, groupsOf } from '../lifecycle/update';

/** Room in a group that is kept for people still to come. */
export interface Share {
	/** Undefined until the group is made; made once, also when several calls wait for it. */
	group?: Promise<string>;
	/** Id of the group, once it is known. */
	groupId?: string;
	/** Not yet taken. */
	left: number;
	/** Kept in all; of a group that is still to be made, everything that will be in it. */
	kept: number;
}

/** The groups of one segment in one run. */
export class GroupCapacity {
	private current: readonly StaticGroup[];
	private readonly shares: Share[] = [];
	private read: StaticMembership | undefined;
	/** People in a group and those for whom room is kept in it, where that is known. */
	private readonly sizes = new Map<string, number>();
	private lock: Promise<unknown> = Promise.resolve();

	constructor(
		private readonly services: Services,
		private readonly segment: RealTimeSegment,
	) {
		this.current = segment.definition === undefined ? [] : groupsOf(segment.definition);
	}

	/** The groups as last read, with those that this run has made. */
	get groups(): readonly StaticGroup[] {
		return this.current;
	}

	/** Who is in which group, where it was read. */
	get known(): StaticMembership | undefined {
		return this.read;
	}

	/** Whether room is kept that has not been taken. */
	get hasRoomKept(): boolean {
		return this.shares.some(({ left }) => left > 0);
	}

	/** Reads all groups, or one and the exclusions that beat it; once. */
	async membership(chosen?: StaticGroup): Promise<StaticMembership>;
	/** The same, undefined when they hold more than so many people. */
	async membership(chosen?: StaticGroup, mostPeople?: number): Promise<StaticMembership | undefined>;
	async membership(chosen?: StaticGroup, mostPeople?: number): Promise<StaticMembership | undefined> {
		if (this.read !== undefined) return this.read;
		const groups =
			chosen === undefined
				? this.current
				: this.current.filter(({ id, includeType }) => id === chosen.id || includeType === 'Exclude');
		const all = await readStaticMembership(this.services.actions, this.segment, groups, mostPeople);
		if (all === undefined) return undefined;
		const { membership, sizes } = all;
		this.read = membership;
		for (const [id, size] of sizes) this.sizes.set(id, size + this.outstanding(id));
		return membership;
	}

	/** Discards what was read, because it cannot be trusted. */
	forget(): void {
		this.read = undefined;
		this.sizes.clear();
	}

	/** Takes from the room that is kept, or looks for more. To be called `exclusively`. */
	async take(wanted: number): Promise<{ readonly share: Share; readonly ids: number }> {
		const share = this.shares.find(({ left }) => left > 0) ?? (await this.reserveMore());
		const ids = Math.min(wanted, share.left);
		share.left -= ids;
		return { share, ids };
	}

	/** Keeps room for this many people, in existing groups and in groups still to be created. */
	async reserve(ids: number): Promise<void> {
		const free = this.shares.reduce((sum, { left }) => sum + left, 0);
		const needed = this.afterWidening(ids - free);
		if (needed <= 0) return;
		const plan = await this.plan(needed);
		if (plan.some(({ groupId }) => groupId === undefined)) {
			requireEditableDefinition(this.segment, 'The list of groups');
		}
		for (const share of plan) this.keep(share);
	}

	/** A planned group that is not full gets more people before another one is planned. */
	private afterWidening(ids: number): number {
		let needed = ids;
		for (const share of this.shares) {
			if (needed <= 0) break;
			if (share.group !== undefined) continue;
			const more = Math.min(GROUP_SIZE_LIMIT - share.kept, needed);
			share.kept += more;
			share.left += more;
			needed -= more;
		}
		return needed;
	}

	private keep({ groupId, ids }: GroupShare): Share {
		const share: Share = { left: ids, kept: ids };
		if (groupId === undefined) requireEditableDefinition(this.segment, 'The list of groups');
		else {
			const size = this.sizes.get(groupId);
			if (size !== undefined) this.sizes.set(groupId, size + ids);
			share.groupId = groupId;
			share.group = Promise.resolve(groupId);
		}
		this.shares.push(share);
		return share;
	}

	private outstanding(groupId: string): number {
		return this.shares.reduce((sum, share) => sum + (share.groupId === groupId ? share.left : 0), 0);
	}

	/** For people who were not announced: all the room of the next group, so that it is looked at once. */
	private async reserveMore(): Promise<Share> {
		const [next] = await this.plan(1);
		const size = this.groupSizes().find(({ id }) => id === next?.groupId)?.size ?? 0;
		return this.keep({ ...next, ids: GROUP_SIZE_LIMIT - size });
	}

	/**
	 * Which groups take so many. Groups are not read for that as long as the people fit by the segment's own count: the service
	 * refuses a group that is full, and `isFull` then looks elsewhere. Where a group would have to be made, or nothing fits,
	 * the groups are read first.
	 */
	private async plan(ids: number): Promise<readonly GroupShare[]> {
		if (this.hasUnknownSizes) {
			const guess = fitting(this.groupSizes(), ids);
			if (guess !== undefined) return guess;
			await this.membership();
		}
		return planGroups(this.groupSizes(), ids);
	}

	private get hasUnknownSizes(): boolean {
		return this.current.some(({ id, includeType }) => includeType === 'Include' && !this.sizes.has(id));
	}

	/** How full the groups are. A group that was not read counts what the segment's count leaves for it: groups are filled in order. */
	private groupSizes(): readonly GroupSize[] {
		let left = this.segment.memberCount ?? 0;
		const sizes = this.current.map(({ id, includeType }): GroupSize => {
			const guess = Math.min(left, GROUP_SIZE_LIMIT);
			const known = this.sizes.get(id);
			if (includeType === 'Include') left -= known ?? guess;
			return { id, includeType, size: known ?? Math.max(0, guess) + this.outstanding(id) };
		});
		return [...sizes, ...this.shares.filter(({ group }) => group === undefined).map(pendingGroup)];
	}

	/** The service takes no more people into the group of the share: what was kept there is kept elsewhere. */
	async isFull(share: Share): Promise<void> {
		const index = this.shares.indexOf(share);
		if (share.groupId !== undefined) this.sizes.set(share.groupId, GROUP_SIZE_LIMIT);
		// Another call may have found the same.
		if (index < 0) return;
		this.shares.splice(index, 1);
		const { left } = share;
		share.left = 0;
		await this.reserve(this.shares.reduce((sum, other) => sum + other.left, 0) + left);
	}

	/** @throws DataverseError `invalidInput` when a chosen group cannot take so many */
	async requireRoom(group: StaticGroup, ids: number): Promise<void> {
		if (!this.sizes.has(group.id) && (this.segment.memberCount ?? 0) + ids <= GROUP_SIZE_LIMIT) return;
		await this.membership(group);
		const size = this.sizes.get(group.id) ?? 0;
		if (size + ids <= GROUP_SIZE_LIMIT) return;
		throw invalidInput(
			`${ids} people were to be added to the group "${group.name}" of segment "${this.segment.name}", which has ${size} of at most ${GROUP_SIZE_LIMIT}. Nothing was sent.`,
			'Choose another group, or let the group be chosen automatically.',
		);
	}

	/** The group of a share, made now if need be. */
	async groupOf(share: Share): Promise<string> {
		share.group ??= this.exclusively(async () => await this.makeGroup(share));
		try {
			return await share.group;
		} catch (error) {
			share.group = undefined;
			throw error;
		}
	}

	/** Adds a group to the definition; somebody else's change in between is merged, not overwritten. */
	private async makeGroup(share: Share): Promise<string> {
		const segment = requireOwn(this.segment);
		const { id } = newGroup({ name: 'Members' });
		this.current = await changeGroups(this.services.client, this.services.finder, segment, (groups) => {
			if (groups.some((group) => group.id === id)) return groups;
			if (groups.length >= GROUP_LIMIT) throw tenGroups(segment.name);
			return [...groups, newGroup({ id, name: freeGroupName(groups) })];
		});
		share.groupId = id;
		this.sizes.set(id, share.kept);
		const made = this.current.find((group) => group.id === id);
		if (made !== undefined) this.read?.addGroup(made);
		return id;
	}

	/** Runs one piece of work at a time: room and groups are given out by one call after the other. */
	async exclusively<T>(work: () => Promise<T>): Promise<T> {
		const result = this.lock.then(work, work);
		this.lock = result.catch(() => undefined);
		return await result;
	}
}

/** The shares, where groups that are there take everybody. */
function fitting(sizes: readonly GroupSize[], ids: number): readonly GroupShare[] | undefined {
	const room = sizes.reduce(
		(sum, { includeType, size }) =>
			sum + (includeType === 'Include' ? Math.max(0, GROUP_SIZE_LIMIT - size) : 0),
		0,
	);
	return room < ids ? undefined : planGroups(sizes, ids);
}

/** A group that is planned and not made yet counts among the ten. */
function pendingGroup(_share: Share, index: number): GroupSize {
	return { id: `pending ${index}`, includeType: 'Include', size: GROUP_SIZE_LIMIT };
}

function tenGroups(segmentName: string): DataverseError {
	return invalidInput(
		`Somebody else added groups to segment "${segmentName}" in the meantime. It has ${GROUP_LIMIT} groups now, and no more can be added.`,
		'Run again: the room in the groups is then checked again.',
	);
}
