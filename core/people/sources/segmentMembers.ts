/** Everybody in a real-time segment, as people for another one. */

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
			message: `Segment "${segment.name}" was deleted while it was read, so nobody knows who was in it.`,
			remedy: 'Take it out of Source Segments.',
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
			`Segment "${segment.name}" changed while its ${people} members were read: people who came or went meanwhile may be missing or too many. Run again to be sure.`,
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
		message: `Segment "${before.name}" changed while it was read: it counted ${before.memberCount ?? 'more'} people, and ${people} of them came. A part is not taken for the whole.`,
		remedy: 'Wait until the segment is live and nobody changes it, and run again.',
	});
}

function requireReadable(segment: RealTimeSegment, { incomplete, unknownReply }: MemberPage): void {
	if (unknownReply !== undefined) {
		throw new DataverseError({
			kind: 'unexpectedReply',
			message: `The members of segment "${segment.name}" came in a form that is not documented, so nobody was taken from it.`,
			remedy: 'Use Get Many to see the reply as it came, and report its form.',
		});
	}
	if (incomplete === undefined) return;
	throw new DataverseError({
		kind: 'refused',
		message: `Segment "${segment.name}" cannot be read as a whole, and a part of it is not taken for all. ${incomplete.why}`,
		remedy:
			'Take the segment live, or wait until it is computed, and run again. A segment that the service shows in part can be exported in the app: use the file as a CSV File.',
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
