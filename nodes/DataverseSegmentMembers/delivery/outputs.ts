/** What a run returns: Done, and one item for each row that was not delivered. */

import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { exceptionsAsCsv } from '../../../core/accounting/exceptionsCsv';
import { removalOutcomes, rowOutcomes } from '../../../core/accounting/rowOutcomes';
import type { RowOutcome } from '../../../core/accounting/rowOutcomes';
import { describeCounts, describeRows, refusedUpdates } from '../../../core/accounting/report';
import type { MembersReport } from '../../../core/accounting/report';
import { NO_ID, NO_VALUE, type Reason } from '../../../core/accounting/rowReasons';
import { displayValue } from '../../../core/accounting/rowValue';
import type { ConsentCheck } from '../../../core/people/consent/checkPeople';
import type { Segment } from '../../../core/segments/types';
import { errorDetails, messageOf } from '../../shared/errors';
import type { OperationContext } from '../../shared/operation';
import { toJson } from '../../shared/output';
import { checkFigures } from '../consent/consentOfPeople';
import type { PeopleSource } from '../input/peopleSource';
import type { Delivered } from './deliverOne';

/** A summary links to at most this many input items; a link per item would outweigh the summary. */
const PAIRED_ITEMS = 100;

/** The items of the two outputs. */
export interface Outputs {
	readonly done: readonly INodeExecutionData[];
	readonly notDelivered: readonly INodeExecutionData[];
}

/** What the two outputs get of one delivery: each row, and each removal that is listed, leaves by one of them. */
export async function outputItems(context: OperationContext, delivered: Delivered): Promise<Outputs> {
	const { report, settings } = delivered;
	const isPerRow = settings.report === 'oneItemPerRow';
	const done: INodeExecutionData[] = [];
	const notDelivered: INodeExecutionData[] = [];
	if (isPerRow || report.exceptionsTotal > 0) {
		for (const row of rowOutcomes(delivered.roster)) {
			if (!row.isDelivered) notDelivered.push(rowItem(context, delivered, row));
			else if (isPerRow) done.push(rowItem(context, delivered, row));
		}
	}
	for (const { isDelivered, item } of removalItems(delivered)) (isDelivered ? done : notDelivered).push(item);
	const isAnythingDone = report.submitted > 0 || report.unchanged > 0;
	if (!isPerRow && (delivered.failure === undefined || isAnythingDone)) {
		done.push(await summaryItem(context, delivered));
	}
	return { done, notDelivered };
}

/** Links to the input items that something came from: the first hundred of them. */
export function pairedItems(itemIndices: readonly number[]) {
	return itemIndices.slice(0, PAIRED_ITEMS).map((item) => ({ item }));
}

/** The totals of a run in words, for hints, logs and messages. */
export function describeRun(report: MembersReport): string {
	if (report.dryRun && report.planned) {
		const { add, create = 0, remove } = report.planned;
		const created = create > 0 ? ` (${create} of them to be created)` : '';
		const who =
			report.change === 'sync' && remove > 0 ? '; Report: One Item per Row lists who would be removed' : '';
		return `dry run, nothing was changed: ${add} to be added${created}, ${remove} to be removed, ${report.unchanged} unchanged, ${describeRows(report)}${who}`;
	}
	return describeCounts(report, report.change);
}

async function summaryItem(context: OperationContext, delivered: Delivered): Promise<INodeExecutionData> {
	const { roster, report, delivery, settings, more, failure, consent, recording, source } = delivered;
	const endedBy = failure === undefined ? {} : { endedBy: reasonOf(failure) };
	const item: INodeExecutionData = {
		json: {
			...toJson({ ...report, exceptions: report.exceptions.map((each) => reasonFor(each, source)) }),
			...(consent === undefined ? {} : { consentFound: checkFigures(consent) }),
			...(recording === undefined ? {} : { consent: { ...recording.figures } }),
			...more,
			...endedBy,
		},
		pairedItem: pairedItems(delivery.itemIndices),
	};
	if (settings.attachCsv) {
		const refused = refusedUpdates(roster, delivered.newPeople?.refusedUpdates.values() ?? []);
		const exceptions = [...roster.exceptions(), ...refused].map((each) => reasonFor(each, source));
		const csv = Buffer.from([...exceptionsAsCsv(exceptions)].join(''), 'utf8');
		const name = `not-delivered-${report.segmentId}.csv`;
		item.binary = { notDelivered: await context.functions.helpers.prepareBinaryData(csv, name, 'text/csv') };
	}
	return item;
}

/** The input item of the row as it came, with what became of the row beside its fields. */
function rowItem({ items }: OperationContext, delivered: Delivered, row: RowOutcome): INodeExecutionData {
	const { report, source, consent } = delivered;
	const item = source.itemOfRow(row.row - 1);
	return {
		json: {
			...items[item]?.json,
			delivery: {
				...rowJson(report, row, source),
				...consentOf(consent, row.id),
				...recordedFor(delivered, row),
				...createdOf(delivered, row),
				...notUpdatedOf(delivered, row),
			},
		},
		pairedItem: { item },
	};
}

/** What became of the consent that was to be recorded for the address of the row. */
function recordedFor({ recording, source }: Delivered, row: RowOutcome): IDataObject {
	const recorded = recording?.outcomeOf(row.id, valueOf(row, source.valueOfRow));
	return recorded === undefined ? {} : { recorded: { outcome: recorded.outcome, ...recorded.reason } };
}

/** Whether this run created the person of a row, or a dry run would. */
function createdOf({ newPeople, report, roster }: Delivered, { id, isDelivered }: RowOutcome): IDataObject {
	if (newPeople === undefined || id === undefined || !isDelivered) return {};
	if (report.dryRun) return newPeople.isNew(id) ? { wouldCreate: true } : {};
	const person = roster.personOf(id);
	return person !== undefined && newPeople.createdPeople.has(person) ? { created: true } : {};
}

/** Why the columns of a person were not updated who is delivered all the same. */
function notUpdatedOf({ newPeople, roster }: Delivered, { id }: RowOutcome): IDataObject {
	const person = id === undefined ? undefined : roster.personOf(id);
	const refused = person === undefined ? undefined : newPeople?.refusedUpdates.get(person);
	return refused === undefined ? {} : { notUpdated: { ...refused.reason } };
}

/** What is on record for the person of a row. */
function consentOf(check: ConsentCheck | undefined, id: string | undefined): IDataObject {
	const code = id === undefined ? undefined : check?.codes.get(id);
	return code === undefined ? {} : { consent: code };
}

function valueOf(row: RowOutcome, valueOfRow?: (row: number) => unknown): string | undefined {
	if (valueOfRow === undefined) return row.value;
	const value = valueOfRow(row.row - 1);
	return value === undefined || value === null ? row.value : displayValue(value);
}

function rowJson(
	{ segmentId, segmentName }: MembersReport,
	row: RowOutcome,
	source: PeopleSource,
): IDataObject {
	const json: IDataObject = {
		outcome: row.outcome,
		row: row.row,
		id: row.id ?? null,
		value: valueOf(row, source.valueOfRow) ?? null,
		segmentName,
		segmentId,
	};
	if (row.status === 'duplicate') json.duplicateOfRow = (row.firstRow ?? 0) + 1;
	if (row.isLeaving === true) json.change = 'remove';
	if (row.more !== undefined) json.furtherIds = row.more.map(({ id }) => id);
	if (row.reason !== undefined) Object.assign(json, reasonFor(row.reason, source));
	return json;
}

const EMPTY: ReadonlySet<string> = new Set([NO_ID.code, NO_VALUE.code]);

/** The reason for a row; of an empty one in words that name the field. The same in every output of a run. */
export function reasonFor<R extends Reason>(reason: R, { whyEmpty }: PeopleSource): R {
	return whyEmpty !== undefined && EMPTY.has(reason.code) ? { ...reason, reason: whyEmpty } : reason;
}

/**
 * Members whom a sync was to remove and did not, and with One Item per Row those whom a dry run would remove: they are in
 * no row.
 */
function* removalItems({
	delivery,
	report,
	roster,
	settings,
}: Delivered): Generator<{ readonly isDelivered: boolean; readonly item: INodeExecutionData }> {
	const isListed = report.dryRun && settings.report === 'oneItemPerRow';
	if (report.change !== 'sync' || (report.exceptionsTotal === 0 && !isListed)) return;
	const { segmentId, segmentName } = report;
	for (const { id, isDelivered, outcome, reason } of removalOutcomes(roster)) {
		if (isDelivered && !isListed) continue;
		const of = { outcome, row: null, id, value: null, segmentName, segmentId };
		const item = {
			json: { delivery: { ...of, ...(isDelivered ? { change: 'remove' } : reason) } },
			pairedItem: { item: delivery.itemIndices[0] ?? 0 },
		};
		yield { isDelivered, item };
	}
}

/** Items that never came to be rows: each as it came, with the reason. */
export function undeliveredItems(
	items: readonly INodeExecutionData[],
	itemIndices: readonly number[],
	error: unknown,
	segment?: Segment,
): INodeExecutionData[] {
	const reason = reasonOf(error);
	const of = segment === undefined ? {} : { segmentName: segment.name, segmentId: segment.id };
	return itemIndices.map((item) => ({
		json: { ...items[item]?.json, delivery: { outcome: 'notSent', ...of, ...reason } },
		pairedItem: { item },
	}));
}

/** Why something was not delivered, with a word to branch on. */
function reasonOf(error: unknown): IDataObject {
	const { code, kind, remedy, ...rest } = errorDetails(error);
	const told = kind === undefined ? {} : { kind };
	return {
		code: code ?? kind ?? 'failed',
		reason: messageOf(error),
		remedy: remedy ?? null,
		...told,
		...rest,
	};
}
