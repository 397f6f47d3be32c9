/**
 * What has to be written so that an address has an opt-in or an opt-out on record. Made from the rows that were read,
 * without a request.
 *
 * An opt-out changes every row about its subject, as the unsubscribe page does; an opt-in never raises a row that says
 * Opted Out, unless that is asked for. A topic's opt-in needs that of its purpose, so both are written.
 * https://learn.microsoft.com/dynamics365/customer-insights/journeys/real-time-marketing-consent-business-units
 */

import { ownId } from '../../dataverse/text/ownId';
import { chooseRow, type Units } from './chooseRow';
import type { SubjectRows } from './readConsent';
import type { Channel, ConsentRow, PurposeOfProfile, Switch, Topic } from './types';

export interface RecordOrder {
	readonly channel: Channel;
	readonly purpose: PurposeOfProfile;
	readonly topics: readonly Topic[];
	readonly value: 'optedIn' | 'optedOut';
	/** Free text that says where the consent comes from; kept with the row. */
	readonly source: string;
	/** Raise rows that say Opted Out as well. */
	readonly overruleOptOuts: boolean;
	readonly unitScoping: Switch;
}

/** What a row is about: the purpose, or one of the topics. */
interface Subject {
	readonly topicId?: string;
}

export type ConsentWrite =
	| { readonly kind: 'create'; readonly id: string; readonly subject: Subject }
	| { readonly kind: 'update'; readonly row: ConsentRow; readonly subject: Subject };

export interface AddressPlan {
	readonly writes: readonly ConsentWrite[];
	/** Whether an opt-out was found that stays. */
	readonly keepsOptOut: boolean;
}

/** What a run remembers of its earlier looks. */
export interface Looks {
	/** Ids of rows that said Opted Out in the first look: these can be raised, and none that came later. */
	readonly first: ReadonlySet<string>;
	/** Own ids that could not be created because there is such a row: under a key of the environment, perhaps. */
	readonly taken: ReadonlySet<string>;
}

const NOTHING: AddressPlan = { writes: [], keepsOptOut: false };
const KEPT: AddressPlan = { writes: [], keepsOptOut: true };

/** @param key normalized address. */
export function planAddress(
	order: RecordOrder,
	key: string,
	rows: SubjectRows | undefined,
	looks: Looks,
): AddressPlan {
	const ofPurpose = planSubject(order, key, {}, rows?.purpose ?? [], looks);
	const ofTopic = ({ id }: Topic) =>
		planSubject(order, key, { topicId: id }, rows?.topics.get(id) ?? [], looks);
	if (order.value === 'optedOut') {
		return order.topics.length === 0 ? ofPurpose : together(order.topics.map(ofTopic));
	}
	// Under an opted-out purpose an opt-in of a topic means nothing.
	return ofPurpose.keepsOptOut ? KEPT : together([ofPurpose, ...order.topics.map(ofTopic)]);
}

/** The id of the row that this package keeps for an address: the same for everybody who records the same. */
function ownConsentId({ channel, purpose }: RecordOrder, key: string, { topicId }: Subject): string {
	return ownId('consent', key, channel, purpose.purpose.id, topicId ?? '');
}

function planSubject(
	order: RecordOrder,
	key: string,
	subject: Subject,
	rows: readonly ConsentRow[],
	looks: Looks,
): AddressPlan {
	const units = unitsOf(order);
	if (order.value === 'optedIn') {
		const { possible } = chooseRow(rows, units, order.unitScoping);
		if (possible.every((value) => value === 'optedIn')) return NOTHING;
		const isRaised = (row: ConsentRow) => order.overruleOptOuts && looks.first.has(row.id);
		if (rows.some((row) => row.value === 'optedOut' && !isRaised(row))) return KEPT;
	}
	const writes: ConsentWrite[] = rows
		.filter((row) => row.value !== order.value)
		.map((row) => ({ kind: 'update', row, subject }));
	const id = ownConsentId(order, key, subject);
	if (!isFound(rows, id, order, looks)) writes.push({ kind: 'create', id, subject });
	return { writes, keepsOptOut: false };
}

/** Whether the sender finds one of the rows: where consent is scoped, it looks in the units of purpose and profile alone. */
function isFound(rows: readonly ConsentRow[], ownRow: string, order: RecordOrder, { taken }: Looks): boolean {
	if (rows.length === 0) return false;
	if (order.unitScoping === 'off' || taken.has(ownRow) || rows.some(({ id }) => id === ownRow)) return true;
	const units = unitsOf(order);
	return rows.some(({ unit }) => isOwnUnit(unit, units));
}

function unitsOf({ purpose: { purpose, profile } }: Pick<RecordOrder, 'purpose'>): Units {
	return { purpose: purpose.unit, ...(profile === undefined ? {} : { profile: profile.unit }) };
}

/** A unit that the service does not show cannot be told from the right one. */
function isOwnUnit(unit: string, { purpose, profile }: Units): boolean {
	return unit === '' || purpose === '' || unit === purpose || unit === profile;
}

function together(plans: readonly AddressPlan[]): AddressPlan {
	return {
		writes: plans.flatMap(({ writes }) => writes),
		keepsOptOut: plans.some(({ keepsOptOut }) => keepsOptOut),
	};
}
