import { ServiceFault, type EmulatorClock, type ServiceLimits } from '../contracts';

/**
 * Service protection limits: https://learn.microsoft.com/power-apps/developer/data-platform/api-limits.
 * The numbers are the documented ones; execution times are simulated and 0 until somebody sets them.
 */
const documentedLimits: ServiceLimits = {
	enabled: false,
	requestsPerWindow: 6000,
	executionMsPerWindow: 1_200_000,
	windowMs: 300_000,
	concurrent: 52,
	baseExecutionMs: 0,
	executionMsPerId: 0,
	parallelHint: 4,
};

/** How much longer a user is kept out for each request made while kept out. The page says "longer", not how much. */
const penaltyMs = 1000;

interface Admitted {
	readonly at: number;
	readonly executionMs: number;
}

interface Account {
	/** Admitted requests, oldest first; those before `first` have left the window. */
	requests: Admitted[];
	first: number;
	executionMs: number;
	inFlight: number;
	refusedUntil: number;
	refusal?: 'executionTime' | 'requests';
}

export interface Admission {
	/** Simulated execution time in virtual milliseconds. */
	readonly executionMs: number;
	/** The three informative headers of successful answers. */
	readonly headers: Readonly<Record<string, string>>;
	/** To be called when the request is done. */
	release(): void;
}

/** Counts requests per user over a sliding window of virtual time. */
export class ServiceProtection {
	private limits: ServiceLimits;
	private readonly accounts = new Map<string, Account>();

	constructor(
		private readonly clock: EmulatorClock,
		limits: Partial<ServiceLimits> = {},
	) {
		this.limits = { ...documentedLimits, ...limits };
	}

	get current(): ServiceLimits {
		return this.limits;
	}

	set(changes: Partial<ServiceLimits>): void {
		this.limits = { ...this.limits, ...changes };
	}

	/**
	 * Lets a request of `userId` that carries `ids` record ids in, or throws the documented 429.
	 * @param ids counted only when the limits are on: counting costs time on large bodies
	 */
	admit(userId: string, ids: () => number): Admission {
		const account = this.account(userId);
		const now = this.clock.now();
		this.forgetOld(account, now);
		if (this.limits.enabled) this.refuseIfOver(account, now);
		const executionMs = this.limits.enabled ? this.executionTime(ids()) : 0;
		account.requests.push({ at: now, executionMs });
		account.executionMs += executionMs;
		account.inFlight += 1;
		return { executionMs, headers: this.headers(account), release: releaseOnce(account) };
	}

	private executionTime(ids: number): number {
		return this.limits.baseExecutionMs + ids * this.limits.executionMsPerId;
	}

	private refuseIfOver(account: Account, now: number): void {
		const { concurrent, requestsPerWindow, executionMsPerWindow, windowMs } = this.limits;
		if (now < account.refusedUntil) {
			account.refusedUntil = Math.min(account.refusedUntil + penaltyMs, now + windowMs);
			throw this.windowRefusal(account, now);
		}
		if (account.inFlight >= concurrent) {
			throw refusal('0x80072326', `Number of concurrent requests exceeded the limit of ${concurrent}.`, 1000);
		}
		const count = account.requests.length - account.first;
		if (count >= requestsPerWindow) account.refusal = 'requests';
		else if (account.executionMs >= executionMsPerWindow) account.refusal = 'executionTime';
		else return;
		account.refusedUntil = this.roomAt(account, now);
		throw this.windowRefusal(account, now);
	}

	/** When so many of the oldest requests have left the window that one more fits. */
	private roomAt(account: Account, now: number): number {
		const { requestsPerWindow, executionMsPerWindow, windowMs } = this.limits;
		let { executionMs } = account;
		let count = account.requests.length - account.first;
		for (const oldest of account.requests.slice(account.first)) {
			executionMs -= oldest.executionMs;
			count -= 1;
			if (count < requestsPerWindow && executionMs < executionMsPerWindow) return oldest.at + windowMs;
		}
		return now + windowMs;
	}

	private windowRefusal(account: Account, now: number): ServiceFault {
		const { requestsPerWindow, executionMsPerWindow, windowMs } = this.limits;
		const seconds = windowMs / 1000;
		const waitMs = account.refusedUntil - now;
		if (account.refusal === 'executionTime') {
			const text = `Combined execution time of incoming requests exceeded limit of ${executionMsPerWindow.toLocaleString('en-US')} milliseconds over time window of ${seconds} seconds. Decrease number of concurrent requests or reduce the duration of requests and try again later.`;
			return refusal('0x80072321', text, waitMs);
		}
		const text = `Number of requests exceeded the limit of ${requestsPerWindow} over time window of ${seconds} seconds.`;
		return refusal('0x80072322', text, waitMs);
	}

	private headers(account: Account): Readonly<Record<string, string>> {
		const requestsLeft = this.limits.requestsPerWindow - (account.requests.length - account.first);
		const secondsLeft = (this.limits.executionMsPerWindow - account.executionMs) / 1000;
		return {
			'x-ms-ratelimit-burst-remaining-xrm-requests': String(Math.max(0, requestsLeft)),
			'x-ms-ratelimit-time-remaining-xrm-requests': Math.max(0, secondsLeft).toFixed(2),
			...(this.limits.parallelHint > 0 ? { 'x-ms-dop-hint': String(this.limits.parallelHint) } : {}),
		};
	}

	private account(userId: string): Account {
		const known = this.accounts.get(userId);
		if (known) return known;
		const account: Account = { requests: [], first: 0, executionMs: 0, inFlight: 0, refusedUntil: 0 };
		this.accounts.set(userId, account);
		return account;
	}

	private forgetOld(account: Account, now: number): void {
		for (let oldest = account.requests[account.first]; oldest; oldest = account.requests[account.first]) {
			if (oldest.at > now - this.limits.windowMs) break;
			account.executionMs -= oldest.executionMs;
			account.first += 1;
		}
		if (account.first > 10_000) {
			account.requests = account.requests.slice(account.first);
			account.first = 0;
		}
	}
}

/** How many record ids a body carries: what a bulk call costs follows from it. */
export function countIds(body: string): number {
	return body.match(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi)?.length ?? 0;
}

function refusal(code: string, message: string, waitMs: number): ServiceFault {
	const seconds = Math.max(1, Math.ceil(waitMs / 1000));
	return new ServiceFault(429, code, message, { headers: { 'Retry-After': String(seconds) } });
}

function releaseOnce(account: Account): () => void {
	let held = true;
	return () => {
		if (held) account.inFlight -= 1;
		held = false;
	};
}
