/**
 * Ids that follow from what a row is. Two executions that create the same row at the same moment send the same id, and the
 * service lets one of them win (0x80040237): no twins. They are UUIDs of version 5 (RFC 9562, section 5.5).
 */

import { createHash } from 'node:crypto';

/** The namespace of this package; drawn once, and never changed: an id has to be the same in every version. */
const NAMESPACE = '5d3c6f0e-8b0a-4f7e-9c52-1f0a7be4d6a3';

/** What the id is of; one word a table of rows, so that two kinds of rows never share an id. */
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
 * @param parts what makes the row the one it is, in a fixed order, normalised by the caller: `Autumn` and `autumn ` give
 * two ids. Every part counts with its borders, so `['a', 'bc']` and `['ab', 'c']` give two ids as well.
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
	const bytes = createHash('sha1')
		.update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
		.update(name, 'utf8')
		.digest()
		.subarray(0, 16);
	bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
	bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
	return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
