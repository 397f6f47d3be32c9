/** What happened to a segment: one flat object per event. */

import type { WhyUnread } from '../segments/types';
import type { SegmentRowStatus } from './rows';

export interface EventSegment {
	readonly segmentId: string | null;
	readonly segmentName: string | null;
	readonly segmentUrl: string | null;
}

interface SegmentEventBase extends EventSegment {
	/** The same whenever the same event is reported again, so that it can be dropped downstream. */
	readonly eventId: string;
}

export interface EvaluatedEvent extends SegmentEventBase {
	readonly change: 'evaluated';
	readonly executionId: string;
	readonly evaluationType: 'onDemand' | 'scheduled';
	readonly memberCount: number | null;
	/** Of the succeeded execution before it; null where there is none any more. */
	readonly previousMemberCount: number | null;
	readonly startedOn: string | null;
	readonly finishedOn: string | null;
	readonly durationSeconds: number | null;
}

export interface FailedEvent extends SegmentEventBase {
	readonly change: 'failed' | 'hung' | 'timedOut';
	readonly executionId: string;
	readonly evaluationType: 'onDemand' | 'scheduled';
	readonly startedOn: string | null;
	readonly finishedOn: string | null;
	readonly durationSeconds: number | null;
	/** In the service's words; null where it gives none for this execution. */
	readonly reason: string | null;
}

export interface StatusEvent extends SegmentEventBase {
	readonly change: 'created' | 'statusChanged';
	readonly from: SegmentRowStatus | null;
	readonly to: SegmentRowStatus;
	readonly fromLabel: string | null;
	readonly toLabel: string;
	readonly memberCount: number | null;
	readonly modifiedOn: string;
}

export interface MemberEvent extends SegmentEventBase {
	readonly change: 'entered' | 'left';
	readonly personId: string;
	/** Table of the person, `contact` or `lead`. */
	readonly table: string;
	/** Columns of the person: the requested ones, or the usual ones. */
	readonly person: Readonly<Record<string, unknown>>;
	/** Why they are not known, where they are not. */
	readonly personNotRead?: WhyUnread;
}

/** Nothing more can be said of the segment; the others go on. */
export interface GoneEvent extends SegmentEventBase {
	readonly change: 'deleted' | 'unreadable';
	readonly reason: string;
}

export type SegmentEvent = EvaluatedEvent | FailedEvent | GoneEvent | MemberEvent | StatusEvent;
