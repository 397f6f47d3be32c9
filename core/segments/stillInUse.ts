import { invalidInput, type DataverseError } from '../dataverse/errors/errors';
import { STATUS_WORDS } from './status';
import type { Segment } from './types';

/** The error for a segment that journeys may be using and that was therefore not deleted. */
export function stillInUse({ name, status }: Segment): DataverseError {
	return invalidInput(
		`Segment "${name}" is ${STATUS_WORDS[status]} and was not deleted.`,
		'Stop it first (Stop), or turn on Stop First. Journeys that use the segment lose their audience.',
	);
}
