/** Who is a member of a real-time segment, to be asked person by person. */

import { DataverseError } from '../../../../core/dataverse/errors/errors';
import type { RealTimeSegment } from '../../../../core/segments/realTime';
import { contradicted, isDoubtful } from '../../../../core/segments/realTime/members/doubt';
import { ofLastEvaluation } from '../../../../core/segments/realTime/members/readMembers';
import { hasPublishedMembers } from '../../../../core/segments/status';
import type { MemberAccess, MemberPage } from '../../../../core/segments/types';
import type { KnownMembers } from '../systemMembers';

/**
 * Those of the last evaluation; of a group, and of a segment without an evaluation, those who were put in. Where the
 * service shows a part only, nobody is said to be absent.
 */
export async function knownMembers(
	segment: RealTimeSegment,
	access: MemberAccess,
	isGroup: boolean,
): Promise<KnownMembers> {
	const isPublished = hasPublishedMembers(segment.status);
	const ofGroups = isGroup || (segment.type === 'static' && !isPublished);
	const read = async () =>
		await readAll(segment, ofGroups ? (access.readBack?.() ?? access.pages({})) : access.pages({}));
	let { caveat, members } = await read();
	if (!isGroup && isDoubtful(segment, members.size)) {
		({ caveat, members } = await read());
		if (isDoubtful(segment, members.size)) throw contradicted(segment, members.size);
	}
	const isWhole = caveat === undefined || caveat === ofLastEvaluation(segment, members.size);
	const mayMissSome = !isWhole && segment.status !== 'draft';
	if (ofGroups && !isGroup) {
		caveat = `Segment "${segment.name}" is not live: these are the people who were put into its groups, not an audience that journeys use.`;
	}
	return { has: (id) => members.has(id) || (mayMissSome ? undefined : false), caveat };
}

interface ReadMembers {
	readonly members: ReadonlySet<string>;
	/** Why these may not be all. */
	readonly caveat?: string;
}

async function readAll(segment: RealTimeSegment, pages: AsyncIterable<MemberPage>): Promise<ReadMembers> {
	const members = new Set<string>();
	let caveat: string | undefined;
	for await (const page of pages) {
		if (page.unknownReply !== undefined) throw unreadable(segment.name);
		for (const id of page.ids) members.add(id);
		caveat = page.incomplete?.why;
	}
	return { members, caveat };
}

function unreadable(name: string): DataverseError {
	return new DataverseError({
		kind: 'unexpectedReply',
		message: `The service returned the members of segment "${name}" in an undocumented form, so nobody can be looked up in it.`,
		remedy: 'Use Get Many to see the original reply, and report its form.',
	});
}
