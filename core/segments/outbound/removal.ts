/**
 * Microsoft removed outbound marketing from all environments in May 2026 (page "Notes about outbound marketing
 * removal", 2026-07-09). What its actions have answered since then is documented nowhere, so every refusal of one of
 * them, whatever its status, explains the removal in plain words beside the service's own text. Assumption: outboundRemoved
 */

import { errorWith, isMissingAction } from '../../dataverse/errors/decodeError';
import { DataverseError } from '../../dataverse/errors/errors';

/** What still works, for people whose flow meets the removal. */
export const STILL_WORKS =
	'The table remains: Get, Get Many, Get Status and Delete still work on outbound segments. For an audience that is in use today choose the resource Real-Time Segment.';

const REMOVED = 'Microsoft removed the outbound Segmentation API from all environments in May 2026.';

/** Rewords the absence of the outbound table or of one of its actions; other errors pass as they are. */
export function explainMissingOutbound(error: unknown, what: string): unknown {
	if (!(error instanceof DataverseError) || !isMissingAction(error)) return error;
	return errorWith(error, {
		message: `${REMOVED} "${what}" does not exist in this environment.`,
		remedy: STILL_WORKS,
	});
}

/** As `explainMissingOutbound`, and says of any other refusal of an action that the removal may be behind it. */
export function explainRemoval(error: unknown, action: string): unknown {
	const explained = explainMissingOutbound(error, action);
	if (explained !== error || !(error instanceof DataverseError)) return explained;
	const mayBeRemoval = error.kind === 'refused' || (error.kind === 'unavailable' && error.status === 500);
	if (!mayBeRemoval) return error;
	return errorWith(error, { remedy: `${error.remedy} Note: ${REMOVED} ${STILL_WORKS}` });
}
