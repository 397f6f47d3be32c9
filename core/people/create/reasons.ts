/** Why somebody could not be created or changed, with the column or the rule where the service names one. */

import { reasonOf, type Reason } from '../../accounting/rowReasons';
import type { DataverseError } from '../../dataverse/errors/errors';
import type { EntityRow } from '../../dataverse/types';

const DUPLICATE_RULE = '0x80040333';

const BY_RULE = {
	reason: 'A duplicate detection rule of the environment refused it: somebody with these values exists.',
	remedy:
		'Find the person in Dynamics 365 and identify by what they have, or set Duplicate Rules to Ignore. Run again if they were created just now.',
} as const;

const NO_ANSWER: Omit<Reason, 'code'> = {
	reason: 'The environment gave no answer to it, several times.',
	remedy: 'Run again with the same input: nobody is created twice.',
};

/** The row of somebody whose creation was refused. */
export function notCreated(error: DataverseError | undefined, body: EntityRow): Reason {
	return worded('notCreated', 'The person was not created.', error, body);
}

/** Somebody who is delivered, and was not changed. */
export function notUpdated(error: DataverseError | undefined, body: EntityRow): Reason {
	return worded('notUpdated', 'The columns of the person were not updated.', error, body);
}

function worded(code: string, what: string, error: DataverseError | undefined, body: EntityRow): Reason {
	const why =
		error === undefined ? NO_ANSWER : error.code === DUPLICATE_RULE ? BY_RULE : withColumn(error, body);
	return { code, reason: `${what} ${why.reason}`, remedy: why.remedy };
}

function withColumn(error: DataverseError, body: EntityRow): Omit<Reason, 'code'> {
	const { reason, remedy } = reasonOf(error);
	const words = new Set((error.serviceText ?? '').toLowerCase().match(/[a-z][a-z0-9_]*/g) ?? []);
	const named = Object.keys(body).filter((key) => words.has(key.replace(/@.*$/, '').toLowerCase()));
	return { reason: named.length === 0 ? reason : `${reason} Column: ${named.join(', ')}.`, remedy };
}
