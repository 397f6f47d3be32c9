/** What look-ups have found, and whether their answers can be trusted. */

import { unexpectedReply } from '../dataverse/errors/decodeError';
import type { DataverseError } from '../dataverse/errors/errors';
import type { EntityRow } from '../dataverse/types';
import type { Reason } from '../accounting/rowReasons';

export interface Candidate {
	/** Lower-case GUID. */
	readonly id: string;
	/** `createdon` and `modifiedon` as the service prints them: ISO 8601 in UTC, which sorts as text. */
	readonly createdOn: string;
	readonly modifiedOn: string;
	readonly isActive: boolean;
	readonly blocked?: Reason;
	/** What was read of them, where further columns were asked for. */
	readonly row?: EntityRow;
}

export interface LookUpResult {
	/** By normalized value; values that nobody has are absent. */
	readonly found: ReadonlyMap<string, readonly Candidate[]>;
	/** By normalized value: those whose look-up was refused or lost, so that nobody knows whether they mean somebody. */
	readonly refused: ReadonlyMap<string, DataverseError>;
	/** By normalized value: those that the column cannot hold. */
	readonly unfit: ReadonlyMap<string, Reason>;
}

/** What one query has found. */
export interface QueryAnswer {
	readonly found: ReadonlyMap<string, readonly Candidate[]>;
	/** Why the values that found nobody are undecided; absent if the answer can be trusted. */
	readonly doubt: DataverseError | undefined;
}

/** Some collations of the service tell neither case nor accents apart. */
const LIKE_THE_SERVICE = new Intl.Collator('en', { sensitivity: 'base' });
/** Characters that a comparison may read as a pattern. */
const PATTERN_CHARACTER = /[%_[]/;

/**
 * Whether the service may take the value of a row for one that was asked for, although it is another.
 * @param value normalized; empty where the row has none.
 */
export function isExplained(
	value: string,
	asked: { readonly isOfAddresses: boolean; readonly keys: readonly string[] },
): boolean {
	if (value === '') return false;
	// How the service compares numbers, dates and other columns is not known well enough to doubt its answer.
	if (!asked.isOfAddresses) return true;
	return asked.keys.some((key) => PATTERN_CHARACTER.test(key) || LIKE_THE_SERVICE.compare(key, value) === 0);
}

/** A row that matches none of the values: the values that found nobody may have been missed by mistake. */
export function notAskedFor(column: string): DataverseError {
	return unexpectedReply(
		`The environment returned a row whose ${column} is missing or is not one of those asked for, so it is not known who has this value.`,
	);
}

/** What is known of the values of one query so far. */
export class Answers implements LookUpResult {
	readonly found = new Map<string, readonly Candidate[]>();
	readonly refused = new Map<string, DataverseError>();
	readonly unfit = new Map<string, Reason>();
	/** Values that were looked up, whether or not anybody has them. */
	answered = 0;

	/** @param doubt why it is not certain that a value that found nobody belongs to nobody. */
	take({ doubt, found }: QueryAnswer): void {
		this.answered += found.size;
		for (const [key, candidates] of found) {
			if (candidates.length > 0) this.found.set(key, candidates);
			else if (doubt !== undefined) this.refused.set(key, doubt);
		}
	}

	/** Enters why it is not known whether anybody has these values. */
	refuse(keys: readonly string[], failure: DataverseError): void {
		for (const key of keys) this.refused.set(key, failure);
	}
}

/** The values that nobody has, for certain. */
export function missingIn(
	{ found, refused, unfit }: LookUpResult,
	values: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
	return [...values.keys()].filter((key) => !found.has(key) && !refused.has(key) && !unfit.has(key));
}

/** The one created last; of several created at the same time the one changed last, then the lowest id. */
export function newer(a: Candidate, b: Candidate): Candidate {
	if (a.createdOn !== b.createdOn) return a.createdOn > b.createdOn ? a : b;
	if (a.modifiedOn !== b.modifiedOn) return a.modifiedOn > b.modifiedOn ? a : b;
	return a.id < b.id ? a : b;
}

/** Ids and addresses never look alike, so the two answers have no key in common. */
export function merged(one: LookUpResult | undefined, other: LookUpResult): LookUpResult {
	if (one === undefined) return other;
	return {
		found: new Map([...one.found, ...other.found]),
		refused: new Map([...one.refused, ...other.refused]),
		unfit: new Map([...one.unfit, ...other.unfit]),
	};
}
