/** When a list of members is not believed, because the segment itself counts more people. */

import { DataverseError } from '../../../dataverse/errors/errors';
import { changedSinceEvaluation, isEvaluated } from '../rows/execution';
import type { RealTimeSegment } from '../rows/row';

/**
 * Whether a list of everybody who was put into a live segment is too short to be true. The count alone never says so: scope
 * and inactive people make it smaller than the groups, and a definition that was changed since the evaluation makes it
 * differ in either way. Only fewer people than counted, with a definition as it was evaluated, contradict each other.
 * Assumption: realTimeRepublish
 */
export function isDoubtful(segment: RealTimeSegment, people: number): boolean {
	const { definition } = segment;
	if (definition === undefined || !isShort(segment, people)) return false;
	return !changedSinceEvaluation({ ...segment, definition });
}

/** Whether a live segment of chosen people counts more of them than the list has: reason enough to read it once more. */
export function isShort(
	{ memberCount = 0, query, status }: Pick<RealTimeSegment, 'memberCount' | 'query' | 'status'>,
	people: number,
): boolean {
	if (status !== 'live' && status !== 'liveWithWarnings') return false;
	return query === undefined && people < memberCount;
}

/** Whether nothing beside a list tells how many people were put into the segment: a false list could not be told from a true one. */
export function isUnproven(segment: RealTimeSegment): boolean {
	const { definition } = segment;
	return definition === undefined || !isEvaluated({ ...segment, definition });
}

/** The error for a list that the member count of the segment contradicts. @param people in the list */
export function contradicted({ memberCount, name }: RealTimeSegment, people: number): DataverseError {
	return new DataverseError({
		kind: 'unexpectedReply',
		message: `${contradiction(name, people, memberCount)} Who is in it is not known.`,
		remedy:
			'If people were removed since the segment was last published, publish it again (Go Live with Publish Again) and run again when it is live. Otherwise look at its groups in the app.',
	});
}

/** One sentence for the user. */
export function contradiction(name: string, people: number, counted: number | undefined): string {
	return `The groups of segment "${name}" were returned with ${people} people, but the segment counts ${counted ?? 'none'}, although its definition has not been changed since the evaluation.`;
}
