/**
 * Which status changes the outbound table allows: TransitionData of `statuscode` in the table reference of 2024-07-24.
 * The how-to adds that Live and Stopped are reached through Going live and Stopping, never set directly. Whether the service
 * enforces the table is not published, so the client keeps to it itself. Assumption: outboundTransitions
 */

import type { DataverseError } from '../../dataverse/errors/errors';
import { invalidInput } from '../../dataverse/errors/errors';
import { STATUS_WORDS } from '../status';
import type { LifecycleRequest, SegmentStatus } from '../status';

/** What to do with a segment in some status when it is asked to go live or to stop. */
export type Transition = 'alreadyThere' | 'change' | 'underWay' | { readonly refuse: string };

const START_OVER = 'Create a new segment with the same definition.';

const TRANSITIONS: Readonly<Record<LifecycleRequest, Readonly<Record<SegmentStatus, Transition>>>> = {
	goLive: {
		draft: 'change',
		stopped: 'change',
		error: 'change',
		live: 'alreadyThere',
		liveWithWarnings: 'alreadyThere',
		goingLive: 'underWay',
		computing: 'underWay',
		stopping: { refuse: 'Wait until it is stopped (Get Status), then go live.' },
		expired: { refuse: `Dataverse allows no change out of Expired. ${START_OVER}` },
		unknown: 'change',
	},
	stop: {
		live: 'change',
		liveWithWarnings: 'change',
		error: 'change',
		stopped: 'alreadyThere',
		stopping: 'underWay',
		draft: { refuse: 'Only a live segment can be stopped; there is nothing to stop here.' },
		goingLive: { refuse: 'Wait until it is live (Get Status), then stop it.' },
		computing: { refuse: 'Wait until it is live (Get Status), then stop it.' },
		expired: { refuse: `Dataverse allows no change out of Expired. ${START_OVER}` },
		unknown: 'change',
	},
};

/** What Go Live or Stop means for a segment of this status. */
export function transition(request: LifecycleRequest, status: SegmentStatus): Transition {
	return TRANSITIONS[request][status];
}

/** The refusal of an impossible change, made before any write. */
export function impossibleTransition(
	request: LifecycleRequest,
	segment: { readonly name: string; readonly status: SegmentStatus },
	remedy: string,
): DataverseError {
	const verb = request === 'goLive' ? 'go live' : 'be stopped';
	return invalidInput(
		`Segment "${segment.name}" is ${STATUS_WORDS[segment.status]} and cannot ${verb}.`,
		remedy,
	);
}
