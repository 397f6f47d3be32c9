import type { Row, Store } from '../contracts';
import { standardIds } from '../data';
import {
	consentIds,
	enforcement,
	PROFILE_TABLE,
	PROVIDER_TABLE,
	PURPOSE_TABLE,
	PURPOSES_OF_PROFILES,
	purposeType,
	TOPIC_TABLE,
} from './options';

const { restrictive, nonRestrictive, disabled } = enforcement;
const { profiles, purposes, topics, provider } = consentIds;

const root: Row = {
	ownerid: standardIds.rootTeam,
	'ownerid@table': 'team',
	owningbusinessunit: standardIds.rootBusinessUnit,
	'owningbusinessunit@table': 'businessunit',
};
const north: Row = {
	...root,
	ownerid: standardIds.northTeam,
	owningbusinessunit: standardIds.northBusinessUnit,
};

function purpose(
	msdynmkt_purposeid: string,
	name: string,
	[type, email, text]: readonly [type: number, email: number, text: number | null],
	owner = root,
): Row {
	return {
		msdynmkt_purposeid,
		msdynmkt_name: name,
		msdynmkt_type: type,
		msdynmkt_enforcementmodel: email,
		msdynmkt_smsenforcementmodel: text,
		// Rows that are older than these columns have nothing in them.
		msdynmkt_customenforcementmodel: null,
		msdynmkt_voiceenforcementmodel: null,
		...owner,
	};
}

const topic = (id: string, name: string, purposeId: string): Row => ({
	msdynmkt_topicid: id,
	msdynmkt_name: name,
	msdynmkt_purposeid: purposeId,
	'msdynmkt_purposeid@table': PURPOSE_TABLE,
	...root,
});

const profile = (id: string, name: string, extra: Row = {}): Row => ({
	msdynmkt_compliancesettings4id: id,
	msdynmkt_name: name,
	msdynmkt_doistatus: 534120000,
	...root,
	...extra,
});

const rows: ReadonlyArray<readonly [table: string, rows: readonly Row[]]> = [
	[PROVIDER_TABLE, [{ msdynmkt_consentproviderid: provider, msdynmkt_name: 'Consent Vault', ...root }]],
	[
		PROFILE_TABLE,
		[
			profile(profiles.default, 'Default'),
			profile(profiles.brand, 'Brand'),
			profile(profiles.external, 'External', {
				msdynmkt_consentproviderid: provider,
				'msdynmkt_consentproviderid@table': PROVIDER_TABLE,
			}),
		],
	],
	[
		PURPOSE_TABLE,
		[
			purpose(purposes.commercial, 'Commercial', [purposeType.commercial, restrictive, restrictive]),
			purpose(purposes.transactional, 'Transactional', [purposeType.transactional, nonRestrictive, disabled]),
			purpose(purposes.tracking, 'Tracking', [purposeType.tracking, nonRestrictive, null]),
			purpose(
				purposes.newsletter,
				'Newsletter',
				[purposeType.commercial, nonRestrictive, restrictive],
				north,
			),
			purpose(purposes.notices, 'Notices', [purposeType.transactional, disabled, nonRestrictive]),
			purpose(purposes.external, 'External Marketing', [purposeType.commercial, restrictive, restrictive]),
		],
	],
	[
		TOPIC_TABLE,
		[
			topic(topics.productNews, 'Product News', purposes.commercial),
			topic(topics.events, 'Events', purposes.commercial),
			topic(topics.weekly, 'Weekly', purposes.newsletter),
			topic(topics.maintenance, 'Maintenance', purposes.notices),
		],
	],
];

const links: ReadonlyArray<readonly [profile: string, purpose: string]> = [
	[profiles.default, purposes.commercial],
	[profiles.default, purposes.transactional],
	[profiles.default, purposes.tracking],
	// Shared by two profiles.
	[profiles.default, purposes.newsletter],
	[profiles.brand, purposes.newsletter],
	[profiles.brand, purposes.notices],
	[profiles.external, purposes.external],
];

/** Three profiles (the last with a consent provider), purposes of every enforcement model and topics. */
export function seedConsent(store: Store): void {
	for (const [name, list] of rows) {
		for (const row of list) store.table(name).insert({ statecode: 0, statuscode: 1, ...row });
	}
	for (const [compliance, purposeId] of links) {
		store
			.table(PURPOSES_OF_PROFILES)
			.insert({ msdynmkt_purposeid: purposeId, msdynmkt_compliancesettings4id: compliance });
	}
}
