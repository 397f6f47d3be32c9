/** Members of real-time segments. */

import type { INodeProperties } from 'n8n-workflow';

import { invalidInput } from '../../../../core/dataverse/errors/errors';
import { GROUP_LIMIT, GROUP_SIZE_LIMIT } from '../../../../core/segments/realTime';
import type { RealTimeSegment } from '../../../../core/segments/realTime';
import { chooseGroup } from '../../../../core/segments/realTime/members/groups';
import type { Segment } from '../../../../core/segments/types';
import type { OperationContext } from '../../../shared/operation';
import { readChoice } from '../../../shared/read';
import { createIfMissing, ifSegmentIsMissing } from '../../delivery/ifMissing';
import type { SystemMembers } from '../systemMembers';
import { group, readGroup } from './group';
import { knownMembers } from './knownMembers';
import { publishAfterChanges, publishAsAsked } from './publish';

const audience: INodeProperties = {
	displayName: 'Audience of New Segment',
	name: 'audienceOfNewSegment',
	type: 'options',
	default: 'contact',
	options: [
		{ name: 'Contacts', value: 'contact' },
		{ name: 'Leads', value: 'lead' },
	],
	displayOptions: { show: { ifSegmentIsMissing: ['create'] } },
	description: 'Whether the new segment is made of contacts or leads',
};

export const realTimeMembersSystem: SystemMembers = {
	options: (change) => [
		group,
		// Nobody is in a segment that does not exist, so there is nothing to remove.
		...(change === 'remove' ? [] : [audience, ifSegmentIsMissing]),
		publishAfterChanges,
	],
	readOptions: [group],
	hasConsent: true,
	createsPeople: true,
	hasSources: true,
	mostPeople: GROUP_LIMIT * GROUP_SIZE_LIMIT,
	personTableOf: (segment) => {
		const table = asRealTime(segment).audience;
		if (table === 'contact' || table === 'lead') return table;
		throw invalidInput(
			`Segment "${segment.name}" contains rows of the table "${table}", but people are looked up only among contacts and leads.`,
			'Identify By ID, without looking people up.',
		);
	},
	namesPeople: (segment) => ['contact', 'lead'].includes(asRealTime(segment).audience),
	segmentOf: async (context, read, itemIndex) =>
		await createIfMissing(context, read, itemIndex, async (name) => {
			const isLead =
				readChoice(context.functions, 'options.audienceOfNewSegment', itemIndex, ['contact', 'lead']) ===
				'lead';
			const once = await context.realTime.createOnce({
				name,
				type: 'static',
				audience: isLead ? 'lead' : 'contact',
			});
			return once.kind === 'found' ? once.found : await context.realTime.get(once.created.id);
		}),
	access: async (context, segment, change, itemIndex) => {
		const access = accessTo(context, segment, itemIndex);
		await access.prepare(change === 'remove' ? 'remove' : 'add', 0);
		if (change === 'sync' && segment.query !== undefined) {
			context.hint(
				`"${segment.name}" has a query as well: only the people in its groups are synced, and people whom the query selects stay members.`,
			);
		}
		return access;
	},
	reader: accessTo,
	members: async (context, segment, itemIndex) =>
		await knownMembers(
			asRealTime(segment),
			accessTo(context, segment, itemIndex),
			readGroup(context.functions, itemIndex) !== undefined,
		),
	afterwards: async (context, segment, report, itemIndex) =>
		await publishAsAsked(context, asRealTime(segment), report, itemIndex),
};

/** @throws DataverseError for a group that the segment does not have, with the names of those it has. */
function accessTo({ functions, realTime }: OperationContext, segment: Segment, itemIndex: number) {
	const choice = readGroup(functions, itemIndex);
	if (choice !== undefined) chooseGroup(realTime.groups(asRealTime(segment)), choice, segment.name);
	return realTime.members(segment, { group: choice });
}

/** The resource decides which system reads the segment. */
function asRealTime(segment: Segment): RealTimeSegment {
	return segment as RealTimeSegment;
}
