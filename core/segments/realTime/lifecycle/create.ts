/** Creating real-time segments: two rows, both or none. */

import type { DataverseClient } from '../../../dataverse/client';
import { errorWith, isMissingRow } from '../../../dataverse/errors/decodeError';
import { DataverseError, invalidInput } from '../../../dataverse/errors/errors';
import { ownString } from '../../../dataverse/http/json';
import { newGuid } from '../../../dataverse/text/guid';
import { checkedId } from '../../../dataverse/text/odata';
import { nameKey, ownId } from '../../../dataverse/text/ownId';
import type { EntityRow } from '../../../dataverse/types';
import { fieldsToRows, checkQueryLength, type RealTimeFields } from '../rows/fields';
import { checkGroups, newGroup, printGroups, type NewGroup, type StaticGroup } from '../members/groups';
import { explainMissingRealTime } from './missing';
import { explainUnit, otherUnit, type OtherUnit } from './unitOnCreate';
import {
	DEFINITION_KEY,
	DEFINITION_LINK,
	DEFINITION_SET,
	DEFINITION_STATUS,
	DEFINITION_TABLE,
	SEGMENT_KEY,
	SEGMENT_SCOPE,
	SEGMENT_SET,
	SEGMENT_SOURCE,
	SEGMENT_STATUS,
	SEGMENT_TABLE,
	SEGMENT_TYPE,
	type RealTimeScope,
} from '../rows/optionSets';
import { realTimeRecordUrl } from '../rows/row';
import type { RealTimeTables } from '../rows/tables';
import { withoutGroups } from './update';

/** The service documents these two tables of people ("Segment API"). */
export type Audience = 'contact' | 'lead';

export interface NewRealTimeSegment extends RealTimeFields {
	readonly name: string;
	/** `static`: chosen people; `dynamic`: a query; `mixed`: both. */
	readonly type: 'dynamic' | 'mixed' | 'static';
	readonly audience: Audience;
	/** For static and mixed; when absent, one include group called "Members 1". At most ten. */
	readonly groups?: readonly NewGroup[];
	readonly scope?: RealTimeScope;
	readonly businessUnitId?: string;
	/** Absent: new ones. */
	readonly ids?: SegmentIds;
}

export interface SegmentIds {
	readonly id: string;
	readonly definitionId: string;
}

export interface CreatedRealTimeSegment {
	readonly id: string;
	readonly definitionId: string;
	readonly url: string;
	readonly groups: readonly StaticGroup[];
	/** Things that may matter and were not refused. */
	readonly warnings: readonly string[];
	/** Set when it is not in the business unit that was asked for, or that is not known: it is not to go live then. */
	readonly otherUnit?: OtherUnit;
}

const AUDIENCE_KEY: Readonly<Record<Audience, string>> = { contact: 'contactid', lead: 'leadid' };

/**
 * Creates definition and segment as Draft in one change set, with IDs that the client chooses: all or nothing, and after a
 * lost answer the same request is sent again. Environments that refuse change sets get the two rows one after the other, and the first is taken back when
 * the second fails.
 * @throws DataverseError `invalidInput` before any request; otherwise the service's refusal, naming an orphan if one is left
 */
export async function createRealTime(
	client: DataverseClient,
	tables: RealTimeTables,
	segment: NewRealTimeSegment,
): Promise<CreatedRealTimeSegment> {
	const groups = checkNew(segment);
	const warnings = await checkQueryLength(client, segment.query);
	const { id, definitionId } = segment.ids ?? { id: newGuid(), definitionId: newGuid() };
	const rows = await newRows(tables, segment, groups, { id, definitionId });
	try {
		await createBoth(client, rows);
	} catch (error) {
		throw explainUnit(explainMissingRealTime(error), segment);
	}
	return {
		id,
		definitionId,
		url: realTimeRecordUrl(client.origin, id, definitionId),
		groups,
		warnings,
		otherUnit: await otherUnit(client, id, segment),
	};
}

/**
 * The IDs that every run gives to a segment with this name: if several create it at once, the service accepts one of them.
 * @param ordinal counts from 1: the next IDs of the name, for when the first already belong to something else
 */
export function idsOfName(name: string, ordinal = 1): SegmentIds {
	const further = ordinal === 1 ? [] : [String(ordinal)];
	const key = nameKey(name);
	return { id: ownId('segment', key, ...further), definitionId: ownId('segmentDefinition', key, ...further) };
}

function checkNew(segment: NewRealTimeSegment): readonly StaticGroup[] {
	const hasQuery = segment.query !== undefined && segment.query.trim() !== '';
	if (segment.type === 'static' && hasQuery) {
		throw invalidInput(
			'A static segment cannot have a query.',
			'Choose the type Dynamic or Mixed for a query, or leave Query empty.',
		);
	}
	if (segment.type !== 'static' && !hasQuery) {
		throw invalidInput(`A ${segment.type} segment needs a query.`, 'Fill in Query.');
	}
	if (segment.type === 'dynamic') {
		if (segment.groups === undefined || segment.groups.length === 0) return [];
		throw invalidInput(
			'A dynamic segment cannot have groups; its query decides who is in it.',
			'Choose the type Mixed for a query and groups, or leave the groups out.',
		);
	}
	const groups = (segment.groups?.length ? segment.groups : [{ name: 'Members 1' }]).map(newGroup);
	checkGroups(groups);
	return groups;
}

interface NewRows {
	readonly definitionId: string;
	readonly definition: EntityRow;
	readonly id: string;
	readonly segment: EntityRow;
}

async function newRows(
	tables: RealTimeTables,
	segment: NewRealTimeSegment,
	groups: readonly StaticGroup[],
	ids: SegmentIds,
): Promise<NewRows> {
	const fields = fieldsToRows(segment);
	const definition: Record<string, unknown> = {
		[DEFINITION_KEY]: ids.definitionId,
		msdynmkt_name: segment.name.trim(),
		// An empty text was seen to work for a segment with groups only.
		msdynmkt_segmentquery: '',
		...fields.definition,
		statecode: 0,
		statuscode: DEFINITION_STATUS.draft,
	};
	if (groups.length > 0) {
		const columns = await tables.columns(DEFINITION_TABLE);
		if (columns !== undefined && !columns.has('msdynmkt_staticlistmembers'))
			throw withoutGroups(segment.name);
		definition.msdynmkt_staticlistmembers = printGroups(groups);
	}
	const row: Record<string, unknown> = {
		[SEGMENT_KEY]: ids.id,
		[DEFINITION_LINK]: ids.definitionId,
		...fields.segment,
		msdynmkt_type: segment.type === 'static' ? SEGMENT_TYPE.static : SEGMENT_TYPE.dynamic,
		// Here alone, where every source lists it: not every environment has it on the definition. Assumption: realTimeSourceCreated
		msdynmkt_source: SEGMENT_SOURCE.realTime,
		msdynmkt_baseentitylogicalname: segment.audience,
		statecode: 1,
		statuscode: SEGMENT_STATUS.inactive,
	};
	if (segment.scope !== undefined) row.msdynmkt_scope = SEGMENT_SCOPE[segment.scope];
	if (segment.businessUnitId !== undefined && segment.businessUnitId !== '') {
		const unit = checkedId(segment.businessUnitId, 'business unit');
		row['owningbusinessunit@odata.bind'] = `/businessunits(${unit})`;
	}
	if (await tables.has(SEGMENT_TABLE, 'msdynmkt_cdmpartitionprimarykeycolumn')) {
		row.msdynmkt_cdmpartitionprimarykeycolumn = AUDIENCE_KEY[segment.audience];
	}
	return { ...ids, definition, segment: row };
}

async function createBoth(client: DataverseClient, rows: NewRows): Promise<void> {
	try {
		await client.changeSet(
			[
				{ method: 'POST', path: DEFINITION_SET, body: rows.definition },
				{ method: 'POST', path: SEGMENT_SET, body: rows.segment },
			],
			{ made: async () => await areThere(client, rows) },
		);
	} catch (error) {
		if (!mayBeAgainstChangeSets(error)) throw error;
		await createOneByOne(client, rows);
	}
}

/**
 * Whether the two rows are those of this call: another execution that creates a segment of the name at the same moment sends
 * the same ids.
 */
async function areThere(client: DataverseClient, rows: NewRows): Promise<boolean> {
	const select = [DEFINITION_LINK, 'msdynmkt_displayname'];
	const segment = await client.findRow(SEGMENT_SET, rows.id, { select });
	if (segment === undefined || !select.every((column) => segment[column] === rows.segment[column]))
		return false;
	const definition = await client.findRow(DEFINITION_SET, rows.definitionId, {
		select: ['msdynmkt_segmentquery'],
	});
	// An empty text may read back as null. Assumption: emptyText
	const query = ownString(definition, 'msdynmkt_segmentquery') ?? '';
	return definition !== undefined && query === (rows.definition.msdynmkt_segmentquery ?? '');
}

/**
 * Whether it was the batch that was refused cannot be told from the refusal of a row. The rows are then sent on their own,
 * with the same ids: a row that is at fault is refused again, with its own error. Assumption: realTimeChangeSets
 */
function mayBeAgainstChangeSets(error: unknown): boolean {
	if (!(error instanceof DataverseError) || error.mayHaveActed) return false;
	return error.status === 400 || error.status === 404 || error.status === 405 || error.status === 501;
}

async function createOneByOne(client: DataverseClient, rows: NewRows): Promise<void> {
	const { id, definitionId, definition, segment } = rows;
	await client.createRow(DEFINITION_SET, definition, { column: DEFINITION_KEY, id: definitionId });
	try {
		await client.createRow(SEGMENT_SET, segment, { column: SEGMENT_KEY, id });
	} catch (error) {
		throw await takenBack(client, definitionId, error);
	}
}

/** Deletes the definition whose segment could not be made; the error names it when even that fails. */
async function takenBack(client: DataverseClient, definitionId: string, error: unknown): Promise<unknown> {
	try {
		await client.deleteRow(DEFINITION_SET, definitionId);
		return error;
	} catch (deletion) {
		if (isMissingRow(deletion) || !(error instanceof DataverseError)) return error;
		return errorWith(error, {
			message: `${error.message} A definition without a segment was left behind: ${definitionId}.`,
			remedy: `${error.remedy} Remove the leftover with Delete and the ID ${definitionId}.`,
			mayHaveActed: true,
		});
	}
}
