/** The only entry: a request below `/api/data/vX.Y/` to an answer. */

import type { ActionHandler, ServiceContext } from '../contracts';
import { ServiceFault } from '../contracts';
import { answerApply } from './apply';
import { answerBulk, bulkMessage } from './bulk';
import { badUri, codes, notTracked, unknownResource, verbNotAllowed } from './faults';
import { answerFetch } from './fetch/answer';
import { answerCount, answerList } from './list';
import { answerMetadata, isMetadataSet } from './metadata/answer';
import { answerSchema } from './metadata/csdl';
import { type PathSegment, parsePath } from './path';
import { readPreferences } from './preferences';
import { parseOptions } from './queryOptions';
import type { AnswerOptions, DataRequest, DataResponse } from './responses';
import type { RowCall } from './rowCall';
import { answerCreate, answerProperty, answerRow } from './rows';
import { answerAction, answerFunction, answerServiceDocument, isFunction } from './services';
import { answerStoredView } from './storedViews';
import type { TableStore } from './tableStore';
import { address, requirePrivilege, tableOfSet } from './target';
import { answerUser, isOfUser } from './userRights';

type Actions = Readonly<Record<string, ActionHandler>>;

/**
 * Answers one request to the Web API. Throws `ServiceFault` for everything the service refuses; `errorResponse` puts
 * that into words. Anything else that is thrown is a defect of the emulator.
 */
export function answerData(
	request: DataRequest,
	context: ServiceContext,
	actions: Actions,
	options: AnswerOptions,
): DataResponse {
	try {
		return route(request, context, actions, options);
	} catch (error) {
		const silent = error instanceof ServiceFault && (error.status === 404 || error.status === 412);
		if (!silent || context.assumption('emptyErrorCodes') === 'no') throw error;
		throw new ServiceFault(error.status, '', error.message, error.extra);
	}
}

function route(
	request: DataRequest,
	context: ServiceContext,
	actions: Actions,
	options: AnswerOptions,
): DataResponse {
	const [first, ...rest] = parsePath(request.path);
	const shown = options.shown === undefined ? context : { ...context, store: options.shown };
	if (first === undefined) {
		if (request.method !== 'GET') throw verbNotAllowed(request.method);
		return answerServiceDocument(shown);
	}
	if (first.name === '$metadata') return answerSchema(request, shown);
	if (isMetadataSet(first.name)) return answerMetadata([first, ...rest], request, shown);
	if (isFunction(first.name)) {
		if (rest.length > 0) throw unknownResource(rest[0]?.name ?? '');
		return answerFunction(first, request, context);
	}
	if (shown.store.bySet(first.name) !== undefined) return answerSet(first, rest, request, context, options);
	const handler = Object.hasOwn(actions, first.name) ? actions[first.name] : undefined;
	if (handler === undefined || rest.length > 0) throw unknownResource(first.name);
	return answerAction(first.name, handler, request, context);
}

function answerSet(
	first: PathSegment,
	rest: readonly PathSegment[],
	request: DataRequest,
	context: ServiceContext,
	options: AnswerOptions,
): DataResponse {
	const table = tableOfSet(first.name, context);
	table.definition.hooks?.beforeRead?.(context);
	if (isOfUser(table, rest)) return answerUser(address(table, first), rest, request, context);
	const bulk = first.inside === undefined && rest.length === 1 ? bulkMessage(rest[0]?.name ?? '') : undefined;
	if (bulk !== undefined) return answerBulk(bulk, table, request, context);
	refuseBoundAction(rest, request);
	const call: RowCall = {
		request,
		context,
		options: parseOptions(request.rawQuery),
		preferences: readPreferences(request.headers),
		contentIds: options.contentIds ?? new Map(),
	};
	if (first.inside === undefined) return answerCollection(table, rest, call, options);
	const target = address(table, first);
	return rest.length === 0 ? answerRow(target, call) : answerProperty(target, rest, call);
}

/** No action is bound to a row or a set here; the two ways to miss one are told apart as the service does. */
function refuseBoundAction(rest: readonly PathSegment[], request: DataRequest): void {
	const [segment] = rest;
	if (segment === undefined || request.method !== 'POST' || rest.at(-1)?.name === '$ref') return;
	if (segment.name.startsWith('Microsoft.Dynamics.CRM.')) throw unknownResource(segment.name);
	throw badUri(
		`Request message has unresolved parameters: '${segment.name}'. Qualify a bound action with its namespace.`,
	);
}

function answerCollection(
	table: TableStore,
	rest: readonly PathSegment[],
	call: RowCall,
	options: AnswerOptions,
): DataResponse {
	const { request, context, preferences } = call;
	const [suffix] = rest;
	if (suffix !== undefined && (suffix.name !== '$count' || rest.length > 1))
		throw unknownResource(suffix.name);
	if (request.method === 'POST' && suffix === undefined) return answerCreate(table, call);
	if (request.method !== 'GET') throw verbNotAllowed(request.method);
	requirePrivilege('Read', table, context);
	if (suffix !== undefined) return answerCount(table, call.options, context);
	const { fetchXml } = call.options;
	if (preferences.trackChanges) throw notTracked(table.definition.logicalName);
	if (fetchXml === undefined) {
		const { apply } = call.options;
		if (apply !== undefined) return answerApply(table, apply, call.options, context);
		return (
			answerStoredView(table, call.options, preferences, context, options) ??
			answerList(table, call.options, preferences, context)
		);
	}
	const { select, filter, skipToken } = call.options;
	if ([select, filter, skipToken].some((option) => option !== undefined)) {
		throw new ServiceFault(
			400,
			codes.uri,
			"The query option 'fetchXml' cannot be combined with OData query options.",
		);
	}
	return answerFetch(table, fetchXml, preferences, context, options);
}
