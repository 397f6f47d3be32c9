/** Segment names: when two are the same, and what matches a part of a name. The same rules apply to both systems. */

import { invalidInput } from '../dataverse/errors/errors';
import { hasWildcards } from '../dataverse/text/odata';
import { nameKey } from '../dataverse/text/ownId';
import { visibleText } from '../dataverse/text/visibleText';
import { withinLength } from './withinLength';

/** Whether it is the same name to a reader: blanks around it and case do not count. */
export function isSameSegmentName(first: string, second: string): boolean {
	return nameKey(first) === nameKey(second);
}

/** Half an emoji, which stays where a text is cut in its middle. In an address it is replaced, so the name never finds itself. */
const HALF_CHARACTER = /\p{Surrogate}/u;

/**
 * A name that a segment may be given, without the blanks around it.
 * @param limit characters that the column takes
 * @throws DataverseError `invalidInput` for a name in which nothing is visible, that is too long, or that cannot be found again
 */
export function checkedSegmentName(text: string, limit: number): string {
	const name = text.trim();
	if (visibleText(name) === '') throw invalidInput('The segment has no name.', 'Fill in Name.');
	if (HALF_CHARACTER.test(name)) {
		throw invalidInput(
			'Name contains half a character, so the segment could not be found by its name again.',
			'Do not cut a text in the middle of an emoji: [...text].slice(0, 50).join("") keeps characters whole.',
		);
	}
	return withinLength('Name', name, limit);
}

/**
 * Whether the name has the part in it. Only looked at where the filter may have found more than that: in all other cases the
 * service's own comparison holds, which takes accents for nothing.
 */
export function nameHas(name: string, part: string | undefined): boolean {
	if (part === undefined || !hasWildcards(part)) return true;
	return name.toLowerCase().includes(part.toLowerCase());
}
