/** The error that ends a run, with the result of every delivery. */

import type { IDataObject } from 'n8n-workflow';

import { messageOf, toNodeError } from '../../shared/errors';
import type { OperationContext } from '../../shared/operation';
import { toJson } from '../../shared/output';
import type { Delivered } from './deliverOne';
import type { Undeliverable } from './groupDeliveries';
import { describeRun, reasonFor } from './outputs';

/** What did not end well, with the delivery where there was one. */
export interface Failed extends Undeliverable {
	readonly delivered?: Delivered;
}

/** The error is that of the first failure, in the order of the items; the others stand in its details. */
export function failedRun(
	{ functions }: OperationContext,
	failed: readonly Failed[],
	delivered: readonly Delivered[],
): Error {
	const inOrder = [...failed].sort((one, other) => (one.itemIndices[0] ?? 0) - (other.itemIndices[0] ?? 0));
	const [first, ...others] = inOrder;
	const details = {
		reports: delivered.map(({ report }) => withoutExceptions(toJson(report))),
		...(others.length > 0 ? { alsoFailed: others.map(sentenceOf) } : {}),
		...(first?.delivered === undefined ? {} : { rows: rowsOf(first.delivered) }),
	};
	const nodeError = toNodeError(functions.getNode(), first?.error, first?.itemIndices[0] ?? 0, details);
	if (first !== undefined) nodeError.message = messageOfRun(first, others, delivered);
	return nodeError;
}

/** The first failure, and that it is not everything: somebody who reads only this must not think that nothing was done. */
function messageOfRun(first: Failed, others: readonly Failed[], delivered: readonly Delivered[]): string {
	const done = delivered.filter(({ failure }) => failure === undefined);
	const sentences = [messageOf(first.error)];
	if (first.delivered !== undefined && first.delivered.isRefused !== true) {
		sentences.push(`Up to then: ${describeRun(first.delivered.report)}.`);
	}
	if (done.length + others.length === 0) return sentences.join(' ');
	const [message = ''] = sentences;
	if (first.segment !== undefined && !message.includes(first.segment.name)) {
		sentences[0] = `${first.segment.name}: ${message}`;
	}
	if (done.length > 0) {
		const word = done.every(({ settings }) => settings.dryRun) ? 'planned' : 'delivered';
		sentences.push(
			`${done.length} other ${done.length === 1 ? 'segment was' : 'segments were'} ${word}, as the details say.`,
		);
	}
	if (others.length > 0) sentences.push(`${others.length} more failed.`);
	return sentences.map((sentence) => (/[.!?]$/.test(sentence) ? sentence : `${sentence}.`)).join(' ');
}

function sentenceOf({ error, segment, itemIndices, delivered }: Failed): IDataObject {
	return {
		segmentId: segment?.id,
		segmentName: segment?.name,
		items: itemIndices.length,
		message: messageOf(error),
		...(delivered === undefined ? {} : { upToThen: describeRun(delivered.report) }),
	};
}

/** Rows may hold addresses; an error reaches logs and error workflows, so it carries figures, row numbers and reasons. */
function withoutExceptions(json: IDataObject): IDataObject {
	return { ...json, exceptions: [] };
}

function rowsOf({ report, source }: Delivered): IDataObject[] {
	return report.exceptions.map((exception) => {
		const { row, outcome, code, reason } = reasonFor(exception, source);
		return { row, outcome, code, reason };
	});
}
