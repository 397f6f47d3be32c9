/** People who are created and updated before anybody is added or removed. */

import type { RefusedUpdate } from '../accounting/report';
import type { Roster } from '../accounting/roster';
import type { DataverseError } from '../dataverse/errors/errors';

/** People whom `beforeSending` created and changed. */
export interface PreparedPeople {
	readonly created?: number;
	readonly updated?: number;
	/** Indices of people of the plan who were created moments ago; they are always read back. */
	readonly fresh?: ReadonlySet<number>;
	/**
	 * Asked about those of `fresh` who did not become members: takes the ones who do not exist out of the roster, and returns
	 * how many of them counted as created.
	 */
	readonly withdrawMissing?: (people: readonly number[]) => Promise<number>;
	/** People who are delivered although the update of their columns was refused. */
	readonly notUpdated?: readonly RefusedUpdate[];
	/** Nobody is sent because of it. */
	readonly stoppedBy?: DataverseError;
}

/** People who were not accepted, or not seen, may not exist although the environment reported their creation. */
export async function withoutMissing(roster: Roster, prepared: PreparedPeople): Promise<PreparedPeople> {
	const { created = 0, fresh = [], withdrawMissing } = prepared;
	const failed = [...fresh].filter((person) => roster.outcomeOf(person) === 'failed');
	if (failed.length === 0 || withdrawMissing === undefined) return prepared;
	return { ...prepared, created: created - (await withdrawMissing(failed)) };
}
