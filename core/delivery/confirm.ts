/** Reading back: the service accepts changes and makes them later, so only reading the members proves them. */

import { DataverseError } from '../dataverse/errors/errors';
import type { Membership, MemberPage, Segment } from '../segments/types';
import type { Plan } from './plan';
import type { Roster } from '../accounting/roster';

const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;
const PAUSE_GROWTH = 1.6;

export interface Confirmation {
	/** Reads all members again, each time. */
	readonly readMembers: () => AsyncIterable<MemberPage>;
	/** Waits between two looks; `DataverseClient.wait`. */
	readonly wait: (ms: number, reason: string) => Promise<void>;
	/** Milliseconds of waiting between looks, in all. */
	readonly timeoutMs: number;
	readonly plan: Plan;
	/** Members at plan time, to tell what others wrote in the meantime. */
	readonly membersBefore?: Pick<Membership, 'has' | 'unproven'>;
	/** The least number of members there must be; an empty list is not believed if this is above 0. Default 0. */
	readonly staying?: number;
}

export interface ConfirmationResult {
	/** Submitted people whom the membership proves, and those it does not prove yet. */
	readonly confirmed: number;
	readonly unconfirmed: number;
	/** How often the members were read. */
	readonly looks: number;
	/** False when the last look was not of all members, or cannot be true, so that absence proved nothing. */
	readonly complete: boolean;
	/**
	 * Somebody else wrote: there are members who are neither planned nor were there before, or people who needed no
	 * change are not as they were. Undefined where one of the two lists is not known, not whole or not believed.
	 */
	readonly changedMeanwhile?: boolean;
}

/**
 * Reads the members until everybody who was submitted is seen (or gone, for removals) or the time is up, and enters
 * `confirmed` into the roster; people who are not proven stay `unconfirmed`. One look is always taken.
 * @throws DataverseError when cancelled or when the members cannot be read. Running out of "Give Up After" ends the
 * waiting like the time-out does.
 */
export async function confirmByReading(
	roster: Roster,
	confirmation: Confirmation,
): Promise<ConfirmationResult> {
	let pause = FIRST_PAUSE_MS;
	let left = confirmation.timeoutMs;
	let missedBefore = false;
	for (let looks = 1; ; looks += 1) {
		const seen = await takeLook(roster, confirmation);
		const misses = missesSomebody(roster, confirmation, seen);
		// A list may be wrong once: it is read again immediately before anybody is reported as gone.
		if (misses && !missedBefore) {
			missedBefore = true;
			continue;
		}
		const isBelieved = !misses || isConvincing(roster, confirmation.plan, seen);
		const look = isBelieved ? seen : { ...seen, complete: false };
		const open = enterProofs(roster, confirmation.plan, look);
		const canWait = open > 0 && left > 0 && (await waitOnce(confirmation, Math.min(pause, left)));
		if (!canWait) {
			const confirmed = roster.countPeople().confirmed;
			const changedMeanwhile = changedByOthers(roster, confirmation, look);
			return { confirmed, unconfirmed: open, looks, complete: look.complete, changedMeanwhile };
		}
		left -= pause;
		pause = Math.min(LONGEST_PAUSE_MS, Math.round(pause * PAUSE_GROWTH));
	}
}

/** The least number of members there must be, according to the members before or the segment's own count. */
export function membersThatStay(segment: Segment, plan: Plan, before: Membership | undefined): number {
	const counted = segment.type === 'static' && segment.status === 'live' ? (segment.memberCount ?? 0) : 0;
	return (before?.size ?? counted) - plan.remove.length;
}

interface Look {
	/** 1 for each person of the roster who is a member. */
	readonly seen: Uint8Array;
	readonly complete: boolean;
	/** Somebody is a member who is neither in the roster nor was one before. */
	readonly strangers: boolean;
	/** Members on all pages. */
	readonly count: number;
}

async function takeLook(roster: Roster, { readMembers, membersBefore }: Confirmation): Promise<Look> {
	const seen = new Uint8Array(roster.size);
	let complete = true;
	let strangers = false;
	let count = 0;
	let total = 0;
	for await (const page of readMembers()) {
		if (page.unknownReply !== undefined || page.incomplete !== undefined) complete = false;
		count += page.ids.length;
		total = Math.max(total, page.total ?? 0);
		for (const id of page.ids) {
			const person = roster.personOf(id);
			if (person !== undefined) seen[person] = 1;
			else if (membersBefore?.has(id) === false) strangers = true;
		}
	}
	return { seen, complete: complete && count >= total, strangers, count };
}

/** Whether people are not there who should be whatever this run did: those it left as they are, or anybody at all. */
function missesSomebody(
	roster: Roster,
	{ plan, staying = 0 }: Confirmation,
	{ complete, count, seen }: Look,
): boolean {
	if (!complete) return false;
	if (count === 0 && staying > 0) return true;
	if (plan.kind === 'remove') return false;
	return roster.people.some((_, person) => roster.outcomeOf(person) === 'unchanged' && seen[person] !== 1);
}

/** Whether a list from which people are missing twice may still be true: it contains everybody whom this run added. */
function isConvincing(roster: Roster, { add }: Plan, { count, seen }: Look): boolean {
	const isSent = (person: number) => /^(?:un)?confirmed$/.test(roster.outcomeOf(person));
	return count > 0 && add.every((person) => !isSent(person) || seen[person] === 1);
}

/** Marks those who are proven, and returns how many of the submitted are not. */
function enterProofs(roster: Roster, { add, remove }: Plan, { seen, complete }: Look): number {
	let open = 0;
	const enter = (people: Int32Array, isProven: (person: number) => boolean) => {
		for (const person of people) {
			const outcome = roster.outcomeOf(person);
			if (outcome !== 'confirmed' && outcome !== 'unconfirmed') continue;
			const proven = isProven(person);
			if (!proven) open += 1;
			roster.setOutcome(person, proven ? 'confirmed' : 'unconfirmed');
		}
	};
	enter(add, (person) => seen[person] === 1);
	enter(remove, (person) => seen[person] !== 1 && (complete || roster.outcomeOf(person) === 'confirmed'));
	return open;
}

function changedByOthers(
	roster: Roster,
	{ plan, membersBefore }: Confirmation,
	look: Look,
): boolean | undefined {
	if (membersBefore === undefined) return undefined;
	// A list that may have been false did not show everybody who was there before.
	if (look.strangers) return membersBefore.unproven === true ? undefined : true;
	// A person who was not read may still be a member.
	if (!look.complete) return undefined;
	const shouldBeSeen = plan.kind === 'remove' ? 0 : 1;
	return roster.people.some(
		(_, person) => roster.outcomeOf(person) === 'unchanged' && look.seen[person] !== shouldBeSeen,
	);
}

/** False when "Give Up After" leaves no more time to wait. */
async function waitOnce({ wait }: Confirmation, ms: number): Promise<boolean> {
	try {
		await wait(ms, 'waiting for the service to change the members');
		return true;
	} catch (error) {
		if (error instanceof DataverseError && error.kind === 'gaveUp') return false;
		throw error;
	}
}
