import { invalidInput, type DataverseError } from '../../../../core/dataverse/errors/errors';
import type { Segment } from '../../../../core/segments/types';

/** The error for a name that several segments have. @param orElse what helps beside renaming, in the middle of a sentence */
export function severalMatch(name: string, matches: readonly Segment[], orElse: string): DataverseError {
	const which = matches.map(({ id, rawStatus }) => `${id} (${rawStatus.label})`).join(', ');
	return invalidInput(
		`Several segments are named "${name}": ${which}.`,
		`Rename or delete all but one, or ${orElse} the ID of the one you mean.`,
	);
}
