import { TransportFailure, type Clock } from '../../core/dataverse/http/ports';

/** A clock whose waiting takes no time: it moves ahead at once and remembers how long it was asked to wait. */
export class VirtualClock implements Clock {
	readonly sleeps: number[] = [];
	/** Called when a wait begins, before its signal is looked at. */
	onSleep: ((ms: number) => void) | undefined;

	constructor(private time = Date.UTC(2026, 0, 1)) {}

	now(): number {
		return this.time;
	}

	advance(ms: number): void {
		this.time += ms;
	}

	async sleep(ms: number, signal?: AbortSignal): Promise<void> {
		this.sleeps.push(ms);
		this.onSleep?.(ms);
		await Promise.resolve();
		if (signal?.aborted === true) throw new TransportFailure('cancelled', 'aborted');
		this.time += ms;
	}
}
