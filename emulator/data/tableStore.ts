/** Rows of one table in memory: copy on write, lazily built equality indexes, stable insertion order. */

import { randomUUID } from 'node:crypto';
import type { EmulatorClock, Row, Table, TableDefinition } from '../contracts';
import { codes, preconditionFailed, rowNotFound } from './faults';
import { EqualityIndexes } from './indexes';
import { standardIds } from './standardIds';
import { instant } from './values';

/**
 * Rows that are a pure function of their number. They are made when read and kept only once changed, so that a
 * million seeded people cost no memory.
 */
export interface RowSource {
	readonly count: number;
	make(position: number): Row;
	id(position: number): string;
	/** Position of the row with this id, or undefined when the id is not one of this source's. */
	position(id: string): number | undefined;
}

/** Rows of a source as small as this are kept once made: small tables are read again and again. */
const KEPT_SOURCE = 10_000;

export type Change = () => void;
export type Journal = { log: Change[] | undefined; version: number };

/** Order of a table is order of insertion; the place of a row (`ordinal`) outlives the row, so that paging can go on. */
export class TableStore implements Table {
	private source: RowSource | undefined;
	private readonly made: Row[] = [];
	private readonly changed = new Map<number, Row | undefined>();
	private readonly ordinals = new Map<string, number>();
	private readonly indexes = new EqualityIndexes();
	private next = 0;
	private live = 0;
	/** Rises with every write; cached selections are valid for one version. */
	version = 0;

	constructor(
		public definition: TableDefinition,
		private readonly clock: EmulatorClock,
		private readonly journal: Journal,
	) {}

	get size(): number {
		return this.live;
	}

	/** One more than the last place in use. */
	get end(): number {
		return this.next;
	}

	/** Fills the table from `source`: without storing rows when it is empty, else row by row where the id is free. */
	seed(source: RowSource): void {
		if (this.next === 0) {
			this.source = source;
			this.next = source.count;
			this.live = source.count;
			this.version += 1;
			this.journal.version += source.count;
			return;
		}
		for (let position = 0; position < source.count; position += 1) {
			if (this.get(source.id(position)) === undefined) this.insert(source.make(position));
		}
	}

	at(ordinal: number): Readonly<Row> | undefined {
		if (this.changed.has(ordinal)) return this.changed.get(ordinal);
		if (this.source === undefined || ordinal >= this.source.count) return undefined;
		if (this.source.count > KEPT_SOURCE) return this.source.make(ordinal);
		return (this.made[ordinal] ??= this.source.make(ordinal));
	}

	/** Place of a row, also of one that has been deleted since. */
	ordinalOf(id: string): number | undefined {
		return this.ordinals.get(id) ?? this.source?.position(id);
	}

	get(id: string): Readonly<Row> | undefined {
		const ordinal = this.ordinalOf(id.toLowerCase());
		return ordinal === undefined ? undefined : this.at(ordinal);
	}

	*rows(): IterableIterator<Readonly<Row>> {
		for (const [, row] of this.placed()) yield row;
	}

	private *placed(): Generator<readonly [number, Readonly<Row>]> {
		for (let ordinal = 0; ordinal < this.next; ordinal += 1) {
			const row = this.at(ordinal);
			if (row !== undefined) yield [ordinal, row];
		}
	}

	insert(row: Row): Readonly<Row> {
		return this.insertAs(row, () => this.nextVersion());
	}

	reserveVersion(): number {
		return this.nextVersion();
	}

	commitAs(version: number, row: Row): Readonly<Row> {
		const id = String(row[this.definition.primaryKey] ?? '');
		const known = id === '' ? undefined : this.get(id);
		return known === undefined ? this.insertAs(row, () => version) : this.patchAs(id, row, () => version);
	}

	private insertAs(row: Row, nextVersion: () => number): Readonly<Row> {
		const key = this.definition.primaryKey;
		const id = String(row[key] ?? randomUUID()).toLowerCase();
		if (this.get(id) !== undefined) {
			throw preconditionFailed(codes.duplicate, 'A record with matching key values already exists.');
		}
		const now = instant(this.clock.now());
		const complete: Row = { createdon: now, modifiedon: now, ...this.ownership(row), ...row, [key]: id };
		complete.versionnumber = nextVersion();
		const ordinal = this.next;
		this.next += 1;
		const formerOrdinal = this.ordinals.get(id);
		this.ordinals.set(id, ordinal);
		this.remember(() => {
			if (formerOrdinal === undefined) this.ordinals.delete(id);
			else this.ordinals.set(id, formerOrdinal);
		});
		this.put(ordinal, complete);
		return complete;
	}

	patch(id: string, changes: Row): Readonly<Row> {
		return this.patchAs(id, changes, () => this.nextVersion());
	}

	private patchAs(id: string, changes: Row, nextVersion: () => number): Readonly<Row> {
		const { ordinal, row } = this.existing(id);
		const next: Row = {
			...row,
			modifiedon: instant(this.clock.now()),
			...changes,
			[this.definition.primaryKey]: row[this.definition.primaryKey],
		};
		next.versionnumber = nextVersion();
		this.put(ordinal, next);
		return next;
	}

	remove(id: string): boolean {
		const ordinal = this.ordinalOf(id.toLowerCase());
		if (ordinal === undefined || this.at(ordinal) === undefined) return false;
		this.put(ordinal, undefined);
		return true;
	}

	/** Places of the rows whose column equals the value; text without regard to case. Ascending. */
	equalTo(column: string, value: unknown): readonly number[] {
		return this.indexes.find(column, value, () => this.placed());
	}

	private existing(id: string): { ordinal: number; row: Readonly<Row> } {
		const ordinal = this.ordinalOf(id.toLowerCase());
		const row = ordinal === undefined ? undefined : this.at(ordinal);
		if (ordinal === undefined || row === undefined) throw rowNotFound(this.definition.logicalName, id);
		return { ordinal, row };
	}

	/** Tables with owners belong to the service administrator until somebody says otherwise. */
	private ownership(row: Row): Row {
		const owned: Row = {};
		const has = (name: string) => this.definition.columns.some((column) => column.name === name);
		if (has('ownerid') && row.ownerid === undefined) {
			owned.ownerid = standardIds.administrator;
			owned['ownerid@table'] = 'systemuser';
		}
		if (has('owningbusinessunit') && row.owningbusinessunit === undefined) {
			owned.owningbusinessunit = standardIds.rootBusinessUnit;
			owned['owningbusinessunit@table'] = 'businessunit';
		}
		return owned;
	}

	private nextVersion(): number {
		this.journal.version += 1;
		return this.journal.version;
	}

	private remember(undo: Change): void {
		this.journal.log?.push(undo);
	}

	private put(ordinal: number, row: Row | undefined): void {
		const former = this.at(ordinal);
		const wasChanged = this.changed.has(ordinal);
		this.replace(ordinal, former, row);
		this.changed.set(ordinal, row);
		this.remember(() => {
			this.replace(ordinal, row, former);
			if (wasChanged) this.changed.set(ordinal, former);
			else this.changed.delete(ordinal);
		});
	}

	private replace(ordinal: number, from: Readonly<Row> | undefined, to: Readonly<Row> | undefined): void {
		this.version += 1;
		this.live += Number(to !== undefined) - Number(from !== undefined);
		this.indexes.replace(ordinal, from, to);
	}
}
