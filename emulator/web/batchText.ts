import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import { ServiceFault } from '../contracts';
import { headerValue, type Answer } from './messages';

/** Multipart text of `$batch`: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/execute-batch-operations-using-web-api */

export interface BatchOperation {
	readonly method: string;
	/** As written in the request line: absolute, or a path, or `$1…`. */
	readonly url: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
	readonly contentId?: string;
}

export type BatchItem =
	| { readonly kind: 'changeSet'; readonly operations: readonly BatchOperation[] }
	| { readonly kind: 'operation'; readonly operation: BatchOperation };

export type BatchReply =
	| {
			readonly kind: 'changeSet';
			readonly parts: readonly { readonly answer: Answer; readonly contentId?: string }[];
	  }
	| { readonly kind: 'operation'; readonly answer: Answer };

interface MimePart {
	readonly headers: Readonly<Record<string, string>>;
	readonly content: string;
}

/**
 * Reads the body of a `$batch` request: CRLF or LF, boundary quoted or not, blank lines before the first boundary.
 *
 * @throws ServiceFault 400 when the text is not a complete multipart of HTTP requests
 */
export function parseBatch(contentType: string, body: string): readonly BatchItem[] {
	const parts = splitParts(body.replace(/\r\n/g, '\n'), boundaryOf(contentType));
	return parts.map((part): BatchItem => {
		const type = headerValue(part.headers, 'content-type') ?? '';
		if (!/^multipart\/mixed\b/i.test(type)) return { kind: 'operation', operation: readOperation(part) };
		const operations = splitParts(part.content, boundaryOf(type)).map(readOperation);
		return { kind: 'changeSet', operations };
	});
}

/** Writes the reply in CRLF with fresh boundaries. */
export function printBatch(replies: readonly BatchReply[]): {
	readonly contentType: string;
	readonly body: string;
} {
	const parts = replies.map((reply) => {
		if (reply.kind === 'operation') return httpPart(reply.answer);
		const inner = multipart(
			'changesetresponse',
			reply.parts.map((part) => httpPart(part.answer, part.contentId)),
		);
		return `Content-Type: ${inner.contentType}\r\n\r\n${inner.body}`;
	});
	return multipart('batchresponse', parts);
}

export function malformedBatch(message: string): ServiceFault {
	return new ServiceFault(400, '0x80060888', message);
}

function boundaryOf(contentType: string): string {
	const match = /^multipart\/mixed\b.*;\s*boundary=(?:"([^"]+)"|([^;\s"]+))/i.exec(contentType);
	const boundary = match?.[1] ?? match?.[2];
	if (boundary === undefined) {
		throw malformedBatch("The content type of a batch must be 'multipart/mixed' with a boundary.");
	}
	return boundary;
}

function splitParts(text: string, boundary: string): readonly MimePart[] {
	const escaped = boundary.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
	const delimiter = new RegExp(`^--${escaped}(--)?[ \\t]*$`, 'gm');
	const parts: MimePart[] = [];
	let start: number | undefined;
	for (const match of text.matchAll(delimiter)) {
		if (start !== undefined) parts.push(readMimePart(text.slice(start, Math.max(start, match.index - 1))));
		if (match[1] !== undefined) return parts;
		start = match.index + match[0].length + 1;
	}
	throw malformedBatch(`The multipart text has no closing boundary '--${boundary}--'.`);
}

function readMimePart(text: string): MimePart {
	const { head, rest } = splitHead(text);
	return { headers: readHeaders(head), content: rest };
}

function readOperation(part: MimePart): BatchOperation {
	const type = headerValue(part.headers, 'content-type') ?? '';
	if (/^multipart\//i.test(type))
		throw malformedBatch('A change set or batch cannot be nested in a change set.');
	if (!/^application\/http\b/i.test(type))
		throw malformedBatch("Every operation must be of type 'application/http'.");
	const { head, rest } = splitHead(part.content.replace(/^\n+/, ''));
	const [requestLine = '', ...headerLines] = head.split('\n');
	const match = /^([A-Z]+)\s+(\S.*?)\s*(?:\sHTTP\/\d(?:\.\d)?)?\s*$/.exec(requestLine);
	if (!match?.[1] || !match[2]) throw malformedBatch('An operation of the batch has no valid request line.');
	return {
		method: match[1],
		url: match[2],
		headers: readHeaders(headerLines.join('\n')),
		body: rest.trim(),
		contentId: headerValue(part.headers, 'content-id')?.trim(),
	};
}

function splitHead(text: string): { readonly head: string; readonly rest: string } {
	if (text.startsWith('\n')) return { head: '', rest: text.slice(1) };
	const blank = text.indexOf('\n\n');
	return blank < 0 ? { head: text, rest: '' } : { head: text.slice(0, blank), rest: text.slice(blank + 2) };
}

function readHeaders(text: string): Readonly<Record<string, string>> {
	const headers = new Map<string, string>();
	for (const line of text.split('\n')) {
		const colon = line.indexOf(':');
		if (colon <= 0) continue;
		const name = line.slice(0, colon).trim().toLowerCase();
		const value = line.slice(colon + 1).trim();
		const earlier = headers.get(name);
		headers.set(name, earlier === undefined ? value : `${earlier}, ${value}`);
	}
	return Object.fromEntries(headers);
}

function multipart(
	prefix: string,
	parts: readonly string[],
): { readonly contentType: string; readonly body: string } {
	const boundary = `${prefix}_${randomUUID()}`;
	const body = parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('');
	return { contentType: `multipart/mixed; boundary=${boundary}`, body: `${body}--${boundary}--\r\n` };
}

function httpPart(answer: Answer, contentId?: string): string {
	const mime = ['Content-Type: application/http', 'Content-Transfer-Encoding: binary'];
	if (contentId !== undefined) mime.push(`Content-ID: ${contentId}`);
	const headers = Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}`);
	const statusLine = `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? 'Unknown'}`;
	return [...mime, '', statusLine, ...headers, '', answer.body ?? ''].join('\r\n');
}
