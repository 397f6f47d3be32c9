import type { INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { invalidInput } from '../../../../core/dataverse/errors/errors';
import type { NewOutboundSegment } from '../../../../core/segments/outbound/create';
import type { Segment } from '../../../../core/segments/types';
import type { ItemOperation, OperationContext } from '../../../shared/operation';
import { segmentFields } from '../../../shared/output';
import { giveUpAfter, optionsCollection } from '../../../shared/parameters';
import { explaining } from '../../../shared/query';
import { createdItem } from './create';
import { nameField } from '../shared/fields';
import { creationOptions, queryFields, readNewSegment, typeField } from './fields';
import { severalMatch } from '../shared/severalMatch';

const name: INodeProperties = {
	...nameField,
	description:
		'The segment with exactly this name is updated. If there is none, it is created; if there are several, the node refuses.',
};

export const createOrUpdate: ItemOperation = {
	value: 'upsert',
	name: 'Create or Update',
	action: 'Create or update segment',
	description: 'Create a new record, or update the current one if it already exists (upsert)',
	properties: [name, typeField, ...queryFields, optionsCollection([...creationOptions, giveUpAfter])],
	async runItem(context, itemIndex) {
		const { segment: wanted, query } = await readNewSegment(context, itemIndex);
		return [await explaining(query, upserted(context, wanted, itemIndex))];
	},
};

/** Two executions that create the same name at the same moment make one segment: the second finds that of the first. */
async function upserted(
	context: OperationContext,
	wanted: NewOutboundSegment,
	itemIndex: number,
): Promise<INodeExecutionData> {
	const [found, ...others] = await context.outbound.findByName(wanted.name);
	if (found !== undefined && others.length > 0)
		throw severalMatch(wanted.name, [found, ...others], 'use Update with');
	if (found !== undefined) return await updateSegment(context, found, wanted, itemIndex);
	const once = await context.outbound.createOnce(wanted);
	return once.kind === 'created'
		? await createdItem(context, once.created, wanted, itemIndex)
		: await updateSegment(context, once.found, wanted, itemIndex);
}

async function updateSegment(
	context: OperationContext,
	found: Segment,
	wanted: NewOutboundSegment,
	itemIndex: number,
): Promise<INodeExecutionData> {
	if (found.type !== wanted.type) throw otherType(found, wanted);
	const { description, query, queryColumn, scope, timeZone } = wanted;
	const changes = { description, query, queryColumn, scope, timeZone };
	const hasChanges = [description, query, scope, timeZone].some((value) => value !== undefined);
	if (hasChanges) await context.outbound.update(found, changes);
	if (wanted.goLive) await context.outbound.goLive(found.id);
	const now = await context.outbound.get(found.id);
	if (wanted.memberIds?.length) {
		context.hint(
			`"${now.name}" already exists, so its Member IDs were left out. Use Dynamics 365 Segment Members for them.`,
			'warning',
		);
	}
	const json = { ...segmentFields(now), created: false, query: query ?? now.query ?? null };
	return { json, pairedItem: { item: itemIndex } };
}

function otherType(found: Segment, wanted: NewOutboundSegment) {
	return invalidInput(
		`Segment "${found.name}" exists and is ${found.type}; it cannot become ${wanted.type}.`,
		'Choose the type it has, or another name.',
	);
}
