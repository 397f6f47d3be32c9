/**
 * Why a row matches nobody, and why somebody was not delivered, in the words that the report shows. None of them repeats what
 * the row contained.
 */

import type { DataverseError } from '../dataverse/errors/errors';

/** Why something was not delivered, shared by everybody it applies to. */
export interface Reason {
	/** Stable word for flows to branch on, e.g. `notAnId`. */
	readonly code: string;
	readonly reason: string;
	readonly remedy: string;
}

export const NO_ID: Reason = {
	code: 'noId',
	reason: 'The row has no ID.',
	remedy: 'Check the field name, or filter out rows without an ID before this node.',
};

export const NOT_AN_ID: Reason = {
	code: 'notAnId',
	reason: 'The value is not a Dataverse ID.',
	remedy: 'Use the GUID of the person, such as 1405f4ba-1ee9-e811-a99d-000d3a35f12f.',
};

export const NO_VALUE: Reason = {
	code: 'noValue',
	reason: 'The row has no value to look up.',
	remedy: 'Check the field name, or filter out rows without a value before this node.',
};

export const NOT_AN_EMAIL: Reason = {
	code: 'notAnEmail',
	reason: 'The value is not an email address: it has no @ with something on both sides.',
	remedy: 'Correct the address at its source, or identify people by another column.',
};

export const SEVERAL_ADDRESSES: Reason = {
	code: 'severalAddresses',
	reason: 'The value contains more than one email address.',
	remedy: 'Put each address in its own row.',
};

export const NOT_A_TEXT: Reason = {
	code: 'notAText',
	reason: 'The value is neither a text nor a number.',
	remedy: 'Use one text or number per row; split a list into items before this node.',
};

export const NUMBER_NOT_EXACT: Reason = {
	code: 'numberNotExact',
	reason: 'The number has more digits than a number in JSON can hold, so its last digits are not known.',
	remedy: 'Provide the value as text: in quotes if it comes from JSON, or as a text column of the source.',
};

export const TOO_MANY_VALUES: Reason = {
	code: 'tooManyValues',
	reason: 'The line has more values than the file has columns, so some may be in the wrong column.',
	remedy: 'Put values that contain the delimiter in quotes. Every column needs a place in the first line.',
};

export const TOO_FEW_VALUES: Reason = {
	code: 'tooFewValues',
	reason: 'The line has fewer values than the file has columns, and some seem to be in the wrong column.',
	remedy:
		'Look for a missing delimiter in this line of the file. Leave a place for every column, even if it is empty.',
};

export const VALUE_TOO_LONG: Reason = {
	code: 'valueTooLong',
	reason: 'The value is longer than the 850 characters that can be looked up.',
	remedy: 'Check that the right field is named.',
};

/** The code of a value that its column cannot hold: a text in a column of numbers, a label in one of choices. */
export const WRONG_TYPE = 'wrongType';

const OF_A_RIGHT_FIELD: ReadonlySet<string> = new Set([
	...[NOT_A_TEXT, SEVERAL_ADDRESSES, NUMBER_NOT_EXACT, TOO_MANY_VALUES, TOO_FEW_VALUES].map(
		({ code }) => code,
	),
	WRONG_TYPE,
]);

/** Whether the row has a value, and the reason says better what is wrong with it than "no value" would. */
export function mayHoldValue({ code }: Reason): boolean {
	return OF_A_RIGHT_FIELD.has(code);
}

export const NOBODY_FOUND: Reason = {
	code: 'notFound',
	reason:
		'Nobody with this value exists in the environment, or the user of the credential may not read them.',
	remedy: 'Check the value, the table and the read privilege of the user.',
};

/** What an inactive person is called, and how they become active, by table. */
const INACTIVE = {
	contact: ['a deactivated contact', 'Activate the contact in Dynamics 365'],
	lead: ['a lead that is qualified or disqualified', 'Reopen the lead in Dynamics 365'],
} as const;

/**
 * A value that inactive people alone have.
 * @param isCreating somebody would be created if nobody had it: that would make a second one
 */
export function onlyInactive(
	table: 'contact' | 'lead',
	what: 'address' | 'ID' | 'value',
	isCreating: boolean,
): Reason {
	const [who, activate] = INACTIVE[table];
	const result = isCreating ? ', so nobody is created' : '';
	return {
		code: 'inactive',
		reason: `Only ${who} has this ${what}${result}.`,
		remedy: `${activate}, or turn on Include Inactive People.`,
	};
}

export const NOT_SENT: Reason = {
	code: 'notSent',
	reason: 'The run ended before this person was sent.',
	remedy: 'Run again with the same input: what was done stays done, and only the rest is sent.',
};

/** It is not known how the call for this person was answered. */
export const CANCELLED: Reason = {
	code: 'cancelled',
	reason:
		'The run was canceled while this person was being sent, so it is not known whether the change was made.',
	remedy: 'Run again with the same input: what was done stays done, and only the rest is sent.',
};

export const CONSENT_NOT_SENT: Reason = {
	code: 'consentNotSent',
	reason: 'The run ended before the consent of this address was recorded.',
	remedy: 'Run again with the same input: what is recorded stays recorded.',
};

/** In an exclude group, which overrides every include group. */
export const EXCLUDED_BY_GROUP: Reason = {
	code: 'excludedByGroup',
	reason: 'An exclude group of the segment keeps the person out, so adding changes nothing.',
	remedy: 'Remove the person from that group (choose it under Group), or leave it as it is.',
};

/** @param what completes "The value is not a valid email address: it …". */
export function oddAddress(what: string): Reason {
	return { ...NOT_AN_EMAIL, reason: `The value is not a valid email address: it ${what}.` };
}

/** @param count people who have the value of the row */
export function severalFound(count: number): Reason {
	return {
		code: 'severalMatch',
		reason: `${count} people have this value, and If Several Match is set to refuse.`,
		remedy: 'Merge the duplicates in Dynamics 365, use IDs, or set If Several Match to All or Newest.',
	};
}

/** The ID belongs to the other kind of people. */
export function ofOtherTable(other: string, table: string): Reason {
	return {
		code: 'otherTable',
		reason: `The ID belongs to a ${other}, but the segment contains ${table}s.`,
		remedy: `Use IDs of ${table}s, or a segment of ${other}s.`,
	};
}

/** Nobody of the table has the address, and somebody of the other kind of people has it. */
export function addressOfOtherTable(other: string, table: string): Reason {
	return {
		code: 'otherTable',
		reason: `No ${table} has this address, but a ${other} does; the segment contains ${table}s.`,
		remedy: `Use a segment of ${other}s for this person, or create the ${table} first.`,
	};
}

/** Removals of a sync wait while nobody knows whom some of its rows mean. */
export const REMOVALS_WAIT_FOR_ROWS: Reason = {
	code: 'undecidedRows',
	reason:
		'Not removed, because some rows could not be looked up: this member may be one of the people they refer to.',
	remedy: 'Run again with the same input when the rows with the status undecided can be looked up.',
};

/** Why somebody was not delivered, in the words of the error that kept them from it. */
export function reasonOf(error: DataverseError): Reason {
	return { code: error.code ?? error.kind, reason: error.message, remedy: error.remedy };
}
