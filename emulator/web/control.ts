import type {
	Fault,
	LoggedRequest,
	PluginRefusal,
	Row,
	SegmentModule,
	ServiceContext,
	ServiceLimits,
	ServiceModule,
	Store,
} from '../contracts';
import { type ConsentDecision, type ConsentQuestion, decideConsent } from '../consent';
import { addPlugin, clearPlugins, fillIn, seedPeople } from '../data';
import type { AssumptionSwitches } from './assumptions';
import type { VirtualClock } from './clock';
import type { FaultPlan } from './faults';
import type { GrantStore } from './identity/grants';
import type { TokenService } from './identity/tokens';
import type { ServiceProtection } from './limits';
import type { LogFilter, RequestLog } from './requestLog';
import type { NewUser, Person, UserChanges, UserDirectory } from './users';

export interface SeedRequest {
	readonly contacts?: number;
	readonly leads?: number;
	readonly accounts?: number;
	/** Rows by entity set name, with logical column names (a lookup under its column name as the target's id). */
	readonly rows?: Readonly<Record<string, readonly Row[]>>;
}

export interface ControlParts {
	readonly store: Store;
	readonly modules: readonly SegmentModule[];
	/** All parts of the service, the systems of segments among them. */
	readonly services: readonly ServiceModule[];
	readonly clock: VirtualClock;
	readonly switches: AssumptionSwitches;
	readonly users: UserDirectory;
	readonly tokens: TokenService;
	readonly grants: GrantStore;
	readonly protection: ServiceProtection;
	readonly faults: FaultPlan;
	readonly requests: RequestLog;
	/** A context of a system administrator, for work that no client asked for. */
	systemContext(): ServiceContext;
}

/** What tests and demos may do behind the back of the clients. The HTTP endpoint `/__emulator` offers the same. */
export class EmulatorControl {
	constructor(private readonly parts: ControlParts) {}

	/** Requests so far, oldest first, parts of `$batch` after their batch. */
	log(filter?: LogFilter): LoggedRequest[] {
		return this.parts.requests.list(filter);
	}

	clearLog(): void {
		this.parts.requests.clear();
	}

	addFault(fault: Fault): void {
		this.parts.faults.add(fault);
	}

	clearFaults(): void {
		this.parts.faults.clear();
	}

	/** A plug-in that refuses rows from now on. @throws SyntaxError when `row` is no regular expression */
	addPlugin(refusal: PluginRefusal): void {
		addPlugin(this.parts.store, refusal);
	}

	clearPlugins(): void {
		clearPlugins(this.parts.store);
	}

	/** How many requests were hit by a fault since the last `clearFaults`. */
	faultsHit(): number {
		return this.parts.faults.hits();
	}

	/** @throws Error when the id or the value is unknown */
	setAssumption(id: string, value: string): void {
		this.parts.switches.set(id, value);
	}

	resetAssumptions(): void {
		this.parts.switches.reset();
	}

	assumptions(): ReturnType<AssumptionSwitches['list']> {
		return this.parts.switches.list();
	}

	setLimits(limits: Partial<ServiceLimits>): void {
		this.parts.protection.set(limits);
	}

	limits(): ServiceLimits {
		return this.parts.protection.current;
	}

	/** Virtual time, milliseconds since the Unix epoch. */
	now(): number {
		return this.parts.clock.now();
	}

	advanceClock(ms: number): void {
		this.parts.clock.advance(ms);
	}

	/** Virtual milliseconds per real millisecond; 0 stops the clock. */
	setClockSpeed(speed: number): void {
		this.parts.clock.setSpeed(speed);
	}

	/** Adds people up to the given counts, and rows, filled in as a create does. @throws Error when a set is unknown */
	seed(request: SeedRequest): void {
		const { accounts, contacts = 0, leads, rows = {} } = request;
		seedPeople(this.parts.store, { contacts, leads, accounts });
		const context = this.parts.systemContext();
		this.parts.store.atomically(() => {
			for (const [set, list] of Object.entries(rows)) {
				const table = this.table(set);
				for (const given of list) {
					const row = { ...given };
					fillIn(row, table, context);
					table.insert(row);
				}
			}
		});
	}

	/** Changes a row behind the back of the clients, as somebody else would. @throws Error when there is none */
	touch(entitySet: string, id: string, changes: Row): void {
		this.table(entitySet).patch(id, { ...changes });
	}

	/** Takes a row away behind the back of the clients. @throws Error when there is none */
	remove(entitySet: string, id: string): void {
		if (!this.table(entitySet).remove(id)) throw new Error(`There is no row ${id}.`);
	}

	/** Rows of an entity set as stored. */
	rows(entitySet: string): Row[] {
		this.settle();
		return [...this.table(entitySet).rows()].map((row) => ({ ...row }));
	}

	/** True members of a segment of either system, lower-case ids; undefined when there is no such segment. */
	members(segmentId: string): string[] | undefined {
		const context = this.settle();
		for (const module of this.parts.modules) {
			const members = module.members(segmentId.toLowerCase(), context);
			if (members) return [...members];
		}
		return undefined;
	}

	/** @throws Error when there is no such segment */
	setMembers(segmentId: string, ids: readonly string[]): void {
		const context = this.settle();
		const id = segmentId.toLowerCase();
		const owner = this.parts.modules.find((module) => module.members(id, context) !== undefined);
		if (!owner) throw new Error(`There is no segment ${segmentId}.`);
		owner.setMembers(id, ids, context);
	}

	/** What a real-time journey would decide for an address; undefined where a consent provider decides. */
	decideConsent(question: ConsentQuestion): ConsentDecision | undefined {
		return decideConsent(question, this.settle());
	}

	/** Ends every access token issued so far; with `refresh` the refresh tokens too. */
	expireTokens(options: { readonly refresh?: boolean } = {}): void {
		this.parts.tokens.expireAll();
		if (options.refresh) this.parts.grants.revokeRefreshTokens();
	}

	/** Adds a person for the sign-in page, or an application with a secret of its own. */
	addUser(user: NewUser): Person {
		const person = this.parts.users.add(user);
		this.writeUserRow(person);
		return person;
	}

	/** `id` is a user id or a client id. @throws Error when there is none */
	changeUser(id: string, changes: UserChanges): Person {
		const person = this.parts.users.change(id, changes);
		this.writeUserRow(person);
		return person;
	}

	users(): readonly Person[] {
		return this.parts.users.list();
	}

	/** The row of `systemusers` that belongs to a user of the environment. */
	private writeUserRow(person: Person): void {
		const table = this.parts.store.table('systemuser');
		if (person.state === 'absent') {
			table.remove(person.userId);
			return;
		}
		const changes: Row = {
			fullname: person.name,
			domainname: person.userName,
			internalemailaddress: person.userName,
			applicationid: person.clientId ?? null,
			azureactivedirectoryobjectid: person.objectId,
			isdisabled: person.state === 'disabled',
		};
		if (table.get(person.userId)) table.patch(person.userId, changes);
		else {
			const unit = {
				businessunitid: this.parts.users.businessUnitId,
				'businessunitid@table': 'businessunit',
			};
			table.insert({ systemuserid: person.userId, ...unit, ...changes });
		}
	}

	private settle(): ServiceContext {
		const context = this.parts.systemContext();
		for (const service of this.parts.services) service.settle(context);
		return context;
	}

	private table(entitySet: string) {
		const table = this.parts.store.bySet(entitySet);
		if (!table) throw new Error(`There is no entity set ${JSON.stringify(entitySet)}.`);
		return table;
	}
}
