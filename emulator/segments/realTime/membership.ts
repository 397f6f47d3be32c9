import type { Row, ServiceContext } from '../../contracts';
import { normaliseId } from '../ids';
import { groupsOf } from './groups';
import { scope, SEGMENT_TABLE } from './options';
import {
	audienceOf,
	definitionOf,
	printTime,
	segmentId,
	stateOf,
	type SegmentRows,
	type SegmentState,
	type StaticPart,
} from './state';

const NOBODY: ReadonlySet<string> = new Set();

/**
 * The members that count now: as of the last computation, or with the groups as they are where no republishing is needed.
 *
 * @returns undefined when the segment was never computed
 */
export function currentMembers(rows: SegmentRows, context: ServiceContext): ReadonlySet<string> | undefined {
	const state = stateOf(rows.definition, context.store);
	if (state.published === undefined) return undefined;
	const asOf = republishNeeded(context) ? 'publishing' : state.revision;
	if (state.members?.asOf === asOf) return state.members.ids;
	const part = asOf === 'publishing' ? state.published : liveStaticPart(rows, context);
	const ids = combine(part, state.queried);
	state.members = { asOf, ids };
	return ids;
}

/** Members as they would count if the segment were computed now from its groups and its last query result. */
export function liveMembers(rows: SegmentRows, context: ServiceContext): ReadonlySet<string> {
	return combine(liveStaticPart(rows, context), stateOf(rows.definition, context.store).queried);
}

/** One page of the members, in an order that lasts until they change. Pages count from 1. */
export function pageOfMembers(
	ids: ReadonlySet<string>,
	state: SegmentState,
	page: number,
	size: number,
): readonly string[] {
	const known = state.paged;
	const paged =
		known?.of === ids && known.revision === state.revision
			? known
			: { of: ids, revision: state.revision, ids: [...ids] };
	state.paged = paged;
	return paged.ids.slice((page - 1) * size, page * size);
}

/** Takes over a computation: the groups as they are, and what the query gave. */
export function publishMembers(
	rows: SegmentRows,
	queried: ReadonlySet<string> | undefined,
	context: ServiceContext,
): ReadonlySet<string> {
	const state = stateOf(rows.definition, context.store);
	state.published = copyOf(liveStaticPart(rows, context));
	return takeQueried(rows, queried, context);
}

/** Takes over a refresh: what the query gives now, with the groups that count. */
export function takeQueried(
	rows: SegmentRows,
	queried: ReadonlySet<string> | undefined,
	context: ServiceContext,
): ReadonlySet<string> {
	const state = stateOf(rows.definition, context.store);
	state.queried = queried;
	state.members = undefined;
	return currentMembers(rows, context) ?? NOBODY;
}

function republishNeeded(context: ServiceContext): boolean {
	return context.assumption('realTimeRepublish') === 'needed';
}

/** Brings `msdynmkt_membercount` up to date where members count as soon as they are added. */
export function refreshMemberCounts(context: ServiceContext): void {
	if (republishNeeded(context)) return;
	const table = context.store.table(SEGMENT_TABLE);
	for (const segment of [...table.rows()]) {
		const definition = definitionOf(segment, context);
		const members = definition && currentMembers({ segment, definition }, context);
		if (members === undefined || members.size === segment.msdynmkt_membercount) continue;
		const at = printTime(context.clock.now());
		table.patch(segmentId(segment), {
			msdynmkt_membercount: members.size,
			msdynmkt_membercount_date: at,
		});
	}
}

/** People of the segment's own business unit, where its scope says so. */
export function withinScope(
	ids: ReadonlySet<string>,
	segment: Readonly<Row>,
	context: ServiceContext,
): ReadonlySet<string> {
	if (segment.msdynmkt_scope !== scope.businessUnit) return ids;
	const people = context.store.table(audienceOf(segment));
	const kept = new Set<string>();
	for (const id of ids) {
		if (people.get(id)?.owningbusinessunit === segment.owningbusinessunit) kept.add(id);
	}
	return kept;
}

/** The sets may be those of a group themselves: they change with it. */
function liveStaticPart({ definition, segment }: SegmentRows, context: ServiceContext): StaticPart {
	const state = stateOf(definition, context.store);
	const groups = groupsOf(definition);
	const idsOf = (type: 'Exclude' | 'Include', column: string): ReadonlySet<string> =>
		union([
			...groups
				.filter(({ includeType }) => includeType === type)
				.map(({ groupId }) => state.groups.get(groupId)?.ids ?? NOBODY),
			listedIds(definition[column]),
		]);
	const included = idsOf('Include', 'msdynmkt_includedmembers');
	return {
		included: withinScope(included, segment, context),
		excluded: idsOf('Exclude', 'msdynmkt_excludedmembers'),
	};
}

/** Ids separated by commas, as the older columns hold them; what is no id is left out. */
function listedIds(text: unknown): ReadonlySet<string> {
	if (typeof text !== 'string' || text === '') return NOBODY;
	return new Set(text.split(',').flatMap((part) => normaliseId(part) ?? []));
}

function copyOf({ included, excluded }: StaticPart): StaticPart {
	return { included: new Set(included), excluded: excluded.size === 0 ? NOBODY : new Set(excluded) };
}

/** Exclusion beats inclusion ("static groups"). Nothing is copied that need not be. */
function combine(
	{ included, excluded }: StaticPart,
	queried: ReadonlySet<string> = NOBODY,
): ReadonlySet<string> {
	const all = union([included, queried]);
	if (excluded.size === 0) return all;
	const kept = new Set<string>();
	for (const id of all) if (!excluded.has(id)) kept.add(id);
	return kept;
}

function union(sets: readonly ReadonlySet<string>[]): ReadonlySet<string> {
	const [first = NOBODY, ...rest] = sets.filter(({ size }) => size > 0);
	if (rest.length === 0) return first;
	const all = new Set(first);
	for (const ids of rest) for (const id of ids) all.add(id);
	return all;
}
