import { setTimeout as wait } from 'node:timers/promises';
import type { EmulatorClock } from '../contracts';

/**
 * All time of the emulator: a source (the wall clock unless a test brings its own) × speed + offset. Time never runs
 * backwards; a change of speed keeps the moment at which it happens.
 */
export class VirtualClock implements EmulatorClock {
	private sourceAnchor: number;
	private virtualAnchor: number;
	private speed: number;
	private readonly source: () => number;

	constructor(
		private readonly clock?: EmulatorClock,
		speed = 1,
	) {
		this.source = clock ? () => clock.now() : () => Date.now();
		this.sourceAnchor = this.source();
		this.virtualAnchor = this.sourceAnchor;
		this.speed = checkedSpeed(speed);
	}

	now(): number {
		return Math.floor(this.virtualAnchor + (this.source() - this.sourceAnchor) * this.speed);
	}

	/** Jumps forward by `ms` (not negative). */
	advance(ms: number): void {
		if (!Number.isFinite(ms) || ms < 0)
			throw new RangeError('The clock advances by zero or more milliseconds.');
		this.anchorAt(this.now() + ms);
	}

	/** Virtual milliseconds per millisecond of the source; 0 stops the clock. */
	setSpeed(speed: number): void {
		checkedSpeed(speed);
		this.anchorAt(this.now());
		this.speed = speed;
	}

	/**
	 * Waits for `ms` of virtual time. A stopped clock, or a source that only a test's hand moves, cannot be waited for:
	 * then it returns at once.
	 */
	async sleep(ms: number, signal: AbortSignal): Promise<void> {
		if (ms <= 0 || this.speed === 0) return;
		if (this.clock === undefined) await pause(ms / this.speed, signal);
		else await this.clock.sleep?.(ms / this.speed, signal);
	}

	private anchorAt(virtual: number): void {
		this.virtualAnchor = virtual;
		this.sourceAnchor = this.source();
	}
}

/** Waits for `ms` of real time, or until the emulator closes. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
	await wait(ms, undefined, { signal }).catch(() => undefined);
}

function checkedSpeed(speed: number): number {
	if (!Number.isFinite(speed) || speed < 0)
		throw new RangeError('The clock speed is a number, zero or more.');
	return speed;
}
