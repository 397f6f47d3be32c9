/** All current members of a segment, or why they cannot be read: for a comparison, which a partial list would make wrong. */

import { DataverseError, invalidInput } from '../../../dataverse/errors/errors';
import { hasPublishedMembers, STATUS_WORDS } from '../../status';
import type { Services } from '../lifecycle/goLive';
import { groupsOf } from '../lifecycle/update';
import type { RealTimeSegment } from '../rows/row';
import { readEvaluated, type EvaluatedMembers } from './evaluatedMembers';
import { chooseGroup, type GroupChoice, type StaticGroup } from './groups';
import { isComputedFirst, placedPages } from './readMembers';

export interface WholeMembers {
	/** Lower-case GUIDs, page by page; one may come twice. Groups are read while the pages are asked for. */
	readonly pages: AsyncIterable<Iterable<string>> | Iterable<Iterable<string>>;
	/** The group that was read alone. */
	readonly group?: StaticGroup;
	/** What they are, where they are not the audience that journeys use; one sentence for the user. */
	readonly caveat?: string;
}

/**
 * Reads the members as Get Many gives them: those of the last evaluation; of one group, and of a segment of chosen people
 * that is not live, those who were put in.
 * @throws DataverseError `invalidInput` for a draft with a query, which has no members yet; any error for a list that is
 * cut, that is not believed or that is in no documented form
 */
export async function readWhole(
	services: Services,
	segment: RealTimeSegment,
	choice?: GroupChoice,
): Promise<WholeMembers> {
	const groups = segment.definition === undefined ? [] : groupsOf(segment.definition);
	if (choice !== undefined) {
		const group = chooseGroup(groups, choice, segment.name);
		return { pages: placed(services, segment, groups, group), group };
	}
	const caveat = caveatOf(segment);
	if (!hasPublishedMembers(segment.status)) {
		if (groups.length > 0 && segment.query === undefined) {
			return { pages: placed(services, segment, groups), caveat };
		}
		if (segment.status === 'draft') throw noMembersYet(segment);
	}
	const read = await readEvaluated(services, segment, groups, Infinity);
	if (read.kind === 'whole') return { pages: [evaluatedIds(segment, read.ids)], caveat };
	if (read.kind === 'never') throw notWhole(segment, read);
	// Segment and members were read one after the other, and an evaluation may have ended in between.
	const now = await services.finder.get(segment.id);
	const again = await readEvaluated(services, now, groups, Infinity);
	if (again.kind === 'whole') return { pages: [evaluatedIds(now, again.ids)], caveat: caveatOf(now) };
	throw notWhole(segment, again);
}

async function* placed(
	services: Services,
	segment: RealTimeSegment,
	groups: readonly StaticGroup[],
	chosen?: StaticGroup,
): AsyncGenerator<readonly string[]> {
	for await (const { ids } of placedPages(services, segment, groups, chosen)) yield ids;
}

function caveatOf({ name, status }: RealTimeSegment): string | undefined {
	if (status === 'live' || status === 'liveWithWarnings') return undefined;
	return status === 'computing'
		? `Segment "${name}" is being computed: the members of its last evaluation were compared.`
		: `Segment "${name}" is ${STATUS_WORDS[status]}: the people who were put into it or were last in it were compared, not an audience that journeys use.`;
}

/** Nobody is in a segment that is computed for the first time, and that says nothing about who left. */
function evaluatedIds(segment: RealTimeSegment, ids: ReadonlySet<string>): ReadonlySet<string> {
	if (!isComputedFirst(segment) || ids.size > 0) return ids;
	throw invalidInput(
		`Segment "${segment.name}" is being computed for the first time and has no members yet, so there is nothing to compare.`,
		'Wait for its evaluation, and run again.',
	);
}

function noMembersYet({ name }: RealTimeSegment): DataverseError {
	return invalidInput(
		`Segment "${name}" is a draft and has no members until it goes live, so there is nothing to compare.`,
		'Take it live (Go Live) and wait for its evaluation, or choose one of its groups.',
	);
}

function notWhole(
	{ name }: RealTimeSegment,
	{ kind, why }: Exclude<EvaluatedMembers, { readonly kind: 'whole' }>,
): DataverseError {
	return new DataverseError({
		kind: 'unexpectedReply',
		message: `Not all members of segment "${name}" could be read, and an incomplete list is not compared: people would seem to have left. ${why}`,
		remedy:
			kind === 'later'
				? 'Run again when the segment is live and evaluated. If this does not change, publish it again (Go Live with Publish Again).'
				: 'Compare one of its groups (option Group), or export the segment in the app.',
	});
}
