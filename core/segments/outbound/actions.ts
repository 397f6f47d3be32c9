/** Calling the three actions of the outbound Segmentation API. */

import type { DataverseClient } from '../../dataverse/client';
import { requireDone } from '../../dataverse/http/acknowledgement';
import { explainRemoval } from './removal';

export const UPDATE_ACTION = 'msdyncrm_SegmentMembersUpdate';
export const FETCH_ACTION = 'msdyncrm_FetchContactsByQuery';
export const VALIDATE_ACTION = 'msdyncrm_ValidateSegment';

/**
 * Calls an action; a refusal that the removal of outbound marketing can explain says so.
 * @param repeatable whether doing it twice changes nothing more than once; by query it may
 */
export async function callOutbound(
	client: DataverseClient,
	action: string,
	parameters: Readonly<Record<string, unknown>>,
	repeatable = true,
): Promise<unknown> {
	const reads = action !== UPDATE_ACTION || parameters.msdyncrm_operation === 'getState';
	try {
		const isChange = (reply: unknown) => {
			// Assumption: outboundUpdateReply
			if (!reads) requireDone(reply, action);
			return !reads;
		};
		return await client.action(action, parameters, { repeatable, reads, isChange });
	} catch (error) {
		throw explainRemoval(error, action);
	}
}
