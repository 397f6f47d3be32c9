/** Names of segments: when two are the same, and what a search for a part of one means. Both systems read them alike. */

import { nameKey } from '../dataverse/text/ownId';
import { hasWildcards } from '../dataverse/text/odata';

/** Whether it is the same name to a reader: blanks around it and case do not count. */
export function sameName(first: string, second: string): boolean {
	return nameKey(first) === nameKey(second);
}

/**
 * Whether the name has the part in it. Only looked at where the filter may have found more than that: in all other cases the
 * service's own comparison holds, which takes accents for nothing.
 */
export function nameHas(name: string, part: string | undefined): boolean {
	if (part === undefined || !hasWildcards(part)) return true;
	return name.toLowerCase().includes(part.toLowerCase());
}
