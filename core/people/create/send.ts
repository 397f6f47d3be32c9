/**
 * Creating and updating people, in batches in which one refused row does not affect the others. A bulk message would roll back
 * all its rows because of one ID that is taken, and not say which.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/execute-batch-operations-using-web-api
 */

import type { RefusedUpdate } from '../../accounting/report';
import type { Roster } from '../../accounting/roster';

import type { DataverseClient } from '../../dataverse/client';
import { decodeServiceError, isDuplicate } from '../../dataverse/errors/decodeError';
import { DataverseError } from '../../dataverse/errors/errors';
import { namesRow, unbelievable } from '../../dataverse/http/answers';
import { entityPath } from '../../dataverse/text/odata';
import type { BatchOperation, BatchPart } from '../../dataverse/types';
import { eachSideBySide } from '../../collections/sideBySide';
import { keyOf, LookUp, setOf } from '../lookUp';
import { findDuplicates } from './duplicates';
import { ID_TAKEN, type NewPeople } from './newPeople';
import { DUPLICATE_RULE, notCreated, notUpdated } from './creationReasons';

const PARTS_PER_REQUEST = 100;
const MOST_REQUESTS = 4;
/** How often rows whose answer was lost, or for which the service had no time, are sent. */
const MOST_ROUNDS = 5;
const WAIT_MS = 1_000;

export interface SendPeopleOptions {
	/** Duplicate Rules of the Environment: they are suppressed over the Web API unless a header says otherwise. */
	readonly duplicateRules: 'honor' | 'ignore';
}

/** What became of those who were created and changed; the roster has the ones who could not be. */
export interface SentPeople {
	readonly created: number;
	readonly updated: number;
	/** Who was created by this run or by another one at the same time: the members may not know them yet. */
	readonly fresh: ReadonlySet<number>;
	/** People whose update was refused; they are delivered all the same. */
	readonly notUpdated: readonly RefusedUpdate[];
	/** What means that nothing further is to be sent. */
	readonly stoppedBy?: DataverseError;
}

/**
 * Creates those of `people` who are new, then updates those who differ.
 * @param people indices in the roster of those who will be added
 * @throws DataverseError `cancelled`
 */
export async function sendPeople(
	client: DataverseClient,
	roster: Roster,
	newPeople: NewPeople,
	people: Int32Array,
	options: SendPeopleOptions,
): Promise<SentPeople> {
	const sending = new Sending(client, roster, newPeople, options);
	await sending.create(Array.from(people).filter((person) => newPeople.isNew(roster.idOf(person))));
	await sending.update();
	return sending.result();
}

interface Round {
	readonly again: Work[];
	/** Whose answer was lost, or whose id is taken: a look by id decides. */
	readonly unsure: { readonly work: Work; readonly error?: DataverseError }[];
	waitMs: number;
}

interface Work {
	readonly person: number;
	readonly operation: BatchOperation;
	/** An answer was lost before: a person who exists now counts as created by this run. */
	mayBeDone: boolean;
	lastError?: DataverseError;
}

class Sending {
	private updated = 0;
	private readonly fresh = new Set<number>();
	private stoppedBy: DataverseError | undefined;
	private readonly byId: LookUp;

	constructor(
		private readonly client: DataverseClient,
		private readonly roster: Roster,
		private readonly newPeople: NewPeople,
		private readonly options: SendPeopleOptions,
	) {
		const { column, table } = newPeople;
		this.byId = new LookUp(client, table, keyOf(table), undefined, [column]);
	}

	result(): SentPeople {
		const { fresh, newPeople, stoppedBy, updated } = this;
		const notUpdatedPeople = [...newPeople.refusedUpdates.values()];
		return { created: newPeople.createdPeople.size, updated, fresh, notUpdated: notUpdatedPeople, stoppedBy };
	}

	/**
	 * One create for each person in a batch, not a bulk message: not every table may take those, and duplicate rules may not
	 * count for their rows. Assumption: bulkTables, duplicateDetectionInBulk
	 */
	async create(people: readonly number[]): Promise<void> {
		const path = setOf(this.newPeople.table);
		await this.inRounds(
			people.map((person) => ({
				person,
				operation: {
					method: 'POST',
					path,
					headers: this.headers(),
					body: this.newPeople.bodyOf(this.roster.idOf(person)) ?? {},
				},
				mayBeDone: false,
			})),
			{
				done: ({ person }) => {
					this.newPeople.createdPeople.add(person);
					this.fresh.add(person);
				},
				refused: ({ person, operation }, error, duplicates) =>
					this.roster.withdraw(person, notCreated(error, operation.body ?? {}, duplicates)),
			},
		);
	}

	async update(): Promise<void> {
		const set = setOf(this.newPeople.table);
		const work: Work[] = [];
		const rows = new Map<number, number>();
		for (const { changes: body, person, row } of this.newPeople.updates()) {
			rows.set(person, row);
			if (this.roster.outcomeOf(person) === 'blocked') continue;
			const path = entityPath(set, this.roster.idOf(person));
			// Without the condition a person who is gone would be created.
			const headers = { ...this.headers(), 'If-Match': '*' };
			work.push({ person, operation: { method: 'PATCH', path, headers, body }, mayBeDone: false });
		}
		await this.inRounds(work, {
			done: () => {
				this.updated += 1;
			},
			refused: ({ person, operation }, error) => {
				const reason = notUpdated(error, operation.body ?? {});
				const row = rows.get(person) ?? 0;
				this.newPeople.refusedUpdates.set(person, { person, row, reason });
			},
		});
	}

	private headers(): Readonly<Record<string, string>> {
		return { 'MSCRM.SuppressDuplicateDetection': String(this.options.duplicateRules === 'ignore') };
	}

	private async inRounds(all: readonly Work[], enter: Entries): Promise<void> {
		let waiting = all;
		for (let round = 0; round < MOST_ROUNDS && waiting.length > 0; round += 1) {
			const sent: Round = { again: [], unsure: [], waitMs: 0 };
			await eachSideBySide(chunks(waiting), MOST_REQUESTS, async (chunk) => {
				if (this.stoppedBy === undefined) await this.sendChunk(chunk, enter, sent);
			});
			if (this.stoppedBy !== undefined) return;
			waiting = [...sent.again, ...(await this.decide(sent, enter))];
			if (waiting.length > 0 && sent.waitMs > 0 && !(await this.pause(sent.waitMs))) return;
		}
		for (const work of await this.stillOpen(waiting, enter)) enter.refused(work, work.lastError);
	}

	/** Looks for people who may have been created after all, before saying that they were not. */
	private async stillOpen(waiting: readonly Work[], enter: Entries): Promise<readonly Work[]> {
		const isOpen = ({ mayBeDone, operation }: Work) => mayBeDone && operation.method === 'POST';
		const unsure = waiting.filter(isOpen).map((work) => ({ work, error: work.lastError }));
		const unknown = await this.decide({ again: [], unsure, waitMs: 0 }, enter);
		return this.stoppedBy === undefined ? [...waiting.filter((work) => !isOpen(work)), ...unknown] : [];
	}

	private async sendChunk(chunk: readonly Work[], enter: Entries, sent: Round): Promise<void> {
		let parts: readonly BatchPart[];
		try {
			parts = await this.client.batch(
				chunk.map(({ operation }) => operation),
				{ continueOnError: true },
			);
		} catch (error) {
			if (!(error instanceof DataverseError) || error.kind === 'cancelled') throw error;
			if (!error.mayHaveActed) this.stoppedBy ??= error;
			for (const work of chunk) this.lost(work, error, sent);
			return;
		}
		for (const [index, work] of chunk.entries()) this.read(work, parts[index], enter, sent);
	}

	private read(work: Work, part: BatchPart | undefined, enter: Entries, sent: Round): void {
		if (part === undefined) return this.lost(work, undefined, sent);
		const { method } = work.operation;
		if (part.status >= 200 && part.status < 300) {
			const doubt = unbelievable(part, { method, path: setOf(this.newPeople.table) });
			const isNamed = method !== 'POST' || namesRow(part, this.roster.idOf(work.person));
			return doubt === undefined && isNamed ? enter.done(work) : this.lost(work, doubt, sent);
		}
		const error = decodeServiceError(part, { method, path: setOf(this.newPeople.table) });
		work.lastError = error;
		// By the code and never by the status, which two pages give differently. Assumption: duplicateRefusalStatus
		const byRule = error.code === DUPLICATE_RULE;
		if (method === 'POST' && (byRule || isDuplicate(error))) {
			// A rule also refuses somebody whom another run, or a request without an answer, has just created.
			sent.unsure.push({ work, error });
		} else if (byRule) {
			enter.refused(work, error);
		} else if (error.kind === 'forbidden' || error.kind === 'signIn') {
			// A right that is missing for one row is missing for the next one too.
			this.stoppedBy ??= error;
		} else if (part.status === 429 || part.status >= 500) {
			sent.again.push(work);
			sent.waitMs = Math.max(sent.waitMs, WAIT_MS, error.retryAfterMs ?? 0);
			if (part.status >= 500) work.mayBeDone = true;
		} else enter.refused(work, error);
	}

	/** An update that is made twice does no more than once; who was to be created is looked for. */
	private lost(work: Work, error: DataverseError | undefined, sent: Round): void {
		work.mayBeDone = true;
		work.lastError = error ?? work.lastError;
		sent.waitMs = Math.max(sent.waitMs, WAIT_MS);
		if (work.operation.method === 'POST') sent.unsure.push({ work });
		else sent.again.push(work);
	}

	/** Reads those whose answer did not say enough. @returns who is to be sent again */
	private async decide({ unsure }: Round, enter: Entries): Promise<readonly Work[]> {
		const again: Work[] = [];
		const byRule = new Map<Work, DataverseError>();
		for (let from = 0; from < unsure.length; from += LookUp.limits.values) {
			const some = unsure.slice(from, from + LookUp.limits.values);
			const ids = some.map(({ work }) => this.roster.idOf(work.person));
			const { found, refused } = await this.look(ids);
			for (const [index, { work, error }] of some.entries()) {
				const id = ids[index] ?? '';
				const candidate = found.get(id)?.[0];
				const isMeant =
					candidate !== undefined && this.newPeople.isMeant(candidate, this.newPeople.valueOf(id));
				const refusal = refused.get(id);
				if (refusal !== undefined) this.stoppedBy ??= refusal;
				else if (isMeant && work.mayBeDone) enter.done(work);
				else if (isMeant) this.fresh.add(work.person);
				else if (candidate !== undefined) this.roster.withdraw(work.person, ID_TAKEN);
				else if (error === undefined) again.push(work);
				// A key of the table is taken, or somebody has this id whom the user may not read.
				else if (error.code === TAKEN_ID) this.roster.withdraw(work.person, ID_TAKEN);
				else if (error.code === DUPLICATE_RULE) byRule.set(work, error);
				else enter.refused(work, error);
			}
		}
		await this.refuseByRule(byRule, enter);
		return this.stoppedBy === undefined ? again : [];
	}

	/** Says of those whom a duplicate rule refused who has their address. */
	private async refuseByRule(refused: ReadonlyMap<Work, DataverseError>, enter: Entries): Promise<void> {
		if (refused.size === 0) return;
		const bodies = new Map([...refused.keys()].map((work) => [work, work.operation.body ?? {}]));
		const duplicates = await findDuplicates(this.client, this.newPeople.table, bodies);
		for (const [work, error] of refused) enter.refused(work, error, duplicates.get(work));
	}

	private async look(ids: readonly string[]) {
		try {
			return await this.byId.find(new Map(ids.map((id) => [id, [id]])));
		} catch (error) {
			if (!(error instanceof DataverseError) || error.kind === 'cancelled') throw error;
			return { found: new Map<string, never>(), refused: new Map(ids.map((id) => [id, error])) };
		}
	}

	private async pause(ms: number): Promise<boolean> {
		try {
			await this.client.wait(ms, 'the environment had no time to create or update people');
			return true;
		} catch (error) {
			if (!(error instanceof DataverseError) || error.kind === 'cancelled') throw error;
			this.stoppedBy = error;
			return false;
		}
	}
}

interface Entries {
	readonly done: (work: Work) => void;
	readonly refused: (work: Work, error: DataverseError | undefined, duplicates?: readonly string[]) => void;
}

const TAKEN_ID = '0x80040237';

function* chunks(all: readonly Work[]): Generator<readonly Work[]> {
	for (let from = 0; from < all.length; from += PARTS_PER_REQUEST)
		yield all.slice(from, from + PARTS_PER_REQUEST);
}
