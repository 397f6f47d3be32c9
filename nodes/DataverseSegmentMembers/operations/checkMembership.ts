import type { INodeExecutionData } from 'n8n-workflow';

import { DataverseError } from '../../../core/dataverse/errors';
import type { Segment } from '../../../core/segments/types';
import type { BulkOperation, OperationContext } from '../../shared/operation';
import { giveUpAfter, optionsCollection } from '../../shared/parameters';
import { readSegment, segmentLocator } from '../../shared/segmentLocator';
import { memberSourceProperties, readMembers } from './memberSource';
import { groupBySegment, segmentDiffersPerItem } from './perSegment';

export const checkMembership: BulkOperation = {
	value: 'checkMembership',
	name: 'Check Membership',
	action: 'Check membership of people',
	description: 'Find out which of these people are members of a segment',
	properties: [segmentLocator, ...memberSourceProperties, optionsCollection([giveUpAfter])],
	async runAll(context) {
		const all = context.items.map((_, index) => index);
		if (!segmentDiffersPerItem(context.functions)) {
			const sourced = readMembers(context.functions, all);
			const segment = await readSegment(context, 0);
			return await checkOne(context, segment, sourced);
		}
		const outputs: INodeExecutionData[][] = [];
		for (const { segment, itemIndices } of await groupBySegment(context)) {
			outputs.push(await checkOne(context, segment, readMembers(context.functions, itemIndices)));
		}
		return outputs.flat();
	},
};

/** The members are read once, in as few calls as there are pages, whatever the number of people asked about. */
async function checkOne(
	context: OperationContext,
	segment: Segment,
	{ roster, itemOfRow }: ReturnType<typeof readMembers>,
): Promise<INodeExecutionData[]> {
	const members = new Set<string>();
	for await (const page of context.system.members(segment).pages({})) {
		if (page.unknownReply !== undefined) throw unreadable(segment);
		for (const id of page.ids) members.add(id);
	}
	return Array.from({ length: roster.rows }, (_, row) => {
		const { fate, id, value, reason } = roster.rowAt(row);
		const json = {
			segmentId: segment.id,
			row: row + 1,
			id: id ?? null,
			member: id === undefined ? null : members.has(id),
			...(fate === 'duplicate' ? { duplicate: true } : {}),
			...(reason === undefined ? {} : { value: value ?? null, reason: reason.reason }),
		};
		return { json, pairedItem: { item: itemOfRow(row) } };
	});
}

function unreadable(segment: Segment): DataverseError {
	return new DataverseError({
		kind: 'unexpectedReply',
		message: `The members of "${segment.name}" came in a form that is not known, so nobody could be checked.`,
		remedy: 'Use Get Many to see the answer as it came.',
	});
}
