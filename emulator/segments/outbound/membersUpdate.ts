import type { ActionHandler, ActionResult, Row, ServiceContext } from '../../contracts';
import {
	badPayload,
	missingRow,
	refusedByPlugin,
	refuseUndeclared,
	requirePrivilege,
	textParameter,
} from '../faults';
import { normaliseId, readJsonArray, readMemberId } from '../ids';
import { ACTIONS, declarationOf } from './declarations';
import { SEGMENT_TABLE, status } from './options';
import { prepareDefinition, refusingQueries } from './queries';
import { isStatic, segmentId, segmentRow, stateOf, type Source } from './state';

/** How long a member update takes: this long, and longer with every id. Virtual milliseconds. */
const UPDATE_BASE_MS = 3000;
const UPDATE_PER_ID_MS = 0.1;

/** "Usually in batches of up to 20,000 contacts each time" (Segmentation API page). */
const IDS_PER_CALL = 20_000;

/**
 * `msdyncrm_SegmentMembersUpdate`: adds and removes members of static segments, later, or tells what is still to be
 * done.
 */
export const segmentMembersUpdate: ActionHandler = (parameters, context) => {
	refuseUndeclared(
		declarationOf(ACTIONS.update, (id) => context.assumption(id)),
		parameters,
	);
	const segment = requireSegment(parameters, context);
	const operation = textParameter(parameters, 'msdyncrm_operation');
	switch (operation) {
		case 'addByIds':
		case 'removeByIds':
			return accept(segment, operation === 'removeByIds', readIds(parameters, context), context);
		case 'addByQuery':
		case 'removeByQuery':
			return accept(segment, operation === 'removeByQuery', readUpdateQuery(parameters, context), context);
		case 'getState':
			requirePrivilege('prvReadmsdyncrm_segment', context);
			return stateReply(segment, context);
		default:
			throw refusedByPlugin(
				`The operation '${operation ?? ''}' is not one of addByIds, removeByIds, addByQuery, removeByQuery, getState.`,
			);
	}
};

function requireSegment(parameters: Row, context: ServiceContext): Readonly<Row> {
	const text = textParameter(parameters, 'msdyncrm_segmentid');
	const id = text === undefined ? undefined : normaliseId(text);
	if (id === undefined) throw refusedByPlugin('msdyncrm_segmentid must be the id of a segment.');
	const segment = segmentRow(id, context);
	if (segment === undefined) throw missingRow(SEGMENT_TABLE, id);
	return segment;
}

function accept(
	segment: Readonly<Row>,
	remove: boolean,
	source: Source,
	context: ServiceContext,
): ActionResult {
	requirePrivilege('prvWritemsdyncrm_segment', context);
	if (!isStatic(segment))
		throw refusedByPlugin('Members can be added to and removed from static segments only.');
	if (segment.statuscode === status.draft && context.assumption('outboundMembersStatus') === 'notDraft') {
		throw refusedByPlugin(
			'Members of a segment in status Draft cannot be changed. Take the segment live first.',
		);
	}
	const state = stateOf(context.store);
	const waiting = state.updates.filter((update) => update.segmentId === segmentId(segment));
	const manners = context.assumption('outboundConcurrentUpdates');
	if (manners === 'refused' && waiting.length > 0) {
		throw refusedByPlugin('Another update of the members of this segment is still being processed.');
	}
	const count = source.kind === 'ids' ? source.ids.length : 0;
	const soonest = context.clock.now() + UPDATE_BASE_MS + count * UPDATE_PER_ID_MS;
	const due = manners === 'overtaking' ? soonest : Math.max(soonest, ...waiting.map((update) => update.due));
	state.updates = [...state.updates, { segmentId: segmentId(segment), remove, source, due }];
	return acceptedReply(context);
}

function acceptedReply(context: ServiceContext): ActionResult {
	if (context.assumption('outboundUpdateReply') === 'none') return { kind: 'none' };
	return { kind: 'outputs', outputs: { Result: 'Accepted' } };
}

function readIds(parameters: Row, context: ServiceContext): Source {
	const text = textParameter(parameters, 'msdyncrm_memberids');
	const elements = text === undefined ? undefined : readJsonArray(text);
	if (elements === undefined) {
		throw badPayload(
			"The parameter 'msdyncrm_memberids' must be a string that holds a JSON array of contact ids.",
		);
	}
	if (elements.length > IDS_PER_CALL && context.assumption('outboundIdsPerCall') === 'refused') {
		throw refusedByPlugin(
			`${elements.length} member ids were sent; at most ${IDS_PER_CALL} are allowed in one call.`,
		);
	}
	const ids = elements.map((element, index) => {
		const member = readMemberId(element);
		if (member === undefined)
			throw refusedByPlugin(`Element ${index} of msdyncrm_memberids is not a contact id.`);
		return member.id;
	});
	refuseDuplicates(ids, context);
	refuseUnknownContacts(ids, context);
	return { kind: 'ids', ids };
}

function refuseDuplicates(ids: readonly string[], context: ServiceContext): void {
	if (context.assumption('outboundDuplicateIds') === 'ignored') return;
	if (new Set(ids).size !== ids.length) throw refusedByPlugin('msdyncrm_memberids holds the same id twice.');
}

function refuseUnknownContacts(ids: readonly string[], context: ServiceContext): void {
	if (context.assumption('outboundUnknownIds') === 'ignored') return;
	const contacts = context.store.table('contact');
	const stranger = ids.find((id) => contacts.get(id) === undefined);
	if (stranger !== undefined) throw refusedByPlugin(`The contact with id ${stranger} does not exist.`);
}

function readUpdateQuery(parameters: Row, context: ServiceContext): Source {
	const text = textParameter(parameters, 'msdyncrm_query');
	if (text === undefined || text.trim() === '')
		throw refusedByPlugin('msdyncrm_query must hold a segment query.');
	refusingQueries(() => prepareDefinition(text, context));
	return { kind: 'query', text };
}

/** No body of `getState` was ever published; each value of the switch is one that a service of this kind may send. */
function stateReply(segment: Readonly<Row>, context: ServiceContext): ActionResult {
	const id = segmentId(segment);
	const pending = stateOf(context.store).updates.filter((update) => update.segmentId === id).length;
	const state = pending > 0 ? 'Pending' : 'Completed';
	switch (context.assumption('outboundStateReply')) {
		case 'jsonString':
			return {
				kind: 'outputs',
				outputs: { Result: JSON.stringify({ segmentId: id, state, pendingOperations: pending }) },
			};
		case 'flag':
			return { kind: 'outputs', outputs: { IsPending: pending > 0 } };
		case 'plainText':
			return { kind: 'outputs', outputs: { State: state } };
		case 'empty':
			return { kind: 'none' };
		case 'unrecognised':
			return { kind: 'outputs', outputs: { Token: 'opaque' } };
		default:
			return { kind: 'outputs', outputs: { State: state, PendingOperations: pending } };
	}
}
