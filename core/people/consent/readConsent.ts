/**
 * Reading consent in bulk: the rows of many addresses with few requests. A topic's row need not carry the purpose, so
 * both are asked for; inactive rows count and several rows of one address are usual, so nothing is filtered by state and
 * every page is read. The rows are asked and never `msdynmkt_checkconsent`, whose parameters are not published.
 * Assumption: checkConsentNames
 */

import type { DataverseClient } from '../../dataverse/client';
import { DataverseError } from '../../dataverse/errors/errors';
import { ownString } from '../../dataverse/http/json';
import { and, eq, isIn, literal, or, orderBy } from '../../dataverse/text/odata';
import { bracketSpellings, encodedLength, LookUp, valuesUsed } from '../lookUp';
import { failureOfValues, Halves, isOutage } from '../lookUpFailures';
import { contactPointKey } from './contactPoint';
import { eachSideBySide } from '../../collections/sideBySide';
import {
	CHANNEL_VALUES,
	CONSENT_COLUMNS,
	CONSENT_ID,
	CONSENT_SET,
	lookupOf,
	readConsentRow,
	subjectOf,
} from './consentTables';
import type { AddressRows, Channel, ConsentRow } from './types';

/** What consent is asked for. */
export interface ConsentSubject {
	readonly channel: Channel;
	readonly purposeId: string;
	readonly topicIds: readonly string[];
}

/** The rows of one address: those about the purpose, and those about each topic by its id. */
export interface SubjectRows {
	readonly purpose: readonly ConsentRow[];
	readonly topics: ReadonlyMap<string, readonly ConsentRow[]>;
}

export interface ConsentRead {
	/** By normalized address; an address without any row is absent. */
	readonly rows: ReadonlyMap<string, SubjectRows>;
	/** By normalized address: those that could not be looked up, which is never the same as no rows. */
	readonly refused: ReadonlyMap<string, DataverseError>;
}

/** The rows about one topic, or none. */
export function rowsOf(read: ConsentRead, address: string, topicId: string | undefined): AddressRows {
	const rows = read.rows.get(address);
	return {
		purpose: rows?.purpose ?? [],
		topic: topicId === undefined ? [] : (rows?.topics.get(topicId) ?? []),
	};
}

/**
 * Reads the rows of addresses.
 * @param addresses by normalized address, the spellings to ask for.
 * @param parallel queries in flight.
 * @throws DataverseError when a query fails for another reason than its values.
 */
export async function readConsent(
	client: DataverseClient,
	subject: ConsentSubject,
	addresses: ReadonlyMap<string, readonly string[]>,
	parallel: number,
): Promise<ConsentRead> {
	const reader = new ConsentReader(client, subject);
	await eachSideBySide(groups(addresses), parallel, async (group) => await reader.read(group, addresses));
	return reader;
}

/** As many addresses as fit into one query, again and again. */
function* groups(addresses: ReadonlyMap<string, readonly string[]>): Generator<readonly string[]> {
	const { limits } = LookUp;
	let group: string[] = [];
	let [used, encoded] = [0, 0];
	for (const [key, spellings] of addresses) {
		const [values, length] = [valuesUsed(spellings), encodedLength(spellings)];
		if (used + values > limits.values || encoded + length > limits.encoded) {
			yield group;
			group = [];
			[used, encoded] = [0, 0];
		}
		group.push(key);
		used += values;
		encoded += length;
	}
	if (group.length > 0) yield group;
}

/** After so many values that the service refuses, no further query is halved. */
const MOST_CULPRITS = 50;

class ConsentReader implements ConsentRead {
	readonly rows = new Map<
		string,
		{ purpose: readonly ConsentRow[]; topics: ReadonlyMap<string, ConsentRow[]> }
	>();
	readonly refused = new Map<string, DataverseError>();

	constructor(
		private readonly client: DataverseClient,
		private readonly subject: ConsentSubject,
	) {}

	async read(group: readonly string[], addresses: ReadonlyMap<string, readonly string[]>): Promise<void> {
		const waiting = new Halves(group);
		for (let part = waiting.next(); part !== undefined; part = waiting.next()) {
			try {
				for (const row of await this.query(part, addresses)) this.keep(row);
			} catch (error) {
				const failure = failureOfValues(error);
				const mayHalve = part.length > 1 && waiting.mayHalve && this.refused.size < MOST_CULPRITS;
				if (mayHalve && !isOutage(failure)) waiting.halve(part);
				else for (const key of part) this.refused.set(key, failure);
			}
		}
	}

	/** Rows are kept when all pages have come: a query that is asked again must not leave the rows of half of it. */
	private async query(
		keys: readonly string[],
		addresses: ReadonlyMap<string, readonly string[]>,
	): Promise<readonly KeptRow[]> {
		const { channel, purposeId, topicIds } = this.subject;
		const wanted = new Set(keys);
		// Most rows are spelled as the address was asked for, and need not be read once more.
		const asked = new Map<string, string>();
		const values = keys.flatMap((key) => {
			const spellings = addresses.get(key) ?? [key];
			for (const text of spellings) asked.set(text, key);
			return bracketSpellings(spellings);
		});
		const abouts = [
			eq('_msdynmkt_purposeid_value', literal.guid(purposeId)),
			...topicIds.map((id) => eq('_msdynmkt_topicid_value', literal.guid(id))),
		];
		const kept: KeptRow[] = [];
		const pages = this.client.listPages(CONSENT_SET, {
			select: CONSENT_COLUMNS,
			filter: and(
				eq('msdynmkt_contactpointtype', literal.integer(CHANNEL_VALUES[channel])),
				or(...abouts),
				isIn('msdynmkt_contactpointvalue', values),
			),
			orderBy: orderBy([{ column: CONSENT_ID }]),
		});
		for await (const page of pages) {
			for (const row of page.rows) {
				const address = ownString(row, 'msdynmkt_contactpointvalue') ?? '';
				const key = asked.get(address) ?? contactPointKey(channel, address);
				if (!wanted.has(key)) continue;
				const about = subjectOf(row);
				const subjectId = lookupOf(row, about === 'topic' ? 'msdynmkt_topicid' : 'msdynmkt_purposeid');
				if (about === 'topic' ? !topicIds.includes(subjectId) : subjectId !== purposeId) continue;
				const consent = readConsentRow(row);
				// It may say anything, an opt-out as well.
				if (consent === undefined) {
					this.refused.set(key, unreadableRecord());
					continue;
				}
				kept.push({ key, about, subjectId, consent });
			}
		}
		return kept;
	}

	/** Most addresses have one row: what holds a single one is shared or made to fit, as there are as many as addresses. */
	private keep({ key, about, subjectId, consent }: KeptRow): void {
		const known = this.rows.get(key);
		if (about === 'purpose') {
			if (known === undefined) this.rows.set(key, { purpose: [consent], topics: NO_TOPICS });
			else known.purpose = [...known.purpose, consent];
			return;
		}
		const topics = new Map(known?.topics);
		topics.set(subjectId, [...(topics.get(subjectId) ?? []), consent]);
		if (known === undefined) this.rows.set(key, { purpose: NO_ROWS_OF_PURPOSE, topics });
		else known.topics = topics;
	}
}

const NO_TOPICS: ReadonlyMap<string, ConsentRow[]> = new Map();
const NO_ROWS_OF_PURPOSE: readonly ConsentRow[] = [];

function unreadableRecord(): DataverseError {
	return new DataverseError({
		kind: 'unexpectedReply',
		message:
			'A consent record for this address has no ID, or a value that is not documented, so it is not known what it says.',
		remedy:
			'Look at the records of the address in Customer Insights - Journeys, and correct or delete that one.',
	});
}

interface KeptRow {
	readonly key: string;
	readonly about: 'purpose' | 'topic';
	readonly subjectId: string;
	readonly consent: ConsentRow;
}
