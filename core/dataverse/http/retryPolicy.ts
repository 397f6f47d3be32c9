/**
 * What may be sent again, and when: a table, and the one loop that obeys it.
 * https://learn.microsoft.com/power-apps/developer/data-platform/api-limits
 */

import { errorCode, decodeTransportFailure, withRequest, type RequestFacts } from '../errors/decodeError';
import type { RateLimiter } from './rateLimiter';
import { BEFORE_SENDING, TransportFailure, type HttpResponse } from './ports';
import { header, retryAfterMs } from './retryAfter';
import type { WaitBudget } from './waitBudget';

/** Why a request failed, as far as it matters for sending it again. */
export type FailureClass = 'final' | 'locked' | 'lost' | 'notSent' | 'sqlBusy' | 'throttled' | 'unavailable';

/** `honourRetryAfter`: waits as long as the reply says, and backs off when it says nothing. */
type RetryMode = 'backOff' | 'honourRetryAfter' | 'never';

export interface RetryRule {
	/** For requests that may be sent twice without doing more than once. */
	readonly repeatable: RetryMode;
	/** For all others. */
	readonly once: RetryMode;
	/** Attempts in all, including the first. */
	readonly tries: number;
	/** Whether the service may have done the work although it did not say so. */
	readonly mayHaveActed: boolean;
}

/**
 * - `throttled` (429) is refused before any work, so everything may be sent again; only Give Up After ends it.
 * - `unavailable` (502, 503, 504) and `lost` may hide work that was done.
 * - `notSent` never reached the service.
 * - `locked` is a customization or publish lock, taken before any work.
 * - `sqlBusy` is a time-out or deadlock of the database: rolled back there, but plug-ins may have reached elsewhere.
 * - `final` is every other reply: 401 belongs to the transport, which owns the token; 500 says nothing reliable.
 */
export const RETRY_POLICY: Readonly<Record<FailureClass, RetryRule>> = {
	throttled: {
		repeatable: 'honourRetryAfter',
		once: 'honourRetryAfter',
		tries: Infinity,
		mayHaveActed: false,
	},
	unavailable: { repeatable: 'honourRetryAfter', once: 'never', tries: 8, mayHaveActed: true },
	lost: { repeatable: 'backOff', once: 'never', tries: 8, mayHaveActed: true },
	notSent: { repeatable: 'backOff', once: 'backOff', tries: 5, mayHaveActed: false },
	locked: { repeatable: 'honourRetryAfter', once: 'honourRetryAfter', tries: 8, mayHaveActed: false },
	sqlBusy: { repeatable: 'backOff', once: 'never', tries: 5, mayHaveActed: false },
	final: { repeatable: 'never', once: 'never', tries: 1, mayHaveActed: false },
};

const FIRST_BACK_OFF_MS = 1_000;
const LAST_BACK_OFF_MS = 60_000;

const UNAVAILABLE_STATUSES: ReadonlySet<number> = new Set([502, 503, 504]);
const LOCK_CODES: ReadonlySet<string> = new Set(['0x80071151', '0x80044181']);
/** Time-out, deadlock, transaction lost to a deadlock, query throttled: .../dataverse/bulk-operation-errors */
const SQL_BUSY_CODES: ReadonlySet<string> = new Set(['0x80044150', '0x80044151', '0x80040255', '0x80048544']);
const DISABLED_CODE = '0x8004A104';

/** Whether the code of an error says that the service was busy, whatever its status is. */
export function isBusy(code: string | undefined): boolean {
	return code !== undefined && (LOCK_CODES.has(code) || SQL_BUSY_CODES.has(code));
}

/** A reply, and whether an earlier sending of the same request may already have done the work. */
export interface Exchange {
	readonly response: HttpResponse;
	readonly mayBeRepeat: boolean;
}

export interface RetrySubject extends RequestFacts {
	readonly repeatable: boolean;
	readonly budget: WaitBudget;
	readonly rateLimiter: RateLimiter;
	/** Source of jitter in [0, 1). */
	readonly random: () => number;
}

/** The row of the table that an outcome belongs to. */
function classifyFailure(outcome: HttpResponse | TransportFailure): FailureClass {
	if (outcome instanceof TransportFailure) {
		return outcome.kind === 'lost' || outcome.kind === 'notSent' ? outcome.kind : 'final';
	}
	if (outcome.status === 429) return 'throttled';
	if (outcome.status < 400) return 'final';
	const code = errorCode(outcome.body);
	if (code === DISABLED_CODE) return 'final';
	if (code !== undefined && LOCK_CODES.has(code)) return 'locked';
	if (code !== undefined && SQL_BUSY_CODES.has(code)) return 'sqlBusy';
	return UNAVAILABLE_STATUSES.has(outcome.status) ? 'unavailable' : 'final';
}

/** Exponential, from 1 to 60 seconds, with jitter over its upper half. `step` counts from 0. */
export function backOffMs(step: number, random: number): number {
	const full = Math.min(LAST_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** Math.min(step, 10));
	return Math.max(FIRST_BACK_OFF_MS, Math.round(full * (0.5 + random / 2)));
}

/**
 * Sends until the table says stop.
 * @returns the last reply, whatever its status.
 * @throws DataverseError when there is no reply, when the waiting time is used up, and on cancellation.
 */
export async function sendByPolicy(
	attempt: () => Promise<HttpResponse>,
	subject: RetrySubject,
): Promise<Exchange> {
	const { budget, rateLimiter, random } = subject;
	let mayBeRepeat = false;
	let backOffs = 0;
	const tries = new Map<FailureClass, number>();
	for (;;) {
		const permit = await rateLimiter.acquire(subject.path, { mayHaveActed: mayBeRepeat });
		const outcome = await outcomeOf(attempt).catch((error: unknown) => {
			rateLimiter.release(permit);
			throw error;
		});
		const failure = classifyFailure(outcome);
		if (failure !== 'throttled') rateLimiter.release(permit);
		const rule = RETRY_POLICY[failure];
		const mode = subject.repeatable ? rule.repeatable : rule.once;
		const count = (tries.get(failure) ?? 0) + 1;
		tries.set(failure, count);
		if (mode === 'never' || count >= rule.tries) return settled(outcome, subject, mayBeRepeat);
		mayBeRepeat ||= rule.mayHaveActed;
		const told = mode === 'honourRetryAfter' ? toldMs(outcome) : undefined;
		const waitMs = told ?? backOffMs(backOffs++, random());
		if (failure === 'throttled') {
			const refusal = { code: codeOf(outcome), waitMs, random: random() };
			budget.pauseAll(waitMs + rateLimiter.refused(permit, refusal));
		}
		const event = { reason: failure, waitMs, attempt: count, path: subject.path };
		await budget.waitFully(event, { mayHaveActed: mayBeRepeat });
	}
}

function codeOf(outcome: HttpResponse | TransportFailure): string | undefined {
	return outcome instanceof TransportFailure ? undefined : errorCode(outcome.body);
}

async function outcomeOf(attempt: () => Promise<HttpResponse>): Promise<HttpResponse | TransportFailure> {
	try {
		return await attempt();
	} catch (failure) {
		if (failure instanceof TransportFailure) return failure;
		throw failure;
	}
}

function settled(
	outcome: HttpResponse | TransportFailure,
	facts: RequestFacts,
	mayBeRepeat: boolean,
): Exchange {
	if (!(outcome instanceof TransportFailure)) return { response: outcome, mayBeRepeat };
	const wasUnderWay =
		outcome.kind === 'cancelled' && outcome.detail !== BEFORE_SENDING && facts.method !== 'GET';
	throw withRequest(decodeTransportFailure(outcome), { ...facts, mayHaveActed: mayBeRepeat || wasUnderWay });
}

/** "0 seconds" is no advice: the loop would spin without using up its waiting time. */
function toldMs(outcome: HttpResponse | TransportFailure): number | undefined {
	if (outcome instanceof TransportFailure || header(outcome, 'retry-after') === undefined) return undefined;
	const ms = retryAfterMs(outcome);
	return ms === undefined || ms === 0 ? undefined : ms;
}
