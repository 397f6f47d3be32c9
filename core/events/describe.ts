/** How a segment is named in an event. */

import { realTimeRecordUrl } from '../segments/realTime/rows/row';
import type { EventSegment } from './types';

export interface NamedSegment {
	readonly id: string;
	readonly name: string;
	readonly definitionId?: string;
}

/** The fields of the segment, and the host that event ids begin with. @param segment undefined: it is gone */
export function eventSegment(
	origin: string,
	segment: NamedSegment | undefined,
): { readonly host: string; readonly fields: EventSegment } {
	const host = new URL(origin).host;
	if (segment === undefined) {
		return { host, fields: { segmentId: null, segmentName: null, segmentUrl: null } };
	}
	const { id, name, definitionId } = segment;
	const fields = {
		segmentId: id,
		segmentName: name,
		segmentUrl: realTimeRecordUrl(origin, id, definitionId),
	};
	return { host, fields };
}
