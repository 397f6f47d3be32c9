/**
 * Everything reported about an environment, in a form that can be pasted into an issue: IDs and names of rights, tables and
 * solutions, but no name of a person, no address and no host name.
 */

import type { Caller, Organization, OrganizationSettings } from './about';
import { isTestEnvironment } from './about';
import type { ActionFacts, KnownActions } from './actions';
import type { KeyFacts } from './columns';
import type { Environment } from './environment';
import type { Fact } from './fact';
import { readFeatures, type FeatureFinding } from './features';

export interface EnvironmentReport {
	/** The host without its first label: `*.crm4.dynamics.com`. */
	readonly host: string;
	readonly userId: Fact<string>;
	readonly businessUnitId: Fact<string>;
	readonly organizationId: Fact<string>;
	readonly caller: Fact<Caller>;
	readonly organization: Fact<Organization>;
	/** False also where the kind of environment is not known. */
	readonly isTestEnvironment: boolean;
	readonly solutions: Fact<ReadonlyMap<string, string>>;
	readonly switches: Fact<ReadonlyMap<string, boolean>>;
	readonly settings: Fact<OrganizationSettings>;
	readonly actions: Fact<KnownActions>;
	readonly membersList: Fact<ActionFacts | undefined>;
	/** Characters of a query of a real-time segment. */
	readonly queryLength: Fact<number | undefined>;
	/** Code of the status Expired. */
	readonly expiredStatus: Fact<number | undefined>;
	readonly contactKeys: Fact<readonly KeyFacts[]>;
	readonly leadKeys: Fact<readonly KeyFacts[]>;
	readonly features: readonly FeatureFinding[];
}

/** Reads only, with about 15 requests. */
export async function readEnvironment(environment: Environment, origin: string): Promise<EnvironmentReport> {
	const identity = await environment.identity();
	const part = (key: 'businessUnitId' | 'organizationId' | 'userId'): Fact<string> =>
		identity.known ? { known: true, value: identity.value[key] } : identity;
	const organization = await environment.organization();
	return {
		host: shortHost(origin),
		userId: part('userId'),
		businessUnitId: part('businessUnitId'),
		organizationId: part('organizationId'),
		caller: await environment.caller(),
		organization,
		isTestEnvironment: isTestEnvironment(organization),
		features: await readFeatures(environment),
		solutions: await environment.solutions(),
		switches: await environment.switches(),
		settings: await environment.settings(),
		actions: await environment.actions(),
		membersList: await environment.action('msdynmkt_MembersList'),
		queryLength: await environment.memoLength('msdynmkt_segmentdefinition', 'msdynmkt_segmentquery'),
		expiredStatus: await environment.statusNamed('msdynmkt_segment', 'Expired'),
		contactKeys: await environment.keys('contact'),
		leadKeys: await environment.keys('lead'),
	};
}

/** The name of the environment is the first label; what follows says only the region. */
function shortHost(origin: string): string {
	const { hostname } = new URL(origin);
	if (/^[\d.]+$|^localhost$|^\[/.test(hostname)) return hostname;
	return hostname.replace(/^[^.]+/, '*');
}
