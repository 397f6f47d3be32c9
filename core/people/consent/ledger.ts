/** What became of each address while consent was recorded. The figures are counted from here, so that they add up. */

import { CONSENT_NOT_SENT, type Reason } from '../../accounting/rowReasons';

/**
 * - `recorded`: at least one row was written.
 * - `alreadyRecorded`: the rows said so before.
 * - `keptOptOut`: a row says Opted Out, and stays.
 * - `notRecorded`: with a reason.
 */
export type RecordOutcome = 'alreadyRecorded' | 'keptOptOut' | 'notRecorded' | 'recorded';

/** `addresses = recorded + alreadyRecorded + keptOptOut + notRecorded` */
export interface ConsentFigures {
	readonly addresses: number;
	readonly recorded: number;
	readonly alreadyRecorded: number;
	readonly keptOptOut: number;
	readonly notRecorded: number;
}

interface Entry {
	isWritten: boolean;
	mayBeWritten: boolean;
	isSettled: boolean;
	isKept: boolean;
	failure?: Reason;
}

/** Collects what happens to each address of one recording. An address is named by its normalized form. */
export class ConsentLedger {
	private readonly entries = new Map<string, Entry>();

	/** @param keys normalized addresses, each once */
	constructor(keys: Iterable<string>) {
		for (const key of keys) {
			this.entries.set(key, { isWritten: false, mayBeWritten: false, isSettled: false, isKept: false });
		}
	}

	/** A row was written. */
	done(key: string): void {
		this.entry(key).isWritten = true;
	}

	/** A write was sent, and what became of it is open. */
	mayBeDone(key: string): void {
		this.entry(key).mayBeWritten = true;
	}

	/** The rows say what was to be recorded. */
	settle(key: string): void {
		this.entry(key).isSettled = true;
	}

	/** An opt-out was found and stays. */
	keep(key: string): void {
		this.entry(key).isKept = true;
	}

	/** Nothing could be recorded. The first reason stays, and counts more than anything else about the address. */
	fail(key: string, reason: Reason): void {
		this.entry(key).failure ??= reason;
	}

	/** Addresses of which a row was written, or may have been. */
	writtenKeys(): readonly string[] {
		const isWritten = ({ isWritten: done, mayBeWritten }: Entry) => done || mayBeWritten;
		return [...this.entries].filter(([, entry]) => isWritten(entry)).map(([key]) => key);
	}

	/** What became of an address, as far as known; `notRecorded` with a reason while nothing was entered about it. */
	outcomeOf(key: string): { readonly outcome: RecordOutcome; readonly reason?: Reason } {
		const { isWritten, mayBeWritten, isSettled, isKept, failure } = this.entry(key);
		if (failure !== undefined) return { outcome: 'notRecorded', reason: failure };
		if (isKept) return { outcome: 'keptOptOut' };
		// If there was no answer and the row is there afterwards, this run wrote it, or somebody else recorded the same.
		if (isWritten || (mayBeWritten && isSettled)) return { outcome: 'recorded' };
		if (isSettled) return { outcome: 'alreadyRecorded' };
		return { outcome: 'notRecorded', reason: CONSENT_NOT_SENT };
	}

	/** How many addresses have each outcome. */
	get figures(): ConsentFigures {
		const counts = { recorded: 0, alreadyRecorded: 0, keptOptOut: 0, notRecorded: 0 };
		for (const key of this.entries.keys()) counts[this.outcomeOf(key).outcome] += 1;
		return { addresses: this.entries.size, ...counts };
	}

	private entry(key: string): Entry {
		const known = this.entries.get(key);
		if (known !== undefined) return known;
		const entry: Entry = { isWritten: false, mayBeWritten: false, isSettled: false, isKept: false };
		this.entries.set(key, entry);
		return entry;
	}
}
