/**
 * What real-time journeys decide for one address: "How consent is checked" (real-time-marketing-compliance-settings,
 * email-text-consent), the order of business units (consent-business-units), inactive rows (consent-segments). This is the
 * emulator's own reading of those pages; tests hold it against a table that was written by hand.
 */

import type { Row, ServiceContext, Store } from '../contracts';
import { isEmpty, rowsEqualTo } from '../data';
import {
	channel,
	CONSENT_TABLE,
	consentType,
	consentValue,
	enforcement,
	modelColumns,
	PROFILE_TABLE,
	PURPOSE_TABLE,
	purposeType,
} from './options';

export interface ConsentQuestion {
	readonly address: string;
	/** A value of `msdynmkt_contactpointtype`. */
	readonly channel: number;
	readonly purposeId: string;
	readonly topicId?: string;
	readonly profileId?: string;
	/** The contact whom the message is for; absent for leads. */
	readonly contactId?: string;
}

export interface ConsentDecision {
	readonly sent: boolean;
	readonly reason: string;
}

/** @returns undefined when there is no such purpose, or when a consent provider decides */
export function decideConsent(
	question: ConsentQuestion,
	context: ServiceContext,
): ConsentDecision | undefined {
	const { store } = context;
	const purpose = store.table(PURPOSE_TABLE).get(question.purposeId);
	const profile = question.profileId ? store.table(PROFILE_TABLE).get(question.profileId) : undefined;
	if (purpose === undefined || !isEmpty(profile?.msdynmkt_consentproviderid)) return undefined;
	const model = purpose[modelColumns[question.channel] ?? ''] ?? enforcement.restrictive;
	if (forbiddenByColumns(question, purpose, context)) return { sent: false, reason: 'ContactColumns' };
	if (model === enforcement.disabled) return { sent: true, reason: 'EnforcementDisabled' };
	const units = [purpose.owningbusinessunit, profile?.owningbusinessunit].filter((unit) => !isEmpty(unit));
	const valueOf = (type: number) => valueOfRows(rowsAbout(question, type, context), units, context);
	const ofPurpose = valueOf(consentType.purpose);
	const ofTopic = question.topicId === undefined ? undefined : valueOf(consentType.topic);
	return judge(model === enforcement.restrictive, ofPurpose, ofTopic);
}

/** With the feature switch on, columns of contacts are asked beside the records; by email only. */
function forbiddenByColumns(
	question: ConsentQuestion,
	purpose: Readonly<Row>,
	context: ServiceContext,
): boolean {
	if (context.assumption('consentContactCheck') === 'off') return false;
	if (question.contactId === undefined || question.channel !== channel.email) return false;
	const contact = context.store.table('contact').get(question.contactId);
	const isCommercial = purpose.msdynmkt_type === purposeType.commercial;
	if (!isCommercial && purpose.msdynmkt_type !== purposeType.transactional) return false;
	return contact?.donotemail === true || (isCommercial && contact?.donotbulkemail === true);
}

function judge(restrictive: boolean, ofPurpose: unknown, ofTopic: unknown): ConsentDecision {
	if (ofPurpose === consentValue.optedOut) return { sent: false, reason: 'PurposeOptedOut' };
	if (restrictive && ofPurpose !== consentValue.optedIn) return { sent: false, reason: 'PurposeNotSet' };
	if (ofTopic === undefined) return { sent: true, reason: 'Purpose' };
	if (ofTopic === consentValue.optedOut) return { sent: false, reason: 'TopicOptedOut' };
	if (restrictive && ofTopic !== consentValue.optedIn) return { sent: false, reason: 'TopicNotSet' };
	return { sent: true, reason: 'Topic' };
}

function rowsAbout(
	question: ConsentQuestion,
	type: number,
	context: ServiceContext,
): readonly Readonly<Row>[] {
	const exact = context.assumption('consentAddressCase') === 'exact';
	const lookup = type === consentType.purpose ? 'msdynmkt_purposeid' : 'msdynmkt_topicid';
	const wanted = type === consentType.purpose ? question.purposeId : question.topicId;
	return sameAddress(question.address, context.store).filter(
		(row) =>
			row.msdynmkt_contactpointtype === question.channel &&
			typeOf(row) === type &&
			row[lookup] === wanted &&
			(!exact || row.msdynmkt_contactpointvalue === question.address),
	);
}

/** A row without a type is about a topic if it has one. */
function typeOf(row: Readonly<Row>): unknown {
	const given = row.msdynmkt_contactpointconsenttype;
	if (!isEmpty(given)) return given;
	return isEmpty(row.msdynmkt_topicid) ? consentType.purpose : consentType.topic;
}

const sameAddress = (address: string, store: Store) =>
	rowsEqualTo(store.table(CONSENT_TABLE), 'msdynmkt_contactpointvalue', address);

/** First the unit of the purpose, then that of the profile, then any; of several rows in one place the newest. */
function valueOfRows(
	rows: readonly Readonly<Row>[],
	units: readonly unknown[],
	context: ServiceContext,
): unknown {
	const places = units.map((unit) => rows.filter((row) => row.owningbusinessunit === unit));
	const fallback = context.assumption('consentUnitFallback') === 'any' ? rows : [];
	const place = places.find((found) => found.length > 0) ?? fallback;
	const newest = [...place].sort((a, b) => age(b) - age(a) || version(b) - version(a))[0];
	return newest?.msdynmkt_value ?? consentValue.notSet;
}

const age = (row: Readonly<Row>) => Date.parse(String(row.modifiedon));
const version = (row: Readonly<Row>) => Number(row.versionnumber);

/** Channels of the action behind the Model Context Protocol tool "Check consent". */
export const channelNames: Readonly<Record<string, number>> = {
	email: channel.email,
	sms: channel.text,
	voice: channel.voice,
	custom: channel.custom,
};
