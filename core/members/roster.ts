/**
 * Everybody a run is about: the rows that came in, the people they mean, and what became of each. Every figure of the
 * report is counted from here, so the two sums of the accounting hold by construction.
 *
 * Kept in typed arrays: a roster of a million rows costs the ids themselves and about ten bytes a row.
 */

import { parseGuid } from '../dataverse/guid';

/** What reading made of a row. */
export const ROW_FATES = ['matched', 'duplicate', 'invalid', 'unmatched', 'ambiguous'] as const;
export type RowFate = (typeof ROW_FATES)[number];

/** What became of a person. Everybody starts as `notSent`. */
export const PERSON_OUTCOMES = [
	'notSent',
	'blocked',
	'unchanged',
	'failed',
	'unconfirmed',
	'confirmed',
] as const;
export type PersonOutcome = (typeof PERSON_OUTCOMES)[number];

/** Why something was not delivered, shared by all whom it befell. */
export interface Reason {
	/** Stable word for flows to branch on, e.g. `notAnId`. */
	readonly code: string;
	readonly reason: string;
	readonly remedy: string;
}

export interface MemberException extends Reason {
	/** 1-based position in the input. */
	readonly row: number;
	/** What stood in the row, where it is not an id; shortened. */
	readonly value?: string;
	readonly id?: string;
	readonly outcome:
		| Exclude<PersonOutcome, 'confirmed' | 'unchanged' | 'unconfirmed'>
		| Exclude<RowFate, 'duplicate' | 'matched'>;
}

const NO_PERSON = -1;
const NO_REASON = 0;
const SHOWN_VALUE = 100;

const EMPTY: Reason = {
	code: 'noId',
	reason: 'The row has no ID.',
	remedy: 'Check ID Field, or filter rows without an ID out before this node.',
};
const NOT_AN_ID: Reason = {
	code: 'notAnId',
	reason: 'The value is not a Dataverse ID.',
	remedy: 'Give the GUID of the person, like 1405f4ba-1ee9-e811-a99d-000d3a35f12f.',
};

export class Roster {
	/** Lower-case GUIDs, each once, in the order of their first row. */
	readonly people: string[] = [];
	private readonly indexOf = new Map<string, number>();
	private readonly rowPeople = new Int32List();
	private readonly rowFates = new Int32List();
	private readonly rowReasons = new Int32List();
	private readonly firstRows = new Int32List();
	private readonly outcomes = new Int32List();
	private readonly personReasons = new Int32List();
	private readonly reasons: (Reason | undefined)[] = [undefined];
	private readonly reasonNumbers = new Map<string, number>();
	private readonly oddValues = new Map<number, string>();

	get rows(): number {
		return this.rowFates.length;
	}

	/** Reads one row as an id: trimmed, upper or lower case, braces and the `crm` prefix tolerated. */
	addId(value: unknown): void {
		const text = typeof value === 'string' ? value : undefined;
		const id = text === undefined ? undefined : parseGuid(text);
		if (id !== undefined) {
			this.addPerson(id);
		} else {
			const isEmpty = value === undefined || value === null || (text !== undefined && text.trim() === '');
			this.addOddRow('invalid', isEmpty ? EMPTY : NOT_AN_ID, isEmpty ? undefined : display(value));
		}
	}

	/** Takes a row that means the person with this (already normalised) id. */
	addPerson(id: string): void {
		const row = this.rows;
		const known = this.indexOf.get(id);
		if (known !== undefined) {
			this.pushRow('duplicate', known, NO_REASON);
			return;
		}
		const person = this.people.length;
		this.people.push(id);
		this.indexOf.set(id, person);
		this.firstRows.push(row);
		this.outcomes.push(0);
		this.personReasons.push(NO_REASON);
		this.pushRow('matched', person, NO_REASON);
	}

	/** Takes a row that means nobody, or nobody in particular. */
	addOddRow(fate: 'ambiguous' | 'invalid' | 'unmatched', reason: Reason, value?: string): void {
		if (value !== undefined) this.oddValues.set(this.rows, value);
		this.pushRow(fate, NO_PERSON, this.numberOf(reason));
	}

	/** The index of the person with this id. */
	personOf(id: string): number | undefined {
		return this.indexOf.get(id);
	}

	outcomeOf(person: number): PersonOutcome {
		return PERSON_OUTCOMES[this.outcomes.at(person)] ?? 'notSent';
	}

	setOutcome(person: number, outcome: PersonOutcome, reason?: Reason): void {
		this.outcomes.set(person, PERSON_OUTCOMES.indexOf(outcome));
		this.personReasons.set(person, reason === undefined ? NO_REASON : this.numberOf(reason));
	}

	/** The fate of a row (0-based) and, through its person, what became of it. */
	rowAt(row: number): {
		readonly fate: RowFate;
		readonly id?: string;
		readonly outcome?: PersonOutcome;
		readonly reason?: Reason;
		readonly value?: string;
		/** 0-based row that a duplicate repeats. */
		readonly firstRow?: number;
	} {
		const person = this.rowPeople.at(row);
		const fate = ROW_FATES[this.rowFates.at(row)] ?? 'invalid';
		if (person === NO_PERSON) {
			return { fate, reason: this.reasons[this.rowReasons.at(row)], value: this.oddValues.get(row) };
		}
		return {
			fate,
			id: this.people[person],
			outcome: this.outcomeOf(person),
			reason: this.reasons[this.personReasons.at(person)],
			firstRow: fate === 'duplicate' ? this.firstRows.at(person) : undefined,
		};
	}

	countRows(): Readonly<Record<RowFate, number>> {
		const counts = count(this.rowFates, ROW_FATES.length);
		return Object.fromEntries(ROW_FATES.map((fate, i) => [fate, counts[i] ?? 0])) as Record<RowFate, number>;
	}

	countPeople(): Readonly<Record<PersonOutcome, number>> {
		const counts = count(this.outcomes, PERSON_OUTCOMES.length);
		return Object.fromEntries(PERSON_OUTCOMES.map((outcome, i) => [outcome, counts[i] ?? 0])) as Record<
			PersonOutcome,
			number
		>;
	}

	/** Everything that was not delivered, in the order of the rows; a person once, at the first of its rows. */
	*exceptions(): Generator<MemberException> {
		for (let row = 0; row < this.rows; row += 1) {
			const { fate, outcome, reason, id, value } = this.rowAt(row);
			if (fate === 'duplicate') continue;
			if (fate !== 'matched') {
				yield { row: row + 1, value, outcome: fate, ...(reason ?? NOT_AN_ID) };
			} else if (outcome === 'blocked' || outcome === 'failed' || outcome === 'notSent') {
				yield { row: row + 1, id, outcome, ...(reason ?? NOT_SENT) };
			}
		}
	}

	private pushRow(fate: RowFate, person: number, reason: number): void {
		this.rowFates.push(ROW_FATES.indexOf(fate));
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

const NOT_SENT: Reason = {
	code: 'notSent',
	reason: 'The run ended before this person was sent.',
	remedy: 'Run again with the same input: what is done stays done, and the rest follows.',
};

function display(value: unknown): string {
	const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? typeof value);
	return text.length > SHOWN_VALUE ? `${text.slice(0, SHOWN_VALUE)}…` : text;
}

function count(list: Int32List, kinds: number): readonly number[] {
	const counts = new Array<number>(kinds).fill(0);
	for (let i = 0; i < list.length; i += 1) counts[list.at(i)] = (counts[list.at(i)] ?? 0) + 1;
	return counts;
}

/** A growing list of small integers in four bytes each. */
class Int32List {
	length = 0;
	private data = new Int32Array(1024);

	push(value: number): void {
		if (this.length === this.data.length) {
			const wider = new Int32Array(this.data.length * 2);
			wider.set(this.data);
			this.data = wider;
		}
		this.data[this.length] = value;
		this.length += 1;
	}

	at(index: number): number {
		return this.data[index] ?? 0;
	}

	set(index: number, value: number): void {
		this.data[index] = value;
	}
}
