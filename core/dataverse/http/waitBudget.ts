/** All waiting of one client: it is counted, limited by Give Up After, and ends at once when the run is canceled. */

import { DataverseError } from '../errors/errors';
import { decodeTransportFailure } from '../errors/decodeError';
import { TransportFailure, type Clock } from './ports';
import type { WaitEvent } from '../types';

const DEFAULT_GIVE_UP_AFTER_MS = 60 * 60 * 1000;

export interface WaitBudgetOptions {
	readonly clock: Clock;
	readonly signal?: AbortSignal;
	readonly giveUpAfterMs?: number;
	/** Called before each wait that counts. */
	readonly onWait?: (event: WaitEvent) => void;
}

/**
 * The waiting time of one client: 60 minutes unless `giveUpAfterMs` says otherwise. Calls that wait at the same time use
 * it up once.
 */
export class WaitBudget {
	private readonly limitMs: number;
	private usedMs = 0;
	/** End of the latest wait: calls that wait side by side spend the time once. */
	private coveredUntil = 0;
	private pausedUntil = 0;

	constructor(private readonly options: WaitBudgetOptions) {
		const limit = options.giveUpAfterMs ?? DEFAULT_GIVE_UP_AFTER_MS;
		this.limitMs = Number.isFinite(limit) ? Math.max(0, limit) : DEFAULT_GIVE_UP_AFTER_MS;
	}

	/** Milliseconds of the monotonic clock. */
	now(): number {
		return this.options.clock.now();
	}

	/**
	 * Waits the whole time.
	 * @throws DataverseError `gaveUp` at once, without waiting, when less than that is left; `cancelled`.
	 */
	async waitFully(event: WaitEvent, facts: { readonly mayHaveActed?: boolean } = {}): Promise<void> {
		if (event.waitMs > this.availableMs()) throw this.gaveUp(event, facts.mayHaveActed);
		await this.sleep(event);
	}

	/**
	 * Waits between two polls; the last wait is shortened to what is left.
	 * @throws DataverseError `gaveUp` when nothing is left; `cancelled`.
	 */
	async waitAtMost(event: WaitEvent): Promise<void> {
		const available = this.availableMs();
		if (available === 0) throw this.gaveUp(event);
		await this.sleep({ ...event, waitMs: Math.min(event.waitMs, available) });
	}

	/**
	 * Keeps every call of this client back for a while: a user who goes on sending while throttled is throttled longer.
	 * https://learn.microsoft.com/power-apps/developer/data-platform/api-limits
	 */
	pauseAll(ms: number): void {
		this.pausedUntil = Math.max(this.pausedUntil, this.now() + ms);
	}

	/**
	 * Waits until a pause is over, also when it grows meanwhile.
	 * @throws DataverseError `gaveUp`, `cancelled`.
	 */
	async passPause(path: string, facts: { readonly mayHaveActed?: boolean } = {}): Promise<void> {
		this.throwIfCancelled();
		for (let waitMs = this.pauseLeft(); waitMs > 0; waitMs = this.pauseLeft()) {
			await this.waitFully({ reason: 'throttled', waitMs, attempt: 0, path }, facts);
		}
	}

	/**
	 * Waits a moment between two calls. Such waits, of less than a second, are neither counted nor reported.
	 * @throws DataverseError `cancelled`.
	 */
	async rest(ms: number): Promise<void> {
		try {
			await this.options.clock.sleep(ms, this.options.signal);
		} catch (failure) {
			throw failure instanceof TransportFailure ? decodeTransportFailure(failure) : failure;
		}
	}

	/** @throws DataverseError `cancelled` when the signal is aborted. */
	throwIfCancelled(): void {
		if (this.options.signal?.aborted === true) {
			throw decodeTransportFailure(new TransportFailure('cancelled', 'aborted'));
		}
	}

	private pauseLeft(): number {
		return this.pausedUntil - this.now();
	}

	/** Milliseconds that may still be waited; time that other calls wait anyway costs nothing extra. */
	private availableMs(): number {
		const covered = Math.max(0, this.coveredUntil - this.now());
		return covered + Math.max(0, this.limitMs - this.usedMs);
	}

	private async sleep(event: WaitEvent): Promise<void> {
		this.throwIfCancelled();
		const startedAt = this.now();
		this.spend(startedAt, event.waitMs);
		this.options.onWait?.(event);
		await this.rest(event.waitMs);
		if (this.now() < startedAt + event.waitMs) this.coveredUntil = this.now();
		this.throwIfCancelled();
	}

	private spend(now: number, ms: number): void {
		const end = now + ms;
		this.usedMs += Math.max(0, end - Math.max(now, this.coveredUntil));
		this.coveredUntil = Math.max(this.coveredUntil, end);
	}

	private gaveUp(event: WaitEvent, mayHaveActed = false): DataverseError {
		const where = event.path === '' ? '' : ` (${event.path})`;
		return new DataverseError({
			kind: 'gaveUp',
			message:
				`Waiting (${event.reason}) would take ${duration(event.waitMs)} more, ` +
				`but ${duration(this.availableMs())} of the ${duration(this.limitMs)} of "Give Up After" are left${where}.`,
			remedy: 'Raise "Give Up After", or run the workflow again later; what was delivered stays delivered.',
			retryAfterMs: event.waitMs,
			mayHaveActed,
		});
	}
}

function duration(ms: number): string {
	const seconds = Math.ceil(ms / 1000);
	return seconds < 120 || seconds % 60 !== 0 ? `${seconds} seconds` : `${seconds / 60} minutes`;
}
