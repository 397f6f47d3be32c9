/**
 * How much of its user's limits one client may use in a window of five minutes, as far as refusals show.
 * https://learn.microsoft.com/power-apps/developer/data-platform/api-limits
 */

/** The service limits the number of calls and their time together. */
export type Measure = 'calls' | 'ms';

/** The service counts over a sliding window; here it is counted in slices of it. */
const WINDOW_MS = 300_000;
const SLICE_MS = 1_000;
/** A limit is kept for this time, or this many calls, before the client tries to go faster: that costs a refusal or two. */
const KEPT_MS = 4 * WINDOW_MS;
const KEPT_CALLS = 400;
/** Fewer calls than this in a window say nothing about the limit. */
export const LEAST_SAMPLE = 20;

/** Calls that started in one slice of time, and how long they took together. */
export interface Slice {
	readonly at: number;
	calls: number;
	ms: number;
}

interface Limit {
	readonly of: Measure;
	amount: number;
	/** How many more calls it is kept for. */
	calls: number;
	readonly until: number;
}

/**
 * Unlimited until the service refuses. What it accepted within the window before the refusal is the amount for the next
 * windows; it may be used as fast as the callers ask, and fills up again as the calls of a window ago leave the window.
 */
export class Reservoir {
	/** Oldest first. */
	private readonly slices: Slice[] = [];
	private limit: Limit | undefined;

	/** A call starts. The caller updates the slice when the call is over or was refused. */
	start(now: number): Slice {
		if (this.limit !== undefined) this.limit.calls -= 1;
		const latest = this.slices.at(-1);
		if (latest !== undefined && now < latest.at + SLICE_MS) {
			latest.calls += 1;
			return latest;
		}
		const slice = { at: now, calls: 1, ms: 0 };
		this.slices.push(slice);
		return slice;
	}

	/**
	 * The service refused a call.
	 * @param inFlightMs estimated time of the calls that are still running.
	 */
	limitTo(of: Measure, now: number, inFlightMs: number): void {
		const since = now - WINDOW_MS;
		if (this.limit !== undefined || this.used('calls', since) < LEAST_SAMPLE) return;
		const amount = this.used(of, since) + (of === 'ms' ? inFlightMs : 0);
		this.limit = { of, amount, calls: KEPT_CALLS, until: now + KEPT_MS };
	}

	/** A call that was counted when the limit was set has been refused as well. */
	alsoRefused(): void {
		if (this.limit?.of === 'calls') this.limit.amount -= 1;
	}

	/**
	 * When the next call may start, in the time of `now`.
	 * @param pendingMs estimated time of the calls in flight and of the next one.
	 */
	nextStart(now: number, pendingMs: number): number {
		const { limit } = this;
		if (limit === undefined) return now;
		if (now >= limit.until || limit.calls <= 0) {
			this.limit = undefined;
			return now;
		}
		// A slice leaves the window when its last moment does.
		const used = this.used(limit.of, now - WINDOW_MS - SLICE_MS) + (limit.of === 'ms' ? pendingMs : 0);
		return used < limit.amount ? now : (this.slices[0]?.at ?? now) + WINDOW_MS + SLICE_MS;
	}

	private used(of: Measure, since: number): number {
		const first = this.slices.findIndex(({ at }) => at > since);
		this.slices.splice(0, first === -1 ? this.slices.length : first);
		return this.slices.reduce((sum, slice) => sum + slice[of], 0);
	}
}
