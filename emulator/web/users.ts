import { randomUUID } from 'node:crypto';
import type { EmulatorUser, PrivilegeDepth } from '../contracts';

/** `absent`: signs in at the login server, but the environment has no such (application) user. */
export type UserState = 'absent' | 'disabled' | 'enabled';

export interface Person {
	readonly userId: string;
	/** Object id at the login server, the `oid` of tokens. */
	readonly objectId: string;
	readonly name: string;
	readonly userName: string;
	/** Present for applications. */
	readonly clientId?: string;
	readonly clientSecret?: string;
	readonly secretExpired: boolean;
	readonly state: UserState;
	readonly missingPrivileges: readonly string[];
	readonly privilegeDepths: Readonly<Record<string, PrivilegeDepth>>;
}

export interface NewUser {
	readonly name?: string;
	/** Makes it an application of its own with a client id and a secret; false = a person for the sign-in page. */
	readonly application?: boolean;
	readonly clientId?: string;
	readonly clientSecret?: string;
	readonly state?: UserState;
	readonly missingPrivileges?: readonly string[];
	readonly privilegeDepths?: Readonly<Record<string, PrivilegeDepth>>;
}

export interface UserChanges {
	readonly state?: UserState;
	readonly secretExpired?: boolean;
	readonly missingPrivileges?: readonly string[];
	readonly privilegeDepths?: Readonly<Record<string, PrivilegeDepth>>;
}

/** Users of the environment and applications of the tenant. */
export class UserDirectory {
	private readonly people = new Map<string, Person>();

	constructor(
		readonly organizationId: string,
		readonly businessUnitId: string,
	) {}

	add(user: NewUser): Person {
		const number = String(this.people.size + 1).padStart(12, '0');
		const application = user.application ?? user.clientId !== undefined;
		const person: Person = {
			userId: `0c000000-0000-4000-8000-${number}`,
			objectId: `1d000000-0000-4000-8000-${number}`,
			name: user.name ?? (application ? 'Another Application' : 'Another User'),
			userName: `user${this.people.size + 1}@emulator.example`,
			clientId: application ? (user.clientId ?? randomUUID()) : undefined,
			clientSecret: application ? (user.clientSecret ?? `emulator-only-${randomUUID()}`) : undefined,
			secretExpired: false,
			state: user.state ?? 'enabled',
			missingPrivileges: user.missingPrivileges ?? [],
			privilegeDepths: user.privilegeDepths ?? {},
		};
		this.people.set(person.userId, person);
		return person;
	}

	/** `id` is a user id or a client id. */
	change(id: string, changes: UserChanges): Person {
		const current = this.people.get(id.toLowerCase()) ?? this.byClientId(id);
		if (!current) throw new Error(`There is no user or application with the id ${id}.`);
		const changed: Person = { ...current, ...withoutUndefined(changes) };
		this.people.set(current.userId, changed);
		return changed;
	}

	byClientId(clientId: string): Person | undefined {
		const wanted = clientId.toLowerCase();
		return this.list().find((person) => person.clientId?.toLowerCase() === wanted);
	}

	byObjectId(objectId: string): Person | undefined {
		return this.list().find((person) => person.objectId === objectId);
	}

	/** People who can use the sign-in page. */
	interactive(): readonly Person[] {
		return this.list().filter((person) => person.clientId === undefined);
	}

	list(): readonly Person[] {
		return [...this.people.values()];
	}

	asServiceUser(person: Person): EmulatorUser {
		return {
			userId: person.userId,
			businessUnitId: this.businessUnitId,
			organizationId: this.organizationId,
			missingPrivileges: person.missingPrivileges,
			privilegeDepths: person.privilegeDepths,
		};
	}
}

function withoutUndefined(changes: UserChanges): UserChanges {
	return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}
