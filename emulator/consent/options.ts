/** Names, choices and ids of the consent tables (table reference `msdynmkt_contactpointconsent4` and its neighbours). */

export const CONSENT_TABLE = 'msdynmkt_contactpointconsent4';
export const PURPOSE_TABLE = 'msdynmkt_purpose';
export const TOPIC_TABLE = 'msdynmkt_topic';
export const PROFILE_TABLE = 'msdynmkt_compliancesettings4';
export const PROVIDER_TABLE = 'msdynmkt_consentprovider';
/** The N:N of purposes and profiles; also its navigation property on either side. */
export const PURPOSES_OF_PROFILES = 'msdynmkt_msdynmkt_purpose_msdynmkt_compliancev4';

export const channel = { email: 534120000, text: 534120001, custom: 534120002, voice: 534120003 } as const;
export const consentType = { purpose: 534120000, topic: 534120001 } as const;
export const consentValue = { notSet: 534120000, optedIn: 534120001, optedOut: 534120002 } as const;
export const purposeType = { commercial: 534120000, transactional: 534120001, tracking: 534120002 } as const;
export const enforcement = {
	restrictive: 534120000,
	nonRestrictive: 534120001,
	disabled: 534120002,
} as const;
export const featureState = { enabled: 192350010, disabled: 192350020 } as const;

/** Column of a purpose that holds the enforcement model of a channel. */
export const modelColumns: Readonly<Record<number, string>> = {
	[channel.email]: 'msdynmkt_enforcementmodel',
	[channel.text]: 'msdynmkt_smsenforcementmodel',
	[channel.custom]: 'msdynmkt_customenforcementmodel',
	[channel.voice]: 'msdynmkt_voiceenforcementmodel',
};

/** What a row of consent is about. */
export const consentKey = [
	'msdynmkt_contactpointvalue',
	'msdynmkt_contactpointtype',
	'msdynmkt_contactpointconsenttype',
	'msdynmkt_purposeid',
	'msdynmkt_topicid',
] as const;

/** Ids of the seeded rows. Only that of the commercial purpose is published. */
export const consentIds = {
	profiles: {
		default: '10000000-0000-0000-0000-000000000001',
		brand: '20000000-0000-4000-8000-000000000001',
		external: '20000000-0000-4000-8000-000000000002',
	},
	provider: '21000000-0000-4000-8000-000000000001',
	purposes: {
		/** Default: e-mail restrictive, text restrictive. */
		commercial: '10000000-0000-0000-0000-000000000003',
		/** Default: e-mail non-restrictive, text disabled. */
		transactional: '10000000-0000-0000-0000-000000000004',
		/** Default: e-mail non-restrictive; not meant for mailings. */
		tracking: '10000000-0000-0000-0000-000000000005',
		/** Default and Brand: e-mail non-restrictive, text restrictive. Owned by the team of the unit North. */
		newsletter: '22000000-0000-4000-8000-000000000001',
		/** Brand: e-mail disabled, text non-restrictive. */
		notices: '22000000-0000-4000-8000-000000000002',
		/** External, whose consent a provider keeps: e-mail restrictive. */
		external: '22000000-0000-4000-8000-000000000003',
	},
	topics: {
		/** Of commercial. */
		productNews: '23000000-0000-4000-8000-000000000001',
		events: '23000000-0000-4000-8000-000000000002',
		/** Of newsletter. */
		weekly: '23000000-0000-4000-8000-000000000003',
		/** Of notices. */
		maintenance: '23000000-0000-4000-8000-000000000004',
	},
} as const;
