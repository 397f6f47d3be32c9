import { invalidInput } from '../dataverse/errors/errors';

/**
 * The text, where its column takes so many characters.
 * @param label of the field, at the beginning of a sentence
 * @throws DataverseError `invalidInput`
 */
export function withinLength(label: string, value: string, limit: number): string {
	if (value.length <= limit) return value;
	throw invalidInput(
		`${label} has ${value.length} characters; Dataverse keeps at most ${limit}.`,
		`Shorten ${label}.`,
	);
}
