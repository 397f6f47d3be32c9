import type { Dialect } from './ast';
import { QueryBuildError } from './errors';
import { excerpt } from './excerpt';

const GUID = /^\{?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})\}?$/i;
const PREFIX = { outbound: 'SEGMENT_CRM_ID_', realTime: 'SEGMENT_CJO_ID_' } as const;

/** What the names of the dialect's segments begin with. */
export function referencePrefix(dialect: Dialect): string {
	return PREFIX[dialect];
}

/** Whether the text is a GUID, with or without hyphens and braces. */
export function isGuid(text: string): boolean {
	return GUID.test(text);
}

/**
 * The name by which a query refers to a segment: the prefix of the system and the id without dashes.
 *
 * @param id id of the row in `msdyncrm_segment` (outbound) or `msdynmkt_segment` (real-time, not of the definition), as a
 * GUID with or without dashes and braces
 * @throws QueryBuildError when the id is no GUID
 */
export function segmentReference(dialect: Dialect, id: string): string {
	const groups = GUID.exec(id.trim());
	if (groups !== null) return PREFIX[dialect] + groups.slice(1).join('').toLowerCase();
	throw new QueryBuildError(
		`"${excerpt(id)}" is not the ID of a segment.`,
		'Use the GUID of the segment row.',
	);
}

/** Whether the name has the form that `segmentReference` gives. */
export function isSegmentReference(dialect: Dialect, name: string): boolean {
	const { length } = PREFIX[dialect];
	return (
		name.slice(0, length).toUpperCase() === PREFIX[dialect] && /^[0-9a-f]{32}$/i.test(name.slice(length))
	);
}
