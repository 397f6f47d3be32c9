/** A delivery that ended early: the flow must notice, and the report of what was delivered goes with it. */

import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { type DataverseError } from '../../../core/dataverse/errors/errors';
import type { MembersReport } from '../../../core/accounting/report';
import type { Segment } from '../../../core/segments/types';
import { errorDetails, isCancelled, toNodeError } from '../../shared/errors';
import type { OperationContext } from '../../shared/operation';
import { toJson } from '../../shared/output';
import { errorItem } from '../../shared/run';
import type { Finished } from '../../shared/sideBySide';
import type { SegmentGroup } from './groupItemsBySegment';
import { describeRun, pairedItems } from './outputs';

/** Thrown where a delivery ended after something was sent, or did not reach everybody who must be reached. */
export class DeliveryStopped extends Error {
	constructor(
		readonly error: DataverseError,
		readonly report: MembersReport,
	) {
		super(`${error.message} Up to then: ${describeRun(report)}.`);
	}
}

/** A segment that failed, as an item for the error branch. */
export function failedItem(
	{ functions }: OperationContext,
	error: unknown,
	itemIndices: readonly number[],
): INodeExecutionData {
	const first = itemIndices[0] ?? 0;
	const item =
		error instanceof DeliveryStopped
			? errorItem(error.error, error.message, first, {
					...errorDetails(error.error),
					report: toJson(error.report),
				})
			: errorItem(error, toNodeError(functions.getNode(), error, first).message, first);
	return { ...item, pairedItem: pairedItems(itemIndices) };
}

/** The error of a run that ends here: that of the first segment that failed, with what became of all of them. */
export function failedRun(
	{ functions }: OperationContext,
	groups: readonly SegmentGroup[],
	{ results, failures }: Finished<readonly INodeExecutionData[]>,
): Error {
	const inOrder = [...failures].sort(([one], [other]) => one - other);
	const [index, error] = inOrder.find(([, failure]) => isCancelled(failure)) ?? inOrder[0] ?? [0, undefined];
	const others = inOrder.filter(([place]) => place !== index);
	const alsoFailed = others.map(([place, failure]) => sentenceOf(groups[place]?.segment, failure));
	const reports = groups.flatMap((_, place) => reportsOf(results[place], failures.get(place)));
	const details = {
		reports: reports.map(withoutExceptions),
		...(alsoFailed.length > 0 ? { alsoFailed } : {}),
		...(error instanceof DeliveryStopped ? { rows: rowsOf(error.report) } : {}),
	};
	const first = groups[index]?.itemIndices[0] ?? 0;
	const cause = error instanceof DeliveryStopped ? error.error : error;
	const nodeError = toNodeError(functions.getNode(), cause, first, details);
	if (error instanceof DeliveryStopped) nodeError.message = error.message;
	return nodeError;
}

function reportsOf(
	items: readonly INodeExecutionData[] | undefined,
	failure: unknown,
): readonly IDataObject[] {
	if (failure instanceof DeliveryStopped) return [toJson(failure.report)];
	return (items ?? []).map(({ json }) => json);
}

function sentenceOf(segment: Segment | undefined, failure: unknown): IDataObject {
	const message = failure instanceof Error ? failure.message : String(failure);
	return { segmentId: segment?.id, segmentName: segment?.name, message };
}

/** Rows may hold addresses; an error reaches logs and error workflows, so it carries figures, row numbers and reasons. */
function withoutExceptions(json: IDataObject): IDataObject {
	return { ...json, exceptions: [] };
}

function rowsOf(report: MembersReport): IDataObject[] {
	return report.exceptions.map(({ row, outcome, code, reason }) => ({ row, outcome, code, reason }));
}
