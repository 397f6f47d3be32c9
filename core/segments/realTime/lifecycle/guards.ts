/** What is refused before any request, because of the state that the segment is in. */

import { errorWith } from '../../../dataverse/errors/decodeError';
import { DataverseError, invalidInput } from '../../../dataverse/errors/errors';
import { ownNumber } from '../../../dataverse/http/json';
import { STATUS_WORDS } from '../../status';
import { DEFINITION_STATUS, SEGMENT_STATUS } from '../rows/optionSets';
import type { RealTimeSegment } from '../rows/row';

/** A segment of real-time journeys with a definition of its own, which can be changed, published and stopped. */
export type OwnSegment = RealTimeSegment & {
	readonly definitionId: string;
	readonly definition: NonNullable<RealTimeSegment['definition']>;
};

/** @throws DataverseError `invalidInput` for copies from elsewhere, deleted segments, and those without a definition. */
export function requireOwn(segment: RealTimeSegment): OwnSegment {
	const { definition, definitionId } = segment;
	if (isDeleted(segment)) {
		throw invalidInput(
			`Segment "${segment.name}" is marked as deleted.`,
			'Choose another segment, or create it again.',
		);
	}
	if (definition !== undefined && definitionId !== undefined) return { ...segment, definition, definitionId };
	switch (segment.source) {
		case 'outbound':
			throw invalidInput(
				`Segment "${segment.name}" is a copy of an outbound segment. It is no longer refreshed and cannot be changed here.`,
				'Create a real-time segment for this audience; Copy to Real-Time on the outbound segment copies what can be copied.',
			);
		case 'customerInsightsData':
			throw invalidInput(
				`Segment "${segment.name}" comes from Customer Insights - Data and is changed there.`,
				'Change it in Customer Insights - Data, or create a real-time segment.',
			);
		case 'realTime':
		case 'unknown':
			throw invalidInput(
				`Segment "${segment.name}" has no definition${definitionId === undefined ? '' : ` (${definitionId} is gone)`}.`,
				'Delete it, or create it again: without a definition there is nothing to publish.',
			);
	}
}

function isDeleted(segment: RealTimeSegment): boolean {
	return (
		ownNumber(segment.row, 'statuscode') === SEGMENT_STATUS.deleted ||
		ownNumber(segment.definition, 'statuscode') === DEFINITION_STATUS.deleted
	);
}

/** How many published journeys use the segment, as its row says; 0 when it does not say. */
function journeysUsing(segment: RealTimeSegment): number {
	return ownNumber(segment.row, 'msdynmkt_publishedjourneycount') ?? 0;
}

/**
 * The definition (query, groups, refresh) of a segment that a live journey uses cannot be changed ("Known issues",
 * 2026-07-14). The count of published journeys is known only as of the last read; otherwise the service decides.
 */
export function requireEditableDefinition(segment: RealTimeSegment, what: string): void {
	const journeys = journeysUsing(segment);
	if (journeys > 0 && segment.status !== 'draft' && segment.status !== 'stopped') {
		throw invalidInput(
			`${what} of segment "${segment.name}" cannot be changed: ${journeys === 1 ? 'a published journey uses it' : `${journeys} published journeys use it`}.`,
			'Stop those journeys first, or use a copy of the segment. People can still be added to and removed from the groups it has.',
		);
	}
	if (segment.status === 'stopping') {
		throw invalidInput(
			`Segment "${segment.name}" is ${STATUS_WORDS.stopping}; ${what.toLowerCase()} can be changed when that is done.`,
			'Wait until it is stopped (Get Status), then run again.',
		);
	}
}

/**
 * Adds to a refusal what the segment's status may have to do with it. Which statuses accept members is undocumented, and
 * whether they change while a journey uses the segment: it is tried. Assumption: realTimeMembersStatus, realTimeMembersInJourney
 */
export function explainByStatus(error: unknown, segment: RealTimeSegment): unknown {
	if (!(error instanceof DataverseError) || error.kind !== 'refused') return error;
	const text = error.serviceText ?? '';
	const isAboutLife = /\b(?:live|status|publish)/i.test(text);
	const whileLive = /\bjourney/i.test(text) ? IN_JOURNEY : isAboutLife ? WHILE_LIVE : undefined;
	const advice = STATUS_ADVICE[segment.status] ?? whileLive;
	if (advice === undefined) return error;
	return errorWith(error, {
		remedy: `${error.remedy} Note: segment "${segment.name}" is ${STATUS_WORDS[segment.status]}. ${advice}`,
	});
}

const IN_JOURNEY = 'Stop the journeys that use it, then run again.';
const WHILE_LIVE = 'If the service refuses this while it is live, stop it, run again, then go live.';

const STATUS_ADVICE: Partial<Readonly<Record<RealTimeSegment['status'], string>>> = {
	computing: 'Wait until it is live (Get Status), then run again.',
	error: 'Correct its definition, take it live (Go Live), then run again.',
	expired: 'Segments expire when nothing uses them for 120 days; Go Live revives it.',
	goingLive: 'Wait until it is live (Get Status), then run again.',
	stopping: 'Wait until it is stopped (Get Status), then run again.',
};
