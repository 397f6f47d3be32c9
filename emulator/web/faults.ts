import type { Fault, FaultEffect } from '../contracts';
import { isAnswerEffect } from './answerFaults';
import { isSignInErrorCode } from './identity/errors';
import { decodeLeniently, type Incoming } from './messages';

export type TerminalEffect = Exclude<FaultEffect, { kind: 'slow' }>;

/** What the plan has in store for one request. */
export interface PlannedFaults {
	readonly slowMs: number;
	readonly effect?: TerminalEffect;
	/** For the request log: the kinds, with the status where there is one. */
	readonly label?: string;
}

interface Armed {
	readonly fault: Fault;
	readonly path?: RegExp;
	readonly body?: RegExp;
	toSkip: number;
	/** Infinity = for ever. */
	toHit: number;
}

/** The faults that were ordered, in order. A request takes every matching `slow` and the first other match. */
export class FaultPlan {
	private armed: Armed[] = [];
	private hitCount = 0;

	/**
	 * @throws SyntaxError when `match.path` or `match.body` is no regular expression
	 * @throws Error when an operation of a batch is to be hit by what only a whole request can suffer
	 */
	add(fault: Fault): void {
		if (fault.match?.part === true && !isAnswerEffect(fault.effect)) {
			throw new Error(`The effect ${fault.effect.kind} hits whole requests, not a part of a batch.`);
		}
		const { effect } = fault;
		if (effect.kind === 'signInError' && !isSignInErrorCode(effect.code)) {
			throw new Error(`The login server has no refusal AADSTS${effect.code}.`);
		}
		this.armed.push({
			fault,
			path: fault.match?.path === undefined ? undefined : new RegExp(fault.match.path),
			body: fault.match?.body === undefined ? undefined : new RegExp(fault.match.body),
			toSkip: fault.skip ?? 0,
			toHit: fault.times === 0 ? Infinity : (fault.times ?? 1),
		});
	}

	clear(): void {
		this.armed = [];
		this.hitCount = 0;
	}

	/** How many requests were hit since the last `clear`. */
	hits(): number {
		return this.hitCount;
	}

	/** @param part whether the request is an operation of a `$batch` */
	take(request: Incoming, part = false): PlannedFaults {
		let slowMs = 0;
		let effect: TerminalEffect | undefined;
		const labels: string[] = [];
		for (const armed of this.armed) {
			const candidate = armed.fault.effect;
			if (candidate.kind !== 'slow' && effect) continue;
			if ((armed.fault.match?.part === true) !== part) continue;
			if (!matches(armed, request) || !fires(armed)) continue;
			if (candidate.kind === 'slow') slowMs += candidate.ms;
			else effect = candidate;
			labels.push(candidate.kind === 'status' ? `status ${candidate.status}` : candidate.kind);
		}
		this.armed = this.armed.filter((armed) => armed.toHit > 0);
		if (labels.length > 0) this.hitCount += 1;
		return { slowMs, effect, label: labels.length > 0 ? labels.join(', ') : undefined };
	}
}

function matches(armed: Armed, request: Incoming): boolean {
	const method = armed.fault.match?.method;
	if (method !== undefined && method.toUpperCase() !== request.method) return false;
	if (armed.path && !armed.path.test(decodeLeniently(request.url))) return false;
	return !armed.body || armed.body.test(request.body);
}

function fires(armed: Armed): boolean {
	if (armed.toSkip > 0) {
		armed.toSkip -= 1;
		return false;
	}
	armed.toHit -= 1;
	return true;
}
