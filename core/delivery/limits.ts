/**
 * What a delivery may not exceed, decided before anything is written: how many rows may match nobody, how many members a
 * sync may remove, and whether it may leave nobody.
 */

import { invalidInput, type DataverseError } from '../dataverse/errors/errors';
import { counted } from '../dataverse/text/words';
import type { Plan } from './plan';
import type { Roster } from '../accounting/roster';

/** What a sync does when the removal brake is met: nothing at all, or its additions alone. */
type IfBrakeIsMet = 'addOnly' | 'refuse';

export interface DeliveryLimits {
	/** Removal Brake (%): most members that a sync removes, in percent, 0 to 100; default 20. Counts from ten members on. */
	readonly percent?: number;
	/** Most Removals: most members that a sync removes; default no limit. */
	readonly most?: number;
	/** Allow Emptying: let a sync leave nobody, within the other limits; default false. */
	readonly allowEmptying?: boolean;
	/** If the Removal Brake Is Met, by `percent` or `most`; default `refuse`. */
	readonly ifBrakeIsMet?: IfBrakeIsMet;
	/** Most Unmatched (%): most rows that match nobody, in percent of all rows, 0 to 100; default no limit. */
	readonly mostUnmatched?: number;
	/** Most Created: most people who are created; default no limit. */
	readonly mostCreated?: number;
}

/** Why a delivery may not go ahead, with the code that its people are told with. */
export interface ExceededLimit {
	/** `brake`, `emptying`, `mostCreated`, `mostUnmatched`; the code of the error if the service itself refuses. */
	readonly code: string;
	readonly error: DataverseError;
	/** What exceeds the removal brake, without the consequence. */
	readonly finding?: string;
}

export const DEFAULT_REMOVAL_PERCENT = 20;
/** With fewer members than this, a percentage says nothing. */
const SHARE_MATTERS_FROM = 10;

/**
 * The first limit that the plan exceeds, undefined when it may go ahead. A Sync takes its input as complete, so an
 * empty or truncated input would empty the audience.
 * @param creations people of the plan who do not exist yet and are to be created
 */
export function exceededLimit(
	plan: Plan,
	roster: Roster,
	limits: DeliveryLimits = {},
	creations = 0,
): ExceededLimit | undefined {
	const tooManyUnmatched = unmatchedLimit(roster, limits.mostUnmatched);
	if (tooManyUnmatched !== undefined) return { code: 'mostUnmatched', error: tooManyUnmatched };
	if (limits.mostCreated !== undefined && creations > limits.mostCreated) {
		return { code: 'mostCreated', error: tooManyCreated(creations, limits.mostCreated) };
	}
	if (plan.kind !== 'sync') return undefined;
	const emptied = limits.allowEmptying === true ? undefined : emptying(plan, roster);
	if (emptied !== undefined) return { code: 'emptying', error: emptied };
	return brake(plan.remove.length, plan.membersBefore ?? 0, limits);
}

function unmatchedLimit(roster: Roster, percent = 100): DataverseError | undefined {
	const { rows } = roster;
	const { unmatched } = roster.countRows();
	if (unmatched * 100 <= rows * percent) return undefined;
	return invalidInput(
		`${unmatched} of ${counted(rows, 'row')} ${unmatched === 1 ? 'matches' : 'match'} nobody (${percentOf(unmatched, rows)} %), more than the ${percent} % of ` +
			'"Most Unmatched (%)". Nothing was changed.',
		'Check that the right field and "Identify By" are chosen. If they are, raise "Most Unmatched (%)" for this run.',
	);
}

function tooManyCreated(creations: number, most: number): DataverseError {
	return invalidInput(
		`${creations} people would be created, more than the ${most} of "Most Created". Nothing was changed.`,
		'Check that the right field and "Identify By" are chosen. If they are, raise "Most Created".',
	);
}

/** Whether a sync would leave nobody: no member stays, and nobody is to be added. */
function emptying(plan: Plan, roster: Roster): DataverseError | undefined {
	const members = plan.membersBefore ?? 0;
	if (plan.add.length > 0 || members > plan.remove.length) return undefined;
	// If the segment is already empty, blocked people or rows that could not be looked up do not empty it.
	const { rows } = roster;
	const inNoRow = plan.remove.length - plan.removeOptedOut;
	const isEmptyInput = roster.size === inNoRow && roster.countRows().undecided === 0;
	if (members === 0 && !isEmptyInput) return undefined;
	const input = !isEmptyInput
		? plan.removeOptedOut === 0
			? 'Everybody in the input is blocked'
			: 'Everybody in the input is opted out or blocked'
		: rows === 0
			? 'The input is empty'
			: `${rows === 1 ? 'The only row does not match' : `None of the ${rows} rows matches`} a person`;
	return emptied(input, members);
}

/** The error for an input in which nobody is known to exist, if no member would stay. */
export function nobodyExists(people: number, members: number): ExceededLimit {
	const ids = people === 1 ? 'The only ID in the input is' : `None of the ${people} IDs in the input is`;
	return {
		code: 'emptying',
		error: emptied(`${ids} ${people === 1 ? 'not that of' : 'that of'} anybody in the environment`, members),
	};
}

function emptied(input: string, members: number): DataverseError {
	const count = members === 1 ? 'its only member' : `its ${members} members`;
	return invalidInput(
		`${input}, and syncing that would empty the segment of ${count}. Nothing was changed.`,
		'Check the input and the field name. To empty the segment on purpose, turn on "Allow Emptying".',
	);
}

function brake(removals: number, members: number, limits: DeliveryLimits): ExceededLimit | undefined {
	const percent = limits.percent ?? DEFAULT_REMOVAL_PERCENT;
	const share = `${removals} of ${counted(members, 'member')}`;
	if (limits.most !== undefined && removals > limits.most) {
		return braked(
			`The sync would remove ${share}, more than the ${limits.most} of "Most Removals".`,
			'Check that the input is complete. If it is, raise "Most Removals".',
		);
	}
	if (members < SHARE_MATTERS_FROM || removals * 100 <= members * percent) return undefined;
	return braked(
		`The sync would remove ${share} (${percentOf(removals, members)} %), more than the ${percent} % of ` +
			'"Removal Brake (%)".',
		'Check that the input is complete. If it is, raise "Removal Brake (%)" for this run.',
	);
}

function braked(finding: string, remedy: string): ExceededLimit {
	return { code: 'brake', finding, error: invalidInput(`${finding} Nothing was changed.`, remedy) };
}

/** Rounded up to a tenth, so that a share just above a limit never reads as the limit itself. */
function percentOf(part: number, whole: number): number {
	return Math.ceil((part * 1000) / whole) / 10;
}
