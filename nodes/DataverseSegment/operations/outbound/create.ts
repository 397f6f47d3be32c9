import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { MembersReport } from '../../../../core/accounting/report';
import type { CreatedOutboundSegment, NewOutboundSegment } from '../../../../core/segments/outbound/create';
import type { ItemOperation, OperationContext } from '../../../shared/operation';
import { toJson } from '../../../shared/output';
import { giveUpAfter, optionsCollection } from '../../../shared/parameters';
import { explaining } from '../../../shared/query';
import { addFirstMembers } from '../shared/firstMembers';
import { tellSameName } from '../shared/tellSameName';
import { nameField } from '../shared/fields';
import { creationOptions, queryFields, readNewSegment, typeField } from './fields';

export const create: ItemOperation = {
	value: 'create',
	name: 'Create',
	action: 'Create segment',
	description: 'Create a static, dynamic or compound segment',
	properties: [nameField, typeField, ...queryFields, optionsCollection([...creationOptions, giveUpAfter])],
	async runItem(context, itemIndex) {
		const { segment, query } = await readNewSegment(context, itemIndex);
		return [await explaining(query, createSegment(context, segment, itemIndex))];
	},
};

/** Creates the segment; first members that the row cannot hold are added by calls before it goes live. */
async function createSegment(
	context: OperationContext,
	segment: NewOutboundSegment,
	itemIndex: number,
): Promise<INodeExecutionData> {
	const created = await context.outbound.create(segment);
	await tellSameName(context, { id: created.id, name: segment.name });
	return await createdItem(context, created, segment, itemIndex);
}

/**
 * The item of a new segment; members that its row had no room for are added first.
 * @throws DataverseError when adding them fails: the segment is there then, with a part of them
 */
export async function createdItem(
	context: OperationContext,
	created: CreatedOutboundSegment,
	segment: NewOutboundSegment,
	itemIndex: number,
): Promise<INodeExecutionData> {
	const members = created.membersInRow ? undefined : await addRemaining(context, created, segment);
	const json: IDataObject = {
		id: created.id,
		url: created.url,
		name: segment.name,
		type: segment.type,
		status: segment.goLive ? 'goingLive' : 'draft',
		created: true,
	};
	if (segment.query !== undefined) json.query = segment.query;
	if (members !== undefined) json.members = toJson(members);
	return { json, pairedItem: { item: itemIndex } };
}

async function addRemaining(
	context: OperationContext,
	created: CreatedOutboundSegment,
	segment: NewOutboundSegment,
): Promise<MembersReport> {
	const made = await context.outbound.get(created.id);
	const report = await addFirstMembers(context, made, {
		access: context.outbound.members(made),
		ids: segment.memberIds ?? [],
		why: `"${segment.name}" has more first members than its row can hold`,
	});
	if (segment.goLive) await context.outbound.goLive(made.id);
	return report;
}
