/** IDs in the form stored with the workflow: n8n rewrites that state as a whole each time, so it has to be small. */

import { checkedId } from '../dataverse/text/odata';

/** Characters of one packed id: 16 bytes in base64url. */
const PACKED_ID_LENGTH = 22;

/** A GUID in 22 characters instead of 36. */
export function packId(id: string): string {
	return Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');
}

/** The GUID, lower case with dashes. */
export function unpackId(packed: string): string {
	return checkedId(Buffer.from(packed, 'base64url').toString('hex'));
}

/** Many ids as one text, in their order. */
export function packIds(ids: Iterable<string>): string {
	return Array.from(ids, packId).join('');
}

/**
 * The packed ids of a text.
 * @returns undefined when the text is damaged: part of a state is no state.
 */
export function splitPacked(packed: string): readonly string[] | undefined {
	if (packed.length % PACKED_ID_LENGTH !== 0 || !/^[\w-]*$/.test(packed)) return undefined;
	const ids: string[] = [];
	for (let start = 0; start < packed.length; start += PACKED_ID_LENGTH) {
		ids.push(packed.slice(start, start + PACKED_ID_LENGTH));
	}
	return ids;
}
