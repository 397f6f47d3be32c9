import { TransportFailure, type Clock } from '../../core/dataverse/http/ports';
import type { EmulatorClock } from '../../emulator/contracts';

interface Sleeper {
	readonly until: number;
	wake(): void;
}

/**
 * One virtual time for clients and a service in the same process that speak over real sockets. It stands still while
 * anybody works, and jumps to the next waking when everybody sleeps, so that hours pass in seconds and the order of
 * events does not depend on the machine.
 */
export class SimulatedTime {
	/** Exchanges that are neither answered nor asleep in the service. */
	private busy = 0;
	/** Sorted by the time of waking, those who came first before others. */
	private readonly sleepers: Sleeper[] = [];
	private checking = false;

	constructor(private time = Date.UTC(2026, 0, 1)) {}

	readonly client: Clock = {
		now: () => this.time,
		sleep: async (ms, signal) => await this.sleep(ms, signal),
	};

	/** A sleep of the service is part of an exchange, which does not count as work for so long. */
	readonly service: Required<EmulatorClock> = {
		now: () => this.time,
		sleep: async (ms) => {
			this.busy -= 1;
			await this.sleep(ms).finally(() => (this.busy += 1));
		},
	};

	/** Time stands still until the exchange is over, but for the service's own sleeping. */
	async whileBusy<T>(exchange: () => Promise<T>): Promise<T> {
		this.busy += 1;
		try {
			return await exchange();
		} finally {
			this.busy -= 1;
			this.check();
		}
	}

	private async sleep(ms: number, signal?: AbortSignal): Promise<void> {
		await new Promise<void>((resolve, reject) => {
			const cancel = () => reject(new TransportFailure('cancelled', 'aborted'));
			if (signal?.aborted === true) return cancel();
			signal?.addEventListener('abort', cancel, { once: true });
			const wake = () => {
				signal?.removeEventListener('abort', cancel);
				resolve();
			};
			this.insert({ until: this.time + Math.max(0, ms), wake });
			this.check();
		});
	}

	private insert(sleeper: Sleeper): void {
		let at = this.sleepers.length;
		while (at > 0 && (this.sleepers[at - 1]?.until ?? 0) > sleeper.until) at -= 1;
		this.sleepers.splice(at, 0, sleeper);
	}

	/** Looks again when everything that can run without time passing has run. */
	private check(): void {
		if (this.checking) return;
		this.checking = true;
		setImmediate(() => {
			this.checking = false;
			if (this.busy > 0) return;
			const next = this.sleepers.shift();
			if (next === undefined) return;
			this.time = Math.max(this.time, next.until);
			next.wake();
			this.check();
		});
	}
}
