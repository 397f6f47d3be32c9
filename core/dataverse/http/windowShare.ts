/** What one client may use of its user's limits over five minutes, as far as refusals tell. */

export type Measure = 'calls' | 'ms';

/** The service counts requests and their time over a sliding window; here they are counted in slices of it. */
const WINDOW_MS = 300_000;
const SLICE_MS = 1_000;
/** A share is kept to for so long, or so many calls, before the limit is looked for again: that costs a refusal or two. */
const KEPT_MS = 4 * WINDOW_MS;
const KEPT_CALLS = 400;
/** Fewer calls than this in a window say nothing about the share. */
export const LEAST_SAMPLE = 20;

/** Calls that started in one slice of time, and how long they took together. */
export interface Slice {
	readonly at: number;
	calls: number;
	ms: number;
}

/**
 * Before a refusal there is no share. What was let in within the window before one is the share of the next windows,
 * and it is used up as fast as the callers ask, or as the calls of a window ago leave the window.
 */
export class WindowShare {
	/** Oldest first. */
	private readonly slices: Slice[] = [];
	private share: { of: Measure; amount: number; calls: number; until: number } | undefined;

	/** A call starts. Its slice is to be told when the call is over, or was refused. */
	start(now: number): Slice {
		if (this.share !== undefined) this.share.calls -= 1;
		const latest = this.slices.at(-1);
		if (latest !== undefined && now < latest.at + SLICE_MS) {
			latest.calls += 1;
			return latest;
		}
		const slice = { at: now, calls: 1, ms: 0 };
		this.slices.push(slice);
		return slice;
	}

	/** The service refused a call. @param inFlightMs estimated time of the calls that are still running. */
	keep(of: Measure, now: number, inFlightMs: number): void {
		const since = now - WINDOW_MS;
		if (this.share !== undefined || this.used('calls', since) < LEAST_SAMPLE) return;
		const amount = this.used(of, since) + (of === 'ms' ? inFlightMs : 0);
		this.share = { of, amount, calls: KEPT_CALLS, until: now + KEPT_MS };
	}

	/** A call that was counted in when the share was taken was refused as well. */
	lessOne(): void {
		if (this.share?.of === 'calls') this.share.amount -= 1;
	}

	/**
	 * When the next call may start.
	 * @param inFlightMs estimated time of the calls that are running, and half of that of the next: it fits in or does not.
	 */
	nextStart(now: number, inFlightMs: number): number {
		const { share } = this;
		if (share !== undefined && (now >= share.until || share.calls <= 0)) this.share = undefined;
		if (this.share === undefined) return now;
		const { of, amount } = this.share;
		// A slice leaves when the last moment of it does.
		const used = this.used(of, now - WINDOW_MS - SLICE_MS) + (of === 'ms' ? inFlightMs : 0);
		return used < amount ? now : (this.slices[0]?.at ?? now) + WINDOW_MS + SLICE_MS;
	}

	/** A clock that was set back makes all that was counted worthless. */
	forget(): void {
		this.slices.length = 0;
		this.share = undefined;
	}

	private used(of: Measure, since: number): number {
		const first = this.slices.findIndex(({ at }) => at > since);
		this.slices.splice(0, first === -1 ? this.slices.length : first);
		return this.slices.reduce((sum, slice) => sum + slice[of], 0);
	}
}
