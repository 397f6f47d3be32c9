/** Failed look-ups: what caused the failure, and splitting a query until the refused values are isolated. */

import { isMissingAction } from '../dataverse/errors/decodeError';
import { DataverseError } from '../dataverse/errors/errors';

/** Queries beyond the first that one query may be divided into. */
const MOST_EXTRA_QUERIES = 500;
/** An unknown table or column, in `$select` or in the filter: no value is to blame for it. */
const UNKNOWN_NAME = '0x80060888';

/**
 * The failure of a look-up as one of its values.
 * @throws what ends the run, because no other look-up would do better: no right to read the table, no sign-in, an unknown
 * table or column, a cancelled run, waiting time that is used up.
 */
export function failureOfValues(error: unknown): DataverseError {
	if (!(error instanceof DataverseError) || endsLookUp(error)) throw error;
	return error;
}

function endsLookUp(error: DataverseError): boolean {
	switch (error.kind) {
		case 'cancelled':
		case 'forbidden':
		case 'gaveUp':
		case 'invalidInput':
		case 'signIn':
		case 'throttled':
			return true;
		case 'notFound':
			return error.status !== 400;
		case 'connection':
		case 'refused':
		case 'unavailable':
		case 'unexpectedReply':
			return error.code === UNKNOWN_NAME || isMissingAction(error);
	}
}

/**
 * Whether the query failed whatever its values are: the answer was lost, or the service was away although the request was
 * repeated. A 500 is not: one value may break the service.
 */
export function isOutage({ kind, status }: DataverseError): boolean {
	return kind === 'connection' || kind === 'unexpectedReply' || (kind === 'unavailable' && status !== 500);
}

/** The parts of a query that are still to be asked. */
export class Halves {
	private readonly waiting: (readonly string[])[] = [];
	private taken = 0;

	constructor(whole: readonly string[]) {
		this.again(whole);
	}

	/** The next part to ask for; undefined when none is left. */
	next(): readonly string[] | undefined {
		this.taken += 1;
		return this.waiting.pop();
	}

	/** Whether there may be further queries. */
	get mayHalve(): boolean {
		return this.taken <= MOST_EXTRA_QUERIES;
	}

	/** Puts the part back in two halves. The first of them is asked for next. */
	halve(part: readonly string[]): void {
		const half = part.length >> 1;
		this.again(part.slice(half));
		this.again(part.slice(0, half));
	}

	/** Puts a part back to be asked for next; an empty one is dropped. */
	again(part: readonly string[]): void {
		if (part.length > 0) this.waiting.push(part);
	}

	/** What was not asked. */
	rest(): readonly (readonly string[])[] {
		return this.waiting.splice(0);
	}
}
