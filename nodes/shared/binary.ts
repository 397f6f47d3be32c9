/** Binary data of items as streams: a file of any size is never held whole. */

import { BINARY_ENCODING, sleep } from 'n8n-workflow';
import type { IExecuteFunctions } from 'n8n-workflow';

import { decodeTransportFailure } from '../../core/dataverse/errors/decodeError';
import { BEFORE_SENDING, TransportFailure } from '../../core/dataverse/http/ports';

const CHUNK_BYTES = 256 * 1024;
const PAUSE_BYTES = 16 * CHUNK_BYTES;

/** The bytes of an item's binary field; a cancelled run ends them. Throws n8n's own error, which names the fields there are, when it is absent. */
export async function binaryStream(
	functions: IExecuteFunctions,
	itemIndex: number,
	field: string,
): Promise<AsyncIterable<Uint8Array>> {
	const binary = functions.helpers.assertBinaryData(itemIndex, field);
	const { data, id = '' } = binary;
	const bytes =
		id === ''
			? inMemory(Buffer.from(data, BINARY_ENCODING))
			: await functions.helpers.getBinaryStream(id, CHUNK_BYTES);
	return untilCancelled(bytes, functions.getExecutionCancelSignal());
}

/** In pauses now and then everything else goes on, a cancel among it: bytes in memory never make anybody wait. */
async function* inMemory(bytes: Buffer): AsyncGenerator<Uint8Array> {
	for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
		if (start > 0 && start % PAUSE_BYTES === 0) await sleep(0);
		yield bytes.subarray(start, start + CHUNK_BYTES);
	}
}

/** @throws DataverseError `cancelled` */
async function* untilCancelled(
	bytes: AsyncIterable<Uint8Array>,
	signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
	for await (const chunk of bytes) {
		if (signal?.aborted) throw decodeTransportFailure(new TransportFailure('cancelled', BEFORE_SENDING));
		yield chunk;
	}
}
