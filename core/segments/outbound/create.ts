/** Creating outbound segments of all three kinds. */

import type { DataverseClient } from '../../dataverse/client';
import { invalidInput } from '../../dataverse/errors/errors';
import { newGuid } from '../../dataverse/text/guid';
import { nameKey, ownId } from '../../dataverse/text/ownId';
import type { EntityRow } from '../../dataverse/types';
import {
	OUTBOUND_KEY,
	OUTBOUND_LENGTH,
	OUTBOUND_SCOPE,
	OUTBOUND_SET,
	OUTBOUND_STATUS,
	OUTBOUND_TYPE,
} from './optionSets';
import type { OutboundScope, OutboundType } from './optionSets';
import { explainCreateRefusal } from './refusal';
import { outboundRecordUrl } from './row';
import { checkedSegmentName } from '../segmentNames';
import { withinLength } from '../withinLength';

/** What can be set on an outbound segment, at creation and afterwards. Absent = left as it is. */
export interface OutboundFields {
	readonly name?: string;
	readonly description?: string;
	readonly query?: string;
	/**
	 * The column that takes the query: the table has `msdyncrm_segmentquery`, which is the default; the how-to also prints
	 * `msdyncrm_query`. Assumption: outboundTableQueryColumn
	 */
	readonly queryColumn?: 'msdyncrm_query' | 'msdyncrm_segmentquery';
	readonly scope?: OutboundScope;
	/** -1500 to 1500: the zone that relative dates in the query are read in. */
	readonly timeZone?: number;
}

export interface NewOutboundSegment extends OutboundFields {
	readonly name: string;
	readonly type: OutboundType;
	/** Created as Going live (the service validates it) or as Draft (it does not). */
	readonly goLive: boolean;
	readonly businessUnitId?: string;
	readonly owner?: { readonly set: 'systemusers' | 'teams'; readonly id: string };
	/** First members of a static segment, lower-case GUIDs. */
	readonly memberIds?: readonly string[];
	/** Write member ids as `crm<guid>`, which only the older segmentation backend needs. Assumption: outboundMemberPrefix */
	readonly crmPrefix?: boolean;
	/** Absent: a new one. */
	readonly id?: string;
}

export interface CreatedOutboundSegment {
	readonly id: string;
	readonly url: string;
	/** False when there were more first members than the column holds; they are to be added by calls. */
	readonly membersInRow: boolean;
	/** False when the row was made as a draft because its members still have to be added. */
	readonly goesLive: boolean;
}

/**
 * Creates the row with an ID that the client chooses, so that the request can be repeated after a lost answer.
 * Throws `invalidInput` for what the service would refuse or, as a draft, would accept without checking.
 */
export async function createOutbound(
	client: DataverseClient,
	segment: NewOutboundSegment,
): Promise<CreatedOutboundSegment> {
	checkNew(segment);
	const memberIds = memberIdsText(segment);
	const membersInRow = memberIds === undefined || memberIds.length <= OUTBOUND_LENGTH.memberIds;
	const goesLive = segment.goLive && membersInRow;
	const row: Record<string, unknown> = {
		...fieldsToRow(segment),
		msdyncrm_segmenttype: OUTBOUND_TYPE[segment.type],
		statuscode: goesLive ? OUTBOUND_STATUS.goingLive : OUTBOUND_STATUS.draft,
	};
	if (memberIds !== undefined && membersInRow) row.msdyncrm_segmentmemberids = memberIds;
	if (segment.businessUnitId)
		row['owningbusinessunit@odata.bind'] = `/businessunits(${segment.businessUnitId})`;
	if (segment.owner) row['ownerid@odata.bind'] = `/${segment.owner.set}(${segment.owner.id})`;

	try {
		const { id } = await client.createRow(OUTBOUND_SET, row, {
			column: OUTBOUND_KEY,
			id: segment.id ?? newGuid(),
		});
		return { id, url: outboundRecordUrl(client.origin, id), membersInRow, goesLive };
	} catch (error) {
		throw explainCreateRefusal(error, segment);
	}
}

/** The ID that every run gives to a segment with this name; `ordinal` counts from 1. */
export function outboundIdOfName(name: string, ordinal: number): string {
	return ordinal === 1
		? ownId('outboundSegment', nameKey(name))
		: ownId('outboundSegment', nameKey(name), String(ordinal));
}

/** The columns for the given fields; throws `invalidInput` for texts that are too long and numbers out of range. */
export function fieldsToRow(fields: OutboundFields): EntityRow {
	const row: Record<string, unknown> = {};
	if (fields.name !== undefined) {
		row.msdyncrm_segmentname = checkedSegmentName(fields.name, OUTBOUND_LENGTH.name);
	}
	if (fields.description !== undefined) {
		row.msdyncrm_description = withinLength('Description', fields.description, OUTBOUND_LENGTH.description);
	}
	if (fields.query !== undefined) {
		row[fields.queryColumn ?? 'msdyncrm_segmentquery'] = withinLength(
			'Query',
			fields.query,
			OUTBOUND_LENGTH.query,
		);
	}
	if (fields.scope !== undefined) row.msdyncrm_scope = OUTBOUND_SCOPE[fields.scope];
	if (fields.timeZone !== undefined) row.msdyncrm_segmenttimezone = zone(fields.timeZone);
	return row;
}

function checkNew(segment: NewOutboundSegment): void {
	const hasQuery = segment.query !== undefined && segment.query.trim() !== '';
	if (segment.type === 'static' && hasQuery) {
		throw invalidInput(
			'A static segment cannot have a query.',
			'Choose the type Dynamic for a query, or leave Query empty and add members.',
		);
	}
	if (segment.type !== 'static' && !hasQuery) {
		throw invalidInput(`A ${segment.type} segment needs a query.`, 'Fill in Query.');
	}
	if (segment.type !== 'static' && segment.memberIds?.length) {
		throw invalidInput(
			`A ${segment.type} segment cannot have member IDs; its query decides who is in it.`,
			'Choose the type Static, or leave the member IDs empty.',
		);
	}
}

function memberIdsText(segment: NewOutboundSegment): string | undefined {
	if (!segment.memberIds?.length) return undefined;
	const prefix = segment.crmPrefix ? 'crm' : '';
	return JSON.stringify(segment.memberIds.map((id) => prefix + id));
}

function zone(value: number): number {
	if (Number.isInteger(value) && value >= -1500 && value <= 1500) return value;
	throw invalidInput(
		`Time Zone is ${value}; Dataverse takes whole numbers from -1500 to 1500.`,
		'Use the number that Dataverse has for the zone (timezonecode).',
	);
}
