/**
 * Who is to be created and what is to be changed, collected while the rows are read: nothing is sent here. The ID of a new
 * person is derived from what identifies them, so two runs that meet the same new person send the same ID, and one wins.
 */

import type { RefusedUpdate } from '../../accounting/report';
import type { Reason } from '../../accounting/rowReasons';
import type { DataverseError } from '../../dataverse/errors/errors';
import { ownId } from '../../dataverse/text/ownId';
import type { EntityRow } from '../../dataverse/types';
import { keyOf, valueIn, type Candidate, type LookUp, type LookUpResult, type PersonTable } from '../lookUp';
import type { NewPeopleReader, PersonReader, RowRefusal } from '../resolve';
import type { DetailedColumn } from './personColumns';
import { convertValue, type WrittenValue } from './convertValue';

/** Ids that are tried for one value. */
const MOST_IDS = 5;

export interface NewPeopleOptions {
	readonly environmentUrl: string;
	readonly table: PersonTable;
	/** What people are identified by; it is always written on create. */
	readonly column: DetailedColumn;
	/** By field of a row, the column it goes into. */
	readonly columns: ReadonlyMap<string, DetailedColumn>;
	/** What stands in a field of a row (0-based). */
	readonly valueOf: (row: number, field: string) => unknown;
	/** Told that rows before this one (0-based) are not asked for again. */
	readonly rowsDone?: (row: number) => void;
	readonly creates: boolean;
	readonly updates: boolean;
}

/** What is to be sent about somebody who exists. */
interface Difference {
	/** 0-based row of the input. */
	readonly row: number;
	readonly changes: EntityRow;
}

/** The people of one delivery who are to be created, and the changes to those who exist. */
export class NewPeople implements NewPeopleReader {
	/** By normalized value, the id to create the person with, or why there is none. */
	private readonly chosen = new Map<string, Reason | string>();
	/** By id. */
	private readonly bodies = new Map<string, EntityRow>();
	private readonly values = new Map<string, string>();
	/** By index in the roster; empty where nothing differs. */
	private readonly differences = new Map<number, Difference>();
	/** By index in the roster, whose update was refused when it was sent; they are delivered all the same. */
	readonly refusedUpdates = new Map<number, RefusedUpdate>();
	/** By index in the roster, whom the environment said that this run created. */
	readonly createdPeople = new Set<number>();

	constructor(private readonly options: NewPeopleOptions) {}

	/** The table that people are created in. */
	get table(): PersonTable {
		return this.options.table;
	}

	/** Logical name of the column that people are identified by. */
	get column(): string {
		return this.options.column.name;
	}

	/** Reads what an update would change; undefined where nothing is to be updated. */
	get reader(): PersonReader | undefined {
		if (!this.options.updates) return undefined;
		const columns = [...this.options.columns.values()].filter(({ forUpdate }) => forUpdate).map(nameToRead);
		if (columns.length === 0) return undefined;
		return {
			columns,
			onPerson: (person, row, inputRow) => {
				if (this.differences.has(person)) return;
				this.differences.set(person, { row: inputRow, changes: this.differenceOf(row, inputRow) });
			},
		};
	}

	/** Whether this id is of somebody who is to be created. */
	isNew(id: string): boolean {
		return this.bodies.has(id);
	}

	/** What to create the person with. */
	bodyOf(id: string): EntityRow | undefined {
		return this.bodies.get(id);
	}

	/** Everybody who is to be created, as they will be. */
	created(): Iterable<EntityRow> {
		return this.bodies.values();
	}

	/** The normalized value that the new person is identified by. */
	valueOf(id: string): string {
		return this.values.get(id) ?? '';
	}

	/** People who exist and differ from their rows, with what is to be sent. */
	*updates(): Generator<Difference & { readonly person: number }> {
		for (const [person, difference] of this.differences) {
			if (Object.keys(difference.changes).length > 0) yield { ...difference, person };
		}
	}

	/**
	 * Chooses the ids. One that is taken is read: an active person who has the value is the one who is meant, and with
	 * anybody else, such as a closed lead, the next id is tried.
	 */
	async prepare(values: readonly string[], byId: LookUp): Promise<Pick<LookUpResult, 'found' | 'refused'>> {
		const found = new Map<string, readonly Candidate[]>();
		const refused = new Map<string, DataverseError>();
		if (!this.options.creates) return { found, refused };
		let waiting = values;
		for (let n = 0; n < MOST_IDS && waiting.length > 0; n += 1) {
			const ids = new Map(waiting.map((value) => [this.idOf(value, n), value]));
			const answer = await byId.find(new Map([...ids.keys()].map((id) => [id, [id]])));
			const next: string[] = [];
			for (const [id, value] of ids) {
				const refusal = answer.refused.get(id);
				const candidate = answer.found.get(id)?.[0];
				if (refusal !== undefined) refused.set(value, refusal);
				else if (candidate === undefined) this.chosen.set(value, id);
				else if (this.isMeant(candidate, value)) found.set(value, [candidate]);
				else next.push(value);
			}
			waiting = next;
		}
		for (const value of waiting) this.chosen.set(value, ID_TAKEN);
		return { found, refused };
	}

	/** Whether the person with an own id is the one whom the value means. */
	isMeant({ isActive, row }: Candidate, value: string): boolean {
		return isActive && row !== undefined && valueIn(row, this.column) === value;
	}

	/** If several rows refer to one person, the first one counts. */
	personFor(value: string, row: number, spelling: string): RowRefusal | string | undefined {
		const chosen = this.chosen.get(value);
		if (chosen === undefined) return undefined;
		if (typeof chosen !== 'string') return { status: 'unmatched', reason: chosen };
		if (this.bodies.has(chosen)) return chosen;
		const identifying = convertValue(spelling, this.options.column);
		if (identifying !== undefined && 'problem' in identifying) {
			return { status: 'invalid', reason: identifying.problem };
		}
		const body: Record<string, unknown> = {};
		for (const [field, column] of this.options.columns) {
			if (!column.forCreate || column.name === this.column) continue;
			const value = convertValue(this.options.valueOf(row, field), column);
			if (value === undefined) continue;
			if ('problem' in value) return { status: 'invalid', reason: value.problem };
			body[value.written.key] = value.written.value;
		}
		if (identifying !== undefined) body[identifying.written.key] = identifying.written.value;
		this.bodies.set(chosen, { ...body, [keyOf(this.table)]: chosen });
		this.values.set(chosen, value);
		return chosen;
	}

	/** If people are updated, a value that does not fit makes the row of an existing person invalid too. */
	problemOf(row: number): Reason | undefined {
		if (!this.options.updates) return undefined;
		for (const [field, column] of this.options.columns) {
			if (!column.forUpdate) continue;
			const value = convertValue(this.options.valueOf(row, field), column);
			if (value !== undefined && 'problem' in value) return value.problem;
		}
		return undefined;
	}

	/** Passes on that rows before this one (0-based) are not asked for again, so that their values may be dropped. */
	rowsDone(row: number): void {
		this.options.rowsDone?.(row);
	}

	/** Columns that have a value in the row and another one in the environment. */
	private differenceOf(read: EntityRow, inputRow: number): EntityRow {
		const changes: Record<string, WrittenValue['value']> = {};
		for (const [field, column] of this.options.columns) {
			// People identified by this column already have the value.
			if (!column.forUpdate || column.name === this.column) continue;
			const value = convertValue(this.options.valueOf(inputRow, field), column);
			if (value === undefined || 'problem' in value) continue;
			const { isSame, key, value: written } = value.written;
			if (!isSame(read[nameToRead(column)])) changes[key] = written;
		}
		return changes;
	}

	private idOf(value: string, n: number): string {
		const { environmentUrl, table } = this.options;
		return ownId(table, environmentUrl, table, this.column, value, String(n));
	}
}

/** A lookup is read under a different name than it is written. */
function nameToRead({ kind, name }: DetailedColumn): string {
	return kind === 'lookup' ? `_${name}_value` : name;
}

/** Every ID that the person could be created with belongs to somebody else. */
export const ID_TAKEN: Reason = {
	code: 'idTaken',
	reason:
		'The IDs that this person would be created with belong to others: inactive people, closed leads, people whose value has changed since, or people whom the user of the credential may not read.',
	remedy: 'Activate or correct them in Dynamics 365, or create this person by hand.',
};
