import { ServiceFault, type ActionHandler, type Row, type ServiceContext } from '../../contracts';
import { integerParameter, refusedByPlugin, refuseUndeclared, requirePrivilege } from '../faults';
import { declarationOf, membersPageInputs } from './declarations';
import { currentMembers, pageOfMembers } from './membership';
import { MEMBERS_PER_PAGE } from './options';
import { refusePastEnd, requireSegment } from './parameters';
import { audienceOf, segmentId, stateOf, type LastExecution } from './state';

/**
 * `msdynmkt_MembersList`: the members as of the last computation, in a text that holds JSON. Live answers have paging
 * fields, the documentation shows none; inputs that turn the page are not published.
 */
export const membersList: ActionHandler = (parameters, context) => {
	refuseUndeclared(declarationOf('msdynmkt_MembersList', context), parameters);
	requirePrivilege('prvReadmsdynmkt_segment', context);
	const rows = requireSegment(parameters, context);
	const members = currentMembers(rows, context);
	if (members === undefined && context.assumption('realTimeUnpublishedMembers') === 'refused') {
		throw refusedByPlugin(`The segment ${segmentId(rows.segment)} has not been published yet.`);
	}
	const ids = members ?? new Set<string>();
	const print = membersPrinter(context);
	const base = audienceOf(rows.segment);
	const state = stateOf(rows.definition, context.store);
	const rest = { baseEntityLogicalName: base, primaryKeyColumnName: `${base}id` };
	if (context.assumption('realTimeMembersFields') === 'unpaged') {
		return result({
			...rest,
			members: print(pageOfMembers(ids, state, 1, Infinity)),
			additionalProperties: {},
		});
	}
	const [pageInput, sizeInput] = membersPageInputs((id) => context.assumption(id));
	const honoured = context.assumption('realTimeMembersPageInputs') === 'honoured';
	const pageNumber = honoured ? input(parameters, pageInput, 1) : 1;
	const wanted = honoured ? input(parameters, sizeInput, MEMBERS_PER_PAGE) : MEMBERS_PER_PAGE;
	const size = Math.min(wanted, MEMBERS_PER_PAGE);
	const page = pageOfMembers(ids, state, pageNumber, size);
	if (page.length === 0) refusePastEnd(pageNumber, context);
	return result({
		totalCount: ids.size,
		pageNumber,
		// A live answer with one member says 1: it is the number of members on the page, not the largest there can be.
		pageSize: page.length,
		hasNextPage: pageNumber * size < ids.size,
		...rest,
		members: print(page),
		additionalProperties: {},
	});
};

/** The API page prints the members as one text; live answers have an array (switch `realTimeMembersText`). */
function membersPrinter(context: ServiceContext): (ids: readonly string[]) => readonly string[] | string {
	switch (context.assumption('realTimeMembersText')) {
		case 'commas':
			return (ids) => ids.join(',');
		case 'oneText':
			return (ids) => (ids.length === 0 ? [] : [ids.join(', ')]);
		default:
			return (ids) => ids;
	}
}

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
	refuseUndeclared(declarationOf('msdynmkt_SegmentStatus', context), parameters);
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
