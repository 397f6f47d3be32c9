/** Delivering a change of membership in calls of the service's size, and recording what happened to every person. */

import { DataverseError } from '../dataverse/errors/errors';
import type { MemberAccess, MemberChange } from '../segments/types';
import type { Roster } from '../accounting/roster';
import { CANCELLED, type Reason } from '../accounting/rowReasons';

/** A call refused for its ids is halved until the bad ones stand alone, within these bounds per call. */
const MOST_CULPRITS = 50;
const MOST_EXTRA_CALLS = 500;

export interface Delivery {
	readonly change: MemberChange;
	/** Indices of people in the roster. */
	readonly people: ArrayLike<number>;
	/** Calls in flight at a time for this segment; concurrent writes to one segment are an assumption. */
	readonly parallelCalls: number;
	readonly segmentId: string;
}

export interface DeliveryResult {
	readonly calls: number;
	/** What ended the delivery early; the people after it are `notSent`. */
	readonly stoppedBy?: DataverseError;
}

/**
 * Sends everybody in `people` and records the outcome in the roster: `unconfirmed` for what the service accepted
 * (it works asynchronously), `failed` with the service's text for refused ids, `notSent` for the rest after a stop.
 * Throws only when cancelled; people whose calls were under way are then `failed`, code `cancelled`.
 */
export async function deliver(
	roster: Roster,
	access: MemberAccess,
	delivery: Delivery,
): Promise<DeliveryResult> {
	const { people } = delivery;
	const size = access.idsPerCall;
	const callsBefore = access.callsSent ?? 0;
	let next = 0;
	let calls = 0;
	let stoppedBy: DataverseError | undefined;

	const worker = async (): Promise<void> => {
		while (next < people.length && stoppedBy === undefined) {
			const chunk: number[] = [];
			const end = Math.min(next + size, people.length);
			for (; next < end; next += 1) chunk.push(people[next] ?? 0);
			const sent = await deliverChunk(roster, access, delivery, chunk);
			calls += sent.calls;
			stoppedBy ??= sent.stoppedBy;
		}
	};
	// When the run is cancelled, the other calls are waited for, so that it is known for each whether it was under way.
	const workers = Array.from({ length: Math.max(1, delivery.parallelCalls) }, worker);
	const ended = await Promise.allSettled(workers);
	for (const one of ended) if (one.status === 'rejected') throw one.reason;
	if (stoppedBy !== undefined) {
		const reason = notSentAfter(stoppedBy);
		for (let i = next; i < people.length; i += 1) roster.setOutcome(people[i] ?? 0, 'notSent', reason);
	}
	return { calls: access.callsSent === undefined ? calls : access.callsSent - callsBefore, stoppedBy };
}

async function deliverChunk(
	roster: Roster,
	access: MemberAccess,
	delivery: Delivery,
	chunk: readonly number[],
): Promise<DeliveryResult> {
	const waiting: (readonly number[])[] = [chunk];
	let calls = 0;
	let culprits = 0;
	for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
		const ids = part.map((person) => roster.idOf(person));
		try {
			calls += 1;
			await access.change(delivery.change, ids);
			for (const person of part) roster.setOutcome(person, 'unconfirmed');
		} catch (error) {
			if (!(error instanceof DataverseError)) throw error;
			if (error.kind === 'cancelled') {
				if (error.mayHaveActed) for (const person of part) roster.setOutcome(person, 'failed', CANCELLED);
				throw error;
			}
			if (!isAboutIds(error, ids, delivery.segmentId)) {
				markFailed(roster, part, error);
				const reason = notSentAfter(error);
				for (const rest of waiting) for (const person of rest) roster.setOutcome(person, 'notSent', reason);
				return { calls, stoppedBy: error };
			}
			if (part.length === 1) {
				culprits += 1;
				markFailed(roster, part, error);
			} else {
				const half = part.length >> 1;
				waiting.push(part.slice(half), part.slice(0, half));
			}
			if (culprits >= MOST_CULPRITS || calls > MOST_EXTRA_CALLS) {
				for (const rest of waiting.splice(0)) markFailed(roster, rest, error);
			}
		}
	}
	return { calls };
}

/** Statuses that say nothing about the content: the token, the load, an unavailable service. */
const OF_THE_WAY: ReadonlySet<number> = new Set([401, 429, 502, 503, 504]);
const TOO_LARGE = 413;

/**
 * Whether the service refused the call because of some of its ids. No code is documented for it, so that is so when it
 * names some of them, whatever else it names and whatever its status; when the call is too large; and for a 400 or 404
 * that speaks of a missing row or of ids without naming the segment or one of its groups. A text that names all ids of
 * several repeats the request.
 */
export function isAboutIds(error: DataverseError, ids: readonly string[], segmentId: string): boolean {
	const { code, kind, namedIds, status } = error;
	if (status === undefined || status < 400 || OF_THE_WAY.has(status) || kind === 'unexpectedReply')
		return false;
	if (status === TOO_LARGE) return ids.length > 1;
	const sent = new Set(ids);
	const ours = namedIds.filter((id) => sent.has(id)).length;
	if (ours > 0 && (ids.length === 1 || ours < ids.length)) return true;
	if (status !== 400 && status !== 404) return false;
	const text = (error.serviceText ?? '').toLowerCase();
	if (namedIds.includes(segmentId)) return false;
	if (ours < namedIds.length && /segment|group|definition/.test(text)) return false;
	return code === '0x80040217' || /\b(member|contact|lead|entity)\s?ids?\b/.test(text);
}

function markFailed(roster: Roster, people: readonly number[], error: DataverseError): void {
	const { code, kind, mayHaveActed, message, remedy, serviceText } = error;
	const said = serviceText === undefined ? '' : ` The service says: ${serviceText}`;
	const acted = mayHaveActed ? ' The service may have acted on this call anyway.' : '';
	const reason: Reason = { code: code ?? kind, reason: `${message}${said}${acted}`, remedy };
	for (const person of people) roster.setOutcome(person, 'failed', reason);
}

/** Why people after a call that ended the delivery were not sent. */
export function notSentAfter(error: DataverseError): Reason {
	return {
		code: 'notSent',
		reason: `Not sent, because an earlier call ended the delivery: ${error.message}`,
		remedy:
			'Fix the cause and run the workflow again with the same input: only people who are still missing are sent.',
	};
}
