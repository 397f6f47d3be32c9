/** One emulator, one clock for it and for the client, one wire between them, and somebody else who works there too. */

import { DataverseClient } from '../../core/dataverse/client';
import type { Clock } from '../../core/dataverse/http/ports';
import { startEmulator, type Emulator } from '../../emulator';
import { bearer, caller, type Call } from '../emulator/web/support';
import { VirtualClock } from '../support/virtualClock';
import type { Evidence } from './invariants';
import { Wire } from './wire';

/** Runs wait for hours of virtual time; only a fault may end a token. */
const TEN_YEARS = 315_360_000;
const GIVE_UP_AFTER_MS = 60 * 60_000;
/** Long enough for every change and evaluation that was accepted. */
const SETTLING_MS = 15 * 60_000;
const CONTACTS = 120;

/** The clock of the machine that n8n runs on: the same time, and it can be set wrong. */
export class HostClock implements Clock {
	private offset = 0;

	constructor(private readonly time: VirtualClock) {}

	jump(ms: number): void {
		this.offset += ms;
	}

	/** Right again. */
	set(): void {
		this.offset = 0;
	}

	now(): number {
		return this.time.now() + this.offset;
	}

	async sleep(ms: number, signal?: AbortSignal): Promise<void> {
		await this.time.sleep(ms, signal);
	}
}

export class World {
	private serial = 0;

	private constructor(
		readonly emulator: Emulator,
		readonly clock: VirtualClock,
		readonly wire: Wire,
		readonly host: HostClock,
		private readonly otherUser: { readonly id: string; readonly signIn: () => Promise<Call> },
	) {}

	static async start(): Promise<World> {
		const clock = new VirtualClock();
		const emulator = await startEmulator({ clock, contacts: CONTACTS, tokenLifetimeSeconds: TEN_YEARS });
		const clientSecret = 'of somebody else';
		const { clientId, userId } = emulator.control.addUser({
			name: 'Somebody Else',
			application: true,
			clientSecret,
		});
		const signIn = async () => caller(emulator, await bearer(emulator, { clientId, clientSecret }));
		const wire = await Wire.open(emulator, clock);
		return new World(emulator, clock, wire, new HostClock(clock), { id: userId, signIn });
	}

	get control() {
		return this.emulator.control;
	}

	/** A name that nothing else has; everything a scene is about begins with it. */
	newName(): string {
		this.serial += 1;
		return `Scene ${this.serial}.`;
	}

	/** A run of its own, which knows nothing of runs before. */
	newClient(): DataverseClient {
		return new DataverseClient({
			environmentUrl: this.emulator.url,
			transport: this.wire,
			clock: this.host,
			giveUpAfterMs: GIVE_UP_AFTER_MS,
			random: () => 0.5,
		});
	}

	/** A request of somebody else, past our client. */
	async byOther(method: string, path: string, body?: unknown): Promise<Response> {
		const call = await this.otherUser.signIn();
		return await call(path, {
			method,
			headers: { 'Content-Type': 'application/json', 'If-Match': '*' },
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		});
	}

	/** What our client sent and the service took in or was kept from, parts of `$batch` included. */
	requests() {
		return this.control.log({ path: 'api/data' }).filter(({ userId }) => userId !== this.otherUser.id);
	}

	/** What there is to judge a run by. */
	async evidence(): Promise<Evidence> {
		const secrets = [await this.wire.currentToken(), this.emulator.clientSecret];
		return { secrets, sent: this.wire.sent, carriedOut: this.requests() };
	}

	/** Lets everything come to its end that was accepted. */
	settle(): void {
		this.clock.advance(SETTLING_MS);
	}

	/** The faults are over, clocks are right, and nothing is counted yet. */
	heal(): void {
		this.control.clearFaults();
		this.control.clearLog();
		this.wire.begin();
		this.host.set();
	}

	async close(): Promise<void> {
		this.wire.close();
		await this.emulator.close();
	}
}
