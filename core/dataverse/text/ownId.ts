/**
 * IDs derived from what identifies a row. Two executions that create the same row at the same moment send the same ID, and the
 * service accepts only one of them (0x80040237): no duplicates. They are UUIDs of version 5 (RFC 9562, section 5.5).
 */

import { createHash } from 'node:crypto';

/** The namespace of this package; drawn once, and never changed: an id has to be the same in every version. */
const NAMESPACE = '5d3c6f0e-8b0a-4f7e-9c52-1f0a7be4d6a3';

/** What kind of row the ID is for: one word per table, so that two kinds of rows never share an ID. */
export type OwnIdKind =
	| 'consent'
	| 'contact'
	| 'lead'
	| 'outboundSegment'
	| 'probe'
	| 'segment'
	| 'segmentDefinition'
	| 'segmentGroup';

/**
 * The id of a row that is known by these parts.
 * @param parts what makes the row the one it is, in a fixed order, normalized by the caller: `Autumn` and `autumn ` give
 * two ids. The parts are kept apart, so `['a', 'bc']` and `['ab', 'c']` give two ids as well.
 * @returns a lower-case GUID, the same for everybody who asks
 */
export function ownId(kind: OwnIdKind, ...parts: readonly [string, ...string[]]): string {
	return uuidV5(NAMESPACE, JSON.stringify([kind, ...parts]));
}

/**
 * What a name is compared by: blanks around it and case do not count, and a letter with an accent is one character however
 * it was typed. To be used as a part of `ownId`.
 */
export function nameKey(name: string): string {
	return name.normalize('NFC').trim().toLowerCase();
}

/**
 * The UUID of version 5 of a name in a namespace.
 * @param namespace a lower-case GUID with dashes
 */
export function uuidV5(namespace: string, name: string): string {
	const hex = createHash('sha1').update(bytesOf(namespace)).update(name, 'utf8').digest('hex');
	const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
	return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Computed for every new person, and hardly ever with another namespace. */
const namespaces = new Map<string, Buffer>();

function bytesOf(namespace: string): Buffer {
	const known = namespaces.get(namespace);
	if (known !== undefined) return known;
	const bytes = Buffer.from(namespace.replaceAll('-', ''), 'hex');
	namespaces.set(namespace, bytes);
	return bytes;
}
