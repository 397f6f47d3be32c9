/** Failures of a poll, in the form that n8n's back-off looks at. */

import type { Failure, INode, NodeApiError, NodeOperationError } from 'n8n-workflow';

import { errorWith } from '../../core/dataverse/errors/decodeError';
import { DataverseError } from '../../core/dataverse/errors/errors';
import { toNodeError } from '../shared/errors';

const RIGHTS =
	'Give the user of the credential the right Read on Segment (msdynmkt_segment), Segment Definition (msdynmkt_segmentdefinition) and Segment Execution (msdynmkt_segmentexecution).';

/** Whether the failure may be over at the next poll. */
export function isPassing(error: unknown): boolean {
	if (!(error instanceof DataverseError)) return false;
	switch (error.kind) {
		case 'cancelled':
		case 'connection':
		case 'gaveUp':
		case 'throttled':
		case 'unavailable':
			return true;
		case 'forbidden':
		case 'invalidInput':
		case 'notFound':
		case 'refused':
		case 'signIn':
		case 'unexpectedReply':
			return false;
	}
}

/** @param outOfTimeMs the budget of the poll, where it was used up */
export function pollError(
	node: INode,
	error: unknown,
	outOfTimeMs: number | undefined,
): NodeApiError | NodeOperationError {
	const told = inWordsOfPolls(error, outOfTimeMs);
	const nodeError = toNodeError(node, told);
	const failure = failureOf(told);
	if (failure !== undefined) nodeError.failure ??= failure;
	return nodeError;
}

function inWordsOfPolls(error: unknown, outOfTimeMs: number | undefined): unknown {
	if (!(error instanceof DataverseError)) return error;
	switch (error.kind) {
		case 'cancelled':
		case 'gaveUp':
			return new DataverseError({
				kind: 'unavailable',
				message:
					outOfTimeMs === undefined
						? 'The environment asks to wait for longer than a poll may take.'
						: `The environment did not answer in the ${Math.round(outOfTimeMs / 1000)} seconds that the poll had.`,
				remedy:
					'Nothing is lost: the next poll begins where this one did. If this continues, poll less often or watch fewer segments.',
				retryAfterMs: error.retryAfterMs,
			});
		case 'forbidden':
			return errorWith(error, { remedy: RIGHTS });
		default:
			return error;
	}
}

/** What only the user can put right: n8n polls less often until then. */
function failureOf(error: unknown): Failure | undefined {
	if (!(error instanceof DataverseError)) return undefined;
	const isOfSettings =
		error.kind === 'invalidInput' || error.kind === 'notFound' || error.kind === 'forbidden';
	return isOfSettings ? { cause: 'configuration-invalid' } : undefined;
}
