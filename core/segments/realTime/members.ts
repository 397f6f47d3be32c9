/** Putting people into the groups of a segment and taking them out. */

import { invalidInput } from '../../dataverse/errors';
import type { MemberAccess, MemberChange, MemberPage, MemberReadOptions } from '../types';
import { ADD_ACTION, REMOVE_ACTION } from './actions';
import { hasAtMost } from './groupPages';
import { chooseGroup, freeGroupName, newGroup, type GroupChoice, type StaticGroup } from './groups';
import { explainByStatus, requireEditableDefinition, requireOwn } from './guards';
import type { Services } from './lifecycle';
import { readMembership, type StaticMembership } from './membership';
import { GROUP_LIMIT, GROUP_SIZE_LIMIT, IDS_PER_CALL } from './optionSets';
import { planGroups, type GroupShare, type GroupSize } from './planGroups';
import { memberPages } from './readMembers';
import type { RealTimeSegment } from './row';
import { changeGroups, groupsOf } from './update';

export interface RealTimeMemberOptions {
	/** The group to write to and to read; absent: chosen automatically, and all groups are read. */
	readonly group?: GroupChoice;
	/** Default 1000, the service's limit. */
	readonly idsPerCall?: number;
}

/** Room in a group that is kept for people still to come. */
interface Share {
	/** Undefined until the group is made; made once, also when several calls wait for it. */
	group?: Promise<string>;
	left: number;
}

/**
 * One segment in one run. Automatically chosen groups are filled in their order: the first include group with room, then
 * new ones, to ten groups of 200,000.
 */
export class RealTimeMembers implements MemberAccess {
	readonly idsPerCall: number;
	private groups: readonly StaticGroup[];
	private readonly shares: Share[] = [];
	/** Groups whose room is in `shares`. */
	private readonly shared = new Set<string>();
	private known: StaticMembership | undefined;
	private sizes: ReadonlyMap<string, number> = new Map();
	private lock: Promise<unknown> = Promise.resolve();

	constructor(
		private readonly services: Services,
		private readonly segment: RealTimeSegment,
		private readonly options: RealTimeMemberOptions = {},
	) {
		this.idsPerCall = Math.min(options.idsPerCall ?? IDS_PER_CALL, IDS_PER_CALL);
		this.groups = segment.definition === undefined ? [] : groupsOf(segment.definition);
	}

	async change(change: MemberChange, ids: readonly string[]): Promise<void> {
		const segment = requireOwn(this.segment);
		this.requireGroups(change);
		try {
			if (change === 'remove') await this.remove(ids);
			else if (this.chosen !== undefined) await this.send('add', this.chosen.id, ids);
			else await this.addSomewhere(ids);
		} catch (error) {
			throw explainByStatus(error, segment);
		}
	}

	/** @throws DataverseError `invalidInput` when the people cannot fit, or need a group that cannot be made; nothing is sent. */
	async prepare(change: MemberChange, ids: number): Promise<void> {
		requireOwn(this.segment);
		this.requireGroups(change);
		if (change === 'remove' || ids === 0) return;
		await this.exclusively(async () => {
			if (this.chosen !== undefined) await this.requireRoom(this.chosen, ids);
			else await this.reserve(ids);
		});
	}

	async membership(): Promise<StaticMembership> {
		if (this.known === undefined) {
			const groups = this.chosen === undefined ? this.groups : this.relevantTo(this.chosen);
			const { membership, sizes } = await readMembership(this.services.actions, this.segment, groups);
			this.known = membership;
			this.sizes = sizes;
		}
		return this.known;
	}

	async *pages(read: MemberReadOptions): AsyncGenerator<MemberPage> {
		yield* memberPages(this.services, this.segment, this.groups, read, this.chosen);
	}

	private get chosen(): StaticGroup | undefined {
		const { group } = this.options;
		return group === undefined ? undefined : chooseGroup(this.groups, group, this.segment.name);
	}

	/** The group itself, and the exclusions that beat it. */
	private relevantTo(chosen: StaticGroup): readonly StaticGroup[] {
		return this.groups.filter(({ id, includeType }) => id === chosen.id || includeType === 'Exclude');
	}

	private requireGroups(change: MemberChange): void {
		const { name, query, type } = this.segment;
		if (this.groups.length > 0) {
			const hasInclude = this.groups.some(({ includeType }) => includeType === 'Include');
			if (hasInclude || this.chosen !== undefined || change === 'add') return;
			throw invalidInput(
				`Segment "${name}" has exclude groups only; there is nobody to remove from it.`,
				'Choose the group by name to take people out of an exclusion.',
			);
		}
		if (query !== undefined || type === 'expansion') {
			throw invalidInput(
				`The members of segment "${name}" are decided by ${query === undefined ? 'the service' : 'its query'}; it has no groups to put people into.`,
				'Choose a static segment, or add a group to this one with Update.',
			);
		}
		if (change === 'add') return;
		throw invalidInput(
			`Segment "${name}" has no groups, so there is nobody to remove.`,
			'Choose another segment, or look at it in the app: older segments keep members in another form.',
		);
	}

	private async remove(ids: readonly string[]): Promise<void> {
		const groups =
			this.chosen === undefined
				? this.groups.filter(({ includeType }) => includeType === 'Include')
				: [this.chosen];
		for (const { id } of groups) {
			const held = this.known === undefined ? ids : this.known.heldBy(id, ids);
			if (held.length > 0) await this.send('remove', id, held);
		}
	}

	private async addSomewhere(ids: readonly string[]): Promise<void> {
		// Where membership was read, whoever is in one group already is not put into another.
		const { known } = this;
		let rest = known === undefined ? ids : ids.filter((id) => !known.isIncluded(id));
		while (rest.length > 0) {
			const taken = await this.exclusively(async () => await this.takeShare(rest.length));
			try {
				await this.send('add', await this.groupOf(taken.share), rest.slice(0, taken.ids));
			} catch (error) {
				taken.share.left += taken.ids;
				throw error;
			}
			rest = rest.slice(taken.ids);
		}
	}

	private async takeShare(wanted: number): Promise<{ readonly share: Share; readonly ids: number }> {
		if (!this.shares.some(({ left }) => left > 0)) await this.reserveMore();
		const share = this.shares.find(({ left }) => left > 0);
		if (share === undefined) return { share: { left: 0 }, ids: 0 };
		const ids = Math.min(wanted, share.left);
		share.left -= ids;
		return { share, ids };
	}

	/** Keeps room for so many people, in groups that are there and in groups still to be made. */
	private async reserve(ids: number): Promise<void> {
		const already = this.shares.reduce((sum, { left }) => sum + left, 0);
		if (already >= ids) return;
		this.reserveShares(planGroups(await this.groupSizes(ids - already), ids - already));
	}

	private reserveShares(plan: readonly GroupShare[]): void {
		if (plan.some(({ groupId }) => groupId === undefined)) {
			requireEditableDefinition(this.segment, 'The list of groups');
		}
		for (const { groupId, ids: left } of plan) {
			if (groupId !== undefined) this.shared.add(groupId);
			this.shares.push({ left, ...(groupId === undefined ? {} : { group: Promise.resolve(groupId) }) });
		}
	}

	/** For people who were not announced: all the room of the next group, so that it is looked at once. */
	private async reserveMore(): Promise<void> {
		const sizes = await this.groupSizes(GROUP_SIZE_LIMIT);
		const [next] = planGroups(sizes, 1);
		const size = sizes.find(({ id }) => id === next?.groupId)?.size ?? 0;
		this.reserveShares([{ ...next, ids: GROUP_SIZE_LIMIT - size }]);
	}

	/**
	 * How full the groups are, as exactly as it matters: when the first group surely takes everybody, one request shows
	 * it; otherwise all groups are read, and then it is known too who is in them already.
	 */
	private async groupSizes(ids: number): Promise<readonly GroupSize[]> {
		const includes = this.groups.filter(({ includeType }) => includeType === 'Include');
		const [first] = includes;
		const unknown = includes.some(({ id }) => !this.sizes.has(id) && !this.shared.has(id));
		if (unknown && first !== undefined && !this.shared.has(first.id) && ids <= GROUP_SIZE_LIMIT) {
			const room = GROUP_SIZE_LIMIT - ids;
			if (await hasAtMost(this.services.actions, this.segment, first.id, room)) {
				return this.groups.map(({ id, includeType }) => ({
					id,
					includeType,
					size: id === first.id ? room : GROUP_SIZE_LIMIT,
				}));
			}
		}
		if (unknown) await this.membership();
		return [
			...this.groups.map(({ id, includeType }) => ({
				id,
				includeType,
				size: this.shared.has(id) ? GROUP_SIZE_LIMIT : (this.sizes.get(id) ?? 0),
			})),
			...this.shares.filter(({ group }) => group === undefined).map(pendingGroup),
		];
	}

	private async requireRoom(group: StaticGroup, ids: number): Promise<void> {
		const room = GROUP_SIZE_LIMIT - ids;
		if (room >= 0 && (await hasAtMost(this.services.actions, this.segment, group.id, room))) return;
		await this.membership();
		const size = this.sizes.get(group.id) ?? 0;
		if (size <= room) return;
		throw invalidInput(
			`${ids} people were to be added to the group "${group.name}" of segment "${this.segment.name}", which has ${size} of at most ${GROUP_SIZE_LIMIT}. Nothing was sent.`,
			'Choose another group, or let the group be chosen automatically.',
		);
	}

	private async groupOf(share: Share): Promise<string> {
		share.group ??= this.exclusively(async () => await this.makeGroup());
		try {
			return await share.group;
		} catch (error) {
			share.group = undefined;
			throw error;
		}
	}

	/** Adds a group to the definition; somebody else's change in between is merged, not overwritten. */
	private async makeGroup(): Promise<string> {
		const segment = requireOwn(this.segment);
		const { id } = newGroup({ name: 'Members' });
		this.groups = await changeGroups(this.services.client, this.services.finder, segment, (groups) => {
			if (groups.some((group) => group.id === id)) return groups;
			if (groups.length >= GROUP_LIMIT) throw tenGroups(segment.name);
			return [...groups, newGroup({ id, name: freeGroupName(groups) })];
		});
		this.shared.add(id);
		const made = this.groups.find((group) => group.id === id);
		if (made !== undefined) this.known?.addGroup(made);
		return id;
	}

	private async send(change: MemberChange, groupId: string, ids: readonly string[]): Promise<void> {
		const action = change === 'add' ? ADD_ACTION : REMOVE_ACTION;
		await this.services.actions.call(action, this.segment, { GroupId: groupId, EntityIds: ids });
		if (change === 'add') this.known?.add(groupId, ids);
		else this.known?.remove(groupId, ids);
	}

	/** One after the other: room and groups are given out by one call at a time. */
	private async exclusively<T>(work: () => Promise<T>): Promise<T> {
		const turn = this.lock.then(work, work);
		this.lock = turn.catch(() => undefined);
		return await turn;
	}
}

/** A group that is planned and not made yet counts among the ten. */
function pendingGroup(_share: Share, index: number): GroupSize {
	return { id: `pending ${index}`, includeType: 'Include', size: GROUP_SIZE_LIMIT };
}

function tenGroups(segmentName: string) {
	return invalidInput(
		`Segment "${segmentName}" has ${GROUP_LIMIT} groups by now, made by somebody else in the meantime; no further one can be made.`,
		'Run again: the room in the groups is then looked at anew.',
	);
}
