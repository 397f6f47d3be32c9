/** Names and choices of the consent tables (table reference of msdynmkt_contactpointconsent4 and its neighbors). */

import { parseGuid } from '../../dataverse/text/guid';
import { ownNumber, ownString, ownValue } from '../../dataverse/http/json';
import type { EntityRow } from '../../dataverse/types';
import type { Channel, ConsentRow, ConsentValue, EnforcementModel, PurposeType } from './types';

export const CONSENT_TABLE = 'msdynmkt_contactpointconsent4';
export const CONSENT_SET = 'msdynmkt_contactpointconsent4s';
export const CONSENT_ID = 'msdynmkt_contactpointconsent4id';
export const PURPOSE_SET = 'msdynmkt_purposes';
export const TOPIC_SET = 'msdynmkt_topics';
export const FEATURE_SET = 'msdynmkt_featureconfigurations';
/** Navigation property from a purpose to the profiles that it belongs to. */
export const PROFILES_OF_PURPOSE = 'msdynmkt_msdynmkt_purpose_msdynmkt_compliancev4';

/** `msdynmkt_contactpointtype` */
export const CHANNEL_VALUES: Readonly<Record<Channel, number>> = {
	email: 534120000,
	text: 534120001,
	custom: 534120002,
	voice: 534120003,
};

/** `msdynmkt_contactpointconsenttype` */
export const TYPE_VALUES = { purpose: 534120000, topic: 534120001 } as const;

/** `msdynmkt_value` */
export const CONSENT_VALUES: Readonly<Record<ConsentValue, number>> = {
	notSet: 534120000,
	optedIn: 534120001,
	optedOut: 534120002,
};

/** `msdynmkt_source`: Internal, the default of the table. */
export const SOURCE_INTERNAL = 534120000;
/** `msdynmkt_logicalreason`: No reasons. */
export const REASON_NONE = 534119999;
/** Characters that `msdynmkt_reason` holds. */
export const REASON_LIMIT = 500;
/** Characters that `msdynmkt_contactpointvalue` holds. */
export const ADDRESS_LIMIT = 400;

/** Four models, one for each channel: the column without a channel in its name is the one for email. */
export const MODEL_COLUMNS: Readonly<Record<Channel, string>> = {
	email: 'msdynmkt_enforcementmodel',
	text: 'msdynmkt_smsenforcementmodel',
	custom: 'msdynmkt_customenforcementmodel',
	voice: 'msdynmkt_voiceenforcementmodel',
};

const MODELS: ReadonlyMap<number, EnforcementModel> = new Map([
	[534120000, 'restrictive'],
	[534120001, 'nonRestrictive'],
	[534120002, 'disabled'],
]);

const TYPES: ReadonlyMap<number, PurposeType> = new Map([
	[534120000, 'commercial'],
	[534120001, 'transactional'],
	[534120002, 'tracking'],
]);

const VALUES: ReadonlyMap<number, ConsentValue> = new Map([
	[534120000, 'notSet'],
	[534120001, 'optedIn'],
	[534120002, 'optedOut'],
]);

/** A model that the row does not hold, or one that nobody knows, is taken for the strictest. */
export function modelOf(row: EntityRow, channel: Channel): EnforcementModel {
	return MODELS.get(ownNumber(row, MODEL_COLUMNS[channel]) ?? Number.NaN) ?? 'restrictive';
}

/** The type of a purpose row; `unknown` for a value that is not documented. */
export function purposeTypeOf(row: EntityRow): PurposeType {
	return TYPES.get(ownNumber(row, 'msdynmkt_type') ?? Number.NaN) ?? 'unknown';
}

/** The id that a lookup holds, lower case; empty when it holds none. */
export function lookupOf(row: EntityRow, column: string): string {
	return parseGuid(ownString(row, `_${column}_value`) ?? '') ?? '';
}

/** Columns that are read of a row of consent. */
export const CONSENT_COLUMNS = [
	CONSENT_ID,
	'msdynmkt_contactpointvalue',
	'msdynmkt_contactpointconsenttype',
	'msdynmkt_value',
	'_msdynmkt_purposeid_value',
	'_msdynmkt_topicid_value',
	'_owningbusinessunit_value',
	'modifiedon',
	'versionnumber',
] as const;

/** @returns undefined for a row without an id, an address or a value that is known */
export function readConsentRow(row: EntityRow): ConsentRow | undefined {
	const id = parseGuid(ownString(row, CONSENT_ID) ?? '');
	const address = ownString(row, 'msdynmkt_contactpointvalue');
	const given = ownValue(row, 'msdynmkt_value') ?? CONSENT_VALUES.notSet;
	const value = typeof given === 'number' ? VALUES.get(given) : undefined;
	if (id === undefined || address === undefined || value === undefined) return undefined;
	const etag = ownString(row, '@odata.etag');
	return {
		id,
		address,
		value,
		unit: lookupOf(row, 'owningbusinessunit'),
		modifiedOn: ownString(row, 'modifiedon') ?? '',
		version: ownNumber(row, 'versionnumber') ?? 0,
		...(etag === undefined ? {} : { etag }),
	};
}

/** What a row is about. Without a type it is about its topic, if it has one. Assumption: consentTypeRequired */
export function subjectOf(row: EntityRow): 'purpose' | 'topic' {
	const type = ownValue(row, 'msdynmkt_contactpointconsenttype');
	if (type === TYPE_VALUES.topic) return 'topic';
	if (type === TYPE_VALUES.purpose) return 'purpose';
	return lookupOf(row, 'msdynmkt_topicid') === '' ? 'purpose' : 'topic';
}
