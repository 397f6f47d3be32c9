/**
 * Recording opt-ins and opt-outs for many addresses. Recording twice writes once. A record is changed only if it is still the
 * version that was read, and an opt-out that somebody else records in the meantime stays.
 */

import type { DataverseClient } from '../../dataverse/client';
import { DataverseError } from '../../dataverse/errors/errors';
import { reasonOf, type Reason } from '../../accounting/rowReasons';
import { eachSideBySide } from '../../collections/sideBySide';
import { ConsentLedger, type ConsentFigures, type RecordOutcome } from './ledger';
import { planAddress, type ConsentWrite, type RecordOrder } from './planRecord';
import { readConsent, type ConsentRead, type SubjectRows } from './readConsent';
import type { ConsentRow } from './types';
import {
	MOST_WRITE_REQUESTS,
	sendWrites,
	writeOperation,
	WRITES_PER_REQUEST,
	type AddressedWrite,
	type WriteResult,
} from './writeConsent';

export interface RecordOptions {
	/** Queries in flight, 1 to 4. */
	readonly parallel: number;
	/** Write nothing; the figures say what would be recorded. */
	readonly dryRun?: boolean;
}

export interface Recorded {
	readonly figures: ConsentFigures;
	/** By normalized address. */
	outcomeOf(key: string): { readonly outcome: RecordOutcome; readonly reason?: Reason };
}

/** How often rows that somebody else changed meanwhile are read and written again. */
const MOST_ROUNDS = 5;
const WAIT_MS = 1_000;

/** By normalized address, the spellings to ask for; the first is written down. */
type Addresses = ReadonlyMap<string, readonly string[]>;

/**
 * Records the order for every address.
 * @throws DataverseError when consent cannot be read; `cancelled`. What cannot be written is in the outcomes.
 */
export async function recordConsent(
	client: DataverseClient,
	order: RecordOrder,
	addresses: Addresses,
	options: RecordOptions,
): Promise<Recorded> {
	const ledger = new ConsentLedger(addresses.keys());
	const run = new Recording(
		client,
		order,
		ledger,
		Math.min(MOST_WRITE_REQUESTS, Math.max(1, options.parallel)),
	);
	await run.record(addresses, options.dryRun === true);
	if (order.value === 'optedIn' && options.dryRun !== true) await run.keepOptOutsOfOthers(addresses);
	return ledger;
}

class Recording {
	/** Rows that said Opted Out in the first look. */
	private readonly firstOptOuts = new Set<string>();
	/** Rows that this run has written, or may have. */
	private readonly written = new Set<string>();
	/** Ids that were taken when a row was to be created with them. */
	private readonly taken = new Set<string>();
	private stoppedBy: DataverseError | undefined;

	constructor(
		private readonly client: DataverseClient,
		private readonly order: RecordOrder,
		private readonly ledger: ConsentLedger,
		private readonly parallel: number,
	) {}

	async record(addresses: Addresses, dryRun: boolean): Promise<void> {
		let waiting = addresses;
		for (let round = 0; round < MOST_ROUNDS && waiting.size > 0; round += 1) {
			const read = round === 0 ? await this.read(waiting) : await this.readAgain(waiting);
			if (read === undefined) break;
			if (round === 0) this.noteOptOuts(read);
			const writes = this.plan(waiting, read);
			if (dryRun) {
				for (const key of new Set(writes.map(({ key: ofAddress }) => ofAddress))) this.ledger.done(key);
				return;
			}
			const { again, waitMs } = await this.send(writes, this.order.value);
			waiting = picked(addresses, again);
			if (waitMs !== undefined) await this.client.wait(waitMs, 'consent could not be recorded yet');
		}
		for (const key of waiting.keys()) this.ledger.fail(key, CHANGED_TOO_OFTEN);
	}

	/**
	 * Reads the rows again that an opt-in was written for. A row that is not ours, says Opted Out and did not at first
	 * came while we wrote, and ours is newer: it would count, so it is set to Opted Out as well.
	 */
	async keepOptOutsOfOthers(addresses: Addresses): Promise<void> {
		let waiting = picked(addresses, this.ledger.writtenKeys());
		for (let round = 0; round < MOST_ROUNDS && waiting.size > 0; round += 1) {
			const read = await this.readAgain(waiting);
			const writes: KeyedWrite[] = [];
			for (const [key, spellings] of waiting) {
				if (read === undefined || read.refused.has(key)) {
					this.ledger.fail(key, NOT_READ_AGAIN);
					continue;
				}
				const rows = subjectsOf(read.rows.get(key));
				if (!rows.some((each) => each.some((row) => this.isNewOptOut(row)))) continue;
				this.ledger.keep(key);
				const ours = rows.filter((each) => each.some((row) => this.isNewOptOut(row))).flat();
				for (const row of ours) {
					if (row.value !== 'optedIn' || !this.written.has(row.id)) continue;
					const write: ConsentWrite = { kind: 'update', row, subject: {} };
					writes.push({ key, write, address: spellings[0] ?? key });
				}
			}
			const { again, waitMs } = await this.send(writes, 'optedOut');
			waiting = picked(addresses, again);
			if (waitMs !== undefined) await this.client.wait(waitMs, 'opt-outs could not be kept yet');
		}
		for (const key of waiting.keys()) this.ledger.fail(key, OPT_OUT_NOT_KEPT);
	}

	private isNewOptOut(row: ConsentRow): boolean {
		return row.value === 'optedOut' && !this.firstOptOuts.has(row.id);
	}

	private async read(addresses: Addresses): Promise<ConsentRead> {
		const { channel, purpose, topics } = this.order;
		const topicIds = topics.map(({ id }) => id);
		const subject = { channel, purposeId: purpose.purpose.id, topicIds };
		return await readConsent(this.client, subject, addresses, this.parallel);
	}

	/** A read after something was written: if it fails, what was written still has to be reported. */
	private async readAgain(addresses: Addresses): Promise<ConsentRead | undefined> {
		try {
			return await this.read(addresses);
		} catch (error) {
			if (!(error instanceof DataverseError) || error.kind === 'cancelled') throw error;
			return undefined;
		}
	}

	private noteOptOuts(read: ConsentRead): void {
		for (const rows of read.rows.values()) {
			for (const row of subjectsOf(rows).flat()) if (row.value === 'optedOut') this.firstOptOuts.add(row.id);
		}
	}

	private plan(addresses: Addresses, read: ConsentRead): readonly KeyedWrite[] {
		const writes: KeyedWrite[] = [];
		for (const [key, spellings] of addresses) {
			const refused = read.refused.get(key);
			if (refused !== undefined) {
				this.ledger.fail(key, reasonOf(refused));
				continue;
			}
			const plan = planAddress(this.order, key, read.rows.get(key), {
				first: this.firstOptOuts,
				taken: this.taken,
			});
			// Written over whatever is there, an opt-in would undo an opt-out that came since.
			if (this.order.value === 'optedIn' && plan.writes.some(hasNoVersion)) {
				this.ledger.fail(key, NO_VERSION);
				continue;
			}
			if (plan.keepsOptOut) this.ledger.keep(key);
			for (const write of plan.writes) writes.push({ key, write, address: spellings[0] ?? key });
			if (plan.writes.length === 0 && !plan.keepsOptOut) this.ledger.settle(key);
		}
		return writes;
	}

	private async send(writes: readonly KeyedWrite[], value: 'optedIn' | 'optedOut'): Promise<Sent> {
		const sent: Sent = { again: new Set(), waitMs: undefined };
		await eachSideBySide(chunks(writes), this.parallel, async (chunk) => {
			if (this.stoppedBy !== undefined) return this.stop(chunk, this.stoppedBy);
			const operations = chunk.map((each) => writeOperation(each, this.order, value));
			try {
				const results = await sendWrites(this.client, operations);
				for (const [index, each] of chunk.entries()) this.enter(each, results[index], sent);
			} catch (error) {
				if (!(error instanceof DataverseError) || error.kind === 'cancelled') throw error;
				this.stop(chunk, error);
			}
		});
		return sent;
	}

	private enter({ key, write }: KeyedWrite, result: WriteResult | undefined, sent: Sent): void {
		const id = write.kind === 'create' ? write.id : write.row.id;
		switch (result?.kind) {
			case 'done':
				this.written.add(id);
				this.ledger.done(key);
				return;
			case 'failed':
				this.ledger.fail(key, reasonOf(result.error));
				// A right that is missing for one row is missing for the next one too.
				if (result.error.kind === 'forbidden') this.stoppedBy = result.error;
				return;
			case 'later':
				sent.again.add(key);
				sent.waitMs = Math.max(sent.waitMs ?? WAIT_MS, result.waitMs ?? 0);
				return;
			case 'conflict':
			case undefined:
				// The answer may be lost, and the row be ours.
				if (write.kind === 'create') {
					this.written.add(id);
					this.taken.add(id);
				}
				this.ledger.mayBeDone(key);
				sent.again.add(key);
		}
	}

	private stop(chunk: readonly KeyedWrite[], error: DataverseError): void {
		this.stoppedBy = error;
		for (const { key } of chunk) this.ledger.fail(key, reasonOf(error));
	}
}

interface KeyedWrite extends AddressedWrite {
	/** Normalized address. */
	readonly key: string;
}

interface Sent {
	/** Addresses that have to be read and written again. */
	readonly again: Set<string>;
	waitMs: number | undefined;
}

const hasNoVersion = (write: ConsentWrite) => write.kind === 'update' && write.row.etag === undefined;

const NO_VERSION: Reason = {
	code: 'noVersion',
	reason:
		'The environment returned no version (ETag) of the record, so an opt-out in the meantime could be lost.',
	remedy: 'Record the opt-in in Customer Insights - Journeys.',
};

const CHANGED_TOO_OFTEN: Reason = {
	code: 'changedTooOften',
	reason: 'Others kept changing the consent of this address while it was being recorded.',
	remedy: 'Run again with the same input: what is recorded stays recorded.',
};

const NOT_READ_AGAIN: Reason = {
	code: 'notReadAgain',
	reason:
		'An opt-in was written, but the records could not be read afterwards to see whether somebody had opted out in the meantime.',
	remedy: 'Run again with the same input: nothing is written twice, and opt-outs of others stay.',
};

const OPT_OUT_NOT_KEPT: Reason = {
	code: 'optOutNotKept',
	reason:
		'The address was opted out while an opt-in was being recorded, and the opt-in could not be taken back.',
	remedy: 'Record an opt-out for this address.',
};

const subjectsOf = (rows: SubjectRows | undefined): readonly (readonly ConsentRow[])[] =>
	rows === undefined ? [] : [rows.purpose, ...rows.topics.values()];

function picked(addresses: Addresses, keys: Iterable<string>): Addresses {
	return new Map(Array.from(keys, (key) => [key, addresses.get(key) ?? [key]]));
}

/** Writes of one address stay together, so that a topic's opt-in is not sent without that of its purpose. */
function* chunks(writes: readonly KeyedWrite[]): Generator<readonly KeyedWrite[]> {
	let chunk: KeyedWrite[] = [];
	for (const [index, write] of writes.entries()) {
		const isNext = write.key !== writes[index - 1]?.key;
		if (isNext && chunk.length >= WRITES_PER_REQUEST) {
			yield chunk;
			chunk = [];
		}
		chunk.push(write);
	}
	if (chunk.length > 0) yield chunk;
}
