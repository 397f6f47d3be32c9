/** The one place where errors of core become errors of n8n. */

import { NodeApiError, NodeOperationError, TIMED_CAUSES } from 'n8n-workflow';
import type { Failure, IDataObject, INode, JsonObject } from 'n8n-workflow';

import { DataverseError } from '../../core/dataverse/errors/errors';
import { redact } from '../../core/dataverse/errors/redact';
import { ownString } from '../../core/dataverse/http/json';
import { TransportFailure } from '../../core/dataverse/http/ports';

/** Whether the run was cancelled: such an error is rethrown, never retried and never made an item. */
export function isCancelled(error: unknown): boolean {
	return (
		(error instanceof DataverseError && error.kind === 'cancelled') ||
		(error instanceof TransportFailure && error.kind === 'cancelled')
	);
}

/** An error that is not dealt with here, as the caller above deals with it; it becomes an error of n8n at the top. */
export function asError(error: unknown): Error {
	return error instanceof Error
		? error
		: new DataverseError({
				kind: 'unexpectedReply',
				message: String(error),
				remedy: 'Run the workflow again.',
			});
}

/** What happened, without an address that an error which is not ours may repeat. */
export function messageOf(error: unknown): string {
	return redact(error instanceof Error ? error.message : String(error));
}

/** What a flow on the error branch can work with: code, status, what to do; never a body or a token. */
export function errorDetails(error: unknown): IDataObject {
	if (!(error instanceof DataverseError)) return remedyOf(error);
	const details: IDataObject = { kind: error.kind, remedy: error.remedy };
	if (error.code !== undefined) details.code = error.code;
	if (error.status !== undefined) details.status = error.status;
	if (error.request !== undefined) details.request = error.request;
	if (error.serviceText !== undefined) details.service = error.serviceText;
	if (error.mayHaveActed) details.mayHaveActed = true;
	return details;
}

/** What n8n says is to be done about an error of its own, such as a file or an expression that is missing something. */
function remedyOf(error: unknown): IDataObject {
	const description = error instanceof Error ? ownString(error, 'description') : undefined;
	return description === undefined || description === '' ? {} : { remedy: redact(description) };
}

/**
 * The fields by which n8n knows an item for the error branch. From 2.36 on `details` may stand beside `error`; before,
 * an item with any other field went down the success branch, so the sentence stands alone there. n8n is told by what it
 * exports since 2.37.
 */
export function errorJson(message: string, details: IDataObject): IDataObject {
	return isOlderHost ? { error: message } : { error: message, details };
}

const isOlderHost = (TIMED_CAUSES as unknown) === undefined;

/** The error for n8n. `details` (a report, say) is shown with it and reaches error workflows. */
export function toNodeError(
	node: INode,
	error: unknown,
	itemIndex?: number,
	details?: IDataObject,
): NodeApiError | NodeOperationError {
	if (error instanceof NodeOperationError || error instanceof NodeApiError) return error;
	if (!(error instanceof DataverseError)) {
		const description = descriptionOf(error);
		return new NodeOperationError(node, redacted(error), { itemIndex, description });
	}
	const description = describe(error);
	const options = { message: error.message, description, itemIndex, ...failureOf(error) };
	const nodeError =
		error.kind === 'invalidInput' || error.kind === 'cancelled'
			? new NodeOperationError(node, error.message, options)
			: new NodeApiError(node, plain(error), { ...options, httpCode: httpCode(error) });
	// n8n rewrites texts that contain words such as EEXIST, in whatever case; ours stand as they are. A cancelled run is
	// told by the word "canceled" in the message of what the node throws.
	nodeError.message = error.kind === 'cancelled' ? 'The execution was canceled' : error.message;
	nodeError.description = description;
	nodeError.context.data = { ...errorDetails(error), ...details };
	return nodeError;
}

function descriptionOf(error: unknown): string | undefined {
	const description = error instanceof Error && 'description' in error ? error.description : undefined;
	return typeof description === 'string' ? redact(description) : undefined;
}

/** An error that is not ours, n8n's own of an expression for example, may repeat an input in its message and stack. */
function redacted(error: unknown): Error {
	if (!(error instanceof Error)) return new Error(redact(String(error)));
	const safe = new Error(redact(error.message));
	safe.name = error.name;
	safe.stack = redact(error.stack ?? '');
	return safe;
}

/** What to do, then the words of the service where the message does not hold them, then what an administrator asks for. */
function describe({ code, message, remedy, request, serviceText = '', status }: DataverseError): string {
	const isSaid = serviceText === '' || message.includes(serviceText.slice(0, COMPARED));
	const service = isSaid ? '' : ` The service says: ${serviceText}`;
	const facts = [request, status === undefined ? undefined : `status ${status}`, code];
	const details = facts.filter((fact) => fact !== undefined && fact !== '').join(', ');
	return `${remedy}${service}${details === '' ? '' : ` (${details})`}`;
}

/** Messages that repeat the service cut it at some length. */
const COMPARED = 150;

/** A plain object on purpose: n8n returns a wrapped error of its own class unchanged, with our texts ignored. */
function plain(error: DataverseError): JsonObject {
	return { message: error.message, description: error.remedy, code: error.code ?? error.kind };
}

function httpCode(error: DataverseError): string {
	return error.status === undefined ? error.kind : String(error.status);
}

/** Lets n8n 2.38+ tell a throttled run from a broken credential; older versions ignore it. */
function failureOf(error: DataverseError): { readonly failure?: Failure } {
	switch (error.kind) {
		case 'throttled':
			return { failure: { cause: 'rate-limited', retryAfterMs: error.retryAfterMs } };
		case 'unavailable':
		case 'connection':
			return { failure: { cause: 'temporarily-unavailable', retryAfterMs: error.retryAfterMs } };
		case 'signIn':
			return { failure: { cause: 'credential-invalid' } };
		case 'cancelled':
		case 'forbidden':
		case 'gaveUp':
		case 'invalidInput':
		case 'notFound':
		case 'refused':
		case 'unexpectedReply':
			return {};
	}
}
