/** A row of `msdyncrm_segment` read into a `Segment`, and the filters that select rows. */

import { idOfRow } from '../../dataverse/http/answers';
import * as odata from '../../dataverse/text/odata';
import type { EntityRow } from '../../dataverse/types';
import type { Segment, SegmentFilter } from '../types';
import {
	OUTBOUND_KEY,
	OUTBOUND_TABLE,
	OUTBOUND_TYPE,
	outboundStatus,
	outboundStatusCodes,
	outboundType,
} from './optionSets';

/** Columns that every read of a segment needs. */
export const OUTBOUND_COLUMNS: readonly string[] = [
	OUTBOUND_KEY,
	'msdyncrm_segmentname',
	'msdyncrm_segmenttype',
	'msdyncrm_segmentquery',
	'msdyncrm_segmentqueryname',
	'msdyncrm_description',
	'msdyncrm_segmentsize',
	'msdyncrm_scope',
	'msdyncrm_segmenttimezone',
	'statecode',
	'statuscode',
	'createdon',
	'modifiedon',
	'_owningbusinessunit_value',
];

const text = (value: unknown): string | undefined =>
	typeof value === 'string' && value !== '' ? value : undefined;
const integer = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/**
 * Reads a row; a column that is absent or of another type than documented is left out, never guessed.
 * @throws DataverseError `unexpectedReply` for a row without an id
 */
export function readOutboundRow(row: EntityRow, origin: string): Segment {
	const statuscode = integer(row.statuscode);
	const { label, status } = outboundStatus(statuscode);
	const id = idOfRow(row, OUTBOUND_KEY);
	return {
		system: 'outbound',
		id,
		name: text(row.msdyncrm_segmentname) ?? id,
		type: outboundType(row.msdyncrm_segmenttype),
		status,
		rawStatus: { statecode: integer(row.statecode), statuscode, label },
		memberCount: integer(row.msdyncrm_segmentsize),
		query: text(row.msdyncrm_segmentquery),
		description: text(row.msdyncrm_description),
		url: outboundRecordUrl(origin, id),
		row,
	};
}

/** Where the segment is opened in the app. @param origin of the environment */
export function outboundRecordUrl(origin: string, id: string): string {
	return `${origin}/main.aspx?pagetype=entityrecord&etn=${OUTBOUND_TABLE}&id=${id}`;
}

/**
 * The name by which queries refer to the segment. The service keeps it in `msdyncrm_segmentqueryname`; where that is
 * empty it follows from the id (how-to "Extend segments", section on fetching members).
 */
export function segmentQueryName(segment: Segment): string {
	return text(segment.row.msdyncrm_segmentqueryname) ?? `SEGMENT_CRM_ID_${segment.id.replace(/-/g, '')}`;
}

/** The OData filter for Get Many; undefined when nothing is asked. */
export function outboundFilter(filter: SegmentFilter | undefined): odata.Filter | undefined {
	if (filter === undefined) return undefined;
	const parts: odata.Filter[] = [];
	if (filter.nameContains) {
		parts.push(odata.containsText('msdyncrm_segmentname', filter.nameContains));
	}
	if (filter.types?.length) {
		const codes = filter.types.map((type) => (type in OUTBOUND_TYPE ? outboundTypeCode(type) : -1));
		parts.push(
			odata.or(...codes.map((code) => odata.eq('msdyncrm_segmenttype', odata.literal.integer(code)))),
		);
	}
	if (filter.statuses?.length) {
		const codes = outboundStatusCodes(filter.statuses);
		parts.push(odata.or(...codes.map((code) => odata.eq('statuscode', odata.literal.integer(code)))));
	}
	if (filter.modifiedSince) {
		parts.push(odata.ge('modifiedon', odata.literal.date(filter.modifiedSince)));
	}
	return parts.length === 0 ? undefined : odata.and(...parts);
}

function outboundTypeCode(type: string): number {
	return OUTBOUND_TYPE[type as keyof typeof OUTBOUND_TYPE];
}
