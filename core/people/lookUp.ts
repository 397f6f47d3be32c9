/**
 * Finding people by values of one column, many at a time.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/in
 */

import type { DataverseClient } from '../dataverse/client';
import { DataverseError } from '../dataverse/errors/errors';
import { idOfRow } from '../dataverse/http/answers';
import { visibleText } from '../dataverse/text/visibleText';
import { ownString, ownValue } from '../dataverse/http/json';
import { checkedName, encodeQuery, IN_VALUES_LIMIT, isIn } from '../dataverse/text/odata';
import type { EntityRow } from '../dataverse/types';
import { addressKey } from './address';
import { columnFit } from './columnFit';
import type { CheckedGuards } from './conditions';
import {
	Answers,
	isExplained,
	notAskedFor,
	type Candidate,
	type QueryAnswer,
	type LookUpResult,
} from './lookUpAnswers';
import type { PersonTable } from './personTable';
import { SameValues } from './sameValue';
import { failureOfValues, Halves, isOutage } from './lookUpFailures';
import type { Reason } from '../accounting/rowReasons';

export type { Candidate, LookUpResult, PersonTable };

const TABLES: Readonly<Record<PersonTable, { readonly set: string; readonly key: string }>> = {
	contact: { set: 'contacts', key: 'contactid' },
	lead: { set: 'leads', key: 'leadid' },
};

/** Both tables keep the main address in the same column. */
export const EMAIL_COLUMN = 'emailaddress1';

/** The most characters of encoded values in one query: below the 65,536 of a GET inside `$batch`, with room for the rest. */
const ENCODED_VALUES_LIMIT = 60_000;
/** The most rows that match none of the values; with more, a value was treated as a pattern. */
const MOST_STRANGERS = 5_000;
/** A query refused for its values is halved until the bad ones stand alone, within these bounds per query. */
const MOST_CULPRITS = 50;
/** Refused queries that are divided in all: an input full of bad values is not asked for one by one. */
const MOST_DIVIDED = 2_000;
/** After this many queries in a row without a single answer nothing more is sent: the service will not answer the rest. */
const MOST_UNANSWERED = 3;
const PATTERN = 'matchesAsPattern';
const ACTIVE = 0;

/** The column that holds the ids of the table's people. */
export function keyOf(table: PersonTable): string {
	return TABLES[table].key;
}

/** The entity set of the table's people. */
export function setOf(table: PersonTable): string {
	return TABLES[table].set;
}

/**
 * Whether the column holds an email address.
 * https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/contact#emailaddress1
 */
export function isAddressColumn(column: string): boolean {
	return /^emailaddress[123]$/i.test(column.trim());
}

/** How a value is compared: without surrounding blanks and invisible characters, ignoring case, and without wildcards. */
export function normaliseValue(text: string): string {
	return visibleText(text).toLowerCase();
}

/** The normalized value of a row, '' where it has none. */
export function valueIn(row: EntityRow, column: string): string {
	const value = ownValue(row, column);
	if (typeof value === 'number' || typeof value === 'boolean') return String(value);
	if (typeof value !== 'string') return '';
	return isAddressColumn(column) ? addressKey(value) : normaliseValue(value);
}

/** An id, or an address as most are: nothing in it is encoded but the `@`. */
const PLAIN_VALUE = /^[\w.-]*@?[\w.-]*$/;
const AT = '%40';
const QUOTE = '%22';

/** Characters that a value takes up in a query, given its spellings. */
export function encodedLength(values: readonly string[]): number {
	const comma = 3;
	const [only] = values;
	if (values.length === 1 && only !== undefined && PLAIN_VALUE.test(only)) {
		return only.length + 2 * QUOTE.length + (only.includes('@') ? AT.length - 1 : 0) + comma;
	}
	return bracketSpellings(values).reduce(
		(sum, text) => sum + encodeQuery(JSON.stringify(text)).length + comma,
		0,
	);
}

/** Few beside the 52 requests at a time that the service takes of one user. */
const QUERIES_AT_ONCE = 4;

/** Looks for the people of one table by one column, for one run; what was refused is remembered for later queries. */
export class LookUp {
	/** What one query holds. */
	static readonly limits = { values: IN_VALUES_LIMIT, encoded: ENCODED_VALUES_LIMIT } as const;
	private readonly set: string;
	private readonly key: string;
	private readonly column: string;
	private readonly select: readonly string[];
	/** Known from the first refusal on. */
	private unfit: ((value: string) => Reason | undefined) | undefined;
	private learning: ReturnType<typeof columnFit> | undefined;
	/** Queries in a row of which no value was answered, and why the last was not. */
	private unanswered = 0;
	private lastFailure: DataverseError | undefined;
	private divided = 0;

	/**
	 * @param column logical name of the column to find people by.
	 * @param further columns to read of everybody who is found; they come in `Candidate.row`.
	 * @throws DataverseError `invalidInput` for a column name that cannot be one.
	 */
	constructor(
		private readonly client: DataverseClient,
		private readonly table: PersonTable,
		column: string,
		private readonly guards: CheckedGuards | undefined,
		private readonly further: readonly string[] = [],
	) {
		const { set, key } = TABLES[table];
		this.set = set;
		this.key = key;
		this.column = checkedName(column.trim(), 'column').toLowerCase();
		const columns = [key, this.column, 'statecode', 'createdon', 'modifiedon', ...(guards?.columns ?? [])];
		columns.push(...further.map((name) => checkedName(name, 'column')));
		this.select = [...new Set(columns)];
	}

	/** How many queries may be in flight: one after a refusal, so that few queries show whether all values are refused. */
	get queriesAtOnce(): number {
		return this.lastFailure === undefined ? QUERIES_AT_ONCE : 1;
	}

	/**
	 * Finds people by these values. A query that is refused for its values is halved, so that one bad value does not take
	 * others with it; values that are refused alone, and those of a query that is lost, are in `refused`.
	 * @param values by normalized value, the spellings to ask for; within `limits`.
	 * @throws DataverseError when nothing can be looked up at all: signing in, a missing right, an unknown table or column,
	 * a cancelled run, waiting time that is used up.
	 */
	async find(values: ReadonlyMap<string, readonly string[]>): Promise<LookUpResult> {
		const result = new Answers();
		const waiting = new Halves(this.fitting([...values.keys()], values, result));
		if (this.unanswered >= MOST_UNANSWERED && this.lastFailure !== undefined) {
			for (const part of waiting.rest()) result.refuse(part, this.lastFailure);
			return result;
		}
		for (let part = waiting.next(); part !== undefined; part = waiting.next()) {
			try {
				result.take(await this.query(part, values));
			} catch (error) {
				// First of all: a query that the service calls unreadable may have failed for one value that the column cannot hold.
				const rest = (await this.learnsColumn(error)) ? this.fitting(part, values, result) : part;
				if (rest.length < part.length) {
					waiting.again(rest);
					continue;
				}
				const failure = failureOfValues(error);
				this.lastFailure = failure;
				if (!isOutage(failure) && this.mayDivide(part, waiting, result)) waiting.halve(part);
				else result.refuse(part, failure);
			}
		}
		this.unanswered = result.answered > 0 || result.refused.size === 0 ? 0 : this.unanswered + 1;
		return result;
	}

	private mayDivide(part: readonly string[], { mayHalve }: Halves, { refused }: Answers): boolean {
		if (part.length < 2 || !mayHalve || refused.size >= MOST_CULPRITS || this.divided >= MOST_DIVIDED)
			return false;
		this.divided += 1;
		return true;
	}

	/** The values that the column can hold; the others have their result. */
	private fitting(
		keys: readonly string[],
		values: ReadonlyMap<string, readonly string[]>,
		result: Answers,
	): readonly string[] {
		const { unfit } = this;
		if (unfit === undefined) return keys;
		return keys.filter((key) => {
			const reason = unfit(values.get(key)?.[0] ?? key);
			if (reason !== undefined) result.unfit.set(key, reason);
			return reason === undefined;
		});
	}

	/** After the first refusal of values, reads once what the column can hold. @returns whether it is known */
	private async learnsColumn(error: unknown): Promise<boolean> {
		// What an address or an id is has been checked already, and a pattern fits every text.
		const isChecked = this.column === EMAIL_COLUMN || this.column === this.key;
		if (isChecked || !(error instanceof DataverseError)) return false;
		if (error.status !== 400 || error.code === PATTERN) return false;
		this.learning ??= columnFit(this.client, this.table, this.column);
		this.unfit = await this.learning;
		return true;
	}

	private async query(
		keys: readonly string[],
		values: ReadonlyMap<string, readonly string[]>,
	): Promise<QueryAnswer> {
		const found = new Map<string, Candidate[]>(keys.map((key) => [key, []]));
		// Addresses and ids of people are keys in one spelling only.
		const isPlain = isAddressColumn(this.column) || this.column === this.key;
		const same = new SameValues(isPlain ? [] : keys);
		let strangers = 0;
		let doubt: DataverseError | undefined;
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
				// The service may match more than the value; only a row with exactly this value counts.
				const value = valueIn(row, this.column);
				const meant = found.has(value) ? [value] : [];
				if (!isPlain) meant.push(...same.of(ownValue(row, this.column)).filter((key) => key !== value));
				for (const key of meant) {
					const [candidate, candidates] = [this.candidate(row), found.get(key)];
					// A row that moved between two pages comes twice, but is one person.
					if (candidates?.some(({ id }) => id === candidate.id) === false) candidates.push(candidate);
				}
				if (meant.length > 0) continue;
				strangers += 1;
				doubt ??= this.doubts(value, keys);
			}
			if (strangers > MOST_STRANGERS) throw matchesAsPattern();
		}
		return { found, doubt };
	}

	private doubts(value: string, keys: readonly string[]): DataverseError | undefined {
		const { column } = this;
		const isOfAddresses = isAddressColumn(column);
		return isExplained(value, { isOfAddresses, keys }) ? undefined : notAskedFor(column);
	}

	/** @throws DataverseError `unexpectedReply` for a row without an id: nobody can say whom the value means. */
	private candidate(row: EntityRow): Candidate {
		return {
			id: idOfRow(row, this.key),
			createdOn: ownString(row, 'createdon') ?? '',
			modifiedOn: ownString(row, 'modifiedon') ?? '',
			isActive: ownValue(row, 'statecode') === ACTIVE,
			blocked: this.guards?.check(row),
			...(this.further.length > 0 ? { row } : {}),
		};
	}
}

/**
 * How a value is asked for. In some comparisons the service reads `[…]` as a set of characters, and a value with a
 * bracket then does not find itself; with its bracket escaped it does. What the two find too much is sorted out.
 */
export function bracketSpellings(values: readonly string[]): readonly string[] {
	const [only] = values;
	if (values.length === 1 && only?.includes('[') === false) return values;
	return values.flatMap((text) => (text.includes('[') ? [text, text.replaceAll('[', '[[]')] : [text]));
}

/** How many of the values of one query these spellings use up. */
export function valuesUsed(values: readonly string[]): number {
	return bracketSpellings(values).length;
}

function matchesAsPattern(): DataverseError {
	return new DataverseError({
		kind: 'refused',
		status: 400,
		code: PATTERN,
		message: 'The environment treated the value as a pattern, which matches thousands of other people.',
		remedy: 'Check the value; % and _ stand for anything in some columns.',
	});
}
