/** Answers that do not come as HTTP wants them: half, drop by drop, or with a header that is none. */

import { STATUS_CODES, type ServerResponse } from 'node:http';
import { headerValue, type Answer } from './messages';

/** Control characters stand in no header; parsers of HTTP refuse the whole answer. */
const BAD_HEADER = 'X-Trace: \u0001';

/** Sends half of the body under the length of the whole, then closes. An empty answer loses its headers' end instead. */
export function sendHalf(answer: Answer, response: ServerResponse): void {
	const body = Buffer.from(answer.body ?? '');
	const { socket } = response;
	if (body.length === 0) {
		socket?.end('HTTP/1.1 200 OK\r\nContent-Ty');
		return;
	}
	const contentType = headerValue(answer.headers, 'content-type') ?? 'application/json';
	response.writeHead(answer.status, { 'Content-Type': contentType, 'Content-Length': body.length });
	response.write(body.subarray(0, Math.floor(body.length / 2)), () => socket?.destroySoon());
}

/** Sends the whole answer with one more line among its headers, which is not a header. */
export function sendWithBadHeader(answer: Answer, response: ServerResponse, line = BAD_HEADER): void {
	response.socket?.end(Buffer.concat([head(answer, [line]), bodyOf(answer)]));
}

/** Sends the body in drops, of an answer without a body the head. Ends early when the client goes away. */
export function sendDripping(
	answer: Answer,
	response: ServerResponse,
	{ everyMs, bytes = 1 }: { readonly everyMs: number; readonly bytes?: number },
): void {
	const { socket } = response;
	if (socket === null) return;
	const body = bodyOf(answer);
	if (body.length > 0) socket.write(head(answer));
	const drops = body.length > 0 ? body : head(answer);
	let sent = 0;
	const timer = setInterval(() => {
		socket.write(drops.subarray(sent, sent + bytes));
		sent += bytes;
		if (sent < drops.length) return;
		clearInterval(timer);
		socket.end();
	}, everyMs);
	socket.once('close', () => clearInterval(timer));
}

const bodyOf = (answer: Answer) => Buffer.from(answer.body ?? '');

function head(answer: Answer, more: readonly string[] = []): Buffer {
	const headers = Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}`);
	const status = `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? 'Unknown'}`;
	const length = answer.status === 204 ? [] : [`Content-Length: ${bodyOf(answer).length}`];
	return Buffer.from(
		[status, ...headers, ...length, 'Connection: close', ...more, '', ''].join('\r\n'),
		'latin1',
	);
}
