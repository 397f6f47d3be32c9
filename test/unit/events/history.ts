/**
 * Random histories of a service and of an n8n that polls it. The service has rows whose versions rise with every write,
 * times in whole seconds of a clock that jumps, transactions that commit late, a database that is restored, and rows that
 * are cleaned up. n8n restarts, loses saves, polls twice from one cursor, and puts an old cursor back.
 */

import type { WindowCursor, WindowRow } from '../../../core/events/window';
import { windowStart } from '../../../core/events/window';

/** Numbers in [0, 1) that follow from the seed (mulberry32). */
export function generator(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = state;
		t = Math.imul(t ^ (t >>> 15), t | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
	};
}

/** Transactions commit within this many seconds. */
export const LATEST_COMMIT_S = 290;
const DAY = 86_400;

export interface Stored extends WindowRow {
	/** Position in the order of commits over the whole history. */
	readonly committed: number;
}

type Draft<R> = (stamps: { version: number; modifiedOn: number }) => R;

export class Service<R extends WindowRow> {
	/** Seconds, with fractions; rows get whole ones. */
	private clock = 1_900_000_000;
	private version = 5_000;
	private readonly rows = new Map<string, R>();
	/** Rows that were there for a while only; a database that is restored may have them again. */
	readonly cleaned = new Set<string>();
	private pending: { at: number; id: string; row: R }[] = [];
	private elapsed = 0;
	private snapshot: { rows: [string, R][]; version: number } | undefined;

	get now(): number {
		return Math.floor(this.clock);
	}

	/** Time goes by. */
	pass(seconds: number): void {
		this.clock += seconds;
		this.elapsed += seconds;
		const due = this.pending.filter(({ at }) => at <= this.elapsed);
		this.pending = this.pending.filter(({ at }) => at > this.elapsed);
		for (const { id, row } of due) this.rows.set(id, row);
	}

	/** The clock alone jumps, forwards or back; what is under way is committed before. */
	jump(seconds: number): void {
		this.pass(LATEST_COMMIT_S);
		this.clock += seconds;
	}

	write(id: string, draft: Draft<R>, lateBy = 0): R {
		this.version += 1;
		const row = draft({ version: this.version, modifiedOn: this.now });
		if (lateBy === 0) this.rows.set(id, row);
		else this.pending.push({ at: this.elapsed + lateBy, id, row });
		return row;
	}

	delete(id: string): void {
		this.rows.delete(id);
	}

	all(): readonly R[] {
		return [...this.rows.values()].sort((a, b) => a.version - b.version);
	}

	/** What a poll with the cursor is answered. */
	window(cursor: WindowCursor): readonly R[] {
		const since = windowStart(cursor);
		return this.all().filter(({ modifiedOn, version }) => modifiedOn >= since || version > cursor.version);
	}

	takeSnapshot(): void {
		this.snapshot = { rows: [...this.rows], version: this.version };
	}

	/** The database is as it was: rows and versions fall back, the clock does not. */
	restore(): void {
		if (this.snapshot === undefined) return;
		this.pending = [];
		this.rows.clear();
		for (const [id, row] of this.snapshot.rows) this.rows.set(id, row);
		this.version = this.snapshot.version;
		this.pass(600);
	}

	cleanUp(): void {
		for (const [id, { modifiedOn }] of this.rows) {
			if (modifiedOn >= this.now - 2 * DAY) continue;
			this.rows.delete(id);
			this.cleaned.add(id);
		}
	}
}

/** Where n8n keeps a cursor: in memory, and saved when something was emitted. */
export class Keeper<C> {
	memory: C;
	private saved: string;
	private readonly older: string[] = [];

	constructor(seeded: C) {
		this.memory = seeded;
		this.saved = JSON.stringify(seeded);
	}

	keep(next: C, hasEvents: boolean, isSaveLost = false): void {
		this.memory = next;
		if (!hasEvents || isSaveLost) return;
		this.older.push(this.saved);
		this.saved = JSON.stringify(next);
	}

	restart(): void {
		this.memory = JSON.parse(this.saved) as C;
	}

	/** Another writer puts an older cursor back. */
	goBack(random: () => number): void {
		const from = Math.floor(random() * this.older.length);
		this.saved = this.older[from] ?? this.saved;
	}
}
