/** What a run gives back: a summary, one item per row, or the exceptions; and the exceptions as a file. */

import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { exceptionsAsCsv } from '../../../core/accounting/exceptionsCsv';
import { rowOutcomes } from '../../../core/accounting/rowOutcomes';
import type { RowOutcome } from '../../../core/accounting/rowOutcomes';
import { describeCounts, describeRows } from '../../../core/accounting/report';
import type { MembersReport } from '../../../core/accounting/report';
import type { Roster } from '../../../core/accounting/roster';
import { errorJson } from '../../shared/errors';
import type { OperationContext } from '../../shared/operation';
import { toJson } from '../../shared/output';
import type { PeopleSource } from '../input/source';
import type { DeliverySettings } from './settings';

/** A summary links to at most this many input items; a link per item would outweigh the summary. */
const PAIRED_ITEMS = 100;

export interface Outcome {
	readonly roster: Roster;
	readonly report: MembersReport;
	readonly source: PeopleSource;
	readonly itemIndices: readonly number[];
	readonly settings: DeliverySettings;
	/** Further fields of the summary. */
	readonly more: IDataObject;
}

export async function outputItems(
	context: OperationContext,
	outcome: Outcome,
): Promise<INodeExecutionData[]> {
	switch (outcome.settings.output) {
		case 'exceptions':
			return exceptionItems(outcome);
		case 'perItem':
			return rowItems(context, outcome);
		case 'summary':
			return [await summaryItem(context, outcome)];
	}
}

export function pairedItems(itemIndices: readonly number[]) {
	return itemIndices.slice(0, PAIRED_ITEMS).map((item) => ({ item }));
}

/** The totals of a run in words, for hints, logs and messages. */
export function describeRun(report: MembersReport): string {
	if (report.dryRun && report.planned) {
		const { add, remove } = report.planned;
		return `dry run, nothing was changed: ${add} to be added, ${remove} to be removed, ${report.unchanged} unchanged, ${describeRows(report)}`;
	}
	return describeCounts(report, report.change);
}

async function summaryItem(
	context: OperationContext,
	{ roster, report, itemIndices, settings, more }: Outcome,
): Promise<INodeExecutionData> {
	const item: INodeExecutionData = {
		json: { ...toJson(report), ...more },
		pairedItem: pairedItems(itemIndices),
	};
	if (settings.attachCsv) {
		const csv = Buffer.from([...exceptionsAsCsv(roster.exceptions())].join(''), 'utf8');
		const name = `exceptions-${report.segmentId}.csv`;
		item.binary = { exceptions: await context.functions.helpers.prepareBinaryData(csv, name, 'text/csv') };
	}
	return item;
}

function exceptionItems({ roster, report, source, itemIndices }: Outcome): INodeExecutionData[] {
	const items: INodeExecutionData[] = [];
	for (const exception of roster.exceptions()) {
		const item = exception.row === undefined ? (itemIndices[0] ?? 0) : source.itemOfRow(exception.row - 1);
		items.push({ json: { segmentId: report.segmentId, ...exception }, pairedItem: { item } });
	}
	return items;
}

/**
 * One item per row. Where the node has an error branch, rows that were not delivered go there, each with its reason, so
 * that a flow can deal with people one by one.
 */
function rowItems(context: OperationContext, { roster, report, source }: Outcome): INodeExecutionData[] {
	const toErrorBranch = context.functions.getNode().onError === 'continueErrorOutput' && !report.dryRun;
	const items: INodeExecutionData[] = [];
	for (const row of rowOutcomes(roster)) {
		const pairedItem = { item: source.itemOfRow(row.row - 1) };
		const json = rowJson(report, row);
		items.push(
			toErrorBranch && !row.isDelivered
				? { json: errorJson(row.reason?.reason ?? row.outcome, json), pairedItem }
				: { json, pairedItem },
		);
	}
	return items;
}

function rowJson(report: MembersReport, row: RowOutcome): IDataObject {
	const json: IDataObject = {
		segmentId: report.segmentId,
		row: row.row,
		outcome: row.outcome,
		id: row.id ?? null,
	};
	if (row.status === 'duplicate') json.duplicateOfRow = (row.firstRow ?? 0) + 1;
	if (row.value !== undefined) json.value = row.value;
	if (row.more !== undefined) json.furtherIds = row.more.map(({ id }) => id);
	if (row.reason !== undefined) Object.assign(json, row.reason);
	return json;
}
