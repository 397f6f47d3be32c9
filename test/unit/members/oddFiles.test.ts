import { UnreadableRow } from '../../../core/accounting/rowValue';
import { DataverseError } from '../../../core/dataverse/errors/errors';
import { readAddress } from '../../../core/people/address';
import { csvColumn, type CsvColumn } from '../../../core/people/csv/csv';
import { exports, headers, marks, quotes, type OddFile } from './oddFiles';

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
	for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

/** Whom each row means, or the code of the reason why it means nobody. */
async function rowsOf(file: Uint8Array, column: CsvColumn, pieceSize: number): Promise<readonly string[]> {
	const rows: string[] = [];
	for await (const batch of csvColumn(inPieces(file, pieceSize), column)) {
		for (const value of batch)
			rows.push(value instanceof UnreadableRow ? `(${value.reason.code})` : meant(String(value)));
	}
	return rows;
}

function meant(value: string): string {
	const read = readAddress(value);
	if ('reason' in read) return `(${read.reason.code})`;
	return read.odd === undefined ? read.key : `(${read.odd.code})`;
}

async function check({ file, column, rows, refused }: OddFile): Promise<void> {
	const bytes = typeof file === 'string' ? Buffer.from(file) : file;
	for (const size of bytes.length > 10_000 ? [65_536] : [1, 7, 65_536]) {
		const outcome = await rowsOf(bytes, column ?? { name: 'email', hasHeader: true }, size).catch(
			(error: unknown) => error,
		);
		if (refused === undefined) expect(outcome).toEqual(rows);
		else {
			expect(outcome).toBeInstanceOf(DataverseError);
			expect(outcome).toHaveProperty('message', expect.stringContaining(refused));
			// Messages reach logs, where addresses do not belong.
			expect((outcome as DataverseError).message).not.toContain('@');
		}
	}
}

describe('a file loses nobody, or is refused with the line', () => {
	describe.each([
		['quotes', quotes],
		['headers', headers],
		['marks at the beginning', marks],
		['exports of programs', exports],
	])('%s', (_, files) => {
		test.each(files)('$title', async (file) => await check(file));
	});
});
