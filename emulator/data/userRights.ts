/** What can be asked of a user: rights by their names, and the roles. */

import type { Row, ServiceContext } from '../contracts';
import { ServiceFault } from '../contracts';
import { badUri, codes, unknownResource, verbNotAllowed } from './faults';
import { type PathSegment, parseKey } from './path';
import { depthOf, knownPrivilege } from './privileges';
import { type DataRequest, type DataResponse, json } from './responses';
import { apiRoot } from './schema';
import { derivedId } from './services';
import type { TableStore } from './tableStore';
import { type Addressed, existing } from './target';

const rightsFunction = 'Microsoft.Dynamics.CRM.RetrieveUserPrivilegeByPrivilegeName';
const roles = 'systemuserroles_association';

export function isOfUser(table: TableStore, [first]: readonly PathSegment[]): boolean {
	return table.definition.logicalName === 'systemuser' && [rightsFunction, roles].includes(first?.name ?? '');
}

/**
 * `RetrieveUserPrivilegeByPrivilegeName`: the privilege with its depth, an empty list without it; or the roles of the
 * user. A privilege that the environment does not have is an error (switch `unknownPrivilegeName`).
 */
export function answerUser(
	target: Addressed,
	[first, ...more]: readonly PathSegment[],
	request: DataRequest,
	context: ServiceContext,
): DataResponse {
	if (request.method !== 'GET') throw verbNotAllowed(request.method);
	if (first === undefined || more.length > 0) throw unknownResource(more[0]?.name ?? '');
	existing(target);
	if (first.name === roles) return answerRoles(context);
	const name = privilegeOf(first.inside ?? '');
	const known = knownPrivilege(name, context);
	if (known === undefined) throw noSuchPrivilege(name, context);
	// Nobody but the one who asks has limited rights here.
	const depth = target.id === context.user.userId ? depthOf(known, context) : 'Global';
	return json(200, {
		'@odata.context': `${apiRoot(context)}$metadata#Microsoft.Dynamics.CRM.RetrieveUserPrivilegeByPrivilegeNameResponse`,
		RolePrivileges:
			depth === undefined
				? []
				: [
						{
							Depth: depth,
							PrivilegeId: derivedId(`privilege ${known}`),
							BusinessUnitId: context.user.businessUnitId,
							PrivilegeName: known,
							RecordFilterId: '00000000-0000-0000-0000-000000000000',
							RecordFilterUniqueName: '',
						},
					],
	});
}

function privilegeOf(inside: string): string {
	const key = parseKey(inside);
	const name = key.kind === 'alternate' ? key.parts.get('PrivilegeName') : undefined;
	if (name === undefined)
		throw badUri('RetrieveUserPrivilegeByPrivilegeName needs the parameter PrivilegeName.');
	return name;
}

function noSuchPrivilege(name: string, context: ServiceContext): ServiceFault {
	const message = `The privilege with the name ${name} does not exist.`;
	switch (context.assumption('unknownPrivilegeName')) {
		case '400':
			return new ServiceFault(400, '0x80040203', message);
		case '500':
			return new ServiceFault(500, '0x80040216', message);
		default:
			return new ServiceFault(404, codes.notFound, message);
	}
}

/** Every user of the emulator holds the one role that there is. */
function answerRoles(context: ServiceContext): DataResponse {
	const value = [...context.store.table('role').rows()].map(({ roleid, name }): Row => ({ roleid, name }));
	return json(200, { '@odata.context': `${apiRoot(context)}$metadata#roles`, value });
}
