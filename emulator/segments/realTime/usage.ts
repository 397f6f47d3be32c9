import type { Row, ServiceContext, Store } from '../../contracts';
import { refusedByPlugin } from '../faults';
import { normaliseId } from '../ids';
import {
	JOURNEY_TABLE,
	journeyStatus,
	queryNameOf,
	SEGMENT_TABLE,
	segmentIdOf,
	segmentStatus,
	segmentUse,
	USAGE_TABLE,
} from './options';
import { definitionOf, printTime, queryOf, segmentId } from './state';

/** Live, and the version that runs: each version of a journey is a row. */
export function isLiveJourney({ statuscode, msdynmkt_issupersededbylaterversion }: Readonly<Row>): boolean {
	return statuscode === journeyStatus.live && msdynmkt_issupersededbylaterversion !== true;
}

/** Ids of the segments that a journey uses. */
export function segmentsIn({ msdynmkt_segmentids: ids }: Readonly<Row>): readonly string[] {
	if (typeof ids !== 'string') return [];
	return ids.split(/[\s,;]+/).flatMap((id) => normaliseId(id) ?? []);
}

/** Live journeys that use a segment. */
export function liveJourneys(id: string, context: ServiceContext): readonly Readonly<Row>[] {
	return [...context.store.table(JOURNEY_TABLE).rows()].filter(
		(journey) => isLiveJourney(journey) && segmentsIn(journey).includes(id),
	);
}

/** Whether anything keeps a segment from expiring: a live journey, an active segment or a message ("Unused segments expire"). */
export function isUsed(id: string, context: ServiceContext): boolean {
	if (liveJourneys(id, context).length + dependentSegments(id, context).length > 0) return true;
	return [...context.store.table(USAGE_TABLE).rows()].some(
		(row) =>
			row.msdynmkt_targetsegmentid === id && row.msdynmkt_usage === segmentUse.content && row.statecode !== 1,
	);
}

const counted = new WeakMap<Store, string>();

/** Brings the count of live journeys and the time of the last use up to date after journeys have changed. */
export function refreshJourneyCounts(context: ServiceContext): void {
	const { store } = context;
	const table = store.table(SEGMENT_TABLE);
	// A segment that is made after the journey that names it counts it as well.
	const state = () => `${store.table(JOURNEY_TABLE).version} ${table.size}`;
	if (counted.get(store) === state()) return;
	counted.set(store, state());
	const counts = new Map<string, number>();
	for (const journey of store.table(JOURNEY_TABLE).rows()) {
		if (!isLiveJourney(journey)) continue;
		for (const id of new Set(segmentsIn(journey))) counts.set(id, (counts.get(id) ?? 0) + 1);
	}
	for (const segment of [...table.rows()]) {
		const count = counts.get(segmentId(segment)) ?? 0;
		if (count === (segment.msdynmkt_publishedjourneycount ?? 0)) continue;
		table.patch(segmentId(segment), {
			msdynmkt_publishedjourneycount: count,
			msdynmkt_lastusedinjourney: printTime(context.clock.now()),
		});
	}
}

/** Active segments whose query names a segment. */
export function dependentSegments(id: string, context: ServiceContext): readonly Readonly<Row>[] {
	const name = queryNameOf(id).toLowerCase();
	return [...context.store.table(SEGMENT_TABLE).rows()].filter((row) => {
		if (segmentId(row) === id || !isLive(row)) return false;
		const definition = definitionOf(row, context);
		return definition !== undefined && queryOf(definition).toLowerCase().includes(name);
	});
}

/** Which active segment names which other one in its query. */
export function* segmentsOfQueries(
	context: ServiceContext,
): Generator<{ readonly by: string; readonly used: string }> {
	for (const row of context.store.table(SEGMENT_TABLE).rows()) {
		const definition = isLive(row) ? definitionOf(row, context) : undefined;
		const names = definition && queryOf(definition).match(/\bSEGMENT_CJO_ID_[0-9a-f]{32}\b/gi);
		const by = segmentId(row);
		for (const used of new Set((names ?? []).flatMap((name) => segmentIdOf(name) ?? []))) {
			if (used !== by) yield { by, used };
		}
	}
}

/** Published, and not stopped or expired since. */
export function isLive({ statuscode }: Readonly<Row>): boolean {
	return statuscode === segmentStatus.active || statuscode === segmentStatus.computedWithWarnings;
}

/** "Segments used in a live journey can't be edited" (real-time known issues). @throws ServiceFault 400 naming one */
export function refuseWhileInJourney(what: string, id: string, context: ServiceContext): void {
	const [journey] = liveJourneys(id, context);
	if (journey === undefined) return;
	throw refusedByPlugin(
		`${what}: the segment ${id} is used in the live journey '${String(journey.msdynmkt_name)}'. Stop the journey first.`,
	);
}
