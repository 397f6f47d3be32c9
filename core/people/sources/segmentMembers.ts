/** The members of a real-time segment, as the source for another one. */

import { errorWith, isMissingRow } from '../../dataverse/errors/decodeError';
import { DataverseError } from '../../dataverse/errors/errors';
import { ownString } from '../../dataverse/http/json';
import type { RealTimeSegment, RealTimeSegments } from '../../segments/realTime';
import { contradicted, isDoubtful } from '../../segments/realTime/members/doubt';
import type { MemberPage } from '../../segments/types';
import type { IdPages, SourceHooks } from './source';

/**
 * The members, page by page. Of a segment of chosen people those who were put into its groups, included and not excluded, in
 * any status; of every other segment those of its last evaluation.
 * @throws DataverseError for a segment that cannot be read as a whole: a draft with a query, one that is being computed, an
 * answer that is cut
 */
export async function* segmentMembers(
	system: RealTimeSegments,
	segment: RealTimeSegment,
	hooks: SourceHooks,
): IdPages & AsyncGenerator<readonly string[]> {
	try {
		yield* membersWhileThere(system, segment, hooks);
	} catch (error) {
		if (!(error instanceof DataverseError) || !isMissingRow(error)) throw error;
		throw errorWith(error, {
			message: `Segment "${segment.name}" was deleted while it was read, so it is not known who was in it.`,
			remedy: 'Remove it from Source Segments.',
		});
	}
}

async function* membersWhileThere(
	system: RealTimeSegments,
	segment: RealTimeSegment,
	{ say }: SourceHooks,
): AsyncGenerator<readonly string[]> {
	const access = system.members(segment);
	const isOfGroups = segment.query === undefined && system.groups(segment).length > 0;
	let people = 0;
	let isMoving = false;
	const onChange = () => {
		isMoving = true;
	};
	for await (const page of isOfGroups ? access.readBack({ onChange }) : access.pages({})) {
		requireReadable(segment, page);
		people += page.ids.length;
		yield page.ids;
	}
	const now = await system.get(segment.id);
	if (isOfGroups) requireAll(segment, now, people);
	if (isMoving || stateOf(now) !== stateOf(segment)) {
		say(
			`Segment "${segment.name}" changed while its ${people} members were read: people who joined or left in the meantime may be missing or included by mistake. Run again to be sure.`,
			'warning',
		);
	}
}

/**
 * Too few people are a part of the segment, whether the count of before or that of after says so. A change in between may
 * explain why they are fewer than before, but only a live segment that counts no more of them shows it.
 */
function requireAll(before: RealTimeSegment, now: RealTimeSegment, people: number): void {
	if (isDoubtful(now, people)) throw contradicted(now, people);
	const isLive = now.status === 'live' || now.status === 'liveWithWarnings';
	const isExplained = isLive && people >= (now.memberCount ?? Infinity);
	if (!isDoubtful(before, people) || isExplained) return;
	throw new DataverseError({
		kind: 'refused',
		message: `Segment "${before.name}" changed while it was read: it counted ${before.memberCount ?? 'more'} people, but only ${people} of them were returned. An incomplete list is not used.`,
		remedy: 'Wait until the segment is live and nobody changes it, and run again.',
	});
}

function requireReadable(segment: RealTimeSegment, { incomplete, unknownReply }: MemberPage): void {
	if (unknownReply !== undefined) {
		throw new DataverseError({
			kind: 'unexpectedReply',
			message: `The service returned the members of segment "${segment.name}" in an undocumented form, so no people were taken from it.`,
			remedy: 'Use Get Many to see the original reply, and report its form.',
		});
	}
	if (incomplete === undefined) return;
	throw new DataverseError({
		kind: 'refused',
		message: `Not all members of segment "${segment.name}" can be read, and an incomplete list is not used. ${incomplete.why}`,
		remedy:
			'Take the segment live, or wait until it is computed, and run again. If the service returns only a part of the segment, export it in the app and use the file as CSV File.',
	});
}

/** What a change moves: the count, the status, the last evaluation, the definition with its groups. */
function stateOf({ definition, memberCount, row, status }: RealTimeSegment): string {
	return JSON.stringify([
		status,
		memberCount,
		ownString(row, 'msdynmkt_lastevaluated'),
		definition === undefined ? undefined : ownString(definition, 'msdynmkt_definitionmodifiedon'),
		definition === undefined ? undefined : ownString(definition, 'msdynmkt_staticlistmembers'),
	]);
}
