/** Who is a member and who was sent how often, in typed arrays: the book must cost the measured side nothing. */

import { isPersonId, personId, personNumber } from '../people';
import { GROUP_SIZE, groupId, sourceGroupId, type StubState, type StubTally } from './protocol';

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
	readonly sourceGroups: readonly Group[];

	/** Number of the group that holds a person, from 1; 0 is nobody's. */
	private readonly holder: Uint8Array;
	private readonly added: Uint8Array;
	private readonly removed: Uint8Array;
	/** Those who were created under ids of the client's choice, with how often they were added and their group. */
	private readonly created = new Map<string, { times: number; group: number }>();
	/** Pages that were worked out; a change of the members forgets those of the segment that changes. */
	private readonly pages = new Map<string, readonly string[]>();

	constructor(readonly state: StubState) {
		const { groups = 1, members, people, sourceMembers = 0 } = state;
		this.groups = groupsOf(Math.max(groups, Math.ceil(members / GROUP_SIZE)), groupId);
		this.sourceGroups = groupsOf(Math.ceil(sourceMembers / GROUP_SIZE), sourceGroupId);
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
			if (!isPersonId(id)) {
				const person = this.created.get(id) ?? { times: 0, group: 0 };
				this.created.set(id, { times: person.times + (kind === 'add' ? 1 : 0), group: holder });
				continue;
			}
			const n = personNumber(id);
			tally[n] = (tally[n] ?? 0) + 1;
			this.holder[n] = holder;
		}
		for (const { groupId: changing } of this.groups) this.pages.delete(changing);
	}

	create(id: string): void {
		this.created.set(id, { times: 0, group: 0 });
	}

	/** The members of a group in their order, worked out once between two changes. */
	membersOf(group: string): readonly string[] {
		const known = this.pages.get(group);
		if (known !== undefined) return known;
		const source = this.sourceGroups.findIndex((candidate) => candidate.groupId === group);
		const ids = source === -1 ? this.heldBy(this.numberOf(group)) : this.sourceMembersOf(source);
		this.pages.set(group, ids);
		return ids;
	}

	private heldBy(number: number): readonly string[] {
		const ids: string[] = [];
		for (let n = 0; n < this.holder.length; n += 1) if (this.holder[n] === number) ids.push(personId(n));
		for (const [id, { group }] of this.created) if (group === number) ids.push(id);
		return ids;
	}

	private sourceMembersOf(group: number): readonly string[] {
		const first = group * GROUP_SIZE;
		const count = Math.min(GROUP_SIZE, (this.state.sourceMembers ?? 0) - first);
		return Array.from({ length: count }, (_, n) => personId(first + n));
	}

	tally(): StubTally {
		const count = (bytes: Uint8Array, is: (value: number) => boolean) =>
			bytes.reduce((sum, value) => sum + (is(value) ? 1 : 0), 0);
		const created = [...this.created.values()];
		const createdWho = (is: (person: { times: number; group: number }) => boolean) =>
			created.filter((person) => is(person)).length;
		return {
			requests: this.requests,
			created: created.length,
			addedOnce: count(this.added, (times) => times === 1) + createdWho(({ times }) => times === 1),
			addedAgain: count(this.added, (times) => times > 1) + createdWho(({ times }) => times > 1),
			removedOnce: count(this.removed, (times) => times === 1),
			removedAgain: count(this.removed, (times) => times > 1),
			members: count(this.holder, (group) => group > 0) + createdWho(({ group }) => group > 0),
		};
	}

	private numberOf(group: string): number {
		const index = this.groups.findIndex((candidate) => candidate.groupId === group);
		if (index === -1) throw new Error(`There is no group ${group}`);
		return index + 1;
	}
}

const groupsOf = (count: number, idOf: (n: number) => string): readonly Group[] =>
	Array.from({ length: count }, (_, n) => ({
		groupId: idOf(n),
		includeType: 'Include',
		name: `Members ${n + 1}`,
		inputType: 'manualSelect',
	}));
