/** The calls that stop real-time segments, and what their answers say about each. */

import { errorWith } from '../../../dataverse/errors/decodeError';
import { DataverseError } from '../../../dataverse/errors/errors';
import { saysMissing, STOP_ACTION } from '../api/actions';
import { readStopResults, type StopResult } from '../api/replies';
import type { RealTimeSegment } from '../rows/row';
import type { Services } from './goLive';

/** Segments that one call asks to stop; no limit is documented. */
const STOPS_PER_CALL = 100;

/** What the service said of each segment, by id. */
interface StopAnswers {
	readonly results: ReadonlyMap<string, StopResult>;
	/** Of whom it said nothing: the call ended early, or their row could not be read either. */
	readonly unknown: ReadonlyMap<string, DataverseError>;
}

/**
 * Asks for all of them by `msdynmkt_StopSegments`, in calls of a hundred. What is not known of one segment does not cost the
 * answers for the others.
 * @throws DataverseError when the first call is refused, which concerns them all; `cancelled`
 */
export async function askToStop(
	services: Services,
	segments: readonly RealTimeSegment[],
): Promise<StopAnswers> {
	const results = new Map<string, StopResult>();
	const unknown = new Map<string, DataverseError>();
	for (let start = 0; start < segments.length; start += STOPS_PER_CALL) {
		const chunk = segments.slice(start, start + STOPS_PER_CALL);
		let reply: unknown;
		try {
			reply = await services.actions.callMany(STOP_ACTION, 'SegmentIdList', chunk, {
				isChange: mayHaveStopped,
				isUnknown: knowsNone,
			});
		} catch (error) {
			if (start === 0 || !(error instanceof DataverseError) || error.kind === 'cancelled') throw error;
			// What earlier calls stopped stays stopped, and is told.
			for (const segment of segments.slice(start))
				unknown.set(segment.id, endedBefore(segment, error, chunk.includes(segment)));
			return { results, unknown };
		}
		const read = readStopResults(reply) ?? [];
		for (const result of read) {
			const segment = chunk.find(({ id, definitionId }) => [id, definitionId].includes(result.segmentId));
			if (segment !== undefined) results.set(segment.id, result);
		}
		const silent = chunk.filter(({ id }) => !results.has(id));
		for (const segment of silent) {
			try {
				results.set(segment.id, await lookedUp(services, segment));
			} catch (error) {
				unknown.set(segment.id, notKnown(segment, error));
			}
		}
	}
	return { results, unknown };
}

/** One look that fails does not cost the outcomes of the others. */
function notKnown({ name }: RealTimeSegment, error: unknown): DataverseError {
	if (!(error instanceof DataverseError) || error.kind === 'cancelled') throw error;
	return errorWith(error, {
		message: `Whether segment "${name}" was stopped is not known: the service's answer does not say so, and its status could not be read. ${error.message}`,
		remedy: 'Look at it with Get Status; stopping it again does no harm.',
		mayHaveActed: true,
	});
}

/** @param wasAsked whether the call that ended early was about this segment */
function endedBefore({ name }: RealTimeSegment, error: DataverseError, wasAsked: boolean): DataverseError {
	return errorWith(error, {
		message: `Segment "${name}" was not stopped, because the call that was to stop it ended early: ${error.message}`,
		mayHaveActed: wasAsked && error.mayHaveActed,
	});
}

/** A reply that cannot be read may hide that segments were stopped. */
function mayHaveStopped(reply: unknown): boolean {
	return readStopResults(reply)?.some(({ wasStopped }) => wasStopped) ?? true;
}

/** All of them were just read, so a reply that knows none of them was given the wrong one of their two ids. */
function knowsNone(reply: unknown): boolean {
	const results = readStopResults(reply) ?? [];
	return (
		results.length > 0 && results.every(({ message = '', wasStopped }) => !wasStopped && saysMissing(message))
	);
}

/** A reply that says nothing about a segment: its row tells whether it stopped. */
async function lookedUp({ finder }: Services, segment: RealTimeSegment): Promise<StopResult> {
	const { status } = await finder.get(segment.id);
	return {
		segmentId: segment.id,
		wasStopped: status === 'stopped' || status === 'stopping',
		note: 'The service answered in a form that is not documented, and the segment has not changed its status.',
		dependentJourneys: [],
		dependentSegments: [],
	};
}
