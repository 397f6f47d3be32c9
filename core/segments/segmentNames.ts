/** Segment names: when two are the same, and what matches a part of a name. The same rules apply to both systems. */

import { nameKey } from '../dataverse/text/ownId';
import { hasWildcards } from '../dataverse/text/odata';

/** Whether it is the same name to a reader: blanks around it and case do not count. */
export function isSameSegmentName(first: string, second: string): boolean {
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
