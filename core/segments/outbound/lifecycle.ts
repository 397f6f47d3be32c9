/** Go live, stop and delete for outbound segments. */

import type { DataverseClient } from '../../dataverse/client';
import { DataverseError } from '../../dataverse/errors/errors';
import { waitForSegment } from '../waitUntil';
import { isInUse } from '../status';
import type { LifecycleRequest, SegmentStatus } from '../status';
import type { DeleteOptions, LifecycleOutcome, Segment, Waiting } from '../types';
import { OUTBOUND_SET, OUTBOUND_STATUS } from './optionSets';
import { explainGoLiveRefusal } from './refusal';
import { impossibleTransition, transition } from './transitions';
import { stillInUse } from '../stillInUse';

type ReadSegment = (id: string) => Promise<Segment>;

/** Set by us; the service moves on from these by itself ("don't set Live or Stopped", how-to of 2025-06-26). */
const REQUESTED_STATUS: Readonly<Record<LifecycleRequest, number>> = {
	goLive: OUTBOUND_STATUS.goingLive,
	stop: OUTBOUND_STATUS.stopping,
};

const END_STATUSES: Readonly<Record<LifecycleRequest, readonly SegmentStatus[]>> = {
	goLive: ['live', 'liveWithWarnings'],
	stop: ['stopped'],
};

/**
 * Asks for a status change and, when told to, waits for its end. A segment that is there already, or on its way, is
 * not written to again. Throws before any write when the transition table has no such change, and when the service
 * ends in Error.
 */
export async function changeStatus(
	client: DataverseClient,
	read: ReadSegment,
	id: string,
	request: LifecycleRequest,
	waiting?: Waiting,
): Promise<LifecycleOutcome> {
	const segment = await read(id);
	const next = transition(request, segment.status);
	if (typeof next === 'object') throw impossibleTransition(request, segment, next.refuse);
	if (next === 'alreadyThere') return { segment, changed: false, timedOut: false };

	if (next === 'change') await requestStatus(client, segment, request);
	const changed = next === 'change';
	if (waiting === undefined) return { segment: changed ? await read(id) : segment, changed, timedOut: false };

	const ends = END_STATUSES[request];
	const outcome = await waitForSegment(
		client,
		() => read(id),
		(current) => ends.includes(current.status) || current.status === 'error' || current.status === 'expired',
		waiting,
	);
	if (!outcome.timedOut && !ends.includes(outcome.segment.status))
		throw endedElsewhere(request, outcome.segment);
	return { ...outcome, changed };
}

/**
 * The service may look at the definition at once and refuse, or later and end in Error: `endedElsewhere` says the second.
 * Assumption: outboundValidationOnUpdate
 */
async function requestStatus(
	client: DataverseClient,
	segment: Segment,
	request: LifecycleRequest,
): Promise<void> {
	const changes = { statuscode: REQUESTED_STATUS[request] };
	try {
		await client.updateRow(OUTBOUND_SET, segment.id, changes, { ifMatch: '*' });
	} catch (error) {
		throw request === 'goLive' ? explainGoLiveRefusal(error, segment.name) : error;
	}
}

/** Deletes the row; refuses while the segment is in use unless told to stop it first. */
export async function deleteOutbound(
	client: DataverseClient,
	read: ReadSegment,
	id: string,
	options: DeleteOptions,
): Promise<void> {
	const segment = await read(id);
	if (isInUse(segment.status)) {
		if (options.stopFirst === undefined) throw stillInUse(segment);
		const stopped = await changeStatus(client, read, id, 'stop', options.stopFirst);
		if (stopped.timedOut) throw stillInUse(stopped.segment);
	}
	await client.deleteRow(OUTBOUND_SET, id);
}

function endedElsewhere(request: LifecycleRequest, segment: Segment): DataverseError {
	const wanted = request === 'goLive' ? 'going live' : 'stopping';
	return new DataverseError({
		kind: 'refused',
		message: `Segment "${segment.name}" ended in the status ${segment.rawStatus.label} instead of ${wanted}.`,
		remedy:
			'Open the segment in the browser to see its validation messages, check the query with Validate, then go live again.',
	});
}
