import { Readable } from 'node:stream';

import type { IExecuteFunctions } from 'n8n-workflow';

import { binaryStream } from '../../../nodes/shared/binary';

const MEGABYTE = 1024 * 1024;

/** The node with a file of so many megabytes, in memory or in a store. */
function nodeWith(megabytes: number, where: 'memory' | 'store', signal: AbortSignal): IExecuteFunctions {
	const bytes = Buffer.alloc(megabytes * MEGABYTE, 'a');
	return {
		getExecutionCancelSignal: () => signal,
		helpers: {
			assertBinaryData: () =>
				where === 'store' ? { id: 'store:1', data: '' } : { data: bytes.toString('base64') },
			getBinaryStream: async () => await Promise.resolve(Readable.from([bytes, bytes])),
		},
	} as unknown as IExecuteFunctions;
}

describe('reading a file', () => {
	test.each(['memory', 'store'] as const)('ends when the run is cancelled: in %s', async (where) => {
		const cancel = new AbortController();
		const read = async () => {
			let length = 0;
			for await (const chunk of await binaryStream(nodeWith(20, where, cancel.signal), 0, 'data')) {
				if (length === 0) setImmediate(() => cancel.abort());
				length += chunk.length;
				if (where === 'store') await new Promise(setImmediate);
			}
			return length;
		};

		await expect(read()).rejects.toMatchObject({ kind: 'cancelled' });
	});

	test('gives all of its bytes otherwise', async () => {
		let length = 0;
		for await (const chunk of await binaryStream(
			nodeWith(9, 'memory', new AbortController().signal),
			0,
			'data',
		))
			length += chunk.length;

		expect(length).toBe(9 * MEGABYTE);
	});
});
