import { ServiceFault, type ActionHandler, type Row } from '../../contracts';
import { integerParameter, refusedByPlugin, refuseUnknownParameters, requirePrivilege } from '../faults';
import { currentMembers, pageOfMembers } from './membership';
import { MEMBERS_PER_PAGE } from './options';
import { requireSegment } from './parameters';
import { audienceOf, segmentId, stateOf, type LastExecution } from './state';

const PAGE_INPUTS = ['PageNo', 'PageSize'];

/**
 * `msdynmkt_MembersList`: the members as of the last computation, in a text that holds JSON. Live answers have paging
 * fields, the documentation shows none; inputs that turn the page are not published.
 */
export const membersList: ActionHandler = (parameters, context) => {
	const inputs = context.assumption('realTimeMembersPageInputs');
	const known = inputs === 'refused' ? ['SegmentId'] : ['SegmentId', ...PAGE_INPUTS];
	refuseUnknownParameters('msdynmkt_MembersList', parameters, known);
	requirePrivilege('prvReadmsdynmkt_segment', context);
	const rows = requireSegment(parameters, context);
	const members = currentMembers(rows, context);
	if (members === undefined && context.assumption('realTimeUnpublishedMembers') === 'refused') {
		throw refusedByPlugin(`The segment ${segmentId(rows.segment)} has not been published yet.`);
	}
	const ids = members ?? new Set<string>();
	const base = audienceOf(rows.segment);
	const state = stateOf(rows.definition, context.store);
	const rest = { baseEntityLogicalName: base, primaryKeyColumnName: `${base}id` };
	if (context.assumption('realTimeMembersFields') === 'unpaged') {
		return result({ ...rest, members: pageOfMembers(ids, state, 1, Infinity), additionalProperties: {} });
	}
	const pageNumber = inputs === 'honoured' ? input(parameters, 'PageNo', 1) : 1;
	const wanted = inputs === 'honoured' ? input(parameters, 'PageSize', MEMBERS_PER_PAGE) : MEMBERS_PER_PAGE;
	const size = Math.min(wanted, MEMBERS_PER_PAGE);
	const page = pageOfMembers(ids, state, pageNumber, size);
	return result({
		totalCount: ids.size,
		pageNumber,
		// A live answer with one member says 1: it is the number of members on the page, not the largest there can be.
		pageSize: page.length,
		hasNextPage: pageNumber * size < ids.size,
		...rest,
		members: page,
		additionalProperties: {},
	});
};

function input(parameters: Row, name: string, absent: number): number {
	const value = integerParameter(parameters, name) ?? absent;
	if (value < 1) throw refusedByPlugin(`${name} must be 1 or more.`);
	return value;
}

/** `msdynmkt_SegmentStatus`, undocumented: how the last computation went. */
export const segmentStatusAction: ActionHandler = (parameters, context) => {
	if (context.assumption('realTimeSegmentStatus') === '404') {
		throw new ServiceFault(404, '0x80060888', "Resource not found for the segment 'msdynmkt_SegmentStatus'.");
	}
	refuseUnknownParameters('msdynmkt_SegmentStatus', parameters, ['SegmentId']);
	requirePrivilege('prvReadmsdynmkt_segment', context);
	const { definition, segment } = requireSegment(parameters, context);
	const { lastExecution } = stateOf(definition, context.store);
	return result({
		segmentId: segmentId(segment),
		lastExecution: lastExecution === undefined ? null : printExecution(lastExecution),
		additionalProperties: {},
	});
};

/** The members that a live answer had. */
function printExecution({ finishedAt, succeeded, message }: LastExecution): Row {
	const status = succeeded ? 'Success' : 'Failed';
	const at = new Date(finishedAt).toISOString();
	return {
		currentStrategy: 'Synapse',
		lastUsedStrategy: 'Synapse',
		strategyCalculationTime: at,
		lastRunTime: at,
		status,
		statusMessage: message,
		executionStatus: status,
		executionReasonForUser: 'Unknown',
		nonLocalizedExecutionReasonForUser: message,
		executionReasonMetadata: null,
	};
}

function result(content: Row): ReturnType<ActionHandler> {
	return { kind: 'outputs', outputs: { StatusCode: 200, ResultText: JSON.stringify(content) } };
}
