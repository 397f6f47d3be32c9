/** From values to people: rows wait until a query is full, are looked up together, and go into the roster in order. */

import type { EntityRow } from '../dataverse/types';
import type { Roster } from '../accounting/roster';
import { NOBODY_FOUND, onlyInactive, reasonOf, severalFound, type Reason } from '../accounting/rowReasons';
import { displayValue, type RowValue } from '../accounting/rowValue';
import type { PersonTable } from './personTable';
import { encodedLength, LookUp, valuesUsed, type Candidate, type LookUpResult } from './lookUp';
import { merged, missingIn, newer } from './lookUpAnswers';
import { readValue, type WaitingRow } from './waitingRow';
import type { Elsewhere, UnmatchedAddresses } from './wrongTable';

/**
 * - `refuse`: the row is ambiguous and nobody is sent for it.
 * - `all`: the row means all of them.
 * - `newest`: the one created last; of several created at the same time the one changed last, then the lowest id.
 */
export type SeveralMatches = 'all' | 'newest' | 'refuse';

/** `whereNobodyElseFits`: a row means inactive people where no active one fits; beside active ones they are held. */
export type IncludeInactive = boolean | 'whereNobodyElseFits';

/** Reads more about everybody to whom a row refers: addresses for consent, what an update would change. */
export interface PersonReader {
	/** Logical names of the columns to read with the look-up. */
	readonly columns: readonly string[];
	/**
	 * Called for each person of a row, once for each row that refers to them, in the order of the rows.
	 * @param person index in the roster
	 * @param inputRow 0-based row of the input
	 */
	readonly onPerson: (person: number, row: EntityRow, inputRow: number) => void;
}

/** Why no new person can be created for a row. */
export interface RowRefusal {
	readonly status: 'invalid' | 'unmatched';
	readonly reason: Reason;
}

/** Who is to be created for a value that nobody has. */
export interface NewPeopleReader {
	/**
	 * Told the values of a query that nobody has, before `personFor` is asked for them: those who turn out to exist are
	 * found, and those that could not be asked about are refused.
	 * @param byId finds people by their ids, as the query did by their values
	 */
	readonly prepare?: (
		values: readonly string[],
		byId: LookUp,
	) => Promise<Pick<LookUpResult, 'found' | 'refused'>>;
	/**
	 * The id of the person who is to be created, undefined where nobody is to be. The row is then `matched`; the person is
	 * created later (`DeliveryHooks.beforeSending`), and withdrawn from the roster when that fails. Never asked for a value
	 * that inactive people have, people of the other table, or an id.
	 * @param value normalized
	 * @param row 0-based row of the input
	 * @param spelling the value as it is to be written down
	 */
	readonly personFor: (value: string, row: number, spelling: string) => RowRefusal | string | undefined;
	/** What is wrong with a row whose people exist, undefined for most. */
	readonly problemOf?: (row: number) => Reason | undefined;
	/** Told that rows before this one (0-based) are not asked about again. */
	readonly rowsDone?: (row: number) => void;
}

export interface ResolverOptions {
	readonly table: PersonTable;
	readonly kind: 'column' | 'email' | 'id';
	readonly severalMatches: SeveralMatches;
	readonly includeInactive: IncludeInactive;
	/** For ids that stand among addresses; without it they are no addresses. */
	readonly byId?: LookUp;
	/** Looks for ids that the table does not have where else they might be. */
	readonly elsewhere?: Elsewhere;
	/** Takes addresses that nobody has, to look for them in the other table when all rows are in. */
	readonly unmatched?: UnmatchedAddresses;
	readonly onPerson?: PersonReader['onPerson'];
	readonly newPeople?: NewPeopleReader;
	/** Finds those whom `newPeople` would create, by their ids. */
	readonly newById?: LookUp;
}

/** Rows that wait for one query; more only when many rows have the same few values. */
const ROWS_PER_QUERY = 20_000;

interface Answer extends LookUpResult {
	/** Ids that are of the other table, where it was looked for them. */
	readonly misplaced?: ReadonlySet<string>;
	readonly misplacedReason?: Reason;
}

type ValueRow = Extract<WaitingRow, { readonly key: string }>;

/** `add` each row in order, then `finish`. Look-ups overlap; the roster gets the rows in their order all the same. */
export class Resolver {
	private rows: WaitingRow[] = [];
	/** The spellings of each value that waits. */
	private values = new Map<string, readonly string[]>();
	/** Ids among the addresses, looked up by the key of the table. */
	private ids = new Map<string, readonly string[]>();
	private used = 0;
	private encoded = 0;
	/** Queries under way, oldest first, each with the rows that wait for it. */
	private readonly inFlight: { rows: readonly WaitingRow[]; answer: Promise<Answer> }[] = [];

	constructor(
		private readonly roster: Roster,
		private readonly lookUp: LookUp,
		private readonly options: ResolverOptions,
	) {}

	/** Takes the next row. Returns a promise to wait for when a query had to be sent before the row had room. */
	add(value: RowValue): Promise<void> | undefined {
		const row = readValue(value, { kind: this.options.kind, takesIds: this.options.byId !== undefined });
		let busy: Promise<void> | undefined;
		if ('key' in row && row.isId) {
			if (this.ids.size >= LookUp.limits.values) busy = this.send();
			this.ids.set(row.key, row.spellings);
		} else if ('key' in row) {
			const known = this.values.get(row.key);
			const more = known === undefined ? row.spellings : newSpellings(row.spellings, known);
			if (more.length > 0) busy = this.askFor(row.key, row.spellings, more);
		}
		this.rows.push(row);
		return busy ?? (this.rows.length >= ROWS_PER_QUERY ? this.send() : undefined);
	}

	/** Adds what is new about a value to the waiting query, and sends the query first if it is full. */
	private askFor(
		key: string,
		spellings: readonly string[],
		more: readonly string[],
	): Promise<void> | undefined {
		const { limits } = LookUp;
		const isFull =
			this.used + valuesUsed(more) > limits.values || this.encoded + encodedLength(more) > limits.encoded;
		const busy = isFull ? this.send() : undefined;
		const waiting = this.values.get(key);
		const added = waiting === undefined ? spellings : more;
		this.values.set(key, waiting === undefined ? spellings : [...waiting, ...more]);
		this.used += valuesUsed(added);
		this.encoded += encodedLength(added);
		return busy;
	}

	/** Sends what is left and waits for everything. */
	async finish(): Promise<void> {
		await this.send();
		while (this.inFlight.length > 0) await this.settleOldest();
		await this.options.unmatched?.explain(this.roster);
	}

	/** Begins a query at once; waits until there is room for another one. */
	private send(): Promise<void> | undefined {
		if (this.rows.length === 0) return undefined;
		const answer = this.find(this.values, this.ids);
		// The failure is thrown when the answer is taken; until then it is not unhandled.
		answer.catch(() => undefined);
		this.inFlight.push({ rows: this.rows, answer });
		this.rows = [];
		this.values = new Map();
		this.ids = new Map();
		this.used = 0;
		this.encoded = 0;
		return this.inFlight.length >= this.lookUp.queriesAtOnce ? this.makeRoom() : undefined;
	}

	private async find(
		values: ReadonlyMap<string, readonly string[]>,
		ids: ReadonlyMap<string, readonly string[]>,
	): Promise<Answer> {
		const { byId, elsewhere } = this.options;
		const first = values.size > 0 || byId === undefined ? await this.lookUp.find(values) : undefined;
		const answer = first && (await this.withNewPeople(first, values));
		if (byId !== undefined && ids.size > 0) return merged(answer, await byId.find(ids));
		if (answer === undefined) return NOTHING_FOUND;
		if (elsewhere === undefined) return answer;
		const misplaced = await elsewhere.find(missingIn(answer, values));
		return { ...answer, misplaced, misplacedReason: elsewhere.reason };
	}

	private async withNewPeople(
		answer: LookUpResult,
		values: ReadonlyMap<string, readonly string[]>,
	): Promise<LookUpResult> {
		const { newPeople, newById } = this.options;
		const missing = missingIn(answer, values);
		if (newPeople?.prepare === undefined || newById === undefined || missing.length === 0) return answer;
		return merged(answer, { ...(await newPeople.prepare(missing, newById)), unfit: new Map() });
	}

	private async makeRoom(): Promise<void> {
		while (this.inFlight.length >= this.lookUp.queriesAtOnce) await this.settleOldest();
	}

	private async settleOldest(): Promise<void> {
		const oldest = this.inFlight.shift();
		if (oldest === undefined) return;
		const result = await oldest.answer.catch(async (error: unknown) => {
			// So that none of them continues after the failure.
			await Promise.allSettled(this.inFlight.map(({ answer }) => answer));
			throw error;
		});
		for (const row of oldest.rows) this.enter(row, result);
		this.options.newPeople?.rowsDone?.(this.roster.rows);
	}

	private enter(row: WaitingRow, result: Answer): void {
		if ('reason' in row) {
			this.roster.addOddRow('invalid', row.reason, row.shown);
			return;
		}
		const refusal = result.refused.get(row.key);
		if (refusal !== undefined) {
			this.roster.addOddRow('undecided', reasonOf(refusal), displayValue(row.shown));
			return;
		}
		const unfit = result.unfit.get(row.key);
		if (unfit !== undefined) {
			this.roster.addOddRow('invalid', unfit, displayValue(row.shown));
			return;
		}
		const all = result.found.get(row.key) ?? [];
		const candidates = this.candidatesOf(all);
		if (candidates.length > 0) {
			const problem = this.options.newPeople?.problemOf?.(this.roster.rows);
			if (problem === undefined) this.choose(candidates, row.shown);
			else this.roster.addOddRow('invalid', problem, displayValue(row.shown));
		} else if (all.length > 0 || !this.willBeCreated(row, result)) {
			const misplaced = result.misplaced?.has(row.key) === true ? result.misplacedReason : undefined;
			const reason = all.length > 0 ? this.inactive(row) : misplaced;
			const odd = reason === undefined ? row.odd : undefined;
			const status = odd === undefined ? 'unmatched' : 'invalid';
			if (odd === undefined && reason === undefined && row.isId !== true) {
				this.options.unmatched?.add(row.key, this.roster.rows);
			}
			this.roster.addOddRow(status, odd ?? reason ?? NOBODY_FOUND, displayValue(row.shown));
		}
	}

	private inactive({ isId = false }: ValueRow): Reason {
		const { kind, newPeople, table } = this.options;
		const what = isId || kind === 'id' ? 'ID' : kind === 'email' ? 'address' : 'value';
		return onlyInactive(table, what, newPeople !== undefined && what !== 'ID');
	}

	private candidatesOf(all: readonly Candidate[]): readonly Candidate[] {
		const { includeInactive } = this.options;
		if (includeInactive === true) return all;
		const active = all.filter(({ isActive }) => isActive);
		if (includeInactive === false) return active;
		if (active.length === 0) return all;
		this.roster.holdForAmbiguousRow(all.flatMap(({ id, isActive }) => (isActive ? [] : [id])));
		return active;
	}

	/** Enters the row for a person who does not exist yet. */
	private willBeCreated(row: ValueRow, { misplaced }: Answer): boolean {
		if (row.odd !== undefined || row.isId === true || misplaced?.has(row.key) === true) return false;
		const { newPeople } = this.options;
		const person = newPeople?.personFor(row.key, this.roster.rows, row.spellings[0] ?? row.key);
		if (typeof person === 'string') this.roster.addPerson(person);
		else if (person !== undefined)
			this.roster.addOddRow(person.status, person.reason, displayValue(row.shown));
		return person !== undefined;
	}

	private choose(candidates: readonly Candidate[], shown: string): void {
		const { severalMatches } = this.options;
		const [first] = candidates;
		if (candidates.length === 1 && first !== undefined) this.take([first]);
		else if (severalMatches === 'all') this.take(candidates);
		else if (severalMatches === 'newest') this.take([candidates.reduce(newer)]);
		else {
			this.roster.holdForAmbiguousRow(candidates.map(({ id }) => id));
			this.roster.addOddRow('ambiguous', severalFound(candidates.length), displayValue(shown));
		}
	}

	private take(candidates: readonly Candidate[]): void {
		this.roster.addPeople(candidates.map(({ id }) => id));
		for (const { id, blocked, row } of candidates) {
			const person = this.roster.personOf(id);
			if (person === undefined) continue;
			if (blocked !== undefined) this.roster.setOutcome(person, 'blocked', blocked);
			if (row !== undefined) this.options.onPerson?.(person, row, this.roster.rows - 1);
		}
	}
}

/** Most rows have one spelling, and what differs from another row's only in case is found by either. */
function newSpellings(spellings: readonly string[], known: readonly string[]): readonly string[] {
	if (spellings.length === 1) return [];
	return spellings.filter((text) => !known.some((other) => other.toLowerCase() === text.toLowerCase()));
}

const NOTHING_FOUND: Answer = { found: new Map(), refused: new Map(), unfit: new Map() };
