/** The two rows of a real-time segment read into one `RealTimeSegment`, and the filters that select rows. */

import { parseGuid } from '../../../dataverse/text/guid';
import { idOfRow } from '../../../dataverse/http/answers';
import { ownNumber, ownString, ownValue } from '../../../dataverse/http/json';
import * as odata from '../../../dataverse/text/odata';
import type { EntityRow } from '../../../dataverse/types';
import { nameHas } from '../../segmentNames';
import type { Segment, SegmentFilter, SegmentType } from '../../types';
import {
	declaredType,
	DEFINITION_KEY,
	DEFINITION_LINK,
	DEFINITION_TABLE,
	possibleStatusCodes,
	realTimeStatus,
	SEGMENT_KEY,
	SEGMENT_TABLE,
	SEGMENT_TYPE,
	segmentSource,
	type SegmentSource,
	type StatusCodes,
} from './optionSets';

export const SEGMENT_COLUMNS: readonly string[] = [
	SEGMENT_KEY,
	DEFINITION_LINK,
	'msdynmkt_displayname',
	'msdynmkt_description',
	'msdynmkt_type',
	'msdynmkt_source',
	'msdynmkt_baseentitylogicalname',
	'msdynmkt_scope',
	'msdynmkt_membercount',
	'msdynmkt_lastevaluated',
	'msdynmkt_lastusedinjourney',
	'msdynmkt_publishedjourneycount',
	'statecode',
	'statuscode',
	'createdon',
	'modifiedon',
	'_owningbusinessunit_value',
];

export const DEFINITION_COLUMNS: readonly string[] = [
	DEFINITION_KEY,
	'msdynmkt_name',
	'msdynmkt_segmentquery',
	'msdynmkt_staticlistmembers',
	'msdynmkt_disablesegmentrefresh',
	'msdynmkt_segmentrefreshintervalminutes',
	'msdynmkt_definitionmodifiedon',
	'msdynmkt_computationstatus',
	'msdynmkt_computationstartedon',
	'msdynmkt_computationfinishedon',
	'statecode',
	'statuscode',
	'modifiedon',
];

/** A segment of real-time journeys: `row` is its row of msdynmkt_segment, and `id` that row's id. */
export interface RealTimeSegment extends Segment {
	readonly system: 'realTime';
	readonly source: SegmentSource;
	/** Logical name of the table of its people: `contact` or `lead`. */
	readonly audience: string;
	/** Id of its row of msdynmkt_segmentdefinition; absent where the link is empty or no id. */
	readonly definitionId?: string;
	/** That row with its ETag, where it was read and is there. */
	readonly definition?: EntityRow;
}

/**
 * Reads the rows; a column that is absent or of another type than documented is left out, never guessed.
 * @throws DataverseError `unexpectedReply` for a row without an id
 */
export function readRealTimeRows(
	row: EntityRow,
	definition: EntityRow | undefined,
	origin: string,
	expired?: number,
): RealTimeSegment {
	const id = idOfRow(row, SEGMENT_KEY);
	const definitionId = definitionIdOf(row);
	return {
		system: 'realTime',
		id,
		name: filled(row, 'msdynmkt_displayname') ?? filled(definition, 'msdynmkt_name') ?? id,
		type: typeOf(row, definition),
		...realTimeStatus(statusCodes(row), definition && statusCodes(definition), expired),
		memberCount: ownNumber(row, 'msdynmkt_membercount'),
		query: filled(definition, 'msdynmkt_segmentquery'),
		description: filled(row, 'msdynmkt_description'),
		url: realTimeRecordUrl(origin, id, definitionId),
		row,
		source: segmentSource(ownValue(row, 'msdynmkt_source')),
		audience: (filled(row, 'msdynmkt_baseentitylogicalname') ?? 'contact').toLowerCase(),
		definitionId,
		definition,
	};
}

/** The id of the definition that a segment row points to. */
export function definitionIdOf(row: EntityRow): string | undefined {
	return parseGuid(ownString(row, DEFINITION_LINK) ?? '');
}

/** The app opens a segment by its definition; a segment without one opens as the row it is. */
export function realTimeRecordUrl(origin: string, id: string, definitionId: string | undefined): string {
	const [table, key] = definitionId === undefined ? [SEGMENT_TABLE, id] : [DEFINITION_TABLE, definitionId];
	return `${origin}/main.aspx?pagetype=entityrecord&etn=${table}&id=${key}`;
}

/**
 * What the definition holds decides: the type column of a segment that was created as static was seen to read back as
 * dynamic. A definition with neither query nor groups is what the column says. Assumption: realTimeStaticType
 */
function typeOf(row: EntityRow, definition: EntityRow | undefined): SegmentType {
	const declared = declaredType(ownValue(row, 'msdynmkt_type'));
	if (definition === undefined || declared === 'expansion') return declared;
	const hasQuery = (filled(definition, 'msdynmkt_segmentquery') ?? '').trim() !== '';
	const groups = (filled(definition, 'msdynmkt_staticlistmembers') ?? '').trim();
	const hasGroups = groups !== '' && groups !== '[]' && groups !== 'null';
	if (hasQuery) return hasGroups ? 'mixed' : 'dynamic';
	return hasGroups ? 'static' : declared;
}

function statusCodes(row: EntityRow): StatusCodes {
	return { statecode: ownNumber(row, 'statecode'), statuscode: ownNumber(row, 'statuscode') };
}

function filled(row: EntityRow | undefined, column: string): string | undefined {
	const value = ownString(row, column);
	return value === '' ? undefined : value;
}

/** The part of the filter that the segment's table can answer; `matches` checks the rest once definitions are there. */
export function realTimeFilter(
	filter: SegmentFilter | undefined,
	expired?: number,
): odata.Filter | undefined {
	const parts: odata.Filter[] = [];
	if (filter?.nameContains) {
		parts.push(odata.containsText('msdynmkt_displayname', filter.nameContains));
	}
	if (filter?.types?.length && !filter.types.includes('unknown')) {
		parts.push(anyOf('msdynmkt_type', filter.types.flatMap(typeCodes)));
	}
	const codes = filter?.statuses?.length ? possibleStatusCodes(filter.statuses, expired) : undefined;
	if (codes !== undefined) parts.push(anyOf('statuscode', codes));
	if (filter?.modifiedSince) parts.push(odata.ge('modifiedon', odata.literal.date(filter.modifiedSince)));
	return parts.length === 0 ? undefined : odata.and(...parts);
}

/** Whether the segment, both rows read, is what the filter asks for. */
export function matches(segment: Segment, filter: SegmentFilter | undefined): boolean {
	const { nameContains, statuses, types } = filter ?? {};
	if (!nameHas(segment.name, nameContains)) return false;
	if (statuses?.length && !statuses.includes(segment.status)) return false;
	return !types?.length || types.includes(segment.type);
}

function typeCodes(type: SegmentType): readonly number[] {
	switch (type) {
		case 'expansion':
			return [SEGMENT_TYPE.expansion];
		case 'dynamic':
		case 'mixed':
		case 'static':
			return [SEGMENT_TYPE.static, SEGMENT_TYPE.dynamic];
		case 'compound':
		case 'unknown':
			return [];
	}
}

/** No code at all can never match; the filter then says so instead of leaving the condition out. */
function anyOf(column: string, codes: readonly number[]): odata.Filter {
	const conditions = [...new Set(codes.length === 0 ? [-1] : codes)].map((code) =>
		odata.eq(column, odata.literal.integer(code)),
	);
	return odata.or(...conditions);
}
