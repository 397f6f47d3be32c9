import { apiRoot, ServiceFault, type ActionHandler, type Row, type ServiceContext } from '../../contracts';
import { refusedByPlugin, refuseUndeclared, requirePrivilege } from '../faults';
import { setStatus } from './computation';
import { declarationOf } from './declarations';
import { definitionStatus, segmentStatus, STOPPING_MS } from './options';
import { findSegment, requireIds } from './parameters';
import { segmentId, stateOf, type SegmentRows } from './state';
import { dependentSegments, isLive, liveJourneys } from './usage';

interface Outcome {
	readonly WasStopped: boolean;
	readonly Message?: string;
	readonly DependentJourneys?: readonly string[];
	readonly DependentSegments?: readonly string[];
}

/**
 * `msdynmkt_StopSegments`: stops what nothing active depends on, in the order of the list, and says of each segment how
 * it went, in the words of the page where it has some. A segment that is being stopped holds nothing any more, so that a list may name dependents before what they
 * depend on.
 */
export const stopSegments: ActionHandler = (parameters, context) => {
	refuseUndeclared(declarationOf('msdynmkt_StopSegments', context), parameters);
	requirePrivilege('prvWritemsdynmkt_segment', context);
	const ids = requireIds(parameters, 'SegmentIdList');
	if (ids.length === 0) throw refusedByPlugin('SegmentIdList holds no segment.');
	const stopSingleSegmentResults = ids.map((id) => ({
		SegmentId: id,
		Message: null,
		DependentJourneys: null,
		DependentSegments: null,
		...stopOne(id, context),
	}));
	const stopped = stopSingleSegmentResults.filter(({ WasStopped }) => WasStopped).length;
	const reply: Row = {
		summary: `Complete StopSegments operation. Successfully stopped ${stopped} of ${ids.length} in total`,
		stopSingleSegmentResults,
	};
	if (context.assumption('realTimeStopReply') === 'wrapped') {
		return { kind: 'outputs', outputs: { StatusCode: 200, ResultText: JSON.stringify(reply) } };
	}
	const type = 'Microsoft.Dynamics.CRM.msdynmkt_StopSegmentsResponse';
	return { kind: 'raw', body: { '@odata.context': `${apiRoot(context)}$metadata#${type}`, ...reply } };
};

function stopOne(id: string, context: ServiceContext): Outcome {
	const rows = found(id, context);
	if (rows === undefined) return { WasStopped: false, Message: `The segment ${id} does not exist.` };
	const { segment } = rows;
	const { stopping, stopped, computing } = segmentStatus;
	if (segment.statuscode === stopping || segment.statuscode === stopped) {
		return { WasStopped: true };
	}
	if (!isLive(segment) && segment.statuscode !== computing) {
		return {
			WasStopped: false,
			Message: `The segment is not live: its status code is ${String(segment.statuscode)}.`,
		};
	}
	return blocked(segmentId(segment), context) ?? begin(rows, context);
}

/** One bad id does not keep the others from being stopped. */
function found(id: string, context: ServiceContext): SegmentRows | undefined {
	try {
		return findSegment(id, context);
	} catch (error) {
		if (error instanceof ServiceFault) return undefined;
		throw error;
	}
}

function blocked(id: string, context: ServiceContext): Outcome | undefined {
	const journeys = liveJourneys(id, context);
	const segments = dependentSegments(id, context);
	if (journeys.length + segments.length === 0) return undefined;
	return {
		WasStopped: false,
		Message: `The segment is used by ${journeys.length} live journeys and ${segments.length} active segments.`,
		...(journeys.length > 0 && { DependentJourneys: journeys.map((row) => String(row.msdynmkt_journeyid)) }),
		...(segments.length > 0 && { DependentSegments: segments.map(segmentId) }),
	};
}

function begin(rows: SegmentRows, context: ServiceContext): Outcome {
	const state = stateOf(rows.definition, context.store);
	state.computing = undefined;
	state.refreshDue = undefined;
	state.stopDue = context.clock.now() + STOPPING_MS;
	setStatus(rows, segmentStatus.stopping, definitionStatus.stopping, context);
	return { WasStopped: true };
}
