import type { ColumnDefinition, RelationshipDefinition, TableDefinition } from '../contracts';
import { activeInactive, auditColumns, choice, column, lookup, ownerColumns, text, yesNo } from '../data';
import { consentHooks } from './hooks';
import {
	channel,
	CONSENT_TABLE,
	consentKey,
	consentType,
	consentValue,
	enforcement,
	PROFILE_TABLE,
	PROVIDER_TABLE,
	PURPOSE_TABLE,
	PURPOSES_OF_PROFILES,
	purposeType,
	TOPIC_TABLE,
} from './options';

const required = { required: 'ApplicationRequired' } as const;

const sources = {
	534120000: 'Internal',
	534120001: 'Preference page',
	534120002: 'Text message',
	534120003: 'Loaded',
	534120004: 'Preference Center',
	534120005: 'Realtime Marketing Form',
	534120006: 'Subscription Center',
	534120007: 'Email - list-unsubscribe',
};

const reasons = {
	534119999: 'No reasons',
	534120000: 'In-Advertisement',
	534120001: 'In-Landing page',
	534120002: 'In-Events',
	534120003: 'Out-Content is irrelevant',
	534120004: 'Out-Too frequent',
	534120005: "Out-Didn't recall signing up",
	534120006: 'Out-Privacy concerns',
	534120007: 'Out-One-click unsubscribe',
};

function table(
	definition: Omit<TableDefinition, 'primaryKey' | 'primaryName' | 'schemaName'> & {
		readonly primaryName?: string;
	},
): TableDefinition {
	const { logicalName, columns } = definition;
	const primaryKey = `${logicalName}id`;
	return {
		schemaName: logicalName,
		primaryKey,
		primaryName: 'msdynmkt_name',
		...definition,
		columns: [
			column(primaryKey, definition.displayName, 'guid'),
			...columns,
			...activeInactive,
			...ownerColumns,
			...auditColumns,
		],
	};
}

function oneToMany(
	schemaName: string,
	[referencedTable, referencingTable, referencingColumn]: readonly [string, string, string],
): RelationshipDefinition {
	const referencedColumn = `${referencedTable}id`;
	return { schemaName, referencedTable, referencedColumn, referencingTable, referencingColumn };
}

/** Both bind names have a lower m and a capital I: what public code sends, and what the live dump of the table shows. */
const purposeLookup = (extra: Partial<ColumnDefinition> = {}) =>
	lookup('msdynmkt_purposeid', 'Purpose', [PURPOSE_TABLE], {
		navigation: { [PURPOSE_TABLE]: 'msdynmkt_purposeId' },
		...extra,
	});

/**
 * Consent of an address on a channel for a purpose or a topic; no relationship leads to a person.
 * @param key whether the table has an alternate key over what a row is about
 */
export function consentTable(key: 'exists' | 'none'): TableDefinition {
	return {
		...table({
			logicalName: CONSENT_TABLE,
			entitySetName: `${CONSENT_TABLE}s`,
			displayName: 'Contact Point Consent',
			primaryName: 'msdynmkt_contactpointvalue',
			columns: consentColumns,
			relationships: [
				oneToMany('msdynmkt_msdynmkt_purpose_msdynmkt_contactpointconsent4_purposeId', [
					PURPOSE_TABLE,
					CONSENT_TABLE,
					'msdynmkt_purposeid',
				]),
				oneToMany('msdynmkt_msdynmkt_topic_msdynmkt_contactpointconsent4_topicId', [
					TOPIC_TABLE,
					CONSENT_TABLE,
					'msdynmkt_topicid',
				]),
			],
		}),
		alternateKeys: key === 'exists' ? [consentKey] : [],
		hooks: consentHooks,
	};
}

const consentColumns: readonly ColumnDefinition[] = [
	text('msdynmkt_contactpointvalue', 'Contact Point Value', 400, required),
	choice(
		'msdynmkt_contactpointtype',
		'Contact Point Type',
		{
			[channel.email]: 'Email',
			[channel.text]: 'Text Message',
			[channel.custom]: 'Custom',
			[channel.voice]: 'Voice',
		},
		required,
	),
	choice('msdynmkt_contactpointconsenttype', 'Contact Point Consent Type', {
		[consentType.purpose]: 'Purpose',
		[consentType.topic]: 'Topic',
	}),
	choice(
		'msdynmkt_value',
		'Value',
		{
			[consentValue.notSet]: 'Not Set',
			[consentValue.optedIn]: 'Opted In',
			[consentValue.optedOut]: 'Opted Out',
		},
		{ ...required, defaultValue: consentValue.notSet },
	),
	purposeLookup(required),
	lookup('msdynmkt_topicid', 'Topic', [TOPIC_TABLE], { navigation: { [TOPIC_TABLE]: 'msdynmkt_topicId' } }),
	choice('msdynmkt_source', 'Source', sources, { ...required, defaultValue: 534120000 }),
	choice('msdynmkt_logicalreason', 'Reason', reasons, required),
	text('msdynmkt_reason', 'Reason Description', 500),
	text('msdynmkt_modifiedonbehalf', 'Who requested the change', 500),
	column('msdynmkt_migrationtimestamp', 'Migration Timestamp', 'datetime', {
		behavior: 'TimeZoneIndependent',
	}),
];

const models = {
	[enforcement.restrictive]: 'Restrictive',
	[enforcement.nonRestrictive]: 'Non-Restrictive',
	[enforcement.disabled]: 'Disabled',
};

const purposeTable = table({
	logicalName: PURPOSE_TABLE,
	entitySetName: 'msdynmkt_purposes',
	displayName: 'Purpose',
	columns: [
		text('msdynmkt_name', 'Name', 100, required),
		choice('msdynmkt_type', 'Type', {
			[purposeType.commercial]: 'Commercial',
			[purposeType.transactional]: 'Transactional',
			[purposeType.tracking]: 'Tracking',
		}),
		choice('msdynmkt_enforcementmodel', 'Enforcement model', models),
		choice('msdynmkt_smsenforcementmodel', 'Text message enforcement model', models),
		choice('msdynmkt_customenforcementmodel', 'Custom channel enforcement model', models),
		choice('msdynmkt_voiceenforcementmodel', 'Voice enforcement model', models),
	],
	manyToMany: [
		{
			schemaName: PURPOSES_OF_PROFILES,
			intersectTable: PURPOSES_OF_PROFILES,
			sides: [
				{ table: PURPOSE_TABLE, column: 'msdynmkt_purposeid' },
				{ table: PROFILE_TABLE, column: 'msdynmkt_compliancesettings4id' },
			],
		},
	],
});

const topicTable = table({
	logicalName: TOPIC_TABLE,
	entitySetName: 'msdynmkt_topics',
	displayName: 'Topic',
	columns: [text('msdynmkt_name', 'Name', 100, required), purposeLookup(required)],
	relationships: [
		oneToMany('msdynmkt_msdynmkt_purpose_msdynmkt_topic_purposeId', [
			PURPOSE_TABLE,
			TOPIC_TABLE,
			'msdynmkt_purposeid',
		]),
	],
});

const profileTable = table({
	logicalName: PROFILE_TABLE,
	entitySetName: `${PROFILE_TABLE}s`,
	displayName: 'Compliance Profile',
	columns: [
		text('msdynmkt_name', 'Name', 100, required),
		choice('msdynmkt_consentlinktype', 'Consent Link Type', {
			534120000: 'Preference page',
			534120001: 'Subscription center',
			534120002: 'External link',
			534120003: 'Preference center',
		}),
		lookup('msdynmkt_trackingconsentpurpose', 'Tracking Consent Purpose', [PURPOSE_TABLE]),
		lookup('msdynmkt_consentproviderid', 'Consent Provider', [PROVIDER_TABLE]),
		choice('msdynmkt_doistatus', 'Double Opt-In', { 534120000: 'Not enabled', 534120001: 'Enabled' }),
		yesNo('msdynmkt_globaldoienabled', 'Global Double Opt-In'),
		text('msdynmkt_legaladdress', 'Company Address', 500),
	],
});

const providerTable = table({
	logicalName: PROVIDER_TABLE,
	entitySetName: 'msdynmkt_consentproviders',
	displayName: 'Consent Provider',
	columns: [text('msdynmkt_name', 'Name', 100, required), text('msdynmkt_customapi', 'Custom API', 200)],
});

/** The rows behind the N:N of purposes and profiles. */
const purposesOfProfiles: TableDefinition = {
	logicalName: PURPOSES_OF_PROFILES,
	schemaName: PURPOSES_OF_PROFILES,
	entitySetName: `${PURPOSES_OF_PROFILES}set`,
	displayName: 'Purposes of Profiles',
	primaryKey: `${PURPOSES_OF_PROFILES}id`,
	primaryName: `${PURPOSES_OF_PROFILES}id`,
	intersect: true,
	columns: [
		column(`${PURPOSES_OF_PROFILES}id`, 'Purposes of Profiles', 'guid', { readOnly: true }),
		column('msdynmkt_purposeid', 'Purpose', 'guid', { readOnly: true }),
		column('msdynmkt_compliancesettings4id', 'Compliance Profile', 'guid', { readOnly: true }),
	],
};

export const consentTables: readonly TableDefinition[] = [
	consentTable('none'),
	purposeTable,
	topicTable,
	profileTable,
	providerTable,
	purposesOfProfiles,
];
