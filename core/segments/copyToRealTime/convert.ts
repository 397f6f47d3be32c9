/**
 * Copy to Real-Time: which parts of an outbound segment a real-time segment can have, and which are lost. Pure functions: they
 * read and write nothing, and claim no conversion that they did not make.
 */

import { parseGuid } from '../../dataverse/text/guid';
import { ownNumber, ownString, parseJson } from '../../dataverse/http/json';
import { parseQuery, printQuery, QuerySyntaxError } from '../../query';
import { convertQuery, type ConversionFacts } from './convertQuery';
import { NotCarriedOver } from './notCarriedOver';
import { OUTBOUND_SCOPE } from '../outbound/optionSets';
import type { NewRealTimeSegment } from '../realTime';
import type { Segment } from '../types';

export type { ConversionFacts, RelationshipFacts } from './convertQuery';

interface LostPart {
	/** What it is about: a part of the query, the members, a setting. */
	readonly what: string;
	readonly reason: string;
}

export interface CopyPlan {
	/** What to create, as a draft; absent when nothing would be left of the segment. */
	readonly draft?: NewRealTimeSegment;
	/** Member ids that were still in the row of a static segment, for adding afterwards; usually none. */
	readonly memberIds: readonly string[];
	readonly carriedOver: readonly string[];
	readonly notCarriedOver: readonly LostPart[];
	/** Carried over, and worth a look before going live. */
	readonly toCheck: readonly string[];
}

/**
 * Plans the copy.
 * @param segment an outbound segment as read; its column `msdyncrm_segmentmemberids` is used when it was read too
 * @param facts the environment's relationships, and which real-time segments stand for which outbound ones
 */
export function copyFromOutbound(segment: Segment, facts: ConversionFacts = {}): CopyPlan {
	const carriedOver = ['Name'];
	const notCarriedOver: LostPart[] = [];
	const base = {
		name: segment.name,
		audience: 'contact',
		...(segment.description === undefined ? {} : { description: segment.description.slice(0, 1000) }),
		...placeOf(segment, carriedOver),
	} as const;
	if (segment.description !== undefined) carriedOver.push('Description');
	if ((segment.description?.length ?? 0) > 1000) {
		notCarriedOver.push({
			what: 'The end of the description',
			reason: 'Real-time keeps 1000 characters; the rest was cut.',
		});
	}
	if (segment.type === 'static') return copyStatic(segment, base, carriedOver, notCarriedOver);

	const query = segment.query?.trim() ?? '';
	if (query === '') {
		notCarriedOver.push({ what: 'The query', reason: 'The outbound segment has none that could be read.' });
		return { memberIds: [], carriedOver: [], notCarriedOver, toCheck: [] };
	}
	try {
		const { query: converted, toCheck } = convertQuery(parseQuery(query, { dialect: 'outbound' }), facts);
		carriedOver.push('Query');
		const zone = ownNumber(segment.row, 'msdyncrm_segmenttimezone');
		if (zone !== undefined && zone !== 0) {
			notCarriedOver.push({
				what: 'The time zone of relative dates',
				reason: 'Real-time reads them in its own; adjust the query if hours matter.',
			});
		}
		const draft = { ...base, type: 'dynamic', query: printQuery(converted) } as const;
		return { draft, memberIds: [], carriedOver, notCarriedOver, toCheck };
	} catch (error) {
		notCarriedOver.push(lostQuery(error));
		return { memberIds: [], carriedOver: [], notCarriedOver, toCheck: [] };
	}
}

function copyStatic(
	segment: Segment,
	base: Omit<NewRealTimeSegment, 'type'>,
	carriedOver: string[],
	notCarriedOver: LostPart[],
): CopyPlan {
	const memberIds = idsInRow(segment);
	if (memberIds.length > 0) carriedOver.push(`${memberIds.length} member IDs that were still in the row`);
	else {
		notCarriedOver.push({
			what: 'The members',
			reason:
				'The member list was kept in a table of outbound marketing that Microsoft removed in May 2026; it can no longer be read.',
		});
	}
	if (ownString(segment.row, 'msdyncrm_segmentfilterquery') !== undefined) {
		notCarriedOver.push({
			what: 'The filter query of the static segment',
			reason: 'It only helped to pick members in the app; real-time has nothing like it.',
		});
	}
	return {
		draft: { ...base, type: 'static', groups: [{ name: 'Members 1' }] },
		memberIds,
		carriedOver,
		notCarriedOver,
		toCheck:
			memberIds.length === 0
				? []
				: ['The member IDs in the row are those it was created with; later changes were kept elsewhere.'],
	};
}

/** A JSON array of ids, most of them written `crm<guid>`. Rows since 2020 have none. */
function idsInRow(segment: Segment): readonly string[] {
	const list = parseJson(ownString(segment.row, 'msdyncrm_segmentmemberids') ?? '');
	if (!Array.isArray(list)) return [];
	const ids = (list as readonly unknown[]).flatMap((id) =>
		typeof id === 'string' ? (parseGuid(id) ?? []) : [],
	);
	return [...new Set(ids)];
}

function placeOf(
	segment: Segment,
	carriedOver: string[],
): Pick<NewRealTimeSegment, 'businessUnitId' | 'scope'> {
	const isUnit = ownNumber(segment.row, 'msdyncrm_scope') === OUTBOUND_SCOPE.businessUnit;
	const unit = parseGuid(ownString(segment.row, '_owningbusinessunit_value') ?? '');
	if (!isUnit || unit === undefined) return {};
	carriedOver.push('Business unit and scope');
	return { businessUnitId: unit, scope: 'businessUnit' };
}

function lostQuery(error: unknown): LostPart {
	if (error instanceof NotCarriedOver) {
		const reason = `${error.reason.charAt(0).toUpperCase()}${error.reason.slice(1)}`;
		return { what: `The query, because of ${error.what}`, reason };
	}
	if (error instanceof QuerySyntaxError) return { what: 'The query', reason: error.message };
	throw error;
}
