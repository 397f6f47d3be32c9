import type { Row, ServiceContext, Store, Table } from '../../contracts';
import { derivedId } from '../../data/services';
import { JOURNEY_TABLE, SEGMENT_TABLE, segmentUse, USAGE_TABLE } from './options';
import { definitionId, definitionOf, segmentId } from './state';
import { isLiveJourney, segmentsIn, segmentsOfQueries } from './usage';

/** How long rows lag behind with `usageRows` = `late`. */
const LATE_MS = 10 * 60_000;

/** Ids of the rows that are made here; those that a test seeds are left alone. */
const made = new WeakMap<Store, Set<string>>();
const doneFor = new WeakMap<Store, string>();

/**
 * Makes a row for each segment that a live journey or an active segment uses, and ends those of journeys that are no longer
 * live in the way that `usageRows` says.
 */
export function refreshUsageRows(context: ServiceContext): void {
	const { store } = context;
	const state = stateOf(context);
	if (doneFor.get(store) === state) return;
	const table = store.table(USAGE_TABLE);
	const own = made.get(store) ?? new Set();
	made.set(store, own);
	const wanted = new Map([...ofJourneys(context), ...ofSegments(context)]);
	for (const [id, row] of wanted) {
		own.add(id);
		const there = table.get(id);
		if (there === undefined) table.insert({ msdynmkt_segmentusageid: id, ...row });
		else if (there.statecode !== 0) table.patch(id, { statecode: 0, statuscode: 1 });
	}
	for (const id of own) if (!wanted.has(id)) end(id, own, table, context);
	doneFor.set(store, stateOf(context));
}

/** What the rows depend on; they are worked out again when it changes. */
function stateOf(context: ServiceContext): string {
	const { store } = context;
	const switches = ['usageRows', 'usageSegmentId', 'usageTarget'].map((id) => context.assumption(id));
	const minute = context.assumption('usageRows') === 'late' ? Math.floor(context.clock.now() / 60_000) : 0;
	const versions = [JOURNEY_TABLE, SEGMENT_TABLE].map((name) => store.table(name).version);
	return [...switches, minute, ...versions].join(' ');
}

function end(id: string, own: Set<string>, table: Table, context: ServiceContext): void {
	const there = table.get(id);
	const how = context.assumption('usageRows');
	if (there !== undefined && how === 'kept') return;
	if (there !== undefined && how === 'deactivated') {
		if (there.statecode !== 1) table.patch(id, { statecode: 1, statuscode: 2 });
		return;
	}
	own.delete(id);
	if (there !== undefined) table.remove(id);
}

function* ofJourneys(context: ServiceContext): Generator<[string, Row]> {
	const latest = context.clock.now() - (context.assumption('usageRows') === 'late' ? LATE_MS : 0);
	for (const journey of context.store.table(JOURNEY_TABLE).rows()) {
		if (!isLiveJourney(journey) || Date.parse(String(journey.modifiedon)) > latest) continue;
		const id = String(journey.msdynmkt_journeyid);
		for (const used of segmentsIn(journey)) {
			const row = usageOf(used, segmentUse.audience, context, JOURNEY_TABLE, id);
			if (row === undefined) continue;
			yield [
				derivedId(`usage ${id} ${used}`),
				{ ...row, msdynmkt_journeyid: id, ...typed('msdynmkt_journeyid') },
			];
		}
	}
}

function* ofSegments(context: ServiceContext): Generator<[string, Row]> {
	for (const { by, used } of segmentsOfQueries(context)) {
		const row = usageOf(used, segmentUse.notApplicable, context, SEGMENT_TABLE, by);
		if (row !== undefined) yield [derivedId(`usage ${by} ${used}`), row];
	}
}

const typed = (name: string): Row => ({ [`${name}@table`]: JOURNEY_TABLE });

function usageOf(
	used: string,
	usage: number,
	context: ServiceContext,
	dependentTable: string,
	dependent: string,
): Row | undefined {
	const segment = context.store.table(SEGMENT_TABLE).get(used);
	if (segment === undefined) return undefined;
	const definition = definitionOf(segment, context);
	const text =
		context.assumption('usageSegmentId') === 'definition' && definition !== undefined
			? definitionId(definition)
			: segmentId(segment);
	const isLinked = context.assumption('usageTarget') === 'filled';
	return {
		msdynmkt_name: null,
		msdynmkt_usage: usage,
		msdynmkt_segmentid: text,
		...(isLinked && { msdynmkt_targetsegmentid: used, 'msdynmkt_targetsegmentid@table': SEGMENT_TABLE }),
		msdynmkt_dependententityid: dependent,
		'msdynmkt_dependententityid@table': dependentTable,
		statecode: 0,
		statuscode: 1,
	};
}
