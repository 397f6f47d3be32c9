import type { INodeExecutionData } from 'n8n-workflow';

import { readPeople } from '../../../core/people/readPeople';
import type { Segment } from '../../../core/segments/types';
import { passedOn } from '../../shared/errors';
import type { BulkOperation, OperationContext } from '../../shared/operation';
import { giveUpAfter, optionsCollection } from '../../shared/parameters';
import { readSegment, segmentLocator } from '../../shared/segmentLocator';
import { sideBySide } from '../../shared/sideBySide';
import { identifyOptions, needsLookUp, readIdentify, readIdentifyOptions } from '../input/identify';
import { peopleProperties, peopleSource } from '../input/source';
import { groupBySegment, MOST_SEGMENTS, segmentDiffersPerItem } from '../delivery/groupItemsBySegment';
import type { SystemMembers } from './systemMembers';

/** Which of these people are members; nothing is written. */
export function checkMembership(system: SystemMembers): BulkOperation {
	return {
		value: 'checkMembership',
		name: 'Check Membership',
		action: 'Check membership of people',
		description: 'Find out which of these people are members of a segment',
		properties: [
			segmentLocator,
			...peopleProperties,
			optionsCollection([giveUpAfter, ...identifyOptions, ...system.readOptions]),
		],
		runAll: async (context) => {
			if (!segmentDiffersPerItem(context.functions)) {
				const all = context.items.map((_, index) => index);
				return await checkOne(context, system, await readSegment(context, 0), all);
			}
			const groups = await groupBySegment(context);
			const { results, failures } = await sideBySide(
				groups,
				MOST_SEGMENTS,
				async ({ segment, itemIndices }) => await checkOne(context, system, segment, itemIndices),
			);
			const [error] = failures.values();
			if (failures.size > 0) throw passedOn(error);
			return results.flatMap((outputs) => outputs ?? []);
		},
	};
}

/** The members are read once, in as few calls as there are pages, whatever the number of people asked about. */
async function checkOne(
	context: OperationContext,
	system: SystemMembers,
	segment: Segment,
	itemIndices: readonly number[],
): Promise<INodeExecutionData[]> {
	const { functions, client } = context;
	const first = itemIndices[0] ?? 0;
	const source = peopleSource(functions, itemIndices);
	const roster = await readPeople(source.rows, readIdentify(functions, first), {
		...readIdentifyOptions(functions, first),
		table: needsLookUp(functions, first) ? system.tableOf(segment) : 'contact',
		client,
		expectedRows: source.expectedRows,
	});
	const members = await system.members(context, segment, first);
	if (members.caveat !== undefined) context.hint(members.caveat, 'warning');
	return Array.from({ length: roster.rows }, (_, row) => {
		const { status, id, value, reason } = roster.rowAt(row);
		const json = {
			segmentId: segment.id,
			row: row + 1,
			id: id ?? null,
			member: id === undefined ? null : (members.has(id) ?? null),
			...(status === 'duplicate' ? { duplicate: true } : {}),
			...(reason === undefined ? {} : { value: value ?? null, reason: reason.reason }),
		};
		return { json, pairedItem: { item: source.itemOfRow(row) } };
	});
}
