/** Why somebody could not be created or changed, with the column or the rule where the service names one. */

import { reasonOf, type Reason } from '../../accounting/rowReasons';
import type { DataverseError } from '../../dataverse/errors/errors';
import type { EntityRow } from '../../dataverse/types';

export const DUPLICATE_RULE = '0x80040333';

/** Ids that a reason names. */
const IDS_SHOWN = 3;

function byRule(duplicates: readonly string[] | undefined): Omit<Reason, 'code'> {
	const what = 'A duplicate detection rule of the environment refused it';
	const ignore = 'or set Duplicate Rules to Ignore';
	if (duplicates === undefined) {
		return {
			reason: `${what}: somebody with these values exists.`,
			remedy: `Find the person in Dynamics 365 and identify them by a value that they have, ${ignore}. Run again if they were created just now.`,
		};
	}
	const [first] = duplicates;
	if (first === undefined) {
		return {
			reason: `${what}, and nobody has the email address of the row: the rule compares other columns.`,
			remedy: `Find the person in Dynamics 365 by the columns of the rule and identify them by a value that they have, ${ignore}.`,
		};
	}
	const more = duplicates.length > IDS_SHOWN ? ` and ${duplicates.length - IDS_SHOWN} more` : '';
	return {
		reason: `${what}: ${duplicates.slice(0, IDS_SHOWN).join(', ')}${more} ${duplicates.length === 1 ? 'has' : 'have'} the same email address.`,
		remedy: `Identify by email, or correct that person in Dynamics 365, ${ignore}. People who were just created are found when you run again.`,
	};
}

const NO_ANSWER: Omit<Reason, 'code'> = {
	reason: 'The environment gave no clear answer to it, several times.',
	remedy: 'Run again with the same input: nobody is created twice.',
};

/**
 * The row of somebody whose creation was refused.
 * @param duplicates ids of people with the address, where a rule refused it and it could be asked
 */
export function notCreated(
	error: DataverseError | undefined,
	body: EntityRow,
	duplicates?: readonly string[],
): Reason {
	return worded('notCreated', 'The person was not created.', error, body, duplicates);
}

/** Somebody who is delivered, and was not changed. */
export function notUpdated(error: DataverseError | undefined, body: EntityRow): Reason {
	return worded('notUpdated', 'The columns of the person were not updated.', error, body);
}

function worded(
	code: string,
	what: string,
	error: DataverseError | undefined,
	body: EntityRow,
	duplicates?: readonly string[],
): Reason {
	const isByRule = error?.code === DUPLICATE_RULE;
	const why = error === undefined ? NO_ANSWER : isByRule ? byRule(duplicates) : withColumn(error, body);
	return { code, reason: `${what} ${why.reason}`, remedy: why.remedy };
}

function withColumn(error: DataverseError, body: EntityRow): Omit<Reason, 'code'> {
	const { reason, remedy } = reasonOf(error);
	const words = new Set((error.serviceText ?? '').toLowerCase().match(/[a-z][a-z0-9_]*/g) ?? []);
	const named = Object.keys(body).filter((key) => words.has(key.replace(/@.*$/, '').toLowerCase()));
	return { reason: named.length === 0 ? reason : `${reason} Column: ${named.join(', ')}.`, remedy };
}
