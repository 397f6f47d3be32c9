/** Who the caller is, and what kind of environment this is. Nothing here contains the name or address of a person. */

import type { DataverseClient } from '../dataverse/client';
import { unexpectedReply } from '../dataverse/errors/decodeError';
import { isJsonObject, ownNumber, ownString, ownValue } from '../dataverse/http/json';
import { entityPath, literal, or, queryString, startsWith } from '../dataverse/text/odata';
import { rowsOf } from './actions';
import { known, notKnown, type Fact } from './fact';

export interface Identity {
	readonly userId: string;
	readonly businessUnitId: string;
	readonly organizationId: string;
}

export interface Caller {
	/** An application user has an application id, a person has none. */
	readonly kind: 'application' | 'person';
	readonly roleIds: readonly string[];
}

export interface Organization {
	/** `OrganizationType`: Customer is production, CustomerTest a sandbox. */
	readonly type?: string;
	readonly version?: string;
	readonly region?: string;
}

/**
 * Who the credential is in this environment: function WhoAmI.
 * @throws DataverseError `unexpectedReply` when the answer does not say
 */
export async function readIdentity(client: DataverseClient): Promise<Identity> {
	const reply = await client.metadata('WhoAmI');
	const userId = ownString(reply, 'UserId');
	const businessUnitId = ownString(reply, 'BusinessUnitId');
	const organizationId = ownString(reply, 'OrganizationId');
	if (userId !== undefined && businessUnitId !== undefined && organizationId !== undefined) {
		return { userId, businessUnitId, organizationId };
	}
	throw unexpectedReply('The environment did not say who this user is.', { method: 'GET', path: 'WhoAmI' });
}

/** Types of environments that are not used for production: "OrganizationType EnumType". */
const NO_PRODUCTION: readonly string[] = [
	'CustomerTest',
	'CustomerFreeTest',
	'CustomerPreview',
	'TestDrive',
	'EmailTrial',
	'Developer',
	'Trial',
];
/** By number, as some answers give it. */
const TYPES: readonly string[] = [
	'Customer',
	'Monitoring',
	'Support',
	'BackEnd',
	'Secondary',
	'CustomerTest',
	'CustomerFreeTest',
	'CustomerPreview',
	'Placeholder',
	'TestDrive',
	'MsftInvestigation',
	'EmailTrial',
	'Default',
	'Developer',
	'Trial',
	'Teams',
	'Platform',
];

/** Whether the environment is certainly not a production environment; an unknown type counts as production. */
export function isTestEnvironment(organization: Fact<Organization>): boolean {
	return organization.known && NO_PRODUCTION.includes(organization.value.type ?? '');
}

/**
 * What kind of environment it is: its type, version and region.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/retrievecurrentorganization
 */
export async function readOrganization(client: DataverseClient): Promise<Fact<Organization>> {
	const access = "Microsoft.Dynamics.CRM.EndpointAccessType'Default'";
	const reply = await client.metadata(`RetrieveCurrentOrganization(AccessType=@a)?@a=${access}`);
	const detail = ownValue(reply, 'Detail');
	if (!isJsonObject(detail)) return notKnown('the answer about the organization has an unknown form');
	const type = ownString(detail, 'OrganizationType') ?? TYPES[ownNumber(detail, 'OrganizationType') ?? -1];
	return known({
		...(type === undefined ? {} : { type }),
		version: ownString(detail, 'OrganizationVersion'),
		region: ownString(detail, 'Geo'),
	});
}

/** The user who signs in, and the roles given to this user directly; those of teams are not among them. */
export async function readCaller(client: DataverseClient, userId: string): Promise<Fact<Caller>> {
	const user = await client.getRow('systemusers', userId, { select: ['systemuserid', 'applicationid'] });
	const roles = `${entityPath('systemusers', userId)}/systemuserroles_association`;
	const rows = await rowsOf(client, roles, queryString({ select: ['roleid'] }));
	return known({
		kind: ownString(user, 'applicationid') ? 'application' : 'person',
		roleIds: rows.flatMap((row) => ownString(row, 'roleid') ?? []),
	});
}

/** Versions of the solutions of Customer Insights - Journeys, by unique name. */
export async function readSolutions(client: DataverseClient): Promise<Fact<ReadonlyMap<string, string>>> {
	const filter = or(
		startsWith('uniquename', literal.string('DynamicsMKT_')),
		startsWith('uniquename', literal.string('DynamicsCij_')),
	);
	const rows = await rowsOf(
		client,
		'solutions',
		queryString({ select: ['uniquename', 'version', 'installedon'], filter }),
	);
	return known(
		new Map(rows.map((row) => [ownString(row, 'uniquename') ?? '', ownString(row, 'version') ?? ''])),
	);
}

/** Feature switches by unique name: on or off. `msdynmkt_featurestate`: 192350010 Enabled, 192350020 Disabled. */
export async function readSwitches(client: DataverseClient): Promise<Fact<ReadonlyMap<string, boolean>>> {
	const select = ['msdynmkt_uniquename', 'msdynmkt_featurestate'];
	const rows = await rowsOf(client, 'msdynmkt_featureconfigurations', queryString({ select }));
	return known(
		new Map(
			rows.map((row) => [
				ownString(row, 'msdynmkt_uniquename') ?? '',
				ownNumber(row, 'msdynmkt_featurestate') === 192350010,
			]),
		),
	);
}

export interface OrganizationSettings {
	readonly isAuditOn?: boolean;
	readonly isDuplicateDetectionOn?: boolean;
	readonly deltaTokensExpireDays?: number;
}

/** Settings of the organization that decide what the nodes can see. */
export async function readOrganizationSettings(client: DataverseClient): Promise<Fact<OrganizationSettings>> {
	const select = ['isauditenabled', 'isduplicatedetectionenabled', 'expirechangetrackingindays'];
	const [row] = await rowsOf(client, 'organizations', queryString({ select }));
	if (row === undefined) return notKnown('the service returned no organization');
	const flag = (name: string) => {
		const value = ownValue(row, name);
		return typeof value === 'boolean' ? value : undefined;
	};
	return known({
		isAuditOn: flag('isauditenabled'),
		isDuplicateDetectionOn: flag('isduplicatedetectionenabled'),
		deltaTokensExpireDays: ownNumber(row, 'expirechangetrackingindays'),
	});
}
