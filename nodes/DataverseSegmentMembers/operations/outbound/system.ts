/** Members of outbound segments. */

import type { INodeProperties } from 'n8n-workflow';

import { OUTBOUND_IDS_PER_CALL, requireStatic } from '../../../../core/segments/outbound/members';
import { readNumber } from '../../../shared/read';
import { createIfMissing, ifSegmentIsMissing } from '../ifMissing';
import type { SystemMembers } from '../systemMembers';
import { waitAsAsked, waitUntilProcessed } from './pendingOption';

const idsPerCall: INodeProperties = {
	displayName: 'IDs per Call',
	name: 'idsPerCall',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: OUTBOUND_IDS_PER_CALL },
	default: OUTBOUND_IDS_PER_CALL,
	description: 'How many IDs to send at a time; smaller calls help where the service is slow or times out',
};

export const outboundMembersSystem: SystemMembers = {
	options: [idsPerCall, ifSegmentIsMissing, waitUntilProcessed],
	tableOf: () => 'contact',
	segmentOf: async (context, read, itemIndex) =>
		await createIfMissing(context, read, itemIndex, async (name) => {
			const { id } = await context.outbound.create({ name, type: 'static', goLive: true });
			return await context.outbound.get(id);
		}),
	access: (context, segment, itemIndex) => {
		requireStatic(segment);
		const size = readNumber(context.functions, 'options.idsPerCall', itemIndex, OUTBOUND_IDS_PER_CALL, 1);
		return context.outbound.members(segment, { idsPerCall: size });
	},
	afterwards: async (context, segment, _report, itemIndex) => await waitAsAsked(context, segment, itemIndex),
};
