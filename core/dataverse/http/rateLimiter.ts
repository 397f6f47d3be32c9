/**
 * How fast one client sends. There is no limit until the service refuses a call (429). Then the limiter sends as much
 * per window as the service accepted before the refusal, and after a while tries again without a limit. The service
 * counts per user, and other executions of the same user cannot be seen from here: only refusals tell of them. The
 * headers that say how much is left are not meant for scheduling.
 * https://learn.microsoft.com/power-apps/developer/data-platform/api-limits
 * https://learn.microsoft.com/power-apps/developer/data-platform/send-parallel-requests
 */

import { LEAST_SAMPLE, Reservoir, type Slice } from './reservoir';
import type { WaitBudget } from './waitBudget';

/** Calls that start together come back together and meet a limit together, so starts are this far apart. */
const START_INTERVAL_MS = 50;
/** The same after a refusal, until the service has accepted a call again. */
const START_INTERVAL_AFTER_REFUSAL_MS = 250;
/** After "too many at once", one more concurrent call is tried when each permit has been used this often. */
const USES_BEFORE_ONE_MORE = 50;
/**
 * Clients that were refused together come back at different times: each waits up to this much longer than it was told.
 * A user who keeps sending while refused waits longer. It doubles with each further refusal after hardly any call was accepted.
 */
const JITTER = 0.02;
const LEAST_JITTER_MS = 2_000;
const MOST_JITTER_MS = 60_000;

const TOO_MANY_AT_ONCE = '0x80072326';
const TOO_MANY_IN_WINDOW = '0x80072322';

export interface Refusal {
	/** `0x…`, where the service gave one. */
	readonly code: string | undefined;
	/** How long the service said to wait, or how long to wait if it said nothing. */
	readonly waitMs: number;
	/** In [0, 1). */
	readonly random: number;
}

/** The right to have one call in flight. */
interface Permit {
	readonly slice: Slice;
	readonly startedAt: number;
	/** How many refusals were known when the call started. */
	readonly refusals: number;
}

/**
 * Decides when each call of one client may start. A caller acquires a permit, sends, and gives the permit back with
 * `release`, or with `refused` after a 429.
 */
export class RateLimiter {
	/** The service's recommendation (`x-ms-dop-hint`): the most calls in flight once there were too many. */
	parallelismHint: number | undefined;
	private readonly reservoir = new Reservoir();
	private readonly queue: (() => void)[] = [];
	private inFlight = 0;
	/** The most calls in flight since the last refusal, and since when. */
	private peak = 0;
	private peakAt = -Infinity;
	private lastStart = -Infinity;
	/** Duration of the latest accepted call. */
	private lastDurationMs = 0;
	/** The most calls in flight, once there were too many. */
	private maxConcurrent = Infinity;
	private refusals = 0;
	private acceptedSinceRefusal = 0;
	/** Refusals in a row that let hardly any call pass. */
	private fruitlessRefusals = 0;

	constructor(private readonly budget: WaitBudget) {}

	/**
	 * Waits until a call may start. Every permit ends with `release` or `refused`. Waiting a second or more counts in Give Up After.
	 * @param path what is called, for the log and the error.
	 * @param facts whether an earlier sending of the same call may have done the work.
	 * @throws DataverseError `gaveUp`, `cancelled`.
	 */
	async acquire(path: string, facts: { readonly mayHaveActed: boolean }): Promise<Permit> {
		for (;;) {
			await this.budget.passPause(path, facts);
			if (this.inFlight > 0 && this.inFlight >= this.concurrency) {
				await new Promise<void>((resolve) => this.queue.push(resolve));
				continue;
			}
			const now = this.budget.now();
			// If a host sets the clock back after all, calls must not be held up until it has caught up.
			this.lastStart = Math.min(this.lastStart, now);
			this.peakAt = Math.min(this.peakAt, now);
			const waitMs = Math.max(this.nextStart(), this.reservoir.nextStart(now, this.pendingMs)) - now;
			if (waitMs <= 0) return this.start(now);
			if (waitMs < 1_000) await this.budget.rest(waitMs);
			else await this.budget.waitFully({ reason: 'rateLimit', waitMs, attempt: 0, path }, facts);
		}
	}

	/** The call is over and was not throttled, whether or not it succeeded. */
	release({ slice, startedAt }: Permit): void {
		this.lastDurationMs = Math.max(0, this.budget.now() - startedAt);
		slice.ms += this.lastDurationMs;
		this.acceptedSinceRefusal += 1;
		this.maxConcurrent += 1 / (USES_BEFORE_ONE_MORE * this.maxConcurrent);
		this.leave();
	}

	/**
	 * The service refused the call. Calls that were in flight meanwhile belong to the same refusal.
	 * @returns milliseconds to pause beyond `waitMs`.
	 */
	refused({ slice, refusals }: Permit, { code, waitMs, random }: Refusal): number {
		slice.calls -= 1;
		this.leave();
		const isNew = refusals === this.refusals;
		if (isNew) {
			this.refusals += 1;
			this.peak = this.inFlight;
		}
		if (code === TOO_MANY_AT_ONCE) {
			if (isNew) this.maxConcurrent = Math.max(1, this.inFlight);
			return 0;
		}
		if (isNew) {
			this.fruitlessRefusals = this.acceptedSinceRefusal < LEAST_SAMPLE ? this.fruitlessRefusals + 1 : 0;
			this.acceptedSinceRefusal = 0;
			const measure = code === TOO_MANY_IN_WINDOW ? 'calls' : 'ms';
			this.reservoir.limitTo(measure, this.budget.now(), this.inFlight * this.lastDurationMs);
		} else {
			this.reservoir.alsoRefused();
		}
		const jitterMs = Math.max(LEAST_JITTER_MS, waitMs * JITTER) * 2 ** this.fruitlessRefusals;
		return Math.round((1 - random) * Math.min(MOST_JITTER_MS, jitterMs));
	}

	private start(now: number): Permit {
		this.inFlight += 1;
		if (this.inFlight > this.peak) {
			this.peak = this.inFlight;
			this.peakAt = now;
		}
		this.lastStart = now;
		return { slice: this.reservoir.start(now), startedAt: now, refusals: this.refusals };
	}

	/** Estimated time of the calls in flight, and half of that of the next one: it fits into the reservoir or does not. */
	private get pendingMs(): number {
		return (this.inFlight + 0.5) * this.lastDurationMs;
	}

	private get concurrency(): number {
		if (this.maxConcurrent === Infinity) return Infinity;
		return Math.floor(Math.min(this.maxConcurrent, this.parallelismHint ?? Infinity));
	}

	/** When the next call may start, as far as the one before it matters. */
	private nextStart(): number {
		if (this.inFlight === 0) return -Infinity;
		const isProbing = this.acceptedSinceRefusal === 0 && this.refusals > 0;
		if (isProbing) return this.lastStart + START_INTERVAL_AFTER_REFUSAL_MS;
		if (this.inFlight >= this.peak) return this.peakAt + START_INTERVAL_MS;
		return this.lastStart + Math.floor(Math.min(START_INTERVAL_MS, this.lastDurationMs / this.inFlight / 2));
	}

	private leave(): void {
		this.inFlight -= 1;
		for (const wake of this.queue.splice(0)) wake();
	}
}
