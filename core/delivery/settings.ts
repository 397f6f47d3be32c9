/** How a delivery is to be carried out, as the user asked; checked here for every caller. */

import { invalidInput, type DataverseError } from '../dataverse/errors/errors';
import type { DeliveryLimits } from './limits';

/**
 * Whether the members are read before an add or a remove, so that only the difference is sent. `automatic`: unless the
 * segment is far larger than the input, or earlier changes are still on their way.
 */
type ReadFirst = 'always' | 'automatic' | 'never';

export interface DeliverySettings {
	/** Write nothing; say what would happen. */
	readonly dryRun: boolean;
	/** Calls in flight for the segment, 1 to 16. */
	readonly parallelCalls: number;
	/** Milliseconds to read the members back for; undefined: not at all. */
	readonly confirmFor?: number;
	readonly readFirst: ReadFirst;
	/** Milliseconds to wait until people who were just created can be added; default two minutes. */
	readonly waitForNew?: number;
	readonly limits: DeliveryLimits;
}

/** Wait for New People (Minutes) where nothing else is said. */
export const WAIT_FOR_NEW_MS = 2 * 60_000;

/** The largest values allowed; a much larger number would fill n8n's memory, or never end. */
export const LARGEST = { parallelCalls: 16, confirmMs: 24 * 60 * 60_000, percent: 100 } as const;

/** @throws DataverseError `invalidInput` for the first number that is out of range, with the name of its field. */
export function checkSettings({ parallelCalls, confirmFor, limits, waitForNew }: DeliverySettings): void {
	const numbers: readonly (readonly [
		field: string,
		value: number | undefined,
		least: number,
		most: number,
	])[] = [
		['Parallel Calls per Segment', parallelCalls, 1, LARGEST.parallelCalls],
		['Confirm for up to (Minutes)', minutes(confirmFor), 0, LARGEST.confirmMs / 60_000],
		['Wait for New People (Minutes)', minutes(waitForNew), 0, LARGEST.confirmMs / 60_000],
		['Removal Brake (%)', limits.percent, 0, LARGEST.percent],
		['Most Removals', limits.most, 0, Number.MAX_SAFE_INTEGER],
		['Most Created', limits.mostCreated, 0, Number.MAX_SAFE_INTEGER],
		['Most Unmatched (%)', limits.mostUnmatched, 0, LARGEST.percent],
	];
	for (const [field, value, least, most] of numbers) {
		if (value !== undefined && !(value >= least && value <= most))
			throw outOfRange(field, value, least, most);
	}
	if (!Number.isInteger(parallelCalls)) throw notWhole('Parallel Calls per Segment', parallelCalls);
}

function minutes(ms: number | undefined): number | undefined {
	return ms === undefined ? undefined : ms / 60_000;
}

function outOfRange(field: string, value: number, least: number, most: number): DataverseError {
	return invalidInput(
		`"${field}" is ${value}, but has to be ${most === Number.MAX_SAFE_INTEGER ? `at least ${least}` : `between ${least} and ${most}`}.`,
		'Correct the value, or the expression that returns it.',
	);
}

function notWhole(field: string, value: number): DataverseError {
	return invalidInput(
		`"${field}" is ${value}, but has to be a whole number.`,
		'Correct the value, or the expression that returns it.',
	);
}
