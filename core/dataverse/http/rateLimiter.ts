/**
 * How fast one client sends: as fast as its callers ask until the service refuses, then as much as it has let in, and
 * after a while as fast as they ask again. The limits hold for a user; other executions of that user cannot be seen from
 * here. Only refusals tell of them: the headers that say how much is left are not for scheduling.
 * https://learn.microsoft.com/power-apps/developer/data-platform/api-limits
 * https://learn.microsoft.com/power-apps/developer/data-platform/send-parallel-requests
 */

import type { WaitBudget } from './waitBudget';
import { LEAST_SAMPLE, WindowShare, type Slice } from './windowShare';

/** Calls start one after the other, or those of equal length would come back, and meet a limit, all at once. */
const OPENING_MS = 50;
/** The same after a refusal, until the service has let a call in again. */
const REOPENING_MS = 250;
/** After too many at once, one call more is tried when each place has been used so often. */
const ROUNDS_PER_PLACE = 50;
/**
 * Clients that were refused together come back apart, after up to so much more than they were told: one that pushes on
 * while the user is refused makes all of them wait longer. Each refusal that let hardly anything in doubles it.
 */
const SPREAD = 0.02;
const LEAST_SPREAD_MS = 2_000;
const MOST_SPREAD_MS = 60_000;

const TOO_MANY_AT_ONCE = '0x80072326';
const TOO_MANY_IN_WINDOW = '0x80072322';

export interface Refusal {
	/** `0x…`, where the service gave one. */
	readonly code: string | undefined;
	/** How long the service told to wait, or what is waited when it told nothing. */
	readonly waitMs: number;
	/** In [0, 1). */
	readonly random: number;
}

/** A call that has its place. */
interface Turn {
	readonly slice: Slice;
	readonly startedAt: number;
	/** How many refusals were known when it started. */
	readonly refusals: number;
}

export class Pacer {
	/** The service's recommendation (`x-ms-dop-hint`): the most calls in flight after too many were. */
	parallelismHint: number | undefined;
	private readonly share = new WindowShare();
	private readonly waiting: (() => void)[] = [];
	private inFlight = 0;
	/** The most that were in flight since the last refusal, and since when. */
	private opened = 0;
	private openedAt = -Infinity;
	private startedAt = -Infinity;
	/** How long the latest call took that was let in. */
	private lastMs = 0;
	/** The most calls in flight, once there were too many. */
	private places = Infinity;
	private refusals = 0;
	/** Calls let in since the last refusal, and refusals in a row that let hardly any in. */
	private calls = 0;
	private vainWaits = 0;

	constructor(private readonly budget: WaitBudget) {}

	/**
	 * Waits for the turn of a call; every turn ends with `letIn` or `refused`.
	 * @param pass waits for the end of a pause; throws when the run is over.
	 */
	async take(pass: () => Promise<void>): Promise<Turn> {
		for (;;) {
			await pass();
			const now = this.budget.now();
			if (now < this.startedAt) this.forget();
			if (this.inFlight > 0 && this.inFlight >= this.allowed()) {
				await new Promise<void>((resolve) => this.waiting.push(resolve));
				continue;
			}
			const waitMs =
				Math.max(this.apart(), this.share.nextStart(now, this.inFlightMs + this.lastMs / 2)) - now;
			if (waitMs <= 0) {
				this.inFlight += 1;
				if (this.inFlight > this.opened) {
					this.opened = this.inFlight;
					this.openedAt = now;
				}
				this.startedAt = now;
				return { slice: this.share.start(now), startedAt: now, refusals: this.refusals };
			}
			await this.budget.rest(waitMs);
		}
	}

	/** The service took the call of this turn, whatever became of it. */
	letIn({ slice, startedAt }: Turn): void {
		this.lastMs = Math.max(0, this.budget.now() - startedAt);
		slice.ms += this.lastMs;
		this.calls += 1;
		this.places += 1 / (ROUNDS_PER_PLACE * this.places);
		this.leave();
	}

	/**
	 * The service refused the call of this turn. Calls that were under way meanwhile belong to the same refusal.
	 * @returns milliseconds to pause beyond `waitMs`.
	 */
	refused({ slice, refusals }: Turn, { code, waitMs, random }: Refusal): number {
		slice.calls -= 1;
		this.leave();
		const isNew = refusals === this.refusals;
		if (isNew) {
			this.refusals += 1;
			this.opened = this.inFlight;
		}
		if (code === TOO_MANY_AT_ONCE) {
			if (isNew) this.places = Math.max(1, this.inFlight);
			return 0;
		}
		if (isNew) {
			this.vainWaits = this.calls < LEAST_SAMPLE ? this.vainWaits + 1 : 0;
			this.calls = 0;
			this.share.keep(code === TOO_MANY_IN_WINDOW ? 'calls' : 'ms', this.budget.now(), this.inFlightMs);
		} else {
			this.share.lessOne();
		}
		const spreadMs = Math.max(LEAST_SPREAD_MS, waitMs * SPREAD) * 2 ** this.vainWaits;
		return Math.round((1 - random) * Math.min(MOST_SPREAD_MS, spreadMs));
	}

	private get inFlightMs(): number {
		return this.inFlight * this.lastMs;
	}

	private leave(): void {
		this.inFlight -= 1;
		for (const wake of this.waiting.splice(0)) wake();
	}

	/** When the next call may start, as far as the one before it matters. */
	private apart(): number {
		if (this.inFlight === 0) return -Infinity;
		if (this.calls === 0 && this.refusals > 0) return this.startedAt + REOPENING_MS;
		if (this.inFlight >= this.opened) return this.openedAt + OPENING_MS;
		return this.startedAt + Math.floor(Math.min(OPENING_MS, this.lastMs / this.inFlight / 2));
	}

	private allowed(): number {
		return this.places === Infinity
			? Infinity
			: Math.floor(Math.min(this.places, this.parallelismHint ?? Infinity));
	}

	private forget(): void {
		this.startedAt = -Infinity;
		this.openedAt = -Infinity;
		this.share.forget();
	}
}
