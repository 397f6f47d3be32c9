/** Consent of people: their addresses, the records about them, and a code for each person. */

import type { DataverseClient } from '../../dataverse/client';
import { invalidInput } from '../../dataverse/errors/errors';
import { parseGuid } from '../../dataverse/text/guid';
import { ownString, ownValue } from '../../dataverse/http/json';
import { checkedName } from '../../dataverse/text/odata';
import type { EntityRow } from '../../dataverse/types';
import { keyOf, type PersonTable } from '../lookUp';
import type { PersonReader } from '../resolve';
import { chooseRow, type RowChoice } from './chooseRow';
import { noteContactPoint, readContactPoint } from './contactPoint';
import { decide, isFound, type ConsentCode, type DoNotColumns } from './decide';
import { isUnreadable, type ConsentFeatures } from './consentFeatures';
import { readConsent, rowsOf, type ConsentRead } from './readConsent';
import { CHANNEL_NAMES } from './consentReasons';
import type { Channel, PurposeOfProfile, Topic } from './types';

export interface ConsentAsk {
	readonly table: PersonTable;
	readonly channel: Channel;
	/** Absent when purposes cannot be read: then nothing is known. */
	readonly purpose?: PurposeOfProfile;
	readonly topic?: Topic;
	/** A topic is asked for, and topics cannot be read: then nothing is known. */
	readonly isTopicUnreadable?: boolean;
	readonly features: ConsentFeatures;
}

export interface ConsentCheck {
	/** By lower-case id of the person. */
	readonly codes: ReadonlyMap<string, ConsentCode>;
	readonly counts: ReadonlyMap<ConsentCode, number>;
	/** Why consent could not be told, each once. */
	readonly warnings: readonly string[];
}

/**
 * The column that holds the address on a channel: that of the audience configuration, which usually is the main one.
 * @throws DataverseError `invalidInput` for a channel that people have no column for.
 */
function addressColumn(channel: Channel): string {
	switch (channel) {
		case 'email':
			return 'emailaddress1';
		case 'text':
		case 'voice':
			return 'mobilephone';
		case 'custom':
			throw invalidInput(
				'Consent on a custom channel cannot be checked for people.',
				'Choose the channel Email, Text Message or Voice; only the channel itself knows its addresses.',
			);
	}
}

/** Collects the addresses of people while they are read, so that nobody has to be read twice. */
export class ContactFacts {
	readonly columns: readonly string[];
	/** By id of the person; '' where the person has none. */
	private readonly addresses = new Map<string, string>();
	private readonly doNots = new Map<string, DoNotColumns>();
	private readonly key: string;
	private readonly column: string;
	private readonly readsColumns: boolean;

	constructor({ table, channel, features }: Pick<ConsentAsk, 'channel' | 'features' | 'table'>) {
		this.key = keyOf(table);
		this.column = checkedName(addressColumn(channel), 'column');
		this.readsColumns = table === 'contact' && channel === 'email' && features.contactCheck === 'on';
		this.columns = [this.column, ...(this.readsColumns ? ['donotemail', 'donotbulkemail'] : [])];
	}

	/** Takes a row of a person that was read with `columns`. */
	readonly see = (row: EntityRow): void => {
		const id = parseGuid(ownString(row, this.key) ?? '');
		if (id === undefined) return;
		this.addresses.set(id, ownString(row, this.column) ?? '');
		if (!this.readsColumns) return;
		this.doNots.set(id, {
			doNotEmail: ownValue(row, 'donotemail') === true,
			doNotBulkEmail: ownValue(row, 'donotbulkemail') === true,
		});
	};

	/** For `readPeople`. */
	get reader(): PersonReader {
		return { columns: this.columns, onPerson: (_person, row) => this.see(row) };
	}

	/** '' for somebody without an address, or whom nobody read. */
	addressOf(id: string): string {
		return this.addresses.get(id) ?? '';
	}

	/** Undefined where the columns do not count. */
	doNotOf(id: string): DoNotColumns | undefined {
		return this.doNots.get(id);
	}
}

export interface PeopleToCheck {
	/** Of the people, each once. */
	readonly ids: readonly string[];
	readonly facts: ContactFacts;
	/** Queries in flight. */
	readonly parallel: number;
	/** Addresses for which an opt-in is about to be recorded: they are checked as if it were. */
	readonly isOptedIn?: (key: string) => boolean;
}

/** The addresses of people: by normalized address the spellings, and by id of the person the normalized address. */
export function addressesOf(channel: Channel, ids: readonly string[], facts: ContactFacts) {
	const addresses = new Map<string, readonly string[]>();
	const keys = new Map<string, string>();
	for (const id of ids) {
		const point = readContactPoint(channel, facts.addressOf(id));
		if (!('key' in point)) continue;
		keys.set(id, point.key);
		noteContactPoint(addresses, point);
	}
	return { addresses, keys };
}

/**
 * Looks the consent of people up. What cannot be asked is `consentUnknown`, which is never taken for consent.
 * @throws DataverseError when a query fails for another reason than a missing right.
 */
export async function checkPeople(
	client: DataverseClient,
	ask: ConsentAsk,
	{ ids, facts, parallel, isOptedIn }: PeopleToCheck,
): Promise<ConsentCheck> {
	const { addresses, keys } = addressesOf(ask.channel, ids, facts);
	const warnings: string[] = [];
	const read = await records(client, ask, addresses, { parallel, warnings });
	const codes = new Map<string, ConsentCode>();
	for (const id of ids) {
		const key = keys.get(id);
		const asIf = key !== undefined && isOptedIn?.(key) === true;
		codes.set(id, codeOf(ask, asIf ? 'optedIn' : read, key, facts.doNotOf(id)));
	}
	return { codes, counts: countCodes(codes.values()), warnings };
}

function codeOf(
	ask: ConsentAsk,
	read: ConsentRead | 'optedIn' | undefined,
	key: string | undefined,
	doNot: DoNotColumns | undefined,
): ConsentCode {
	if (key === undefined) return 'noAddress';
	const { purpose: chosen, topic, channel, features } = ask;
	if (chosen === undefined || read === undefined) return 'consentUnknown';
	if (read !== 'optedIn' && read.refused.has(key)) return 'consentUnknown';
	const { purpose, profile } = chosen;
	const units = { purpose: purpose.unit, ...(profile === undefined ? {} : { profile: profile.unit }) };
	const rows = read === 'optedIn' ? undefined : rowsOf(read, key, topic?.id);
	const choice = (of: 'purpose' | 'topic') =>
		rows === undefined ? RECORDED : chooseRow(rows[of], units, features.unitScoping);
	return decide({
		provider: profile?.hasProvider === true ? 'decides' : 'none',
		model: purpose.models[channel],
		purpose: choice('purpose'),
		...(topic === undefined ? {} : { topic: choice('topic') }),
		channel,
		purposeType: purpose.type,
		contactSwitch: features.contactCheck,
		...(doNot === undefined ? {} : { doNot }),
	});
}

/** The records, or undefined when nobody can tell what they mean. Nothing is read where they would not count. */
async function records(
	client: DataverseClient,
	{ channel, purpose: chosen, topic, isTopicUnreadable = false }: ConsentAsk,
	addresses: ReadonlyMap<string, readonly string[]>,
	{ parallel, warnings }: { readonly parallel: number; readonly warnings: string[] },
): Promise<ConsentRead | undefined> {
	if (chosen === undefined) {
		warnings.push(
			'Purposes cannot be read with this credential, so consent is unknown for everybody. Give its user the read privilege on msdynmkt_purpose and msdynmkt_compliancesettings4.',
		);
		return undefined;
	}
	const { purpose, profile } = chosen;
	if (profile?.hasProvider === true) {
		warnings.push(
			`The compliance profile "${profile.name}" has a consent provider, which decides when a message is sent. The consent records do not count, so consent is unknown for everybody.`,
		);
		return undefined;
	}
	if (purpose.models[channel] === 'disabled') return NO_RECORDS;
	if (isTopicUnreadable) {
		warnings.push(
			'Topics cannot be read with this credential, so consent is unknown for everybody. Give its user the read privilege on msdynmkt_topic, or leave Topic empty.',
		);
		return undefined;
	}
	const topicIds = topic === undefined ? [] : [topic.id];
	try {
		return await readConsent(client, { channel, purposeId: purpose.id, topicIds }, addresses, parallel);
	} catch (error) {
		if (!isUnreadable(error)) throw error;
		warnings.push(
			`Consent records (${CHANNEL_NAMES[channel]}) cannot be read with this credential, so consent is unknown for everybody. Give its user the read privilege on msdynmkt_contactpointconsent4.`,
		);
		return undefined;
	}
}

const RECORDED: RowChoice = { possible: ['optedIn'] };
const NO_RECORDS: ConsentRead = { rows: new Map(), refused: new Map() };

function countCodes(codes: Iterable<ConsentCode>): ReadonlyMap<ConsentCode, number> {
	const counts = new Map<ConsentCode, number>();
	for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
	return counts;
}

/**
 * What was found, in a sentence by the model of the purpose. Records found is not permission to send.
 * @param records whether opt-ins count that are not on record yet, because the run is to record them
 */
export function describeCheck(
	{ counts, codes }: ConsentCheck,
	{ channel, purpose: chosen }: ConsentAsk,
	records = false,
): string {
	const all = codes.size;
	const of = (...wanted: readonly ConsentCode[]) =>
		wanted.reduce((sum, code) => sum + (counts.get(code) ?? 0), 0);
	const unknown = of('consentUnknown');
	const counted = records ? ', counting the opt-ins that this run records' : '';
	const open = unknown === 0 ? '' : `; for ${unknown} consent is unknown`;
	const found = [...counts].reduce((sum, [code, count]) => (isFound(code) ? sum + count : sum), 0);
	switch (chosen?.purpose.models[channel]) {
		case 'restrictive':
			return `${found} of ${all} have an opt-in on record${counted}${open}`;
		case 'nonRestrictive':
			return `${found} of ${all} have no opt-out on record${counted}${open}`;
		case 'disabled':
			return `Consent is not checked: the purpose "${chosen?.purpose.name ?? ''}" is Disabled for the channel ${CHANNEL_NAMES[channel]}`;
		case undefined:
			return `it is unknown for all ${all}`;
	}
}
