/** An answer about an environment: known, or not known and why. A read that is refused means "not known", never "no". */

import { DataverseError } from '../dataverse/errors/errors';
import { missingRight } from '../dataverse/errors/missingRight';

export type Fact<T> =
	{ readonly known: false; readonly why: string } | { readonly known: true; readonly value: T };

/** A fact that was read from the environment. */
export function known<T>(value: T): Fact<T> {
	return { known: true, value };
}

/** @param why the second half of a sentence: "…, because" this */
export function notKnown(why: string): Fact<never> {
	return { known: false, why };
}

/** The value, or a substitute if it is not known. */
export function valueOr<T, Other>(fact: Fact<T>, other: Other): Other | T {
	return fact.known ? fact.value : other;
}

/** @returns the fact of a value that follows from another */
export function mapFact<T, U>(fact: Fact<T>, map: (value: T) => U): Fact<U> {
	return fact.known ? known(map(fact.value)) : fact;
}

/**
 * Looks at something. What ends a whole run is thrown: a cancelled run, a sign-in that fails, waiting time that is used
 * up, a connection that is gone. Every other error is "not known".
 * @param what is looked at, in the middle of a sentence
 */
export async function look<T>(what: string, work: () => Promise<Fact<T>>): Promise<Fact<T>> {
	try {
		return await work();
	} catch (error) {
		if (!(error instanceof DataverseError) || endsRun(error)) throw error;
		return notKnown(reason(what, error));
	}
}

/** Whether an error concerns the run and not what was looked at. */
export function endsRun({ kind }: DataverseError): boolean {
	return kind === 'cancelled' || kind === 'gaveUp' || kind === 'signIn' || kind === 'connection';
}

/** Why something is not known, in a sentence without the service's words: they may hold names. */
export function reason(what: string, error: DataverseError): string {
	if (error.kind === 'forbidden') {
		const right = missingRight(error);
		return `the user of this credential may not read ${what}${right === undefined ? '' : ` (${right.name} is missing)`}`;
	}
	const status = error.status === undefined ? '' : `, status ${error.status}`;
	return `${what} could not be read (${error.kind}${status}${error.code === undefined ? '' : `, ${error.code}`})`;
}
