import type { Row, ServiceContext, Store } from '../../contracts';
import { refusedByPlugin } from '../faults';
import { JOURNEY_TABLE, journeyStatus, queryNameOf, SEGMENT_TABLE, segmentStatus } from './options';
import { definitionOf, queryOf, segmentId } from './state';

/** Live journeys that use a segment. */
export function liveJourneys(id: string, context: ServiceContext): readonly Readonly<Row>[] {
	return [...context.store.table(JOURNEY_TABLE).rows()].filter(
		({ statuscode, msdynmkt_segmentids: ids }) =>
			statuscode === journeyStatus.live && typeof ids === 'string' && ids.toLowerCase().includes(id),
	);
}

const counted = new WeakMap<Store, number>();

/** Brings `msdynmkt_publishedjourneycount` up to date after journeys have changed. */
export function refreshJourneyCounts(context: ServiceContext): void {
	const { store } = context;
	const { version } = store.table(JOURNEY_TABLE);
	if ((counted.get(store) ?? 0) === version) return;
	counted.set(store, version);
	const table = store.table(SEGMENT_TABLE);
	for (const segment of [...table.rows()]) {
		const count = liveJourneys(segmentId(segment), context).length;
		if (count === (segment.msdynmkt_publishedjourneycount ?? 0)) continue;
		table.patch(segmentId(segment), { msdynmkt_publishedjourneycount: count });
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
