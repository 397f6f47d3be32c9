/** Recording consent while people are added or removed: planned with the check, written after all limits, before sending. */

import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { CONSENT_NOT_SENT, type Reason } from '../../../core/accounting/rowReasons';
import type { Roster } from '../../../core/accounting/roster';
import type { DataverseClient } from '../../../core/dataverse/client';
import type { Plan } from '../../../core/delivery/plan';
import type { RowSource, RowValue } from '../../../core/people/readPeople';
import { noteContactPoint, readContactPoint } from '../../../core/people/consent/contactPoint';
import type { ConsentFigures } from '../../../core/people/consent/ledger';
import type { RecordOrder } from '../../../core/people/consent/planRecord';
import { consentReason } from '../../../core/people/consent/consentReasons';
import { recordConsent, type Recorded } from '../../../core/people/consent/recordConsent';
import type { Channel } from '../../../core/people/consent/types';
import { readFlag } from '../../shared/read';
import { purposeField, sourceField, topicsField } from './purposeFields';

const PARALLEL = 2;
const NAME = 'recordOptOuts';

/** What Remove has for it. */
export const recordOptOutsProperties: readonly INodeProperties[] = [
	{
		displayName: 'Record Opt-Outs',
		name: NAME,
		type: 'boolean',
		default: false,
		description:
			'Whether to record an opt-out for every valid address of the input, including people who are not members or do not exist',
	},
	...[purposeField, topicsField, sourceField].map((field) => ({
		...field,
		displayOptions: { show: { [NAME]: [true] } },
	})),
];

/** Whether Remove records an opt-out for everybody whom it removes. */
export function readRecordOptOuts(functions: IExecuteFunctions, itemIndex: number): boolean {
	return readFlag(functions, NAME, itemIndex);
}

/** By normalized address, the spellings to ask for. */
export type Addresses = Map<string, readonly string[]>;

/** The rows as they come; the valid addresses among them are remembered. */
export function noticing(rows: RowSource, channel: Channel, addresses: Addresses): RowSource {
	const notice = (value: RowValue) => {
		if (typeof value !== 'string') return;
		const point = readContactPoint(channel, value);
		if ('key' in point) noteContactPoint(addresses, point);
	};
	if (!(Symbol.asyncIterator in rows)) return noticedRows(rows, notice);
	return noticedBatches(rows, notice);
}

function* noticedRows(rows: Iterable<RowValue>, notice: (value: RowValue) => void): Generator<RowValue> {
	for (const value of rows) {
		notice(value);
		yield value;
	}
}

async function* noticedBatches(
	batches: AsyncIterable<readonly RowValue[]>,
	notice: (value: RowValue) => void,
): AsyncGenerator<readonly RowValue[]> {
	for await (const batch of batches) {
		batch.forEach(notice);
		yield batch;
	}
}

/** An order, and what it would do to the addresses of a delivery; nothing is written until `write`. */
export class PlannedRecording {
	private written: Recorded | undefined;
	private isDryRun = false;
	private wanted: ReadonlySet<string>;

	private constructor(
		private readonly client: DataverseClient,
		private readonly order: RecordOrder,
		private readonly addresses: ReadonlyMap<string, readonly string[]>,
		private readonly planned: Recorded,
		/** Normalized addresses of people by their id. */
		private readonly keys: ReadonlyMap<string, string>,
	) {
		this.wanted = new Set(addresses.keys());
	}

	/** Looks what would be written. @throws DataverseError when consent cannot be read */
	static async plan(
		client: DataverseClient,
		order: RecordOrder,
		addresses: ReadonlyMap<string, readonly string[]>,
		keys: ReadonlyMap<string, string>,
	): Promise<PlannedRecording> {
		const options = { parallel: PARALLEL, dryRun: true };
		const planned = await recordConsent(client, order, addresses, options);
		return new PlannedRecording(client, order, addresses, planned, keys);
	}

	/** Of an opt-out every address counts, whosever it is. */
	private get isOptOut(): boolean {
		return this.order.value === 'optedOut';
	}

	/** Whether the address has the opt-in on record after the run, as far as can be said before it. */
	isOptedIn(key: string): boolean {
		return !this.isOptOut && isRecorded(this.planned, key);
	}

	/** A dry run: the figures say what would be recorded. */
	planOnly(roster: Roster): void {
		this.isDryRun = true;
		this.choose(roster);
	}

	/** Decides whose addresses count: those of people who are or become members, and of an opt-out all. */
	private choose(roster: Roster, plan?: Pick<Plan, 'add'>): void {
		if (this.isOptOut) return;
		const adding = new Set(plan?.add);
		const wanted = new Set<string>();
		for (let person = 0; person < roster.size; person += 1) {
			const outcome = roster.outcomeOf(person);
			const key = this.keys.get(roster.idOf(person));
			if (key === undefined) continue;
			if (adding.has(person) || outcome === 'unchanged' || outcome === 'wouldAdd') wanted.add(key);
		}
		this.wanted = wanted;
	}

	/** Writes; people to be added who have no opt-in on record afterwards are blocked. */
	async write(roster: Roster, plan: Plan): Promise<void> {
		this.choose(roster, plan);
		const addresses = new Map([...this.addresses].filter(([key]) => this.wanted.has(key)));
		const written = await recordConsent(this.client, this.order, addresses, { parallel: PARALLEL });
		this.written = written;
		for (const person of this.isOptOut ? [] : plan.add) {
			const key = this.keys.get(roster.idOf(person));
			if (key === undefined || isRecorded(written, key) || !this.isOptedIn(key)) continue;
			roster.setOutcome(person, 'blocked', whyBlocked(written, key));
		}
	}

	/**
	 * What became, or would become, of the address of a row; undefined where nothing was to be recorded for it.
	 * @param id of the person of the row @param value what stood in the row
	 */
	outcomeOf(
		id: string | undefined,
		value: string | undefined,
	): ReturnType<Recorded['outcomeOf']> | undefined {
		const ofPerson = id === undefined ? undefined : this.keys.get(id);
		const point = this.isOptOut ? readContactPoint(this.order.channel, value ?? '') : undefined;
		const ofRow = point !== undefined && 'key' in point ? point.key : undefined;
		const key = ofRow !== undefined && this.addresses.has(ofRow) ? ofRow : ofPerson;
		return key === undefined ? undefined : this.outcomeOfAddress(key);
	}

	/** What was recorded, or would be. Opt-outs that stay are counted although their people are left out. */
	get figures(): ConsentFigures {
		const counts = { recorded: 0, alreadyRecorded: 0, keptOptOut: 0, notRecorded: 0 };
		let addresses = 0;
		for (const key of this.addresses.keys()) {
			const outcome = this.outcomeOfAddress(key)?.outcome;
			if (outcome === undefined) continue;
			counts[outcome] += 1;
			addresses += 1;
		}
		return { addresses, ...counts };
	}

	private outcomeOfAddress(key: string): ReturnType<Recorded['outcomeOf']> | undefined {
		const planned = this.planned.outcomeOf(key);
		if (!this.wanted.has(key)) return isRecorded(this.planned, key) ? undefined : planned;
		if (this.written !== undefined) return this.written.outcomeOf(key);
		// The run ended before anything was written.
		const isStopped = !this.isDryRun && planned.outcome === 'recorded';
		return isStopped ? { outcome: 'notRecorded', reason: CONSENT_NOT_SENT } : planned;
	}
}

function isRecorded(recorded: Recorded, key: string): boolean {
	const { outcome } = recorded.outcomeOf(key);
	return outcome === 'recorded' || outcome === 'alreadyRecorded';
}

function whyBlocked(written: Recorded, key: string): Reason | undefined {
	const { outcome, reason } = written.outcomeOf(key);
	return outcome === 'keptOptOut' ? consentReason('optedOut') : (reason ?? consentReason('consentUnknown'));
}
