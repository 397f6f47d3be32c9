import { randomUUID } from 'node:crypto';
import { ServiceFault, type Row, type ServiceContext, type TableHooks } from '../../contracts';
import { badPayload, refusedByPlugin } from '../faults';
import { normaliseId, readJsonArray, readMemberId } from '../ids';
import type { QueryRefusal } from '../query/ast';
import { applyUpdate, storeMembers } from './members';
import { mayChange, queryNameOf, SEGMENT_KEY, segmentType, status } from './options';
import { definitionProblem, refusingQueries } from './queries';
import { isRemoved } from './removed';
import { scheduleStatus } from './settle';
import { isStatic, segmentId, stateOf } from './state';

/** Columns that the how-to page writes and the table reference does not list. */
const DOUBTFUL_COLUMNS = {
	msdyncrm_query: 'msdyncrm_segmentquery',
	msdyncrm_memberids: 'msdyncrm_segmentmemberids',
};

/** First members of static segments between the check before and the writing after a create. */
const arriving = new WeakMap<object, Map<string, readonly string[]>>();

/** How a row of `msdyncrm_segment` lives: drafts unchecked, GoingLive checked, ids taken in and not kept. */
export const segmentHooks: TableHooks = {
	beforeCreate(row, context) {
		takeDoubtfulColumns(row, context);
		const id = normaliseId(String(row[SEGMENT_KEY] ?? '')) ?? randomUUID();
		row[SEGMENT_KEY] = id;
		refuseNameless(row);
		sign(row, ['createdby', 'modifiedby'], context);
		const ownedBy = row['ownerid@table'] === 'team' ? 'owningteam' : 'owninguser';
		row[ownedBy] = row.ownerid ?? context.user.userId;
		row.msdyncrm_segmentqueryname = queryNameOf(id);
		row.msdyncrm_segmenttype ??= segmentType.dynamic;
		row.statuscode ??= status.draft;
		refuseFirstStatus(Number(row.statuscode), context);
		arrivals(context).set(id, takeFirstMembers(row, context));
		if (row.statuscode === status.goingLive) refuseInvalid(row, context);
	},
	afterCreate(row, context) {
		const ids = arrivals(context).get(segmentId(row)) ?? [];
		arrivals(context).delete(segmentId(row));
		if (isRemoved(context)) return;
		if (isStatic(row)) {
			storeMembers(row, new Set(), context);
			if (ids.length > 0) applyUpdate(row, { remove: false, source: { kind: 'ids', ids } }, context);
		}
		scheduleStatus(row, context);
	},
	beforeUpdate(current, changes, context) {
		takeDoubtfulColumns(changes, context);
		sign(changes, ['modifiedby'], context);
		if (typeof changes.msdyncrm_segmentmemberids === 'string') {
			throw refusedByPlugin(
				'msdyncrm_segmentmemberids is read when a segment is created. Use msdyncrm_SegmentMembersUpdate.',
			);
		}
		const next = changes.statuscode;
		if (typeof next !== 'number' || next === current.statuscode) return;
		refuseTransition(Number(current.statuscode), next, context);
		if (next === status.goingLive && context.assumption('outboundValidationOnUpdate') === 'validated') {
			refuseInvalid({ ...current, ...changes }, context);
		}
	},
	afterUpdate(row, changes, context) {
		if (!Object.hasOwn(changes, 'statuscode') || isRemoved(context)) return;
		scheduleStatus(row, context);
	},
};

function arrivals(context: ServiceContext): Map<string, readonly string[]> {
	const state = stateOf(context.store);
	const known = arriving.get(state) ?? new Map<string, readonly string[]>();
	arriving.set(state, known);
	return known;
}

/** Refuses the doubtful columns the way undeclared ones are, or moves them to the columns that they stand for. */
function takeDoubtfulColumns(row: Row, context: ServiceContext): void {
	for (const [doubtful, column] of Object.entries(DOUBTFUL_COLUMNS)) {
		if (!Object.hasOwn(row, doubtful)) continue;
		const value = row[doubtful];
		delete row[doubtful];
		if (value === undefined) continue;
		if (context.assumption('outboundTableQueryColumn') === 'refused') {
			throw badPayload(
				`Error identified in Payload provided by the user for Entity :'msdyncrm_segments', InnerException : ` +
					`Microsoft.OData.ODataException: An undeclared property '${doubtful}' was found in the payload; ` +
					`an untyped value in a non-open type is not supported.`,
			);
		}
		row[column] ??= value;
	}
}

function sign(row: Row, columns: readonly string[], { user }: ServiceContext): void {
	for (const column of columns) row[column] = user.userId;
}

function refuseNameless(row: Readonly<Row>): void {
	const name = row.msdyncrm_segmentname;
	if (typeof name === 'string' && name.trim() !== '') return;
	throw refusedByPlugin('msdyncrm_segmentname is required to create a segment.');
}

function refuseFirstStatus(first: number, context: ServiceContext): void {
	if (first === status.draft) return;
	refuseTransition(status.draft, first, context);
}

function refuseTransition(from: number, to: number, context: ServiceContext): void {
	if (context.assumption('outboundTransitions') === 'notEnforced' || mayChange(from, to)) return;
	throw new ServiceFault(
		400,
		'0x80048408',
		`${to} is not a valid status code for a msdyncrm_segment whose status code is ${from}.`,
	);
}

function refuseInvalid(segment: Readonly<Row>, context: ServiceContext): void {
	if (isRemoved(context)) return;
	const problem = refusingQueries(() => definitionProblem(segment, context));
	if (problem !== undefined) throw goLiveRefusal(problem, context);
}

/** The documentation promises 400 "with an error message in the body" and shows none. */
function goLiveRefusal(problem: QueryRefusal, context: ServiceContext): ServiceFault {
	const pair = JSON.stringify([validationError]);
	switch (context.assumption('outboundGoLiveRefusal')) {
		case 'validationArray':
			return refusedByPlugin(pair);
		case 'plainText':
			return new ServiceFault(400, '', problem.message, {
				rawBody: `Segment validation failed. ${problem.message}`,
				contentType: 'text/plain; charset=utf-8',
			});
		default:
			return refusedByPlugin(`Segment validation failed: ${validationError.ErrorCode}. ${problem.message}`);
	}
}

/** The only pair that Microsoft ever published. */
export const validationError = {
	ErrorCode: 'SegmentDciValidator_SegmentInvalid',
	FieldName: 'msdyncrm_query',
} as const;

/** Takes the ids of a static segment out of the row, which does not keep them. */
function takeFirstMembers(row: Row, context: ServiceContext): readonly string[] {
	const text = row.msdyncrm_segmentmemberids;
	if (text === undefined || text === null || text === '') return [];
	row.msdyncrm_segmentmemberids = null;
	const elements = typeof text === 'string' ? readJsonArray(text) : undefined;
	if (elements === undefined)
		throw refusedByPlugin('msdyncrm_segmentmemberids must hold a JSON array of ids.');
	const prefixNeeded = context.assumption('outboundMemberPrefix') === 'required';
	return elements.map((element, index) => {
		const member = readMemberId(element);
		if (member === undefined || (prefixNeeded && !member.prefixed)) {
			throw refusedByPlugin(`Element ${index} of msdyncrm_segmentmemberids is not a member id.`);
		}
		return member.id;
	});
}
