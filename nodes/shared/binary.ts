/** Binary data of items as streams: a file of any size is never held whole. */

import { BINARY_ENCODING } from 'n8n-workflow';
import type { IExecuteFunctions } from 'n8n-workflow';

const CHUNK_BYTES = 256 * 1024;

/** The bytes of an item's binary field. Throws n8n's own error, which names the fields there are, when it is absent. */
export async function binaryStream(
	functions: IExecuteFunctions,
	itemIndex: number,
	field: string,
): Promise<AsyncIterable<Uint8Array>> {
	const binary = functions.helpers.assertBinaryData(itemIndex, field);
	if (binary.id !== undefined && binary.id !== '') {
		return await functions.helpers.getBinaryStream(binary.id, CHUNK_BYTES);
	}
	return inMemory(Buffer.from(binary.data, BINARY_ENCODING));
}

async function* inMemory(bytes: Buffer): AsyncGenerator<Uint8Array> {
	for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
		yield await Promise.resolve(bytes.subarray(start, start + CHUNK_BYTES));
	}
}
