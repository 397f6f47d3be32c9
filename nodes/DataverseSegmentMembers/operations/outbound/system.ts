/** Members of outbound segments. */

import type { INodeProperties } from 'n8n-workflow';

import { OUTBOUND_IDS_PER_CALL, requireStatic } from '../../../../core/segments/outbound/members';
import type { MemberAccess, Segment } from '../../../../core/segments/types';
import { readMembership } from '../../../../core/segments/outbound/readMembership';
import type { OperationContext } from '../../../shared/operation';
import { businessUnit, readScope, scope, timeZone } from '../../../shared/segmentScope';
import { readChoice, readNumber } from '../../../shared/read';
import { createIfMissing, ifSegmentIsMissing } from '../../delivery/ifMissing';
import type { SystemMembers } from '../systemMembers';
import { waitAsAsked, waitUntilProcessed } from './pendingOption';

const idsPerCall: INodeProperties = {
	displayName: 'IDs per Call',
	name: 'idsPerCall',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: OUTBOUND_IDS_PER_CALL },
	default: OUTBOUND_IDS_PER_CALL,
	description: 'How many IDs to send at a time; smaller calls help if the service is slow or times out',
};

const readWith: INodeProperties = {
	displayName: 'Read With',
	name: 'readWith',
	type: 'options',
	default: 'fetch',
	options: [
		{ name: 'FetchContactsByQuery', value: 'fetch', description: 'Recommended by Microsoft' },
		{ name: 'Link to the Segment', value: 'link', description: 'The earlier way, with a FetchXML link' },
	],
	description: 'Which of the two documented ways to use',
};

export const outboundMembersSystem: SystemMembers = {
	options: (change) => [
		idsPerCall,
		// Nobody is in a segment that does not exist, so there is nothing to remove.
		...(change === 'remove' ? [] : [ifSegmentIsMissing]),
		waitUntilProcessed,
	],
	readOptions: [businessUnit, readWith, scope, timeZone],
	hasConsent: false,
	createsPeople: false,
	hasSources: false,
	personTableOf: () => 'contact',
	namesPeople: () => true,
	segmentOf: async (context, read, itemIndex) =>
		await createIfMissing(context, read, itemIndex, async (name) => {
			const once = await context.outbound.createOnce({ name, type: 'static', goLive: true });
			return once.kind === 'found' ? once.found : await context.outbound.get(once.created.id);
		}),
	access: (context, segment, _change, itemIndex) => {
		requireStatic(segment);
		const size = readNumber(context.functions, 'options.idsPerCall', itemIndex);
		return Promise.resolve(context.outbound.members(segment, { idsPerCall: size }));
	},
	reader,
	members: async (context, segment, itemIndex) =>
		await readMembership(reader(context, segment, itemIndex).pages({})),
	afterwards: async (context, segment, _report, itemIndex) => await waitAsAsked(context, segment, itemIndex),
};

/** As the options for reading say. */
function reader(
	{ functions, outbound }: OperationContext,
	segment: Segment,
	itemIndex: number,
): MemberAccess {
	const readWith = readChoice(functions, 'options.readWith', itemIndex, ['fetch', 'link']);
	return outbound.members(segment, { ...readScope(functions, 'options', itemIndex), readBy: readWith });
}
