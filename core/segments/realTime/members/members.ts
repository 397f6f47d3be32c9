/** Putting people into the groups of a segment and taking them out. */

import { DataverseError, invalidInput } from '../../../dataverse/errors/errors';
import type {
	MemberAccess,
	MemberChange,
	MemberPage,
	MemberReadOptions,
	Membership,
	MembershipOptions,
} from '../../types';
import { ADD_ACTION, REMOVE_ACTION } from '../api/actions';
import { chooseGroup, type GroupChoice, type StaticGroup } from './groups';
import { explainByStatus, requireOwn } from '../lifecycle/guards';
import type { Services } from '../lifecycle/goLive';
import { IDS_PER_CALL } from '../rows/optionSets';
import { contradicted, isDoubtful, isShort, isUnproven } from './doubt';
import { memberPages, placedPages } from './readMembers';
import { GroupCapacity } from './groupCapacity';
import type { RealTimeSegment } from '../rows/row';

export interface RealTimeMemberOptions {
	/** The group to write to and to read; absent: chosen automatically, and all groups are read. */
	readonly group?: GroupChoice;
	/** Default 1000, the service's limit. */
	readonly idsPerCall?: number;
}

/**
 * One segment in one run. Automatically chosen groups are filled in their order: the first include group with room, then
 * new ones, to ten groups of 200,000.
 */
export class RealTimeMembers implements MemberAccess {
	readonly idsPerCall: number;
	private readonly capacity: GroupCapacity;
	/** The people were announced, each once: remembering everybody who was sent would only cost memory. */
	private isAnnounced = false;
	private sent = 0;

	constructor(
		private readonly services: Services,
		private readonly segment: RealTimeSegment,
		private readonly options: RealTimeMemberOptions = {},
	) {
		this.idsPerCall = Math.min(options.idsPerCall ?? IDS_PER_CALL, IDS_PER_CALL);
		this.capacity = new GroupCapacity(services, segment);
	}

	/** Calls sent so far that change members; one removal takes a call for each group that holds some of the people. */
	get callsSent(): number {
		return this.sent;
	}

	/**
	 * Adds to the chosen group, or to include groups that have room, which are made when there is none. Removes from the chosen
	 * group, or from every include group; where the groups were read, only those who are in them are sent.
	 * https://learn.microsoft.com/dynamics365/customer-insights/journeys/real-time-marketing-api-segment
	 * @param ids lower-case GUIDs, at most `idsPerCall`
	 * @throws DataverseError `invalidInput` when the segment has no group for it; otherwise the refusal of the service
	 */
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
		this.isAnnounced = true;
		await this.capacity.exclusively(async () => {
			if (this.chosen !== undefined) await this.capacity.requireRoom(this.chosen, ids);
			else await this.capacity.reserve(ids);
		});
	}

	/** Those in the groups, or in the chosen group, whatever the last evaluation made of it. */
	async membership(): Promise<Membership>;
	/** The same, undefined when there are more than `mostPeople`, or nothing speaks for the list where that is asked for. */
	async membership(options?: MembershipOptions): Promise<Membership | undefined>;
	async membership(options: MembershipOptions = {}): Promise<Membership | undefined> {
		const { chosen } = this;
		if (options.onlyIfProven === true && isUnproven(this.segment)) return undefined;
		const all = await this.capacity.membership(chosen, options.mostPeople);
		if (all !== undefined) all.unproven = isUnproven(this.segment);
		if (chosen !== undefined || all === undefined) return chosen && all?.ofGroup(chosen);
		return isShort(this.segment, all.size) ? await this.secondLook() : all;
	}

	/**
	 * An empty or short list beside a segment that counts more is read once more, and not believed when it says the same.
	 * Nothing is remembered of it then: people would be left out of a removal because of it.
	 */
	private async secondLook(): Promise<Membership> {
		this.capacity.forget();
		const now = await this.services.finder.get(this.segment.id);
		const all = await this.capacity.membership();
		if (!isDoubtful(now, all.size)) return all;
		this.capacity.forget();
		throw contradicted(now, all.size);
	}

	/**
	 * The members as the last evaluation has them, or the people of the chosen group. Where that is not, or may not be, all of
	 * them, the last page says so.
	 */
	async *pages(read: MemberReadOptions): AsyncGenerator<MemberPage> {
		yield* memberPages(this.services, this.segment, this.capacity.groups, read, this.chosen);
	}

	/** @param read.onChange told when a group changed while it was read */
	async *readBack(read: { readonly onChange?: () => void } = {}): AsyncGenerator<MemberPage> {
		yield* placedPages(this.services, this.segment, this.capacity.groups, this.chosen, read);
	}

	private get chosen(): StaticGroup | undefined {
		const { group } = this.options;
		return group === undefined ? undefined : chooseGroup(this.capacity.groups, group, this.segment.name);
	}

	private requireGroups(change: MemberChange): void {
		const { name, query, type } = this.segment;
		if (this.capacity.groups.length > 0) {
			const hasInclude = this.capacity.groups.some(({ includeType }) => includeType === 'Include');
			if (hasInclude || this.chosen !== undefined || change === 'add') return;
			throw invalidInput(
				`Segment "${name}" has only exclude groups; there is nobody to remove from it.`,
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
				? this.capacity.groups.filter(({ includeType }) => includeType === 'Include')
				: [this.chosen];
		for (const { id } of groups) {
			const held = this.capacity.known === undefined ? ids : this.capacity.known.heldBy(id, ids);
			if (held.length > 0) await this.send('remove', id, held);
		}
	}

	private async addSomewhere(ids: readonly string[]): Promise<void> {
		// They were not announced, so it was not checked who is in already: nobody in one group is put into another.
		if (!this.capacity.hasRoomKept) await this.capacity.exclusively(async () => await this.membership());
		const { known } = this.capacity;
		let rest = known === undefined ? ids : ids.filter((id) => !known.isIncluded(id));
		while (rest.length > 0) {
			const taken = await this.capacity.exclusively(async () => await this.capacity.take(rest.length));
			try {
				const groupId = await this.capacity.groupOf(taken.share);
				const part = rest.slice(0, taken.ids);
				await this.send('add', groupId, part);
				// When a later part of the call is refused, the whole call comes again in halves.
				if (part.length < ids.length) known?.add(groupId, part);
			} catch (error) {
				taken.share.left += taken.ids;
				if (!saysFull(error)) throw error;
				await this.capacity.exclusively(async () => await this.capacity.isFull(taken.share));
				continue;
			}
			rest = rest.slice(taken.ids);
		}
	}

	private async send(change: MemberChange, groupId: string, ids: readonly string[]): Promise<void> {
		const action = change === 'add' ? ADD_ACTION : REMOVE_ACTION;
		this.sent += 1;
		// A service that refuses a call for unknown ids gets it again in halves; one that ignores or keeps them says nothing.
		// Assumption: realTimeUnknownIds
		await this.services.actions.call(action, this.segment, { GroupId: groupId, EntityIds: ids });
		if (change === 'remove') this.capacity.known?.remove(groupId, ids);
		else if (!this.isAnnounced) this.capacity.known?.add(groupId, ids);
	}
}

/** No code is documented for a group that is full. A call with too many ids is another matter. */
function saysFull(error: unknown): boolean {
	if (!(error instanceof DataverseError) || error.kind !== 'refused' || error.status !== 400) return false;
	const text = error.serviceText ?? '';
	return /\b(?:full|exceed\w*|200[,. ]?000)\b/i.test(text) && !/\bone call\b|\bentityids\b/i.test(text);
}
