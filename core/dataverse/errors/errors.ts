/**
 * The one error type of core. Everything that goes wrong while talking to Dataverse, or that is refused before talking
 * to it, is a `DataverseError` with a sentence about what happened and a sentence about what to do. Its texts lose
 * addresses and tokens here, whether they come from an input, a setting or the service.
 */

import { guidsIn } from '../text/guid';
import { redact } from './redact';

/**
 * - `invalidInput`: refused before any request.
 * - `refused`: the service understood and said no (400, 409, 412, 405, 413…).
 * - `gaveUp`: the allowed waiting time is used up.
 * - `unexpectedReply`: a reply of a shape nobody documented.
 */
export type DataverseErrorKind =
	| 'cancelled'
	| 'connection'
	| 'forbidden'
	| 'gaveUp'
	| 'invalidInput'
	| 'notFound'
	| 'refused'
	| 'signIn'
	| 'throttled'
	| 'unavailable'
	| 'unexpectedReply';

export interface DataverseErrorFacts {
	readonly kind: DataverseErrorKind;
	/** What happened, one sentence. */
	readonly message: string;
	/** What to do about it, one or two sentences. */
	readonly remedy: string;
	/** `0x…` of Dataverse or `AADSTS…` of Entra, where known. */
	readonly code?: string;
	readonly status?: number;
	/** The service's own words, scrubbed. */
	readonly serviceText?: string;
	/** Method and path of the request, for those who look closer: `PATCH contacts`. */
	readonly request?: string;
	/** Lower-case ids that the service's whole text names; what is shown of it is cut. */
	readonly namedIds?: readonly string[];
	readonly retryAfterMs?: number;
	/** Whether the service may have acted on the request although it reported no success. */
	readonly mayHaveActed?: boolean;
}

/** The reader has to know if the work may have been done although an error is reported. */
const MAY_BE_DONE = 'The change may have been made anyway: check the result before you run this again.';

/** Sentences that already say so: a reworded error keeps its sentence and must not get a second one. */
const SAID_ALREADY = ['The change may have been made', 'The work may have been done'];

export class DataverseError extends Error {
	override readonly name = 'DataverseError';
	readonly kind: DataverseErrorKind;
	readonly remedy: string;
	readonly code?: string;
	readonly status?: number;
	readonly serviceText?: string;
	readonly request?: string;
	readonly namedIds: readonly string[];
	readonly retryAfterMs?: number;
	readonly mayHaveActed: boolean;

	constructor(facts: DataverseErrorFacts) {
		super(redact(facts.message));
		this.kind = facts.kind;
		const isSaid = SAID_ALREADY.some(
			(words) => facts.message.includes(words) || facts.remedy.includes(words),
		);
		const isUnsaid = facts.mayHaveActed === true && !isSaid;
		this.remedy = redact(isUnsaid ? `${facts.remedy} ${MAY_BE_DONE}` : facts.remedy);
		this.code = facts.code;
		this.status = facts.status;
		this.serviceText = facts.serviceText === undefined ? undefined : redact(facts.serviceText);
		this.request = facts.request;
		this.namedIds = facts.namedIds ?? guidsIn(facts.serviceText ?? '');
		this.retryAfterMs = facts.retryAfterMs;
		this.mayHaveActed = facts.mayHaveActed ?? false;
	}
}

/** Builds the error for input that is refused before any request. */
export function invalidInput(message: string, remedy: string): DataverseError {
	return new DataverseError({ kind: 'invalidInput', message, remedy });
}
