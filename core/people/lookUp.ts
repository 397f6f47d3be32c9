/**
 * Finding people by values of one column, many at a time.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/in
 */

import type { DataverseClient } from '../dataverse/client';
import { DataverseError } from '../dataverse/errors/errors';
import { parseGuid } from '../dataverse/text/guid';
import { visibleText } from '../dataverse/text/visibleText';
import { ownString, ownValue } from '../dataverse/http/json';
import { checkedName, encodeQuery, IN_VALUES_LIMIT, isIn } from '../dataverse/text/odata';
import type { EntityRow } from '../dataverse/types';
import { addressKey } from './address';
import type { CheckedGuards } from './conditions';
import type { Reason } from '../accounting/rowReasons';

export type PersonTable = 'contact' | 'lead';

const TABLES: Readonly<Record<PersonTable, { readonly set: string; readonly key: string }>> = {
	contact: { set: 'contacts', key: 'contactid' },
	lead: { set: 'leads', key: 'leadid' },
};

/** Both tables keep the main address in the same column. */
export const EMAIL_COLUMN = 'emailaddress1';

/** Characters of encoded values in one query: below the 65,536 of a GET inside `$batch`, with room for the rest. */
const ENCODED_VALUES_LIMIT = 60_000;
/** Rows that none of the values asked for; more of them, and a value has matched as a pattern. */
const MOST_STRANGERS = 5_000;
/** A query refused for its values is halved until the bad ones stand alone, within these bounds per query. */
const MOST_CULPRITS = 50;
const MOST_EXTRA_QUERIES = 500;
const TOO_MANY_CONDITIONS = '0x8004430C';
const ACTIVE = 0;

export interface Candidate {
	/** Lower-case GUID. */
	readonly id: string;
	/** `createdon` and `modifiedon` as the service prints them: ISO 8601 in UTC, which sorts as text. */
	readonly createdOn: string;
	readonly modifiedOn: string;
	readonly isActive: boolean;
	readonly blocked?: Reason;
}

export interface LookUpResult {
	/** By normalised value; values that nobody has are absent. */
	readonly found: ReadonlyMap<string, readonly Candidate[]>;
	/** By normalised value: those that the service would not look up. */
	readonly refused: ReadonlyMap<string, DataverseError>;
}

/** The column that holds the ids of the table's people. */
export function keyOf(table: PersonTable): string {
	return TABLES[table].key;
}

/** The entity set of the table's people. */
export function setOf(table: PersonTable): string {
	return TABLES[table].set;
}

/**
 * Whether the column holds an e-mail address.
 * https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/contact#emailaddress1
 */
export function isAddressColumn(column: string): boolean {
	return /^emailaddress[123]$/i.test(column.trim());
}

/** How a value is compared: blanks around it, what nobody sees in it and case do not count, and nothing is a wildcard. */
export function normaliseValue(text: string): string {
	return visibleText(text).toLowerCase();
}

/** Characters that a value takes up in a query, given its spellings. */
export function encodedLength(values: readonly string[]): number {
	const comma = 3;
	return bracketSpellings(values).reduce(
		(sum, text) => sum + encodeQuery(JSON.stringify(text)).length + comma,
		0,
	);
}

export class LookUp {
	/** What one query holds. */
	static readonly limits = { values: IN_VALUES_LIMIT, encoded: ENCODED_VALUES_LIMIT } as const;
	private readonly set: string;
	private readonly key: string;
	private readonly column: string;
	private readonly select: readonly string[];
	private readonly isOfAddresses: boolean;

	/**
	 * @param column logical name of the column to find people by.
	 * @throws DataverseError `invalidInput` for a column name that cannot be one.
	 */
	constructor(
		private readonly client: DataverseClient,
		table: PersonTable,
		column: string,
		private readonly guards: CheckedGuards | undefined,
	) {
		const { set, key } = TABLES[table];
		this.set = set;
		this.key = key;
		this.column = checkedName(column.trim(), 'column').toLowerCase();
		this.isOfAddresses = isAddressColumn(column);
		const columns = [key, this.column, 'statecode', 'createdon', 'modifiedon', ...(guards?.columns ?? [])];
		this.select = [...new Set(columns)];
	}

	/**
	 * @param values by normalised value, the spellings to ask for; within `limits`.
	 * @throws DataverseError when the query fails for another reason than its values.
	 */
	async find(values: ReadonlyMap<string, readonly string[]>): Promise<LookUpResult> {
		const found = new Map<string, Candidate[]>();
		const refused = new Map<string, DataverseError>();
		const waiting: (readonly string[])[] = [[...values.keys()]];
		let queries = 0;
		for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
			if (part.length === 0) continue;
			try {
				queries += 1;
				for (const [key, candidates] of await this.query(part, values)) found.set(key, candidates);
			} catch (error) {
				if (!isAboutValues(error)) throw error;
				if (refused.size >= MOST_CULPRITS || queries > MOST_EXTRA_QUERIES) throw error;
				const [only] = part;
				if (only !== undefined && part.length === 1) refused.set(only, error);
				else waiting.push(part.slice(part.length >> 1), part.slice(0, part.length >> 1));
			}
		}
		return { found, refused };
	}

	private async query(
		keys: readonly string[],
		values: ReadonlyMap<string, readonly string[]>,
	): Promise<ReadonlyMap<string, Candidate[]>> {
		const found = new Map<string, Candidate[]>(keys.map((key) => [key, []]));
		let strangers = 0;
		const pages = this.client.listPages(this.set, {
			select: this.select,
			filter: isIn(
				this.column,
				keys.flatMap((key) => bracketSpellings(values.get(key) ?? [key])),
			),
			annotations: this.guards?.annotations,
		});
		for await (const page of pages) {
			for (const row of page.rows) {
				// The service may read more into a value than it says; only a row with the very value counts.
				const candidates = found.get(this.valueOf(row));
				const candidate = candidates === undefined ? undefined : this.candidate(row);
				if (candidate === undefined) strangers += 1;
				else candidates?.push(candidate);
			}
			if (strangers > MOST_STRANGERS) throw matchesAsPattern();
		}
		for (const [key, candidates] of found) if (candidates.length === 0) found.delete(key);
		return found;
	}

	private valueOf(row: EntityRow): string {
		const value = ownValue(row, this.column);
		if (typeof value === 'number') return String(value);
		if (typeof value !== 'string') return '';
		return this.isOfAddresses ? addressKey(value) : normaliseValue(value);
	}

	private candidate(row: EntityRow): Candidate | undefined {
		const id = parseGuid(ownString(row, this.key) ?? '');
		if (id === undefined) return undefined;
		return {
			id,
			createdOn: ownString(row, 'createdon') ?? '',
			modifiedOn: ownString(row, 'modifiedon') ?? '',
			isActive: ownValue(row, 'statecode') === ACTIVE,
			blocked: this.guards?.check(row),
		};
	}
}

/**
 * How a value is asked for. In some comparisons the service reads `[…]` as a set of characters, and a value with a
 * bracket then does not find itself; with its bracket escaped it does. What the two find too much is sorted out.
 */
function bracketSpellings(values: readonly string[]): readonly string[] {
	const [only] = values;
	if (values.length === 1 && only?.includes('[') === false) return values;
	return values.flatMap((text) => (text.includes('[') ? [text, text.replaceAll('[', '[[]')] : [text]));
}

/** How many of the values of one query these spellings use up. */
export function valuesUsed(values: readonly string[]): number {
	return bracketSpellings(values).length;
}

function isAboutValues(error: unknown): error is DataverseError {
	if (!(error instanceof DataverseError) || error.kind !== 'refused') return false;
	if (error.code === TOO_MANY_CONDITIONS || error.status === 413 || error.status === 414) return true;
	return error.status === 400 && error.code !== '0x80060888';
}

function matchesAsPattern(): DataverseError {
	return new DataverseError({
		kind: 'refused',
		status: 400,
		code: 'matchesAsPattern',
		message: 'The environment took the value for a pattern, and it matches thousands of other people.',
		remedy: 'Check the value; % and _ stand for anything in some columns.',
	});
}
