import type { IDataObject, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { errorWith } from '../../../../core/dataverse/errors/decodeError';
import { DataverseError, invalidInput } from '../../../../core/dataverse/errors/errors';
import { parseGuid } from '../../../../core/dataverse/text/guid';
import { copyFromOutbound, type CopyPlan } from '../../../../core/segments/copyToRealTime/convert';
import { contactRelationships } from '../../../../core/segments/copyToRealTime/convertFacts';
import type { CreatedRealTimeSegment, NewRealTimeSegment } from '../../../../core/segments/realTime';
import type { Segment } from '../../../../core/segments/types';
import { asError } from '../../../shared/errors';
import type { ItemOperation, OperationContext } from '../../../shared/operation';
import { groupFields, toJson } from '../../../shared/output';
import { giveUpAfter, optionsCollection } from '../../../shared/parameters';
import { readEntries, readOptionalText } from '../../../shared/read';
import { readSegment, segmentLocator } from '../../../shared/segmentLocator';
import { tellOtherUnit } from '../realTime/create';
import { addFirstMembers } from '../shared/firstMembers';

/** Columns that only some copies need; environments differ in whether they have them. */
const FURTHER_COLUMNS = ['msdyncrm_segmentmemberids', 'msdyncrm_segmentfilterquery'];

const newName: INodeProperties = {
	displayName: 'New Name',
	name: 'newName',
	type: 'string',
	default: '',
	placeholder: 'e.g. Newsletter readers',
	description: 'Display name of the copy; when empty, the name of the outbound segment',
};

const counterparts: INodeProperties = {
	displayName: 'Counterparts',
	name: 'counterparts',
	type: 'fixedCollection',
	typeOptions: {
		multipleValues: true,
		fixedCollection: { itemTitle: '={{ $collection.item.value.nameInQuery }}' },
	},
	placeholder: 'Add Counterpart',
	default: {},
	description: 'Real-time segments that replace the outbound segments named in the query',
	options: [
		{
			displayName: 'Counterpart',
			name: 'counterpart',
			values: [
				{
					displayName: 'Name in the Query',
					name: 'nameInQuery',
					type: 'string',
					default: '',
					placeholder: 'e.g. SEGMENT_CRM_ID_1405f4ba1ee9e811a99d000d3a35f12f',
					description: 'The name inside SEGMENT(…) in the outbound query',
				},
				{
					displayName: 'Real-Time Segment ID',
					name: 'realTimeId',
					type: 'string',
					default: '',
					placeholder: 'e.g. b5466fbb-2cef-e911-a81d-000d3a6d200c',
				},
			],
		},
	],
};

export const copyToRealTime: ItemOperation = {
	value: 'copyToRealTime',
	name: 'Copy to Real-Time',
	action: 'Copy outbound segment',
	description:
		'Create a real-time draft from what can be carried over, and list what cannot; the outbound segment stays as it is',
	properties: [segmentLocator, optionsCollection([counterparts, giveUpAfter, newName])],
	async runItem(context, itemIndex) {
		const segments = readCounterparts(context, itemIndex);
		const outbound = await readWithMembers(context, itemIndex);
		const relationships = /TRAVERSE/i.test(outbound.query ?? '')
			? await contactRelationships(context.client)
			: [];
		const plan = copyFromOutbound(outbound, { relationships, segments });
		const { draft } = plan;
		if (draft === undefined) {
			context.hint(
				`"${outbound.name}" was not copied: nothing of it can be carried over. The output says why.`,
				'warning',
			);
			return [item(outbound, plan, { copied: false, id: null }, itemIndex)];
		}
		const name = readOptionalText(context.functions, 'options.newName', itemIndex) ?? draft.name;
		const made = await writeDraft(context, { ...draft, name }, plan);
		return [item(outbound, plan, { copied: true, name, ...made }, itemIndex)];
	},
};

/** Where the environment lacks a further column, the segment is read without it: there is then nothing to carry over. */
async function readWithMembers(context: OperationContext, itemIndex: number): Promise<Segment> {
	const segment = await readSegment(context, itemIndex);
	if (segment.type !== 'static') return segment;
	try {
		return await context.outbound.get(segment.id, FURTHER_COLUMNS);
	} catch (error) {
		if (error instanceof DataverseError && error.status === 400) return segment;
		throw asError(error);
	}
}

function readCounterparts({ functions }: OperationContext, itemIndex: number): ReadonlyMap<string, string> {
	const found = new Map<string, string>();
	for (const entry of readEntries(functions, 'options.counterparts', 'counterpart', itemIndex)) {
		const name = String(entry.nameInQuery ?? '')
			.replace(/^\s*SEGMENT\s*\(\s*|\s*\)\s*$/gi, '')
			.trim();
		const id = parseGuid(String(entry.realTimeId ?? ''));
		if (name === '' || id === undefined) {
			throw invalidInput(
				'A counterpart needs the name used in the query and the ID of a real-time segment.',
				'Fill in both, or remove the entry.',
			);
		}
		found.set(name, id);
	}
	return found;
}

/** A second run is refused rather than leaving two segments of one name behind. */
async function writeDraft(
	context: OperationContext,
	draft: NewRealTimeSegment,
	{ memberIds }: CopyPlan,
): Promise<IDataObject> {
	const [same] = (await context.realTime.findByName(draft.name)).filter(
		({ source }) => source !== 'outbound',
	);
	if (same !== undefined) {
		throw invalidInput(
			`There already is a real-time segment named "${draft.name}": ${same.id} (${same.rawStatus.label}).`,
			'Fill in New Name under Options to make another copy, or delete that segment first.',
		);
	}
	const created = await context.realTime.create(draft);
	for (const warning of created.warnings) context.hint(warning, 'warning');
	tellOtherUnit(context, created, draft.name);
	const json: IDataObject = {
		id: created.id,
		definitionId: created.definitionId,
		url: created.url,
		type: draft.type,
		status: 'draft',
		groups: groupFields(created.groups),
		query: draft.query ?? null,
	};
	if (memberIds.length === 0) return json;
	return { ...json, members: await addMembers(context, created, draft.name, memberIds) };
}

async function addMembers(
	context: OperationContext,
	{ id }: CreatedRealTimeSegment,
	name: string,
	ids: readonly string[],
): Promise<IDataObject> {
	try {
		const segment = await context.realTime.get(id);
		const access = context.realTime.members(segment);
		const why = `"${name}" gets the members that were still in the row of the outbound segment`;
		return toJson(await addFirstMembers(context, segment, { access, ids, why }));
	} catch (error) {
		if (!(error instanceof DataverseError) || error.kind === 'cancelled') throw asError(error);
		throw errorWith(error, {
			message: `The draft "${name}" was created (${id}), but not all of its members were added: ${error.message}`,
			remedy: `${error.remedy} Then add them with Dynamics 365 Segment Members, or delete the draft and copy again.`,
		});
	}
}

function item(
	outbound: Segment,
	{ carriedOver, notCarriedOver, toCheck }: CopyPlan,
	made: IDataObject,
	itemIndex: number,
): INodeExecutionData {
	const json: IDataObject = {
		...made,
		copiedFrom: outbound.id,
		carriedOver: [...carriedOver],
		notCarriedOver: notCarriedOver.map(({ what, reason }) => ({ what, reason })),
		toCheck: [...toCheck],
	};
	return { json, pairedItem: { item: itemIndex } };
}
