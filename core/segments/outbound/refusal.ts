/** What a refused definition means to the person who sent it: the service says little, and in one code. */

import { errorWith } from '../../dataverse/errors/decodeError';
import { DataverseError } from '../../dataverse/errors/errors';
import type { NewOutboundSegment } from './create';

/**
 * Rewords the 400 that answers a create or a go live whose definition the service does not accept. No form of its body is
 * relied on. Assumption: outboundGoLiveRefusal
 */
export function explainGoLiveRefusal(error: unknown, name: string): unknown {
	if (!isRefusal(error)) return error;
	return errorWith(error, {
		message: `The service checked "${name}" and refused to take it live.`,
		remedy: 'Correct the definition: Validate lists what is known to be wrong with it.',
	});
}

/** Rewords the refusal of a new row by what in it is known to differ between environments. */
export function explainCreateRefusal(error: unknown, segment: NewOutboundSegment): unknown {
	if (!isRefusal(error)) return error;
	const text = `${error.serviceText ?? ''}`;
	if (segment.queryColumn === 'msdyncrm_query' && /msdyncrm_query/.test(text)) {
		return errorWith(error, {
			message: 'The table has no column msdyncrm_query in this environment.',
			remedy: 'Set Query Column to Segment Query (Table Column), or leave it out.',
		});
	}
	if (segment.memberIds?.length && !segment.crmPrefix && /member/i.test(text)) {
		return errorWith(error, {
			message: 'The service did not accept the IDs of the first members.',
			remedy: 'Turn on Member ID Prefix; the oldest segmentation backend needs it.',
		});
	}
	return segment.goLive ? explainGoLiveRefusal(error, segment.name) : error;
}

function isRefusal(error: unknown): error is DataverseError {
	return error instanceof DataverseError && error.kind === 'refused' && error.status === 400;
}
