/** Hints that live journeys use a segment: a change to it changes their audience. */

import { liveJourneyCount } from '../../core/segments/realTime';
import type { Segment } from '../../core/segments/types';
import type { OperationContext } from './operation';

/**
 * By the count in the segment's own row, so that it costs no request.
 * @param consequence a sentence about what was done
 */
export function hintIfInJourneys(
	context: Pick<OperationContext, 'hint'>,
	segment: Segment | undefined,
	consequence: string,
): void {
	const count = segment?.system === 'realTime' ? liveJourneyCount(segment) : 0;
	if (segment === undefined || count === 0) return;
	const journeys = count === 1 ? '1 live journey uses' : `${count} live journeys use`;
	context.hint(`${journeys} "${segment.name}". ${consequence} Get Usage names what uses it.`);
}
