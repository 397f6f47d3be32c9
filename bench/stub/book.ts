/** Who is a member and who was sent how often, in typed arrays: the book must cost the measured side nothing. */

import { personId, personNumber } from '../people';
import { GROUP_SIZE, groupId, type StubState, type StubTally } from './protocol';

interface Group {
	readonly groupId: string;
	readonly includeType: string;
	readonly name: string;
	readonly inputType: string;
}

export class Book {
	groups: readonly Group[];
	/** Changed with every change of the groups, as an ETag is. */
	version = 1;
	readonly requests: Record<string, number> = {};

	/** Number of the group that holds a person, from 1; 0 is nobody's. */
	private readonly holder: Uint8Array;
	private readonly added: Uint8Array;
	private readonly removed: Uint8Array;
	private readonly pages = new Map<string, readonly string[]>();

	constructor(readonly state: StubState) {
		const { groups = 1, members, people } = state;
		const count = Math.max(groups, Math.ceil(members / GROUP_SIZE));
		this.groups = Array.from({ length: count }, (_, n) => ({
			groupId: groupId(n),
			includeType: 'Include',
			name: `Members ${n + 1}`,
			inputType: 'manualSelect',
		}));
		this.holder = new Uint8Array(people);
		this.added = new Uint8Array(people);
		this.removed = new Uint8Array(people);
		for (let n = 0; n < members; n += 1) this.holder[n] = Math.floor(n / GROUP_SIZE) + 1;
	}

	note(request: string): void {
		this.requests[request] = (this.requests[request] ?? 0) + 1;
	}

	change(kind: 'add' | 'remove', group: string, ids: readonly string[]): void {
		const tally = kind === 'add' ? this.added : this.removed;
		const holder = kind === 'add' ? this.numberOf(group) : 0;
		for (const id of ids) {
			const n = personNumber(id);
			tally[n] = (tally[n] ?? 0) + 1;
			this.holder[n] = holder;
		}
		this.pages.clear();
	}

	/** The members of a group in their order, worked out once between two changes. */
	membersOf(group: string): readonly string[] {
		const known = this.pages.get(group);
		if (known !== undefined) return known;
		const number = this.numberOf(group);
		const ids: string[] = [];
		for (let n = 0; n < this.holder.length; n += 1) if (this.holder[n] === number) ids.push(personId(n));
		this.pages.set(group, ids);
		return ids;
	}

	tally(): StubTally {
		const count = (bytes: Uint8Array, is: (value: number) => boolean) =>
			bytes.reduce((sum, value) => sum + (is(value) ? 1 : 0), 0);
		return {
			requests: this.requests,
			addedOnce: count(this.added, (times) => times === 1),
			addedAgain: count(this.added, (times) => times > 1),
			removedOnce: count(this.removed, (times) => times === 1),
			removedAgain: count(this.removed, (times) => times > 1),
			members: count(this.holder, (group) => group > 0),
		};
	}

	private numberOf(group: string): number {
		const index = this.groups.findIndex((candidate) => candidate.groupId === group);
		if (index === -1) throw new Error(`There is no group ${group}`);
		return index + 1;
	}
}
