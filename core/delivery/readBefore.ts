/** Reading the members before a delivery: a sync needs them, and an add or a remove saves calls with them. */

import { DataverseError } from '../dataverse/errors/errors';
import type { DeliveryChange } from '../accounting/report';
import type { Roster } from '../accounting/roster';
import type { MemberAccess, Membership, Segment } from '../segments/types';
import type { DeliverySettings } from './settings';

/** Automatic reading leaves out segments that are this many times larger than the input. */
const FAR_LARGER = 2;
const SMALL_SEGMENT = 5_000;

interface Reading {
	readonly segment: Segment;
	readonly access: MemberAccess;
	readonly roster: Roster;
	readonly change: DeliveryChange;
	readonly settings: Pick<DeliverySettings, 'readFirst'>;
	readonly hooks: { readonly hint: (text: string, level: 'info' | 'warning') => void };
}

/**
 * The members before an add or a remove, undefined where they are not worth reading, cannot be read, or changes that were
 * accepted earlier are still on their way: everybody is then sent.
 * @throws DataverseError when the run is cancelled or out of time; any error when reading was asked for with `always`.
 */
export async function readBefore(reading: Reading): Promise<Membership | undefined> {
	const { access, change, settings } = reading;
	if (access.membership === undefined || !isWorthReading(reading)) return undefined;
	try {
		// A person who is about to be removed still shows as a member: what is not settled is not trusted.
		// A list that may be wrong must not exclude anybody from a removal: removing somebody who is not a member changes nothing.
		const onlyIfProven = change === 'remove';
		if (settings.readFirst === 'always') return await access.membership({ onlyIfProven });
		return await access.membership({
			onlyIfSettled: true,
			onlyIfProven,
			mostPeople: worthReading(reading),
		});
	} catch (error) {
		const mayGoOn = error instanceof DataverseError && error.kind !== 'cancelled' && error.kind !== 'gaveUp';
		if (settings.readFirst === 'always' || !mayGoOn) throw error;
		return undefined;
	}
}

/**
 * The members before a sync.
 * @throws DataverseError when they cannot be read.
 */
export async function readForSync({ access, segment, hooks }: Reading): Promise<Membership> {
	const membership = await access.membership?.();
	if (membership === undefined) {
		throw new DataverseError({
			kind: 'unexpectedReply',
			message: `The members of "${segment.name}" could not be read, so there is nothing to compare the input with.`,
			remedy: 'Use Add and Remove instead; Sync sends a difference and has to know both sides.',
		});
	}
	if (membership.unsettled) {
		hooks.hint(
			'The service did not say whether earlier member changes have been carried out, so the plan may repeat or miss some. Sync again later to be sure.',
			'warning',
		);
	}
	return membership;
}

function isWorthReading(reading: Reading): boolean {
	const { segment, settings } = reading;
	if (settings.readFirst !== 'automatic') return settings.readFirst === 'always';
	// A draft has no count, and a count may be old: reading stops as soon as there turn out to be too many.
	return (segment.memberCount ?? 0) <= worthReading(reading);
}

/** The largest number of members worth reading to save calls. */
function worthReading({ roster }: Reading): number {
	return Math.max(SMALL_SEGMENT, roster.size * FAR_LARGER);
}
