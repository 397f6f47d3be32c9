/**
 * Purposes within their profiles, and topics: what they are called and how strict they are. Names are not unique, so a
 * name that fits none or several is refused. Purposes, topics and profiles that were deactivated still count in sending.
 * https://learn.microsoft.com/dynamics365/customer-insights/journeys/real-time-marketing-compliance-settings
 */

import type { DataverseClient } from '../../dataverse/client';
import { invalidInput, type DataverseError } from '../../dataverse/errors/errors';
import { isJsonObject, ownString, ownValue } from '../../dataverse/http/json';
import { eq, literal, orderBy } from '../../dataverse/text/odata';
import { parseGuid } from '../../dataverse/text/guid';
import type { EntityRow } from '../../dataverse/types';
import {
	lookupOf,
	MODEL_COLUMNS,
	modelOf,
	PROFILES_OF_PURPOSE,
	PURPOSE_SET,
	purposeTypeOf,
	TOPIC_SET,
} from './consentTables';
import type { Profile, Purpose, PurposeOfProfile, Topic } from './types';

/** Stands between the name of a profile and that of a purpose. */
const ARROW = ' › ';
const LOOKUP_TARGET = 'Microsoft.Dynamics.CRM.lookuplogicalname';

/** Every purpose in each of its profiles, sorted by name. */
export async function readPurposes(client: DataverseClient): Promise<readonly PurposeOfProfile[]> {
	const pages = client.listPages(PURPOSE_SET, {
		select: [
			'msdynmkt_name',
			'msdynmkt_type',
			...Object.values(MODEL_COLUMNS),
			'_owningbusinessunit_value',
			'_ownerid_value',
		],
		expand: [
			{
				property: PROFILES_OF_PURPOSE,
				select: ['msdynmkt_name', '_msdynmkt_consentproviderid_value', '_owningbusinessunit_value'],
			},
		],
		orderBy: orderBy([{ column: 'msdynmkt_name' }, { column: 'msdynmkt_purposeid' }]),
		annotations: LOOKUP_TARGET,
	});
	const found: PurposeOfProfile[] = [];
	for await (const page of pages) found.push(...page.rows.flatMap(readPurpose));
	return found.sort((a, b) => compareText(purposeName(a), purposeName(b)));
}

/** The topics of a purpose, sorted by name. */
export async function readTopics(client: DataverseClient, purposeId: string): Promise<readonly Topic[]> {
	const pages = client.listPages(TOPIC_SET, {
		select: ['msdynmkt_name', '_msdynmkt_purposeid_value'],
		filter: eq('_msdynmkt_purposeid_value', literal.guid(purposeId)),
		orderBy: orderBy([{ column: 'msdynmkt_name' }, { column: 'msdynmkt_topicid' }]),
	});
	const found: Topic[] = [];
	for await (const page of pages) {
		for (const row of page.rows) {
			const id = parseGuid(ownString(row, 'msdynmkt_topicid') ?? '');
			const ofPurpose = lookupOf(row, 'msdynmkt_purposeid');
			if (id !== undefined && ofPurpose === purposeId)
				found.push({ id, name: nameOf(row), purposeId: ofPurpose });
		}
	}
	return found;
}

/** "Default › Commercial" */
export function purposeName({ purpose, profile }: PurposeOfProfile): string {
	return profile === undefined ? purpose.name : `${profile.name}${ARROW}${purpose.name}`;
}

/** What stands for a purpose in a parameter: the ids of profile and purpose, or of the purpose alone. */
export function purposeValue({ purpose, profile }: PurposeOfProfile): string {
	return profile === undefined ? purpose.id : `${profile.id}/${purpose.id}`;
}

/**
 * Finds the purpose that a text means: a value of the list, an ID, "Profile › Purpose" or the name of the purpose.
 * @throws DataverseError `invalidInput` when it fits none, or several.
 */
export function findPurpose(purposes: readonly PurposeOfProfile[], text: string): PurposeOfProfile {
	const wanted = text.trim();
	if (wanted === '') {
		throw invalidInput(
			'Purpose is empty.',
			'Choose a purpose: consent is checked and recorded for a purpose.',
		);
	}
	const key = wanted.toLowerCase();
	const id = parseGuid(wanted);
	const found = purposes.filter(
		(candidate) =>
			purposeValue(candidate) === key ||
			candidate.purpose.id === id ||
			isSamePurposeName(purposeName(candidate), wanted) ||
			isSamePurposeName(candidate.purpose.name, wanted),
	);
	const [only, ...others] = found;
	if (only === undefined) throw noPurpose(purposes);
	// One purpose in several profiles is one purpose, unless the profiles differ in who decides.
	if (others.every((other) => isInterchangeable(only, other))) return only;
	throw severalPurposes(found);
}

/**
 * Finds the topic that a text means: an ID or a name.
 * @throws DataverseError `invalidInput` when it fits none, or several, or is a topic of another purpose.
 */
export function findTopic(topics: readonly Topic[], text: string, purpose: Purpose): Topic {
	const id = parseGuid(text.trim());
	const found = topics.filter((topic) => topic.id === id || isSamePurposeName(topic.name, text));
	const [only, ...others] = found;
	if (only === undefined) {
		const known = topics.length === 0 ? 'has no topics' : `has the topics ${listed(topics)}`;
		throw invalidInput(
			`The purpose "${purpose.name}" has no such topic.`,
			`Choose a topic of this purpose: it ${known}.`,
		);
	}
	if (others.length === 0) return only;
	throw invalidInput(
		`The purpose "${purpose.name}" has ${found.length} topics with this name.`,
		'Choose the topic from the list, or use its ID.',
	);
}

function isInterchangeable(one: PurposeOfProfile, other: PurposeOfProfile): boolean {
	return (
		one.purpose.id === other.purpose.id &&
		one.profile?.hasProvider === other.profile?.hasProvider &&
		one.profile?.unit === other.profile?.unit
	);
}

function noPurpose(purposes: readonly PurposeOfProfile[]): DataverseError {
	return invalidInput(
		'The environment has no such purpose, or this user may not read it.',
		purposes.length === 0
			? 'Set up a compliance profile in Customer Insights - Journeys, or check the read privilege on purposes.'
			: `Choose one of these: ${purposes.slice(0, MOST_LISTED).map(purposeName).join(', ')}.`,
	);
}

function severalPurposes(found: readonly PurposeOfProfile[]): DataverseError {
	return invalidInput(
		`${found.length} purposes have this name or ID.`,
		`Choose the purpose from the list; it could be ${found.slice(0, MOST_LISTED).map(purposeName).join(', ')}.`,
	);
}

const MOST_LISTED = 10;

const listed = (topics: readonly Topic[]) =>
	topics
		.slice(0, MOST_LISTED)
		.map(({ name }) => `"${name}"`)
		.join(', ');

function readPurpose(row: EntityRow): readonly PurposeOfProfile[] {
	const id = parseGuid(ownString(row, 'msdynmkt_purposeid') ?? '');
	if (id === undefined) return [];
	const owner = ownerOf(row);
	const purpose: Purpose = {
		id,
		name: nameOf(row),
		type: purposeTypeOf(row),
		models: {
			email: modelOf(row, 'email'),
			text: modelOf(row, 'text'),
			custom: modelOf(row, 'custom'),
			voice: modelOf(row, 'voice'),
		},
		unit: lookupOf(row, 'owningbusinessunit'),
		...(owner === undefined ? {} : { owner }),
	};
	const listed: unknown = ownValue(row, PROFILES_OF_PURPOSE);
	const profiles = (Array.isArray(listed) ? (listed as readonly unknown[]) : []).flatMap(readProfile);
	return profiles.length === 0 ? [{ purpose }] : profiles.map((profile) => ({ purpose, profile }));
}

function readProfile(row: unknown): readonly Profile[] {
	const id = parseGuid(ownString(row, 'msdynmkt_compliancesettings4id') ?? '');
	if (id === undefined || !isJsonObject(row)) return [];
	return [
		{
			id,
			name: nameOf(row),
			unit: lookupOf(row, 'owningbusinessunit'),
			hasProvider: lookupOf(row, 'msdynmkt_consentproviderid') !== '',
		},
	];
}

function ownerOf(row: EntityRow): string | undefined {
	const id = lookupOf(row, 'ownerid');
	if (id === '') return undefined;
	const set = ownString(row, `_ownerid_value@${LOOKUP_TARGET}`) === 'team' ? 'teams' : 'systemusers';
	return `${set}(${id})`;
}

const nameOf = (row: EntityRow) => ownString(row, 'msdynmkt_name')?.trim() ?? '';
const isSamePurposeName = (one: string, other: string) => purposeNameKey(one) === purposeNameKey(other);
const purposeNameKey = (name: string) =>
	name
		.normalize('NFC')
		.trim()
		.toLowerCase()
		.replace(/\s*›\s*/g, '›');
const compareText = (a: string, b: string) => a.localeCompare(b, 'en');
