/** Whether people were added to or removed from a live segment since its last evaluation. */

import { ownNumber, ownString } from '../../../dataverse/http/json';
import { MEMBERS_ACTION } from '../api/actions';
import { readMembersList } from '../api/replies';
import { readStaticMembership } from '../members/membership';
import { PersonRows } from '../members/personRows';
import { definitionChanged } from '../rows/execution';
import { SEGMENT_SCOPE, UNIT } from '../rows/optionSets';
import type { RealTimeSegment } from '../rows/row';
import type { Services } from './goLive';
import { groupsOf } from './update';
import { nothingUnlessRunEnds } from '../../unlessRunEnds';

/** So many of those who are missing are looked at: what keeps one out keeps out all of them, or none. */
const LOOKED_AT = 500;
const ACTIVE = 0;

/**
 * A run that ended between its changes and the publishing leaves such people behind, and the run that finishes its job finds
 * nothing more to send. The count alone does not tell: an evaluation leaves out inactive people and those of other business
 * units, at every run. So the people are compared, and who is missing is looked at.
 * @param held how many people all groups held when they were read, where they were: only then people are compared, and only
 * where the segment counts another number
 * @returns false also where it cannot be told
 */
export async function hasUnpublished(
	services: Services,
	segment: RealTimeSegment,
	held: number | undefined,
): Promise<boolean> {
	const { definition, memberCount, query, status } = segment;
	if ((status !== 'live' && status !== 'liveWithWarnings') || definition === undefined) return false;
	if (definitionChanged({ ...segment, definition }) === true) return true;
	if (query !== undefined || held === undefined || memberCount === undefined) return false;
	if (memberCount === held) return false;
	const evaluated = await evaluatedIds(services, segment);
	if (evaluated === undefined) return false;
	const { membership } = await readStaticMembership(services.actions, segment, groupsOf(definition));
	for (const id of evaluated) if (!membership.has(id)) return true;
	const missing: string[] = [];
	for (const id of membership) if (!evaluated.has(id) && missing.length < LOOKED_AT) missing.push(id);
	return await anybodyCounts(services, segment, missing);
}

/** Everybody of the last evaluation; undefined where the answer is not whole. */
async function evaluatedIds(
	{ actions }: Services,
	segment: RealTimeSegment,
): Promise<ReadonlySet<string> | undefined> {
	try {
		const list = readMembersList(await actions.call(MEMBERS_ACTION, segment));
		const ids = new Set(list?.ids);
		if (list === undefined || list.hasNextPage === true || ids.size < (list.total ?? 0)) return undefined;
		return ids.size === segment.memberCount ? ids : undefined;
	} catch (error) {
		return nothingUnlessRunEnds(error);
	}
}

/** Whether an evaluation would take one of them in: active, and within the scope of the segment. */
async function anybodyCounts(
	{ client }: Services,
	{ audience, row }: RealTimeSegment,
	ids: readonly string[],
): Promise<boolean> {
	if (ids.length === 0) return false;
	const people = await new PersonRows(client, audience, ['statecode', UNIT]).read(ids);
	const isOfUnit = ownNumber(row, 'msdynmkt_scope') === SEGMENT_SCOPE.businessUnit;
	return people.some(
		(person) =>
			ownNumber(person, 'statecode') === ACTIVE &&
			(!isOfUnit || ownString(person, UNIT) === ownString(row, UNIT)),
	);
}
