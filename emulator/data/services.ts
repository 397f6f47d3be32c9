/** Functions of the environment itself and the dispatch of actions. */

import { createHash } from 'node:crypto';
import type { ActionHandler, Row, ServiceContext } from '../contracts';
import { ServiceFault } from '../contracts';
import { badUri, codes, unknownResource, verbNotAllowed } from './faults';
import type { PathSegment } from './path';
import { requireNamed } from './privileges';
import { type DataRequest, type DataResponse, json, noContent } from './responses';
import { apiRoot } from './schema';
import { isRecord, own } from './values';

const organizationVersion = '9.2.26091.00142';

/** An id that is always the same for the same text. */
export function derivedId(text: string): string {
	const hex = createHash('sha256').update(text).digest('hex');
	return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

type EnvironmentFunction = (segment: PathSegment, rawQuery: string, context: ServiceContext) => Row;

const functions: ReadonlyMap<string, EnvironmentFunction> = new Map<string, EnvironmentFunction>([
	['WhoAmI', whoAmI],
	['RetrieveCurrentOrganization', retrieveCurrentOrganization],
]);

export function isFunction(name: string): boolean {
	return functions.has(name);
}

/** GET on an unbound function. */
export function answerFunction(
	segment: PathSegment,
	request: DataRequest,
	context: ServiceContext,
): DataResponse {
	const run = functions.get(segment.name);
	if (run === undefined) throw unknownResource(segment.name);
	if (request.method !== 'GET') throw verbNotAllowed(request.method);
	const outputs = run(segment, request.rawQuery, context);
	return json(200, { '@odata.context': responseContext(segment.name, context), ...outputs });
}

function responseContext(name: string, context: ServiceContext): string {
	return `${apiRoot(context)}$metadata#Microsoft.Dynamics.CRM.${name}Response`;
}

function whoAmI(segment: PathSegment, _rawQuery: string, { user }: ServiceContext): Row {
	if ((segment.inside ?? '') !== '') throw badUri('WhoAmI takes no parameters.');
	return { BusinessUnitId: user.businessUnitId, UserId: user.userId, OrganizationId: user.organizationId };
}

function retrieveCurrentOrganization(segment: PathSegment, _rawQuery: string, context: ServiceContext): Row {
	if (!/^AccessType=(@\w+|Microsoft\.Dynamics\.CRM\.EndpointAccessType'\w+')$/.test(segment.inside ?? '')) {
		throw badUri('RetrieveCurrentOrganization needs the parameter AccessType.');
	}
	requireNamed('prvReadOrganization', 'organization', context);
	const { organizationId } = context.user;
	const organization = context.store.table('organization').get(organizationId);
	return {
		Detail: {
			OrganizationId: organizationId,
			FriendlyName: 'Contoso',
			OrganizationVersion: organizationVersion,
			EnvironmentId: derivedId(`environment ${organizationId}`),
			DatacenterId: derivedId('datacenter'),
			Geo: 'EMEA',
			TenantId: derivedId(`tenant ${organizationId}`),
			UrlName: 'contoso',
			UniqueName: 'contoso',
			State: 'Enabled',
			OrganizationType: organization?.organizationtype ?? 'CustomerTest',
			Endpoints: {
				Count: 3,
				IsReadOnly: false,
				Keys: ['WebApplication', 'OrganizationService', 'OrganizationDataService'],
				Values: [
					`${context.environmentUrl}/`,
					`${context.environmentUrl}/XRMServices/2011/Organization.svc`,
					`${context.environmentUrl}/XRMServices/2011/OrganizationData.svc`,
				],
			},
		},
	};
}

/** GET on the root: all sets. */
export function answerServiceDocument(context: ServiceContext): DataResponse {
	const value = context.store.definitions.map(({ entitySetName: name }) => ({
		name,
		kind: 'EntitySet',
		url: name,
	}));
	return json(200, { '@odata.context': `${apiRoot(context)}$metadata`, value });
}

/** POST on an unbound action. Runs in one atomic unit: an action that fails has written nothing. */
export function answerAction(
	name: string,
	handler: ActionHandler,
	request: DataRequest,
	context: ServiceContext,
): DataResponse {
	if (request.method !== 'POST') throw verbNotAllowed(request.method);
	const { body = {} } = request;
	if (!isRecord(body)) throw badUri(`The parameters of '${name}' must be a JSON object.`);
	refuseUntypedRows(body);
	const result = context.store.atomically(() => handler(body, context));
	switch (result.kind) {
		case 'none':
			return noContent();
		case 'outputs':
			return json(200, {
				'@odata.context': responseContext(name, context),
				...Object.fromEntries(Object.entries(result.outputs).flatMap(typedOutput)),
			});
		case 'collection':
			return json(200, {
				'@odata.context': `${apiRoot(context)}$metadata#expando`,
				value: result.rows.map(expando),
			});
		case 'raw':
			return json(200, result.body);
	}
}

function expando(row: Row): Row {
	return { '@odata.type': '#Microsoft.Dynamics.CRM.expando', ...row };
}

/** A collection of open rows inside the outputs says so beside it. */
function typedOutput([name, value]: [string, unknown]): Array<[string, unknown]> {
	const rows = Array.isArray(value) ? (value as unknown[]) : [];
	if (rows.length === 0 || !rows.every(isRecord)) return [[name, value]];
	return [
		[`${name}@odata.type`, '#Collection(Microsoft.Dynamics.CRM.expando)'],
		[name, rows.map(expando)],
	];
}

/** Rows are passed to actions under their base type: without `@odata.type` nobody knows what they are. */
function refuseUntypedRows(parameters: Row): void {
	for (const [name, value] of Object.entries(parameters)) {
		const rows = (Array.isArray(value) ? (value as unknown[]) : [value]).filter(isRecord);
		if (rows.every((row) => typeof own(row, '@odata.type') === 'string')) continue;
		throw new ServiceFault(
			400,
			codes.payload,
			`EdmEntityObject passed should have the key property value set. The parameter '${name}' has no '@odata.type'.`,
		);
	}
}
