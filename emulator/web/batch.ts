import { randomUUID } from 'node:crypto';
import { type ServiceFault } from '../contracts';
import {
	malformedBatch,
	parseBatch,
	printBatch,
	type BatchItem,
	type BatchOperation,
	type BatchReply,
} from './batchText';
import { headerValue, type Answer, type Incoming } from './messages';

/** Largest number of operations in one batch, those of change sets included. */
const maxOperations = 1000;

export interface BatchRunner {
	/** Runs one operation; a refusal comes back as an answer with its status, it does not throw. */
	run(
		operation: BatchOperation,
		contentIds: ReadonlyMap<string, string>,
		place: { readonly inChangeSet: boolean },
	): Answer;
	/** The error body for a fault, as outside of a batch. */
	refuse(fault: ServiceFault): Answer;
	atomically<T>(work: () => T): T;
}

/**
 * Runs a `$batch` request: in order, change sets all or nothing. Without `odata.continue-on-error` the first failure
 * ends the batch and gives the reply its status.
 *
 * @throws ServiceFault 400 when the batch as a whole is not acceptable
 */
export function runBatch(request: Incoming, runner: BatchRunner): Answer {
	const items = parseBatch(headerValue(request.headers, 'content-type') ?? '', request.body);
	refuseTooMany(items);
	const goOn = /\bodata\.continue-on-error\b(?!\s*=\s*false)/i.test(
		headerValue(request.headers, 'prefer') ?? '',
	);
	const replies: BatchReply[] = [];
	let status = 200;
	for (const item of items) {
		const reply =
			item.kind === 'operation' ? single(item.operation, runner) : changeSet(item.operations, runner);
		replies.push(reply);
		if (goOn || reply.kind === 'changeSet' || reply.answer.status < 400) continue;
		status = reply.answer.status;
		break;
	}
	const { contentType, body } = printBatch(replies);
	return { status, headers: { 'OData-Version': '4.0', 'Content-Type': contentType }, body };
}

function refuseTooMany(items: readonly BatchItem[]): void {
	const count = items.reduce(
		(sum, item) => sum + (item.kind === 'operation' ? 1 : item.operations.length),
		0,
	);
	if (count > maxOperations) {
		throw malformedBatch(
			`The batch has ${count} operations; the largest number allowed is ${maxOperations}.`,
		);
	}
}

function single(operation: BatchOperation, runner: BatchRunner): BatchReply {
	return {
		kind: 'operation',
		answer: withRequestId(runner.run(operation, new Map(), { inChangeSet: false })),
	};
}

/** Thrown inside the atomic unit to take everything back. */
class ChangeSetFailed extends Error {
	constructor(readonly answer: Answer) {
		super('change set failed');
	}
}

function changeSet(operations: readonly BatchOperation[], runner: BatchRunner): BatchReply {
	try {
		const parts = runner.atomically(() => changeSetParts(operations, runner));
		return { kind: 'changeSet', parts };
	} catch (error) {
		if (!(error instanceof ChangeSetFailed)) throw error;
		return { kind: 'operation', answer: withRequestId(error.answer) };
	}
}

function changeSetParts(operations: readonly BatchOperation[], runner: BatchRunner) {
	const contentIds = new Map<string, string>();
	return operations.map((operation) => {
		const refusal = changeSetRefusal(operation, contentIds);
		const answer = refusal
			? runner.refuse(refusal)
			: runner.run(operation, contentIds, { inChangeSet: true });
		if (answer.status >= 400 || answer.undone === true) throw new ChangeSetFailed(answer);
		const { contentId } = operation;
		const rowUrl = headerValue(answer.headers, 'odata-entityid') ?? headerValue(answer.headers, 'location');
		if (contentId !== undefined && rowUrl !== undefined) contentIds.set(contentId, rowUrl);
		return { answer, contentId };
	});
}

function changeSetRefusal(
	operation: BatchOperation,
	contentIds: ReadonlyMap<string, string>,
): ServiceFault | undefined {
	if (operation.method === 'GET') return malformedBatch('GET requests are not allowed in a change set.');
	if (operation.contentId !== undefined && contentIds.has(operation.contentId)) {
		return malformedBatch(`The Content-ID '${operation.contentId}' is used twice in the change set.`);
	}
	return undefined;
}

/** Replaces a leading `$1` by the row it stands for. @throws ServiceFault 400 when it is not declared before its use */
export function resolveContentId(url: string, contentIds: ReadonlyMap<string, string>): string {
	const reference = /^\/?\$([A-Za-z0-9_-]+)(?=$|[/?(])/.exec(url);
	const contentId = reference?.[1];
	if (!reference || contentId === undefined || !/^\d/.test(contentId)) return url;
	const rowUrl = contentIds.get(contentId);
	if (rowUrl === undefined) {
		throw malformedBatch(`Content-ID Reference: '$${contentId}' does not exist in the batch context.`);
	}
	return rowUrl + url.slice(reference[0].length);
}

function withRequestId(answer: Answer): Answer {
	return answer.status < 400 ? answer : { ...answer, headers: { REQ_ID: randomUUID(), ...answer.headers } };
}
