import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { errorWith } from '../../../../core/dataverse/errors/decodeError';
import { DataverseError } from '../../../../core/dataverse/errors/errors';
import type { CreatedRealTimeSegment, NewRealTimeSegment } from '../../../../core/segments/realTime';
import type { SegmentStatus } from '../../../../core/segments/status';
import { asError } from '../../../shared/errors';
import type { ItemOperation, OperationContext } from '../../../shared/operation';
import { groupFields } from '../../../shared/output';
import { giveUpAfter, optionsCollection } from '../../../shared/parameters';
import { explaining } from '../../../shared/query';
import { tellSameName } from '../shared/tellSameName';
import { nameField } from '../shared/fields';
import {
	audienceField,
	creationOptions,
	queryFields,
	readNewSegment,
	typeField,
	type WantedSegment,
} from './fields';
import { groupsField } from './groups';

export const create: ItemOperation = {
	value: 'create',
	name: 'Create',
	action: 'Create segment',
	description: 'Create a static, dynamic or mixed segment',
	properties: [
		nameField,
		typeField,
		audienceField,
		...queryFields,
		optionsCollection([...creationOptions, giveUpAfter, groupsField]),
	],
	async runItem(context, itemIndex) {
		const wanted = await readNewSegment(context, itemIndex);
		return [await explaining(wanted.query, createSegment(context, wanted, itemIndex))];
	},
};

/** Creates the segment as a draft, and publishes it when that is wanted. */
export async function createSegment(
	context: OperationContext,
	{ segment, goLive }: Pick<WantedSegment, 'goLive' | 'segment'>,
	itemIndex: number,
): Promise<INodeExecutionData> {
	const created = await context.realTime.create(segment);
	await tellSameName(context, { id: created.id, name: segment.name });
	return await createdItem(context, created, { segment, goLive }, itemIndex);
}

/** What was created, published when that is wanted. */
export async function createdItem(
	context: OperationContext,
	created: CreatedRealTimeSegment,
	{ segment, goLive }: Pick<WantedSegment, 'goLive' | 'segment'>,
	itemIndex: number,
): Promise<INodeExecutionData> {
	for (const warning of created.warnings) context.hint(warning, 'warning');
	if (!goLive) tellOtherUnit(context, created, segment.name);
	const status: SegmentStatus = goLive ? await publishNew(context, created, segment) : 'draft';
	const json: IDataObject = {
		id: created.id,
		name: segment.name,
		type: segment.type,
		audience: segment.audience,
		status,
		created: true,
		groups: groupFields(created.groups),
		definitionId: created.definitionId,
		url: created.url,
	};
	if (segment.query !== undefined) json.query = segment.query;
	return { json, pairedItem: { item: itemIndex } };
}

/** A draft in another business unit is made, and what it will see is not what was asked for. */
export function tellOtherUnit(
	context: OperationContext,
	{ otherUnit }: CreatedRealTimeSegment,
	name: string,
): void {
	if (otherUnit === undefined) return;
	context.hint(`Segment "${name}" was created, and ${otherUnit.what} ${otherUnit.remedy}`, 'warning');
}

/** An error names the segment that was made: running Create again would make a second one. */
async function publishNew(
	context: OperationContext,
	{ id, otherUnit }: CreatedRealTimeSegment,
	{ name }: NewRealTimeSegment,
): Promise<SegmentStatus> {
	if (otherUnit !== undefined) {
		throw new DataverseError({
			kind: 'refused',
			message: `Segment "${name}" was created as a draft (${id}) and not published: ${otherUnit.what}`,
			remedy: `${otherUnit.remedy} The draft stays: take it live once it is in that business unit, or delete it before creating it again.`,
		});
	}
	try {
		return (await context.realTime.goLive(id)).segment.status;
	} catch (error) {
		if (!(error instanceof DataverseError) || error.kind === 'cancelled') throw asError(error);
		throw errorWith(error, {
			message: `Segment "${name}" was created as a draft (${id}). ${error.message}`,
			remedy: `${error.remedy} The draft stays: correct it with Update and take it live, or delete it before creating it again.`,
		});
	}
}
