/**
 * The right that a 403 names. The service writes the privilege into its sentence: `prv`, the verb, and the schema name of
 * the table ("Verifying access in code"); the words around it differ by release.
 */

import { DataverseError } from './errors';

export interface MissingRight {
	/** As the service spells it, e.g. `prvReadContact`. */
	readonly name: string;
	/** What an administrator looks for in a security role, e.g. `Read Contact`. */
	readonly words: string;
}

const VERBS = 'AppendTo|Append|Assign|Bypass|Create|Delete|Execute|Export|Read|Share|Write';
const PRIVILEGE = new RegExp(`\\bprv(${VERBS})(\\w{1,100})`, 'i');

/** Where the missing rights of a credential are listed. */
export const ASK_CHECK =
	'The operation Check of the resource Environment (node Dynamics 365 Segment) lists all rights that are missing.';

/** @param text the service's own words */
export function rightIn(text: string | undefined): MissingRight | undefined {
	const found = PRIVILEGE.exec(text ?? '');
	if (found === null) return undefined;
	const [name, verb = '', table = ''] = found;
	return { name, words: `${verb} ${table}` };
}

/** The right that is missing; undefined for every other error, and where the service names none. */
export function missingRight(error: unknown): MissingRight | undefined {
	if (!(error instanceof DataverseError) || error.kind !== 'forbidden') return undefined;
	return rightIn(error.serviceText);
}
