/** What it means when the environment knows neither the tables nor the actions of real-time segments. */

import { errorWith, isMissingAction } from '../../../dataverse/errors/decodeError';
import { DataverseError } from '../../../dataverse/errors/errors';

/** Rewords "no such table or action"; every other error is returned as it is. Assumption: realTimeInstalled */
export function explainMissingRealTime(error: unknown, what = 'msdynmkt_segment'): unknown {
	if (!(error instanceof DataverseError) || !isMissingAction(error)) return error;
	return errorWith(error, {
		message: `This environment does not have "${what}": real-time journeys are not installed in it, or are too old.`,
		remedy:
			'Check "Environment URL" in the credential, and that Dynamics 365 Customer Insights - Journeys is installed and up to date there.',
	});
}
