import { errorResponse } from '../data';
import { ServiceFault, type EmulatorClock, type ServiceContext, type Store } from '../contracts';
import { actsBefore, faultyAnswer, isAnswerEffect, seenRequest } from './answerFaults';
import { resolveContentId } from './batch';
import type { BatchOperation } from './batchText';
import type { FaultPlan } from './faults';
import type { Answer, Incoming } from './messages';
import type { LogEntry, RequestLog } from './requestLog';
import { batchedUrl, readServiceUrl, unknownSegment, type ServiceUrl } from './serviceUrl';
import { asFault } from './unexpected';

/** Longest URL inside `$batch`, in characters. */
const maxUrl = 65_536;

/** Answers one request below the version of its address. @throws ServiceFault for what the service refuses */
type AnswerData = (
	request: Incoming,
	url: ServiceUrl,
	context: ServiceContext,
	entry: LogEntry,
	contentIds: ReadonlyMap<string, string>,
) => Answer;

export interface BatchedParts {
	readonly store: Store;
	readonly clock: EmulatorClock;
	readonly log: RequestLog;
	readonly faults: FaultPlan;
}

/** The operations of one `$batch`: each has its entry in the log and the faults that were ordered for parts. */
export class BatchedOperations {
	constructor(
		private readonly parts: BatchedParts,
		private readonly batch: LogEntry,
		private readonly answerData: AnswerData,
	) {}

	run(operation: BatchOperation, contentIds: ReadonlyMap<string, string>, context: ServiceContext): Answer {
		const { body, headers, method, url } = operation;
		const entry = this.parts.log.begin({
			at: this.parts.clock.now(),
			method,
			path: url,
			requestBytes: Buffer.byteLength(body),
			userId: this.batch.userId,
			batch: this.batch.number,
		});
		const answer = this.underFault({ method, url, headers, body }, entry, (seen) =>
			this.answer(seen, contentIds, context, entry),
		);
		entry.status = answer.status;
		return answer;
	}

	private underFault(request: Incoming, entry: LogEntry, act: (seen: Incoming) => Answer): Answer {
		const { effect, label } = this.parts.faults.take(request, true);
		if (label !== undefined) entry.fault = label;
		if (effect === undefined || !isAnswerEffect(effect)) return act(request);
		const answer = actsBefore(effect) ? act(seenRequest(effect, request)) : undefined;
		const faulty = faultyAnswer(effect, request, answer, this.parts);
		return answer === undefined ? { ...faulty, undone: true } : faulty;
	}

	private answer(
		request: Incoming,
		contentIds: ReadonlyMap<string, string>,
		context: ServiceContext,
		entry: LogEntry,
	): Answer {
		try {
			const { text, url } = readAddress(request.url, contentIds, context);
			const asked = { ...context, apiVersion: url.version };
			return this.answerData({ ...request, url: text }, url, asked, entry, contentIds);
		} catch (error) {
			return errorResponse(asFault(error), { ...request.headers });
		}
	}
}

/** @throws ServiceFault for an address that no operation can have */
function readAddress(
	address: string,
	contentIds: ReadonlyMap<string, string>,
	{ apiVersion = '9.2', environmentUrl }: ServiceContext,
): { readonly text: string; readonly url: ServiceUrl } {
	if (address.length > maxUrl) {
		throw new ServiceFault(400, '0x80060888', `A URL in the batch is longer than ${maxUrl} characters.`);
	}
	const text = batchedUrl(resolveContentId(address, contentIds), apiVersion, environmentUrl);
	const url = readServiceUrl(text);
	if (url === undefined) throw unknownSegment();
	if (url.resource === '$batch') {
		throw new ServiceFault(400, '0x80060888', 'A batch cannot be nested in a batch.');
	}
	return { text, url };
}
