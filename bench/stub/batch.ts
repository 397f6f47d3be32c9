/** Creating people in batches: one answer for each operation, as `$batch` gives them. */

import type { Answer } from './answers';
import type { Book } from './book';

const BOUNDARY = 'batchresponse_6a1f1d3c';

/** Creates whom the operations of a batch create; nothing else comes in batches here. */
export function answerBatch(text: string, book: Book): Answer {
	const parts: string[] = [];
	for (const [, id = ''] of text.matchAll(/"contactid":"([0-9a-f-]{36})"/g)) {
		book.create(id);
		parts.push(`--${BOUNDARY}\r\n${created(id)}\r\n`);
	}
	return {
		headers: { 'Content-Type': `multipart/mixed; boundary=${BOUNDARY}` },
		body: Buffer.from(`${parts.join('')}--${BOUNDARY}--\r\n`),
	};
}

const created = (id: string) =>
	[
		'Content-Type: application/http',
		'Content-Transfer-Encoding: binary',
		'',
		'HTTP/1.1 204 No Content',
		'OData-Version: 4.0',
		`Location: /api/data/v9.2/contacts(${id})`,
		`OData-EntityId: /api/data/v9.2/contacts(${id})`,
		'',
		'',
	].join('\r\n');
