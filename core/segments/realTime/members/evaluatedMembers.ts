/** The members of the last evaluation, all or none, for finding out who left. */

import { DataverseError } from '../../../dataverse/errors/errors';
import { hasPublishedMembers } from '../../status';
import { readMembersList } from '../api/replies';
import type { Services } from '../lifecycle/goLive';
import type { RealTimeSegment } from '../rows/row';
import { contradiction, isDoubtful } from './doubt';
import type { StaticGroup } from './groups';
import { membersReply, groupMembers, isComplete, missing, wholeList } from './readMembers';

/** The members of the last evaluation: all of them, or why they cannot be read. */
export type EvaluatedMembers =
	/** `later`: it may work another time. `never`: the segment is too large to be read whole. */
	| { readonly kind: 'later' | 'never'; readonly why: string }
	| { readonly kind: 'whole'; readonly ids: ReadonlySet<string> };

/**
 * Reads the members of the last evaluation whole. Where the answer is cut, a segment of chosen people is read group by
 * group: then people count as soon as they are in a group.
 * @param most reading groups stops after this many
 */
export async function readEvaluated(
	services: Services,
	segment: RealTimeSegment,
	groups: readonly StaticGroup[],
	most: number,
): Promise<EvaluatedMembers> {
	const reply = await membersReply(services, segment);
	if (reply instanceof DataverseError) {
		return { kind: 'later', why: `The service says: ${reply.serviceText ?? reply.message}` };
	}
	// What is not a list is asked for once more, before it is said that the segment cannot be read.
	const first = readMembersList(reply) ?? readMembersList(await membersReply(services, segment));
	const list = first === undefined ? undefined : await wholeList(services, segment, first, most + 1);
	if (list !== undefined && isComplete(list, segment)) return { kind: 'whole', ids: new Set(list.ids) };
	if (groups.length > 0 && segment.query === undefined && hasPublishedMembers(segment.status)) {
		const ids = new Set<string>();
		for await (const page of groupMembers(services, segment, groups)) {
			for (const id of page) ids.add(id);
			if (ids.size > most) return { kind: 'whole', ids };
		}
		if (!isDoubtful(segment, ids.size)) return { kind: 'whole', ids };
		return { kind: 'later', why: contradiction(segment.name, ids.size, segment.memberCount) };
	}
	if (list === undefined) {
		return { kind: 'never', why: 'The service answered in a form that is not known.' };
	}
	// Fewer people than the total, and no page after them, contradict each other: another answer may be whole.
	const isShort = list.hasNextPage !== false && list.ids.length < (list.total ?? 0);
	const isCut = list.hasNextPage === true || isShort;
	return { kind: isCut ? 'never' : 'later', why: missing(list, segment) ?? '' };
}
