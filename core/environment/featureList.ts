/**
 * What the package offers, and which rights, tables and actions each part of it needs. Names of privileges are
 * `prv<Verb><SchemaName>`; the depth has to cover the business units of the rows.
 */

import { verbsOn } from './privilegeNames';

export interface Feature {
	readonly id: string;
	/** In the words of the editor. */
	readonly title: string;
	/** Logical names of the tables without which the feature is not there. */
	readonly tables: readonly string[];
	/** Actions, by the names of their messages. */
	readonly actions: readonly string[];
	/** Privileges that it cannot do without. */
	readonly rights: readonly string[];
}

const SEGMENT = 'msdynmkt_segment';
const DEFINITION = 'msdynmkt_segmentdefinition';
const CONSENT = 'msdynmkt_contactpointconsent4';
const CONSENT_TABLES = [CONSENT, 'msdynmkt_purpose', 'msdynmkt_topic', 'msdynmkt_compliancesettings4'];
const METADATA = ['prvReadEntity', 'prvReadAttribute', 'prvReadRelationship', 'prvReadOptionSet'];

/** Least rights per feature: out-of-the-box role tables of 2026-07-28 and the platform's rule for lookups. */
export const FEATURES: readonly Feature[] = [
	{
		id: 'readSegments',
		title: 'Choose, get and list segments, Get Status',
		tables: [SEGMENT, DEFINITION],
		actions: [],
		rights: [...verbsOn(SEGMENT, 'Read'), ...verbsOn(DEFINITION, 'Read')],
	},
	{
		id: 'writeSegments',
		title: 'Create, Create or Update, Update, groups',
		tables: [SEGMENT, DEFINITION],
		actions: [],
		rights: [
			...verbsOn(SEGMENT, 'Read', 'Create', 'Write', 'Append'),
			...verbsOn(DEFINITION, 'Read', 'Create', 'Write', 'Append'),
			'prvAppendToBusinessUnit',
		],
	},
	{
		id: 'deleteSegments',
		title: 'Delete segments',
		tables: [SEGMENT, DEFINITION],
		actions: [],
		rights: [...verbsOn(SEGMENT, 'Read', 'Delete'), ...verbsOn(DEFINITION, 'Read', 'Delete')],
	},
	{
		id: 'publish',
		title: 'Go Live, Stop, Add, Remove and Sync members',
		tables: [SEGMENT, DEFINITION],
		actions: [
			'msdynmkt_PublishSegmentDefinition',
			'msdynmkt_StopSegments',
			'msdynmkt_AddStaticMembers',
			'msdynmkt_RemoveStaticMembers',
		],
		rights: [...verbsOn(SEGMENT, 'Read', 'Create', 'Write'), ...verbsOn(DEFINITION, 'Read', 'Write')],
	},
	{
		id: 'readMembers',
		title: 'Get Many members, Check, Compare',
		tables: [SEGMENT, DEFINITION],
		actions: ['msdynmkt_MembersList', 'msdynmkt_ListGroupMembers'],
		rights: [...verbsOn(SEGMENT, 'Read'), ...verbsOn(DEFINITION, 'Read')],
	},
	{
		id: 'evaluations',
		title: 'Evaluations of a segment, the trigger',
		tables: ['msdynmkt_segmentexecution'],
		actions: [],
		rights: verbsOn('msdynmkt_segmentexecution', 'Read'),
	},
	{
		id: 'usage',
		title: 'Get Usage',
		tables: ['msdynmkt_segmentusage', 'msdynmkt_journey'],
		actions: [],
		rights: [...verbsOn('msdynmkt_segmentusage', 'Read'), ...verbsOn('msdynmkt_journey', 'Read')],
	},
	{
		id: 'matchContacts',
		title: 'Match contacts by email or a column',
		tables: ['contact'],
		actions: [],
		rights: [...verbsOn('Contact', 'Read'), ...METADATA],
	},
	{
		id: 'matchLeads',
		title: 'Match leads by email or a column',
		tables: ['lead'],
		actions: [],
		rights: [...verbsOn('Lead', 'Read'), ...METADATA],
	},
	{
		id: 'createContacts',
		title: 'Create and update contacts',
		tables: ['contact'],
		actions: [],
		rights: [
			...verbsOn('Contact', 'Read', 'Create', 'Write', 'Append'),
			'prvAppendToAccount',
			'prvAppendToContact',
			'prvReadEntityKey',
		],
	},
	{
		id: 'createLeads',
		title: 'Create and update leads',
		tables: ['lead'],
		actions: [],
		rights: [...verbsOn('Lead', 'Read', 'Create', 'Write', 'Append'), 'prvReadEntityKey'],
	},
	{
		id: 'consentCheck',
		title: 'Check consent',
		tables: CONSENT_TABLES,
		actions: [],
		rights: CONSENT_TABLES.flatMap((table) => verbsOn(table, 'Read')),
	},
	{
		id: 'consentRecord',
		title: 'Record consent',
		tables: CONSENT_TABLES,
		actions: [],
		rights: [
			...verbsOn(CONSENT, 'Read', 'Create', 'Write', 'Append', 'Assign'),
			...verbsOn('msdynmkt_purpose', 'Read', 'AppendTo'),
			...verbsOn('msdynmkt_topic', 'Read', 'AppendTo'),
		],
	},
	{
		id: 'marketingLists',
		title: 'People from marketing lists',
		tables: ['list'],
		actions: [],
		rights: verbsOn('List', 'Read'),
	},
	{
		id: 'views',
		title: 'People from views',
		tables: ['savedquery', 'userquery'],
		actions: [],
		rights: ['prvReadQuery', 'prvReadUserQuery'],
	},
	{
		id: 'check',
		title: 'Check and the probe',
		tables: [],
		actions: [],
		rights: [
			'prvReadOrganization',
			'prvReadUser',
			'prvReadBusinessUnit',
			'prvReadRole',
			'prvReadCustomAPI',
			'prvReadSdkMessage',
			'prvReadSolution',
			'prvReadWorkflow',
			'prvReadmsdynmkt_featureconfiguration',
			...METADATA,
		],
	},
	{
		id: 'outboundSegments',
		title: 'Outbound segments: get, list, copy to real-time (retired)',
		tables: ['msdyncrm_segment'],
		actions: [],
		rights: verbsOn('msdyncrm_segment', 'Read'),
	},
];
