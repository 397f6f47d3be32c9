/** The setting Consent of Add, Sync and Check: what is on record for the people of the input, and who is left out. */

import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { Roster } from '../../../core/accounting/roster';
import type { DataverseClient } from '../../../core/dataverse/client';
import {
	addressesOf,
	checkPeople,
	ContactFacts,
	describeCheck,
	type ConsentAsk,
	type ConsentCheck,
} from '../../../core/people/consent/checkPeople';
import type { ConsentCode } from '../../../core/people/consent/decide';
import { isUnreadable } from '../../../core/people/consent/consentFeatures';
import { purposeName } from '../../../core/people/consent/purposes';
import { consentReason, removalReason } from '../../../core/people/consent/consentReasons';
import type { PurposeOfProfile } from '../../../core/people/consent/types';
import { recordsOutOfSight } from '../../../core/people/consent/visibility';
import type { PersonTable } from '../../../core/people/lookUp';
import { asError } from '../../shared/errors';
import type { OperationContext } from '../../shared/operation';
import { readChoice, readFlag, readOptionalText, readText } from '../../shared/read';
import {
	ConsentBook,
	purposeField,
	readChannel,
	readTopicTexts,
	sourceField,
	topicField,
} from './purposeFields';
import { PlannedRecording, type Addresses } from './recordInDelivery';

export type ConsentMode = 'doNotCheck' | 'leaveOut' | 'recordOptIns' | 'removeOptedOut' | 'report';

const NAME = 'consent';
/** As many as when people are created. */
const PARALLEL = 4;
const doNotCheck = {
	name: 'Do Not Check',
	value: 'doNotCheck',
	description: 'Journeys check consent themselves when they send',
};
const report = {
	name: 'Report',
	value: 'report',
	description: 'Report for how many people consent is on record; nobody is left out',
};
const leaveOut = {
	name: 'Leave Out',
	value: 'leaveOut',
	description: 'Leave out people whose consent is missing or unknown; they are counted as blocked',
};

const removeOptedOut = {
	name: 'Leave Out, Remove Opted-Out',
	value: 'removeOptedOut',
	description:
		'Also remove members who opted out, within Removal Brake and Most Removals; members whose consent is unknown stay',
};

const recordOptIns = {
	name: 'Record Opt-Ins, Leave Out',
	value: 'recordOptIns',
	description:
		'Record an opt-in for everybody who is or becomes a member; people whose consent is still missing or unknown are left out',
};

/** Nobody can be left out of a look, and only a sync removes people whom the input names. */
const CHOICES = {
	add: [doNotCheck, leaveOut, recordOptIns, report],
	check: [doNotCheck, report],
	sync: [doNotCheck, leaveOut, removeOptedOut, report],
} as const;

const recordedFrom: INodeProperties = {
	...sourceField,
	displayOptions: { show: { [NAME]: ['recordOptIns'] } },
};

/** Consent and what belongs to it, with the choices that the operation has. */
export function consentProperties(operation: keyof typeof CHOICES): readonly INodeProperties[] {
	const shown = { displayOptions: { hide: { [NAME]: ['doNotCheck'] } } };
	return [
		{
			displayName: 'Consent',
			name: NAME,
			type: 'options',
			default: 'doNotCheck',
			options: [...CHOICES[operation]],
			description: 'Whether to check the consent records of real-time journeys for these people',
		},
		{ ...purposeField, ...shown },
		{ ...topicField, ...shown },
		...(operation === 'add' ? [recordedFrom] : []),
	];
}

/** The channels that people have an address for. */
export const consentChannel: INodeProperties = {
	displayName: 'Channel',
	name: 'channel',
	type: 'options',
	default: 'email',
	options: [
		{ name: 'Email', value: 'email', description: 'The main email address (emailaddress1)' },
		{ name: 'Text Message', value: 'text', description: 'The mobile phone number (mobilephone)' },
		{ name: 'Voice', value: 'voice', description: 'The mobile phone number (mobilephone)' },
	],
	description: 'Channel that Consent is checked for',
};

/** @throws DataverseError `invalidInput` for a value by expression that is not a choice */
export function readConsentMode(functions: IExecuteFunctions, itemIndex: number): ConsentMode {
	return readChoice(functions, NAME, itemIndex, [
		'doNotCheck',
		'report',
		'leaveOut',
		'recordOptIns',
		'removeOptedOut',
	]);
}

const books = new WeakMap<DataverseClient, ConsentBook>();

function bookOf({ client }: OperationContext): ConsentBook {
	const book = books.get(client) ?? new ConsentBook(client);
	books.set(client, book);
	return book;
}

/** A check that was asked for: what has to be read of each person, and the question itself. */
export interface PreparedCheck {
	readonly ask: ConsentAsk;
	readonly facts: ContactFacts;
}

/**
 * @returns undefined where consent is not to be checked
 * @throws DataverseError `invalidInput` for a purpose or topic that fits none or several
 */
export async function prepareCheck(
	context: OperationContext,
	table: PersonTable,
	itemIndex: number,
): Promise<PreparedCheck | undefined> {
	const { functions } = context;
	if (readConsentMode(functions, itemIndex) === 'doNotCheck') return undefined;
	const book = bookOf(context);
	const channel = readChannel(functions, itemIndex);
	const features = await book.features();
	const base = { table, channel, features };
	const facts = new ContactFacts(base);
	let purpose: PurposeOfProfile;
	try {
		purpose = await book.purposeOf(functions, itemIndex);
	} catch (error) {
		if (!isUnreadable(error)) throw asError(error);
		return { ask: base, facts };
	}
	try {
		const [topic] = await topicsOf(book, functions, purpose, itemIndex);
		return { ask: { ...base, purpose, ...(topic === undefined ? {} : { topic }) }, facts };
	} catch (error) {
		if (!isUnreadable(error)) throw asError(error);
		return { ask: { ...base, purpose, isTopicUnreadable: true }, facts };
	}
}

const topicsOf = async (
	book: ConsentBook,
	functions: IExecuteFunctions,
	purpose: PurposeOfProfile,
	itemIndex: number,
) => await book.topicsOf(purpose, [readText(functions, 'topic', itemIndex)]);

/**
 * What recording opt-ins for the people of an Add would write.
 * @returns undefined where that is not asked for
 * @throws DataverseError where purposes, topics or records cannot be read
 */
export async function planOptIns(
	context: OperationContext,
	roster: Roster,
	{ ask, facts }: PreparedCheck,
	itemIndex: number,
): Promise<PlannedRecording | undefined> {
	const { client, functions } = context;
	if (readConsentMode(functions, itemIndex) !== 'recordOptIns') return undefined;
	const { channel, features } = ask;
	const book = bookOf(context);
	// What could not be read for the check is asked of the book once more, which throws.
	const purpose = ask.purpose ?? (await book.purposeOf(functions, itemIndex));
	const topics = await topicsOf(book, functions, purpose, itemIndex);
	const order = {
		...orderBase(functions, itemIndex),
		...{ channel, purpose, topics },
		...{ value: 'optedIn' as const, unitScoping: features.unitScoping },
	};
	const { addresses, keys } = addressesOf(channel, roster.people, facts);
	return await PlannedRecording.plan(client, order, addresses, keys);
}

/**
 * What recording opt-outs for the addresses of a Remove would write.
 * @param keys normalized addresses of the people by their id
 * @throws as `planOptIns`
 */
export async function planOptOuts(
	context: OperationContext,
	addresses: Addresses,
	keys: ReadonlyMap<string, string>,
	itemIndex: number,
): Promise<PlannedRecording> {
	const { client, functions } = context;
	const book = bookOf(context);
	const purpose = await book.purposeOf(functions, itemIndex);
	const topics = await book.topicsOf(purpose, readTopicTexts(functions, itemIndex));
	const { unitScoping } = await book.features();
	const channel = readChannel(functions, itemIndex);
	const order = { ...orderBase(functions, itemIndex), channel, purpose, topics, unitScoping };
	return await PlannedRecording.plan(client, { ...order, value: 'optedOut' }, addresses, keys);
}

/** The columns that an address is read from, for people whom the input names otherwise. */
export async function addressFacts(context: OperationContext, table: PersonTable, itemIndex: number) {
	const features = await bookOf(context).features();
	return new ContactFacts({ table, channel: readChannel(context.functions, itemIndex), features });
}

function orderBase(functions: IExecuteFunctions, itemIndex: number) {
	return {
		source: readOptionalText(functions, 'source', itemIndex) ?? 'n8n',
		overruleOptOuts: readFlag(functions, 'options.overruleOptOuts', itemIndex),
	};
}

/** Codes of people for whom a record that the user cannot see would count. */
const NO_RECORD: readonly ConsentCode[] = ['noConsent', 'noTopicConsent', 'noneNeeded'];

/** Looks the people up, says what was found, and blocks those who are to be left out. */
export async function checkConsent(
	context: OperationContext,
	roster: Roster,
	{ ask, facts }: PreparedCheck,
	itemIndex: number,
	recording?: PlannedRecording,
): Promise<ConsentCheck> {
	const ids = roster.people;
	const isOptedIn = recording && ((key: string) => recording.isOptedIn(key));
	const check = await checkPeople(context.client, ask, { ids, facts, parallel: PARALLEL, isOptedIn });
	const name = ask.purpose === undefined ? '' : `, ${purposeName(ask.purpose)}`;
	for (const warning of check.warnings) context.hint(warning, 'warning');
	context.hint(`Consent${name}: ${describeCheck(check, ask, recording !== undefined)}.`);
	const restsOnNoRecord = NO_RECORD.some((code) => check.counts.has(code));
	const outOfSight = restsOnNoRecord ? await recordsOutOfSight(context.client) : undefined;
	if (outOfSight !== undefined) context.hint(outOfSight, 'warning');
	const mode = readConsentMode(context.functions, itemIndex);
	if (mode !== 'doNotCheck' && mode !== 'report') leavePeopleOut(roster, check, mode);
	return check;
}

function leavePeopleOut(roster: Roster, { codes }: ConsentCheck, mode: ConsentMode): void {
	for (let person = 0; person < roster.size; person += 1) {
		const code = codes.get(roster.idOf(person)) ?? 'consentUnknown';
		const reason = consentReason(code);
		if (reason === undefined) continue;
		// Somebody who is blocked for another reason said no all the same.
		if (roster.outcomeOf(person) === 'notSent') roster.setOutcome(person, 'blocked', reason);
		const whyRemoved = mode === 'removeOptedOut' ? removalReason(code) : undefined;
		if (whyRemoved !== undefined) roster.optedOut.mark(person, whyRemoved);
	}
}

/** The codes with their figures, for the summary: records that were found, never permission to send. */
export function checkFigures({ counts }: ConsentCheck): IDataObject {
	return Object.fromEntries([...counts].sort(([a], [b]) => a.localeCompare(b, 'en')));
}
