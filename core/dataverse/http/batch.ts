/**
 * `$batch` in both directions: writes several requests as one multipart text, and reads several answers from one.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/execute-batch-operations-using-web-api
 */

import { unexpectedReply } from '../errors/decodeError';
import { invalidInput } from '../errors/errors';
import { newGuid } from '../text/guid';
import { hasControlCharacter } from './host';
import type { HttpResponse } from './ports';
import { header } from './retryAfter';
import type { BatchOperation, BatchPart } from '../types';

/** Operations in one batch; more are refused by the service. */
const BATCH_LIMIT = 1000;
/** Parts that are read out of one answer; a set of changes counts as one more. */
const PARTS_LIMIT = 2 * BATCH_LIMIT;

const HEADER_NAME = /^[A-Za-z0-9.-]+$/;
/** A row made earlier in the same set of changes. */
const CONTENT_REFERENCE = /^\$\d+(?:$|[/?(])/;

export interface BatchText {
	readonly contentType: string;
	readonly body: string;
}

/**
 * Writes the operations one after the other, or as one set of changes that is done as a whole or not at all.
 * @param apiPath put before each operation's path.
 */
export function writeBatch(
	operations: readonly BatchOperation[],
	apiPath: string,
	options: { readonly atomic: boolean },
): BatchText {
	refuseBadSize(operations, options.atomic);
	const boundary = `batch_${newGuid()}`;
	const parts = options.atomic
		? [writeChangeSet(operations, apiPath)]
		: operations.map((operation) => writeOperation(operation, apiPath));
	return { contentType: `multipart/mixed; boundary=${boundary}`, body: writeParts(parts, boundary) };
}

/**
 * Reads the answer, answers of sets of changes included, in their order. Accepts CRLF and LF.
 * @throws DataverseError `unexpectedReply` when it is not a multipart text or does not reach its end.
 */
export function readBatch(response: HttpResponse): readonly BatchPart[] {
	const type = header(response, 'content-type') ?? '';
	const parts = splitMultipart(response.body, boundaryOf(type));
	return parts.flatMap((part) => readPart(part));
}

/** Whether an answer is multipart, as answers to batches are unless the batch as a whole was refused. */
export function isMultipart(response: HttpResponse): boolean {
	return /^multipart\//i.test(header(response, 'content-type') ?? '');
}

function refuseBadSize(operations: readonly BatchOperation[], atomic: boolean): void {
	if (operations.length === 0 || operations.length > BATCH_LIMIT) {
		throw invalidInput(
			`A batch was given ${operations.length} operations.`,
			`Between 1 and ${BATCH_LIMIT} operations fit into one batch.`,
		);
	}
	if (atomic && operations.some(({ method }) => method === 'GET')) {
		throw invalidInput('A set of changes cannot read.', 'Read before or after the changes.');
	}
}

function writeChangeSet(operations: readonly BatchOperation[], apiPath: string): string {
	const boundary = `changeset_${newGuid()}`;
	const parts = operations.map((operation, index) => writeOperation(operation, apiPath, index + 1));
	return `Content-Type: multipart/mixed; boundary=${boundary}\r\n\r\n${writeParts(parts, boundary)}`;
}

function writeParts(parts: readonly string[], boundary: string): string {
	return `${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('')}--${boundary}--\r\n`;
}

function writeOperation(operation: BatchOperation, apiPath: string, contentId?: number): string {
	const lines = ['Content-Type: application/http', 'Content-Transfer-Encoding: binary'];
	if (contentId !== undefined) lines.push(`Content-ID: ${contentId}`);
	lines.push('', `${operation.method} ${requestTarget(operation.path, apiPath)} HTTP/1.1`);
	lines.push('Accept: application/json', 'OData-Version: 4.0', 'OData-MaxVersion: 4.0');
	for (const [name, value] of Object.entries(operation.headers ?? {})) lines.push(headerLine(name, value));
	if (operation.body === undefined) return [...lines, '', ''].join('\r\n');
	lines.push('Content-Type: application/json; charset=utf-8', '', JSON.stringify(operation.body));
	return lines.join('\r\n');
}

function requestTarget(path: string, apiPath: string): string {
	const target = CONTENT_REFERENCE.test(path) || /^https?:\/\//i.test(path) ? path : `${apiPath}${path}`;
	if (/^[\x21-\x7e]+$/.test(target)) return target;
	throw invalidInput(
		'An address in a batch has a blank, a control character or one that is not encoded.',
		'Build addresses with the functions of odata.ts, which encode them.',
	);
}

function headerLine(name: string, value: string): string {
	if (HEADER_NAME.test(name) && !hasControlCharacter(value)) return `${name}: ${value}`;
	throw invalidInput('A header in a batch is not valid.', 'Headers are one line of visible characters.');
}

function boundaryOf(contentType: string): string {
	const found = /;\s*boundary\s*=\s*(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i.exec(contentType);
	const boundary = found?.[1] ?? found?.[2];
	if (boundary === undefined) throw unexpectedReply('The answer to a batch has no boundary.');
	return boundary;
}

/** The texts between the boundary lines. The closing line must be there: an answer that was cut must not look whole. */
function splitMultipart(text: string, boundary: string): readonly string[] {
	const marker = `--${boundary}`;
	const parts: string[] = [];
	let partStart = -1;
	for (let at = text.indexOf(marker); at !== -1; at = text.indexOf(marker, at + marker.length)) {
		const after = at + marker.length;
		const closing = text.startsWith('--', after);
		if (!isLineStart(text, at) || (!closing && !isLineEnd(text, after))) continue;
		if (partStart !== -1) parts.push(text.slice(partStart, beforeLineBreak(text, at)));
		if (closing) return parts;
		if (parts.length >= PARTS_LIMIT) throw unexpectedReply('The answer to a batch has too many parts.');
		partStart = text.indexOf('\n', after) + 1;
	}
	throw unexpectedReply('The answer to a batch was cut off.');
}

function isLineStart(text: string, at: number): boolean {
	return at === 0 || text[at - 1] === '\n';
}

function isLineEnd(text: string, at: number): boolean {
	return /^[ \t]{0,20}\r?\n/.test(text.slice(at, at + 24));
}

function beforeLineBreak(text: string, at: number): number {
	if (text[at - 1] !== '\n') return at;
	return text[at - 2] === '\r' ? at - 2 : at - 1;
}

function readPart(part: string): readonly BatchPart[] {
	const envelope = splitHead(part);
	const type = envelope.headers['content-type'] ?? '';
	const contentId = envelope.headers['content-id'];
	if (!/^multipart\//i.test(type)) return [readHttp(envelope.rest, contentId)];
	return splitMultipart(envelope.rest, boundaryOf(type)).map((inner) => {
		const { headers, rest } = splitHead(inner);
		return readHttp(rest, headers['content-id']);
	});
}

function readHttp(text: string, contentId: string | undefined): BatchPart {
	const start = /^\s{0,8}HTTP\/\d(?:\.\d)? (\d{3})[^\n]{0,500}(?:\n|$)/.exec(text);
	if (start === null) throw unexpectedReply('A part of the answer to a batch is not an HTTP answer.');
	const { headers, rest } = splitHead(text.slice(start[0].length));
	const id = contentId ?? headers['content-id'];
	return {
		status: Number(start[1]),
		headers,
		body: rest.trim(),
		...(id === undefined ? {} : { contentId: id }),
	};
}

/** Header lines up to the first empty line; the rest is untouched. */
function splitHead(text: string): { headers: Readonly<Record<string, string>>; rest: string } {
	const headers = new Map<string, string>();
	let at = 0;
	while (at < text.length) {
		const lineBreak = text.indexOf('\n', at);
		const end = lineBreak === -1 ? text.length : lineBreak;
		const line = text.slice(at, end).trim();
		at = end + 1;
		if (line === '') break;
		const colon = line.indexOf(':');
		if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
	}
	return { headers: Object.fromEntries(headers), rest: text.slice(at) };
}
