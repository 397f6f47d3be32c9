/**
 * Adding people who were created moments ago. The service that keeps the members may not know them yet: it may refuse them,
 * take them later, or answer with a success and leave them out, so they are always read back.
 * Assumption: newPeopleAddable
 */

import { DataverseError } from '../dataverse/errors/errors';
import type { Roster } from '../accounting/roster';
import { CANCELLED, type Reason } from '../accounting/rowReasons';
import type { MemberAccess } from '../segments/types';
import { deliver, isAboutIds, notSentAfter, type DeliveryResult } from './deliver';
import { markNotSent } from './plan';

const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 20_000;
const PAUSE_GROWTH = 1.6;

export interface FreshDelivery {
	/** Indices in the roster of people who are to be added. */
	readonly people: Int32Array;
	readonly segmentId: string;
	/** Milliseconds of waiting in all, within Give Up After. */
	readonly waitMs: number;
	/** @throws DataverseError `gaveUp` when no time is left; `cancelled` */
	readonly wait: (ms: number, reason: string) => Promise<void>;
}

/**
 * Sends them, and those who are not seen among the members again, until everybody is seen or the time is up; people who are
 * not seen by then are `failed`, code `tooNew`. Throws only when cancelled.
 */
export async function deliverFresh(
	roster: Roster,
	access: MemberAccess,
	delivery: FreshDelivery,
): Promise<DeliveryResult> {
	let { people } = delivery;
	let [calls, left, pause] = [0, delivery.waitMs, FIRST_PAUSE_MS];
	while (people.length > 0) {
		const mayWait = left > 0;
		// Refused calls are split only in the last round: until then the reason may go away.
		const sent = mayWait
			? await sendWhole(roster, access, { ...delivery, people })
			: await deliver(roster, access, { ...delivery, people, change: 'add', parallelCalls: 1 });
		calls += sent.calls;
		if (sent.stoppedBy !== undefined) return { calls, stoppedBy: sent.stoppedBy };
		const open = await unseen(roster, access, people);
		if ('stoppedBy' in open) return { calls, stoppedBy: open.stoppedBy };
		people = open.people;
		if (people.length === 0) break;
		if (!mayWait) {
			for (const person of people) roster.setOutcome(person, 'failed', TOO_NEW);
			break;
		}
		left = (await waited(delivery, Math.min(pause, left))) ? left - pause : 0;
		pause = Math.min(LONGEST_PAUSE_MS, Math.round(pause * PAUSE_GROWTH));
	}
	return { calls };
}

/** Each call as it is; those who are refused for their ids stay to be sent again. */
async function sendWhole(
	roster: Roster,
	access: MemberAccess,
	{ people, segmentId }: FreshDelivery,
): Promise<DeliveryResult> {
	let calls = 0;
	for (let from = 0; from < people.length; from += access.idsPerCall) {
		const chunk = people.subarray(from, from + access.idsPerCall);
		const ids = Array.from(chunk, (person) => roster.idOf(person));
		try {
			calls += 1;
			await access.change('add', ids);
			for (const person of chunk) roster.setOutcome(person, 'unconfirmed');
		} catch (error) {
			if (!(error instanceof DataverseError)) throw error;
			if (error.kind === 'cancelled') {
				if (error.mayHaveActed) for (const person of chunk) roster.setOutcome(person, 'failed', CANCELLED);
				throw error;
			}
			if (isAboutIds(error, ids, segmentId)) continue;
			markNotSent(roster, people.subarray(from), notSentAfter(error));
			return { calls, stoppedBy: error };
		}
	}
	return { calls };
}

/** Confirms who is among the members, and returns the others. */
async function unseen(
	roster: Roster,
	access: MemberAccess,
	people: Int32Array,
): Promise<{ readonly people: Int32Array } | { readonly stoppedBy: DataverseError }> {
	const waiting = new Set(people);
	try {
		for await (const page of access.readBack?.() ?? access.pages({})) {
			for (const id of page.ids) {
				const person = roster.personOf(id);
				if (person === undefined || !waiting.delete(person)) continue;
				roster.setOutcome(person, 'confirmed');
			}
			if (waiting.size === 0) break;
		}
	} catch (error) {
		if (!(error instanceof DataverseError) || error.kind === 'cancelled') throw error;
		return { stoppedBy: error };
	}
	return { people: Int32Array.from(waiting) };
}

async function waited({ wait }: FreshDelivery, ms: number): Promise<boolean> {
	try {
		await wait(ms, 'waiting until people who were just created can be added');
		return true;
	} catch (error) {
		if (error instanceof DataverseError && error.kind === 'gaveUp') return false;
		throw error;
	}
}

const TOO_NEW: Reason = {
	code: 'tooNew',
	reason: 'The person was just created, and did not become a member within Wait for New People (Minutes).',
	remedy:
		'Run again with the same input in a few minutes: nobody is created twice, and the person is added then.',
};
