/** Reading a file as a run by e-mail address does, without looking anybody up. */

import { UnreadableRow } from '../../../core/accounting/rowValue';
import { readAddress } from '../../../core/people/address';
import { csvColumn, type CsvColumn } from '../../../core/people/csv/csv';

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
	for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

/** The address that each row means, or the code of the reason why it means nobody, like `(noValue)`. */
export async function rowsOf(
	file: Uint8Array,
	column: CsvColumn,
	pieceSize: number,
): Promise<readonly string[]> {
	const rows: string[] = [];
	for await (const batch of csvColumn(inPieces(file, pieceSize), column)) {
		for (const value of batch) {
			rows.push(value instanceof UnreadableRow ? `(${value.reason.code})` : meant(String(value)));
		}
	}
	return rows;
}

function meant(value: string): string {
	const read = readAddress(value);
	if ('reason' in read) return `(${read.reason.code})`;
	return read.odd === undefined ? read.key : `(${read.odd.code})`;
}
