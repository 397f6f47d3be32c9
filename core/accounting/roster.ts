/** The rows that came in, the people they refer to, and what happened to each person. */

import { parseGuid } from '../dataverse/text/guid';
import { IntList } from '../collections/intList';
import { NO_ID, NOT_AN_ID, NOT_SENT, type Reason } from './rowReasons';
import { isLeavingOutcome, OptedOut } from './optedOut';
import { displayValue, isEmptyValue, UnreadableRow } from './rowValue';
import {
	countsByWord,
	PERSON_OUTCOMES,
	ROW_STATUSES,
	type MemberException,
	type OddRowStatus,
	type PersonOutcome,
	type RowPerson,
	type RowStatus,
	type RowView,
} from './statuses';
import { TextIndex } from '../collections/textIndex';

const NO_PERSON = -1;
const NO_ROW = -1;
const NO_REASON = 0;
/** How many IDs are entered at a time. */
const BLOCK = 64;

/**
 * Everybody a run is about. Every figure of the report is counted from here, so the two sums of the accounting always hold.
 * Rows and people are numbered from 0. The lists are typed arrays: besides the IDs, a row takes nine bytes and a person
 * nine. The text of a row is kept only where the row means nobody.
 */
export class Roster {
	private readonly ids: TextIndex;
	private readonly rowPeople: IntList<Int32Array>;
	private readonly rowStatuses: IntList<Uint8Array>;
	private readonly rowReasons: IntList<Int32Array>;
	private readonly firstRows: IntList<Int32Array>;
	private readonly outcomes: IntList<Uint8Array>;
	private readonly personReasons: IntList<Int32Array>;
	private readonly reasons: (Reason | undefined)[] = [undefined];
	private readonly reasonNumbers = new Map<string, number>();
	private readonly oddValues = new Map<number, string>();
	/** Further people of the few rows that mean several. */
	private readonly morePeople = new Map<number, readonly number[]>();
	/** People whom ambiguous rows may mean. */
	private readonly held = new Set<string>();
	readonly optedOut = new OptedOut();
	private hasWithdrawn = false;
	private readonly places = new Int32Array(BLOCK);

	/** @param expectedRows how many rows will come, where that is known */
	constructor(expectedRows = 0) {
		this.ids = new TextIndex(expectedRows);
		this.rowPeople = IntList.ofInts(expectedRows);
		this.rowStatuses = IntList.ofBytes(expectedRows);
		this.rowReasons = IntList.ofInts(expectedRows);
		this.firstRows = IntList.ofInts(expectedRows);
		this.outcomes = IntList.ofBytes(expectedRows);
		this.personReasons = IntList.ofInts(expectedRows);
	}

	/** How many people there are: those of rows, each once, and those a sync removes. */
	get size(): number {
		return this.ids.size;
	}

	/** GUIDs, each once (Assumption: outboundDuplicateIds, realTimeDuplicateIds): of rows in order, then those a sync removes. A copy. */
	get people(): readonly string[] {
		return this.ids.toArray();
	}

	/** How many rows came in. */
	get rows(): number {
		return this.rowStatuses.length;
	}

	/** Reads each value as a row with an id: trimmed, upper or lower case, braces and the `crm` prefix tolerated. */
	addIds(values: Iterable<unknown>): void {
		const block: string[] = [];
		for (const value of values) {
			const id = typeof value === 'string' ? parseGuid(value) : undefined;
			if (id !== undefined) block.push(id);
			if (id === undefined || block.length === this.places.length) this.addBlock(block);
			if (id !== undefined) continue;
			if (value instanceof UnreadableRow) this.addOddRow('invalid', value.reason, displayValue(value.shown));
			else if (isEmptyValue(value)) this.addOddRow('invalid', NO_ID);
			else this.addOddRow('invalid', NOT_AN_ID, displayValue(value));
		}
		this.addBlock(block);
	}

	/** Takes a row that means the person with this (already normalized) id. */
	addPerson(id: string): void {
		const person = this.ids.findOrAdd(id);
		this.pushRow(this.admit(person, this.rows) ? 'matched' : 'duplicate', person, NO_REASON);
	}

	/** Takes a row that means all of these people (one or more normalized IDs); a duplicate if earlier rows mean all of them. */
	addPeople(ids: readonly string[]): void {
		const row = this.rows;
		const before = this.size;
		const people = [...new Set(ids)].map((id) => this.enter(id, row));
		const [first = NO_PERSON, ...more] = people;
		if (more.length > 0) this.morePeople.set(row, more);
		this.pushRow(this.size > before ? 'matched' : 'duplicate', first, NO_REASON);
	}

	/** Takes a row that refers to nobody, or to nobody in particular. */
	addOddRow(status: OddRowStatus, reason: Reason, value?: string): void {
		if (value !== undefined) this.oddValues.set(this.rows, value);
		this.pushRow(status, NO_PERSON, this.numberOf(reason));
	}

	/** Replaces the reason of a row that refers to nobody; its status stays. */
	explainRow(row: number, reason: Reason): void {
		this.rowReasons.set(row, this.numberOf(reason));
	}

	/** Remembers people to whom an ambiguous row may refer: they are not counted, and a sync leaves them as they are. */
	holdForAmbiguousRow(ids: readonly string[]): void {
		for (const id of ids) this.held.add(id);
	}

	/** Whether an ambiguous row may mean the person with this (normalized) ID. */
	isHeldByAmbiguousRow(id: string): boolean {
		return this.held.has(id);
	}

	/** Takes a member who is in no row and is to be removed; call it after all rows are in. */
	addRemoval(id: string): number {
		return this.enter(id, NO_ROW);
	}

	/** Whether this person is in no row: a member whom a sync removes. */
	isRemoval(person: number): boolean {
		return this.firstRows.at(person) === NO_ROW;
	}

	/** The first row (0-based) that means this person; -1 for a member whom a sync removes. */
	firstRowOf(person: number): number {
		return this.firstRows.at(person);
	}

	/** The id of a person. */
	idOf(person: number): string {
		return this.ids.at(person) ?? '';
	}

	/** The index of the person with this id. */
	personOf(id: string): number | undefined {
		return this.ids.find(id);
	}

	/** What happened to this person; `notSent` until an outcome is set. */
	outcomeOf(person: number): PersonOutcome {
		return PERSON_OUTCOMES[this.outcomes.at(person)] ?? 'notSent';
	}

	/** Sets what happened to this person and why; replaces an earlier outcome and its reason. */
	setOutcome(person: number, outcome: PersonOutcome, reason?: Reason): void {
		this.outcomes.set(person, PERSON_OUTCOMES.indexOf(outcome));
		this.personReasons.set(person, reason === undefined ? NO_REASON : this.numberOf(reason));
	}

	/** Takes out a person who could not be created; their rows become unmatched. No row may refer to them together with others. */
	withdraw(person: number, reason: Reason): void {
		this.setOutcome(person, 'withdrawn', reason);
		this.hasWithdrawn = true;
	}

	/** The status of a row (0-based) and, through its person, what happened to it. */
	rowAt(row: number): RowView {
		const person = this.rowPeople.at(row);
		const status = ROW_STATUSES[this.rowStatuses.at(row)] ?? 'invalid';
		if (person === NO_PERSON) {
			return { status, reason: this.reasons[this.rowReasons.at(row)], value: this.oddValues.get(row) };
		}
		if (this.isWithdrawn(person)) {
			return { status: 'unmatched', reason: this.personAt(person).reason, value: this.oddValues.get(row) };
		}
		return {
			status,
			...this.personAt(person),
			firstRow: status === 'duplicate' ? this.firstRows.at(person) : undefined,
			more: this.morePeople.get(row)?.map((other) => this.personAt(other)),
		};
	}

	/** How many rows have each status. Rows of withdrawn people count as `unmatched`. */
	countRows(): Readonly<Record<RowStatus, number>> {
		const counts = this.hasWithdrawn ? this.countRowsOneByOne() : this.rowStatuses.count(ROW_STATUSES.length);
		return countsByWord(ROW_STATUSES, counts);
	}

	/** How many people have each outcome; `withdrawn` is one of them. */
	countPeople(): Readonly<Record<PersonOutcome, number>> {
		return countsByWord(PERSON_OUTCOMES, this.outcomes.count(PERSON_OUTCOMES.length));
	}

	/** Whatever was not delivered, in the order of the rows and each person once; then members to be removed, who are in no row. */
	*exceptions(): Generator<MemberException> {
		for (let row = 0; row < this.rows; row += 1) {
			const person = this.rowPeople.at(row);
			if (person === NO_PERSON || this.isWithdrawn(person)) {
				yield { row: row + 1, ...this.oddRow(row) };
			} else if (this.rowStatuses.at(row) === MATCHED) {
				yield* this.exceptionOf(person, row);
				for (const other of this.morePeople.get(row) ?? []) yield* this.exceptionOf(other, row);
			}
		}
		for (let person = 0; person < this.size; person += 1) {
			if (this.isRemoval(person)) yield* this.exceptionOf(person, NO_ROW);
		}
	}

	private *exceptionOf(person: number, row: number): Generator<MemberException> {
		if (this.firstRows.at(person) !== row) return;
		const { id, outcome, reason, isLeaving } = this.personAt(person);
		const isGoing = isLeaving === true && isLeavingOutcome(outcome);
		if (!isGoing && outcome !== 'blocked' && outcome !== 'failed' && outcome !== 'notSent') return;
		yield { ...(row === NO_ROW ? {} : { row: row + 1 }), id, outcome, ...(reason ?? NOT_SENT) };
	}

	private oddRow(row: number): Omit<MemberException, 'row'> {
		const { status, reason, value } = this.rowAt(row);
		const outcome = status === 'matched' || status === 'duplicate' ? 'invalid' : status;
		return { value, outcome, ...(reason ?? NOT_AN_ID) };
	}

	/** A person, what happened to them, and why. */
	personAt(person: number): RowPerson {
		const leaving = this.optedOut.whyLeaving(person);
		const view: RowPerson = {
			id: this.idOf(person),
			outcome: this.outcomeOf(person),
			reason: this.reasons[this.personReasons.at(person)] ?? leaving,
		};
		return leaving === undefined ? view : { ...view, isLeaving: true };
	}

	private isWithdrawn(person: number): boolean {
		return this.hasWithdrawn && this.outcomeOf(person) === 'withdrawn';
	}

	private countRowsOneByOne(): readonly number[] {
		const counts = new Array<number>(ROW_STATUSES.length).fill(0);
		for (let row = 0; row < this.rows; row += 1) {
			const isUnmatched = this.rowPeople.at(row) !== NO_PERSON && this.isWithdrawn(this.rowPeople.at(row));
			const status = isUnmatched ? UNMATCHED : this.rowStatuses.at(row);
			counts[status] = (counts[status] ?? 0) + 1;
		}
		return counts;
	}

	/** Takes a row for each of these ids, and empties the list. */
	private addBlock(ids: string[]): void {
		this.ids.findOrAddAll(ids, this.places);
		for (let i = 0; i < ids.length; i += 1) {
			const person = this.places[i] ?? 0;
			this.pushRow(this.admit(person, this.rows) ? 'matched' : 'duplicate', person, NO_REASON);
		}
		ids.length = 0;
	}

	/** The index of the person with this id, who is new or known already. */
	private enter(id: string, firstRow: number): number {
		const person = this.ids.findOrAdd(id);
		this.admit(person, firstRow);
		return person;
	}

	/** Creates the entry of a person. @returns whether there was none yet */
	private admit(person: number, firstRow: number): boolean {
		if (person < this.outcomes.length) return false;
		this.firstRows.push(firstRow);
		this.outcomes.push(0);
		this.personReasons.push(NO_REASON);
		return true;
	}

	private pushRow(status: RowStatus, person: number, reason: number): void {
		this.rowStatuses.push(ROW_STATUSES.indexOf(status));
		this.rowPeople.push(person);
		this.rowReasons.push(reason);
	}

	/** Reasons are few; each is kept once. */
	private numberOf(reason: Reason): number {
		const key = `${reason.code}\n${reason.reason}\n${reason.remedy}`;
		const known = this.reasonNumbers.get(key);
		if (known !== undefined) return known;
		this.reasons.push(reason);
		this.reasonNumbers.set(key, this.reasons.length - 1);
		return this.reasons.length - 1;
	}
}

const MATCHED = ROW_STATUSES.indexOf('matched');
const UNMATCHED = ROW_STATUSES.indexOf('unmatched');
