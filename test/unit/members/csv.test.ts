import { csvColumn, type CsvColumn } from '../../../core/people/csv/csv';
import { DataverseError } from '../../../core/dataverse/errors/errors';
import { UnreadableRow } from '../../../core/accounting/rowValue';
import { neverLaxerThanCsvParse, parsed, sameAsCsvParse } from './csvTables';

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
	for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

const EMAIL: CsvColumn = { name: 'email', hasHeader: true };

async function valuesOf(
	file: Uint8Array | string,
	column: CsvColumn = EMAIL,
	pieceSize = 3,
): Promise<readonly string[]> {
	const bytes = typeof file === 'string' ? Buffer.from(file, 'utf8') : file;
	const values: string[] = [];
	for await (const batch of csvColumn(inPieces(bytes, pieceSize), column)) {
		values.push(
			...batch.map((value) => (value instanceof UnreadableRow ? `(${value.reason.code})` : String(value))),
		);
	}
	return values;
}

async function refusalOf(file: Uint8Array | string, column: CsvColumn = EMAIL): Promise<DataverseError> {
	const outcome = await valuesOf(file, column).then(
		() => 'no error',
		(error: unknown) => error,
	);
	expect(outcome).toBeInstanceOf(DataverseError);
	return outcome as DataverseError;
}

const ROWS = 'id;email;name\r\n1;ada@example.com;"Love; ""Ada"""\r\n2;zoë@example.com;Zoë\r\n';
const VALUES = ['ada@example.com', 'zoë@example.com'];
/** The same text in windows-1252: all its letters above ASCII are the same in Latin-1. */
const WINDOWS = Buffer.from(ROWS, 'latin1');

describe('a CSV file', () => {
	test('gives the fields that csv-parse finds, wherever the stream is cut', () => sameAsCsvParse(1_000));

	test('with quotes anywhere is read as csv-parse reads it, or refused', () => neverLaxerThanCsvParse(3_000));

	test.each([
		['comma', ','],
		['semicolon', ';'],
		['tab', '\t'],
		['bar', '|'],
	])('separated by %s is understood without being told', async (_, delimiter) => {
		const file = `id${delimiter}email\n1${delimiter}"a,b;c\t|d"\n2${delimiter}e\n`;

		expect(await valuesOf(file)).toEqual(['a,b;c\t|d', 'e']);
	});

	test('whose names hold other separators is split where the wanted column appears', async () => {
		expect(await valuesOf('a;b;c,email\n1;2;3,ada\n')).toEqual(['ada']);
	});

	test('that begins with the separator line of Excel is read from the line after it', async () => {
		expect(await valuesOf('sep=#\nid#email\n1#a,b\n')).toEqual(['a,b']);
	});

	test.each([
		['UTF-8', Buffer.from(ROWS)],
		['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${ROWS}`)],
		['UTF-16, low byte first', Buffer.from(`\uFEFF${ROWS}`, 'utf16le')],
		['UTF-16, high byte first', Buffer.from(`\uFEFF${ROWS}`, 'utf16le').swap16()],
		['windows-1252', WINDOWS],
	])('in %s gives the same values in pieces of any size', async (_, bytes) => {
		for (const size of [1, 2, 3, 5, 7, 100_000]) {
			expect(await valuesOf(bytes, EMAIL, size)).toEqual(VALUES);
		}
	});

	test('shows the letters that only windows-1252 has', async () => {
		const bytes = Buffer.from([...Buffer.from('email\n'), 0x80, 0x8a, 0x9f, 0x0a]);

		expect(await valuesOf(bytes)).toEqual(['€ŠŸ']);
	});

	test('whose first accent comes after a megabyte of plain letters is still read right', async () => {
		const plain = 'ada@example.com\n'.repeat(70_000);
		const windows = Buffer.from(`email\n${plain}zoë@example.com\n`, 'latin1');
		const utf8 = Buffer.from(`email\n${plain}zoë@example.com\n`);

		for (const bytes of [windows, utf8]) {
			const values = await valuesOf(bytes, EMAIL, 65_536);
			expect(values).toHaveLength(70_001);
			expect(values.at(-1)).toBe('zoë@example.com');
		}
	});

	test('keeps one broken byte from spoiling a file that is UTF-8', async () => {
		const bytes = Buffer.from([...Buffer.from('email\nzoë\n'), 0xff, ...Buffer.from('x\nzoë\n')]);

		expect(await valuesOf(bytes, EMAIL, 10)).toEqual(['zoë', '\uFFFDx', 'zoë']);
	});

	test('may be read by the number of a column, with or without a header', async () => {
		expect(await valuesOf('x,ada\ny,bob\n', { number: 2, hasHeader: false })).toEqual(['ada', 'bob']);
		expect(await valuesOf('name,mail\ny,b@c.d\n', { number: 2, hasHeader: true })).toEqual(['b@c.d']);
	});

	test('gives an empty value where a line is too short, and no row for an empty line', async () => {
		expect(await valuesOf('id,email\n1\n\n\r\n2,bob\n3,\n')).toEqual(['', 'bob', '']);
	});

	test('finds its column without regard to case where only one fits', async () => {
		expect(await valuesOf('ID, EMail \n1,ada\n')).toEqual(['ada']);
		expect((await refusalOf('Email,EMAIL\n1,2\n')).message).toBe(
			'The file has 2 columns named "email": number 1 ("Email"), number 2 ("EMAIL").',
		);
	});

	test('with a line break in quotes counts as one row', () => {
		expect(parsed('a,"1\r\n2"\nb,""', ',', [4, 2, 1])).toEqual([
			['a', '1\r\n2'],
			['b', ''],
		]);
	});

	test('of a million lines is read whole', async () => {
		let lines = 0;
		async function* file(): AsyncGenerator<Uint8Array> {
			yield Buffer.from('id,email\n');
			for (let part = 0; part < 1_000; part += 1) {
				yield await Promise.resolve(Buffer.from(`${part},"person${part}@example.com"\n`.repeat(1_000)));
			}
		}
		for await (const batch of csvColumn(file(), EMAIL)) lines += batch.length;

		expect(lines).toBe(1_000_000);
	});
});

describe('a CSV file is refused', () => {
	test('without the named column, with the columns it has', async () => {
		const { message } = await refusalOf('id;mail;name\n1;2;3\n');

		expect(message).toBe('The file has no column "email". It has: "id", "mail", "name".');
	});

	test('without a header, and the message repeats no address', async () => {
		const { message, remedy } = await refusalOf('1,ada@example.com\n2,bob@example.com\n');

		expect(message).not.toContain('ada');
		expect(remedy).toContain('by its number');
	});

	test('without the numbered column', async () => {
		const { message } = await refusalOf('a,b\n', { number: 3, hasHeader: false });

		expect(message).toBe('The file has no column number 3; its first line has 2.');
	});

	test.each([
		['\n', 3],
		['\r\n', 3],
		['\r', 3],
	])('with a quote that is never closed, naming the line (%j)', async (end, line) => {
		const file = ['id,email', '1,"two', 'lines"'].join(end) + `${end}2,"open${end}3,bob${end}`;

		expect((await refusalOf(file)).message).toContain(`on line ${line + 1}`);
	});

	test('with a quote that runs on for more than a million characters', async () => {
		const file = Buffer.from(`email\n"${'x'.repeat(1_000_001)}`);
		const outcome = valuesOf(file, EMAIL, 65_536);

		await expect(outcome).rejects.toThrow('on line 2 is not closed within a million characters');
	});

	test.each([
		['empty', ''],
		['a workbook', Buffer.from('PK\x03\x04rest')],
		['binary', Buffer.from('email\0\n')],
	])('when it is %s', async (_, file) => {
		expect((await refusalOf(file)).kind).toBe('invalidInput');
	});
});
