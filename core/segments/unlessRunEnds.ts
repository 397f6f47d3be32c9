import { DataverseError } from '../dataverse/errors/errors';

/**
 * What a look that may fail has found when it failed: nothing.
 * @throws what ends the whole run: a cancelled run, waiting time that is used up, a sign-in that fails; any bug
 */
export function nothingUnlessRunEnds(error: unknown): undefined {
	const endsTheRun = ['cancelled', 'gaveUp', 'signIn'];
	if (!(error instanceof DataverseError) || endsTheRun.includes(error.kind)) throw error;
	return undefined;
}
