/**
 * Files as people and programs really make them, with what has to come out: the people of the rows (or the code of the
 * reason why a row means nobody), or the words of the refusal. No person may be lost, added or taken for another one.
 */

import type { CsvColumn } from '../../../core/people/csv/csv';

export interface OddFile {
	readonly title: string;
	readonly file: Uint8Array | string;
	readonly column?: CsvColumn;
	/** Addresses in lower case, or `(code)` of a row that means nobody. */
	readonly rows?: readonly string[];
	readonly refused?: string;
}

const ADA = 'ada@example.com';
const BEN = 'ben@example.com';
const CLEO = 'cleo@example.com';
const DAN = 'dan@example.com';
const ALL = [ADA, BEN, CLEO];

const named = (name: string): CsvColumn => ({ name, hasHeader: true });
const numbered = (number: number, hasHeader = true): CsvColumn => ({ number, hasHeader });
const lines = (...all: readonly string[]) => `${all.join('\n')}\n`;
const latin1 = (text: string) => Buffer.from(text, 'latin1');

export const quotes: readonly OddFile[] = [
	{
		title: 'two stray quotes that swallow the lines between',
		file: lines('name,email', `Ada,${ADA}`, `"Ben,${BEN}`, `Cleo,${CLEO}`, `"Dan,${DAN}`),
		refused: 'The quote that was opened on line 3 is closed on line 5 inside a value.',
	},
	{
		title: 'a stray quote, a stray delimiter and a quote that is missing',
		file: lines(
			'id,name,backup,email,note',
			`,"0,Ada,x,${ADA},`,
			`1,Ben ""B"" X",x,${BEN},`,
			`2,Cleo,x,${CLEO},`,
		),
		refused: 'opened on line 2 is closed on line 3, and the lines in between look like separate rows',
	},
	{
		title: 'a long note beside them',
		file: lines('id,note,x,email', `0,"a, b, c,\nsee ${CLEO}",x,${ADA}`, `1,"Dear,\n${DAN}",x,${BEN}`),
		rows: [ADA, BEN],
	},
	{
		title: 'a delimiter cut out of a line before the address, which would take the next column for it',
		file: lines(
			'id,name,email,backup',
			`1,Ada,${ADA},${DAN}`,
			`2Ben,${BEN},${CLEO}`,
			`3,Cleo,${CLEO},${DAN}`,
		),
		rows: [ADA, '(tooFewValues)', CLEO],
	},
	{
		title: 'a delimiter cut out right before the address',
		file: lines('id,backup,email,more', `1,${DAN},${ADA},${DAN}`, `2,${DAN}${BEN},${CLEO}`, `3,,${CLEO},`),
		rows: [ADA, '(tooFewValues)', CLEO],
	},
	{
		title: 'lines without their empty last values, as spreadsheets write them',
		file: lines('id,name,email,note', `1,Ada,${ADA},x`, `2,Ben,${BEN}`, `3,,${CLEO}`, '4,Dan'),
		rows: [ADA, BEN, CLEO, '(noValue)'],
	},
	{
		title: 'a stray quote before a quoted value on a later line',
		file: lines('name,email', `"Ada,${ADA}`, `"Ben",${BEN}`),
		refused: 'The quote that was opened on line 2 is closed on line 3 inside a value.',
	},
	{
		title: 'a stray quote and one at the end of a later line',
		file: lines('name,email', `"Ada,${ADA}`, `Ben,${BEN}"`, `Cleo,${CLEO}`),
		refused: 'opened on line 2 is closed on line 3, and the lines in between look like separate rows',
	},
	{
		title: 'a stray quote and one at the end of a name',
		file: lines('name,email', `"Ada,${ADA}`, `Ben",${BEN}`),
		refused: 'opened on line 2 is closed on line 3, and the lines in between look like separate rows',
	},
	{
		title: 'quotes around the addresses of three lines',
		file: lines('name,email', `Ada,"${ADA}`, `Ben,${BEN}`, `Cleo,${CLEO}"`),
		refused: 'opened on line 2 is closed on line 4, and the lines in between look like separate rows',
	},
	{
		title: 'stray quotes in a file of customer numbers',
		file: lines('id,name,number', '1,"Ada,C-1', '2,Ben",C-2'),
		column: named('number'),
		refused: 'opened on line 2 is closed on line 3, and the lines in between look like separate rows',
	},
	{
		title: 'a quote that is closed inside a value of the same line',
		file: lines('name,email', `"Ada" Lovelace,${ADA}`),
		refused: 'The quote that was opened on line 2 is closed inside a value of the same line.',
	},
	{
		title: 'quotes escaped with backslashes',
		file: lines('name,email', `"Ada \\"the\\" Lovelace",${ADA}`),
		refused: 'opened on line 2 is closed inside a value',
	},
	{
		title: 'a quote that is never closed',
		file: lines('name,email', `Ada,${ADA}`, `"Ben,${BEN}`, `Cleo,${CLEO}`),
		refused: 'The file ends inside quotes that were opened on line 3.',
	},
	{
		title: 'blanks between comma and quote',
		file: lines(
			'name, email',
			`"Lovelace, Ada", "${ADA}" `,
			`"Ben" ,\t"${BEN}"`,
			`Cleo ,\u00A0"${CLEO}"\u200B`,
		),
		rows: ALL,
	},
	{
		title: 'notes with line breaks and commas',
		file: lines(
			'email,note,city',
			`${ADA},"Hello, Ada`,
			`see you, soon`,
			`and bye",Oslo`,
			`${BEN},"one, two`,
			'three",Rome',
		),
		rows: [ADA, BEN],
	},
	{
		title: 'inches and other quotes inside bare values',
		file: lines('size,email', `5" pipe,${ADA}`, `6",${BEN}`, `the "big" one,${CLEO}`),
		rows: ALL,
	},
	{
		title: 'a quoted value across lines of every kind',
		file: `note,email\r\n"a\rb\nc\r\nd",${ADA}\n"",${BEN}\r\n"""",${CLEO}`,
		rows: ALL,
	},
	{
		title: 'a line that holds the delimiter without quotes',
		file: lines('name,email,email2', `Lovelace, Ada,${DAN},${ADA}`, `Ben,${BEN},x@example.com`),
		column: named('email2'),
		rows: ['(tooManyValues)', 'x@example.com'],
	},
	{
		title: 'names with the delimiter where the last column is empty',
		file: lines('name,backup,email,phone', `Lovelace, Ada,${DAN},${ADA},`, `Ben,,${BEN},`),
		rows: ['(tooManyValues)', BEN],
	},
	{
		title: 'a line with the delimiter in a name in a file without a header',
		file: lines(`Ben,x@example.org,${BEN}`, `Cleo,y@example.org,${CLEO}`, `Lovelace, Ada,${DAN},${ADA}`),
		column: numbered(3, false),
		rows: [BEN, CLEO, '(tooManyValues)'],
	},
	{
		// A delimiter in a name with an empty last column looks just like this.
		title: 'lines with empty columns behind the last name',
		file: lines('name,email', `Ada,${ADA},,`, `Ben,${BEN}, `, `Cleo,${CLEO}`),
		rows: ['(tooManyValues)', '(tooManyValues)', CLEO],
	},
	{
		title: 'row names without a name in the first line, as R writes them',
		file: lines('"number","email"', `"1","C-1","${ADA}"`, `"2","C-2","${BEN}"`),
		rows: ['(tooManyValues)', '(tooManyValues)'],
	},
	{
		title: 'several addresses on lines of one cell',
		file: lines('email', `"${ADA}`, `${BEN}"`, CLEO),
		rows: ['(severalAddresses)', CLEO],
	},
];

export const headers: readonly OddFile[] = [
	{
		title: 'no header, but File Has Header left on',
		file: lines(ADA, BEN, CLEO),
		column: numbered(1),
		rows: ALL,
	},
	{
		title: 'no header, and addresses in the second column',
		file: lines(`Ada,${ADA}`, `Ben,${BEN}`, `Cleo,${CLEO}`),
		column: numbered(2),
		rows: ALL,
	},
	{
		title: 'a header above a numbered column',
		file: lines('Name;E-Mail 1', `Ada;${ADA}`, `Ben;${BEN}`),
		column: numbered(2),
		rows: [ADA, BEN],
	},
	{
		title: 'a header above one person without a line end',
		file: `E-Mail\n${ADA}`,
		column: numbered(1),
		rows: [ADA],
	},
	{
		title: 'a word above words, which may be a person',
		file: lines('Ada', 'Ben', 'Cleo'),
		column: numbered(1),
		rows: ['(notAnEmail)', '(notAnEmail)', '(notAnEmail)'],
	},
	{
		title: 'nothing but a header, and a numbered column',
		file: 'E-Mail\n',
		column: numbered(1),
		rows: ['(notAnEmail)'],
	},
	{
		title: 'a header that is read as a row where the file is said to have none',
		file: lines('E-Mail', ADA),
		column: numbered(1, false),
		rows: ['(notAnEmail)', ADA],
	},
	{
		title: 'a word above numbers, without a doubt',
		file: lines('Number,Name', '1001,Ada', '1002,Ben', '1003,Cleo'),
		column: numbered(1),
		rows: ['(notAnEmail)', '(notAnEmail)', '(notAnEmail)'],
	},
	{
		title: 'a customer number without digits above others with digits',
		file: lines('ADA', 'BEN2', 'CLEO3', 'DAN4'),
		column: numbered(1),
		rows: ['(notAnEmail)', '(notAnEmail)', '(notAnEmail)', '(notAnEmail)'],
	},
	{
		title: 'a word above codes beside a word above addresses',
		file: lines('Code;E-Mail', `BEN2;${BEN}`, `CLEO3;${CLEO}`),
		column: numbered(1),
		rows: ['(notAnEmail)', '(notAnEmail)'],
	},
	{
		title: 'names that are numbers',
		file: lines('2024,2025,name', `x,${ADA},Ada`),
		column: numbered(2025),
		rows: [ADA],
	},
	{
		title: 'a number that is also the name of another column',
		file: lines('id,1', `x,${ADA}`, `y,${BEN}`),
		column: numbered(1),
		rows: ['(notAnEmail)', '(notAnEmail)', '(notAnEmail)'],
	},
	{
		title: 'a number that names one column and counts another, under a clear header',
		file: lines('mail,1', `${ADA},${BEN}`),
		column: numbered(1),
		refused: '"1" can be column 1 of the file, or column 2, whose name is "1".',
	},
	{
		title: 'two columns of the wanted name',
		file: lines('email,name,email', `${ADA},Ada,${BEN}`),
		refused: 'The file has 2 columns named "email": number 1 ("email"), number 3 ("email").',
	},
	{
		title: 'two columns whose names differ in blanks only',
		file: lines('email,email\u00A0', `${ADA},${BEN}`),
		refused: 'The file has 2 columns named "email"',
	},
	{
		title: 'a name with a line break and two blanks',
		file: `"E-Mail\r\nAdresse",name\n${ADA},Ada\n`,
		column: named('E-Mail  Adresse'),
		rows: [ADA],
	},
	{
		title: 'a name with a no-break space and a zero-width one',
		file: lines('name,E-Mail\u00A0Adresse\u200B', `Ada,${ADA}`),
		column: named('e-mail adresse'),
		rows: [ADA],
	},
	{
		title: 'a name whose accent is a code point of its own',
		file: lines('name,Adresse e\u0301lectronique', `Ada,${ADA}`),
		column: named('adresse électronique'),
		rows: [ADA],
	},
	{
		title: 'a title above the header',
		file: lines('Contacts of May', '', 'name,email', `Ada,${ADA}`),
		refused: 'The file has no column "email". It has: "Contacts of May".',
	},
	{
		title: 'a header again in the middle, from two files put together',
		file: lines('email', ADA, '\uFEFFemail', BEN),
		rows: [ADA, '(notAnEmail)', BEN],
	},
];

export const marks: readonly OddFile[] = [
	{ title: 'two byte order marks', file: `\uFEFF\uFEFFemail\n${ADA}\n`, rows: [ADA] },
	{ title: 'a byte order mark before a quote', file: `\uFEFF\uFEFF"email"\n"${ADA}"\n`, rows: [ADA] },
	{ title: 'a byte order mark that was read as windows-1252', file: `ï»¿email\n${ADA}\n`, rows: [ADA] },
	{
		title: 'a byte order mark in the middle',
		file: `email,name\n${ADA},Ada\n\uFEFF${BEN},Ben\n\uFEFF"${CLEO}",Cleo\n`,
		rows: ALL,
	},
	{ title: 'the separator line of Excel in quotes', file: `"sep=;"\nname;email\nx,y;${ADA}\n`, rows: [ADA] },
	{
		title: 'the separator line behind a byte order mark',
		file: `\uFEFFsep=;\r\nemail;a,b\r\n${ADA};\r\n`,
		rows: [ADA],
	},
	{
		title: 'the separator line in a file that was saved again with commas',
		file: lines('sep=;,', 'name,email', `Ada,${ADA}`),
		rows: [ADA],
	},
	{
		title: 'the separator line and no header',
		file: lines('sep=|', `a;b|${ADA}`),
		column: numbered(2),
		rows: [ADA],
	},
];

export const exports: readonly OddFile[] = [
	{
		title: 'German Excel: semicolons, decimal commas, windows-1252',
		file: latin1(`Straße;Umsatz;E-Mail\r\nMüllerstraße;1,50;${ADA}\r\nX;2,50;zoë@example.com\r\n`),
		column: named('E-Mail'),
		rows: [ADA, 'zoë@example.com'],
	},
	{
		title: 'German Excel without a header: as many decimal commas as semicolons',
		file: lines(`${ADA};1,50`, `${BEN};2,50`, `${CLEO};3,50`),
		column: numbered(1),
		rows: ALL,
	},
	{
		title: 'German Excel as Unicode text: UTF-16 with tabs',
		file: Buffer.from(`\uFEFFName\tE-Mail\r\nZoë\tzoë@example.com\r\n`, 'utf16le'),
		column: named('E-Mail'),
		rows: ['zoë@example.com'],
	},
	{
		title: 'Google Sheets: empty columns and lines of commas at the end',
		file: `Name,Email,,\r\nAda,${ADA},,\r\n,,,\r\nBen,${BEN},,\r\n,,,`,
		rows: [ADA, '(noValue)', BEN, '(noValue)'],
	},
	{
		title: 'numbers kept as text by a formula',
		file: lines('email,number', `"=""${ADA}""",1`, `="${BEN}",2`),
		rows: [ADA, BEN],
	},
	{
		title: 'line ends of three kinds in a file of one column',
		file: `email\r\n${ADA}\r${BEN}\n\r\r\n${CLEO}`,
		rows: ALL,
	},
	{ title: 'old Macintosh line ends', file: `name,email\rAda,${ADA}\rBen,${BEN}\r`, rows: [ADA, BEN] },
	{
		title: 'padded cells',
		file: lines('name ; email ', `Ada  ; ${ADA}   `, `Ben  ;${BEN} `),
		rows: [ADA, BEN],
	},
	{
		title: 'NULs in the middle of a long file, as a crashed write leaves them',
		file: `email\n${`${ADA}\n`.repeat(5_000)}\0\0\0\0${BEN}\0\n${CLEO}\n`,
		rows: [...Array.from({ length: 5_000 }, () => ADA), BEN, CLEO],
	},
	{ title: 'NULs at the beginning', file: `email\0\n${ADA}\n`, refused: 'not a text file' },
	{
		title: 'UTF-16 without a byte order mark',
		file: Buffer.from(`email\n${ADA}\n`, 'utf16le'),
		refused: 'not a text file',
	},
	{ title: 'UTF-32', file: Buffer.from([0xff, 0xfe, 0, 0, 0x65, 0, 0, 0]), refused: 'not a text file' },
	{ title: 'an old Excel workbook', file: Buffer.from('D0CF11E0A1B11AE1', 'hex'), refused: 'Excel workbook' },
	{ title: 'a compressed file', file: Buffer.from('1F8B08080000000000FF', 'hex'), refused: 'compressed' },
	{
		title: 'a field of two million characters',
		file: `email,x\n${ADA},${'x'.repeat(2_000_000)}\n`,
		refused: 'Line 2 has a field of more than a million',
	},
	{
		title: 'a line of twenty thousand columns',
		file: `${Array.from({ length: 20_000 }, (_, n) => `c${n}`).join(',')},email\n${','.repeat(20_000)}${ADA}\n`,
		rows: [ADA],
	},
	{
		title: 'apostrophes instead of quotes',
		file: lines("'name','email'", `'Lovelace, Ada','${ADA}'`, `'Ben','${BEN}'`),
		refused: 'no column "email"',
	},
	{
		title: 'names and addresses as mail programs write them',
		file: lines('to', `"Lovelace, Ada" <${ADA}>`, `Ben <${BEN}>`, `<${CLEO}>;`),
		column: numbered(1),
		refused: 'The quote that was opened on line 2 is closed inside a value of the same line.',
	},
	{
		title: 'names and addresses, quoted as they have to be',
		file: lines('to', `"""Lovelace, Ada"" <${ADA}>"`, `Ben <${BEN}>`, `<${CLEO}>;`),
		column: named('to'),
		rows: ALL,
	},
	{
		title: 'Unicode line separators for line ends',
		file: `email\u2028${ADA}\u2028${BEN}`,
		refused: 'no column "email"',
	},
	{
		title: 'a web page instead of a file',
		file: '<!DOCTYPE html>\n<html><body>Sign in</body></html>\n',
		refused: 'no column "email"',
	},
	{
		title: 'JSON instead of CSV',
		file: `[{"email":"${ADA}"},\n{"email":"${BEN}"}]\n`,
		refused: 'no column "email"',
	},
	{
		title: 'a dump of MySQL with \\N for nothing',
		file: lines('name\temail', `Ada\t${ADA}`, 'Ben\t\\N'),
		rows: [ADA, '(notAnEmail)'],
	},
	{ title: 'a DOS end-of-file mark', file: `email\r\n${ADA}\r\n\x1A`, rows: [ADA, '(noValue)'] },
	{
		title: 'broken UTF-8 in one address',
		file: Buffer.concat([
			Buffer.from(`email\nzoë@example.com\n`),
			Buffer.from([0x7a, 0xff]),
			Buffer.from(`@example.com\n${ADA}\n`),
		]),
		rows: ['zoë@example.com', '(notAnEmail)', ADA],
	},
	{
		title: 'lines that end before the wanted column',
		file: lines('id,name,email', '1', `2,Ben,${BEN}`, '3,Cleo'),
		rows: ['(noValue)', BEN, '(noValue)'],
	},
	{
		title: 'a bar in names of a file with bars',
		file: lines('name|email', `Ada | Lovelace|${ADA}`, `Ben|${BEN}`),
		rows: ['(tooManyValues)', BEN],
	},
	{
		title: 'semicolons inside quoted values of a file with commas',
		file: lines(`${ADA},"a;b"`, `${BEN},"c;d"`, `${CLEO},"e;f"`),
		column: numbered(1),
		rows: ALL,
	},
	{
		title: 'another delimiter below the header',
		file: lines('name,email', `Ada;${ADA}`, `Ben;${BEN}`),
		rows: ['(noValue)', '(noValue)'],
	},
	{
		title: 'a quote and a line break at the end of the header',
		file: lines('name,"email', `Ada,${ADA}"`, `Ben,${BEN}`),
		refused: 'no column "email"',
	},
	{
		title: 'one column with several addresses on a line',
		file: lines('email', `${ADA},${BEN}`, CLEO),
		rows: ['(severalAddresses)', CLEO],
	},
	{
		title: 'one column with commas in names',
		file: lines('to', `Lovelace, Ada <${ADA}>`, `X, Ben <${BEN}>;`, CLEO),
		column: named('to'),
		rows: ALL,
	},
	{
		title: 'one column whose lines go on behind the address',
		file: lines('email', `${ADA},Oslo`, `${BEN};Rome`, `${CLEO} - do not mail`),
		rows: ['(notAnEmail)', '(notAnEmail)', '(notAnEmail)'],
	},
	{
		title: 'every line in quotes as a whole, as a spreadsheet of another country saves it',
		file: lines('"name,email"', `"Ada,${ADA}"`, `"Ben,${BEN}"`),
		refused: 'no column "email"',
	},
	{
		title: 'bars in pairs between the columns',
		file: lines('name||email', `Ada||${ADA}`, `Ben||${BEN}`),
		rows: [ADA, BEN],
	},
	{
		title: 'columns of fixed width',
		file: lines('name      email', `Ada       ${ADA}`),
		refused: 'no column "email"',
	},
	{
		title: 'a comment above the header',
		file: lines('# exported on 2026-05-31', 'name,email', `Ada,${ADA}`),
		refused: 'no column "email"',
	},
	{
		title: 'a line of totals at the end',
		file: lines('name;sum;email', `Ada;5;${ADA}`, 'Total;5;'),
		rows: [ADA, '(noValue)'],
	},
	{
		title: 'typographic quotes around a name with a comma',
		file: lines('name,email', `“Lovelace, Ada”,${ADA}`, `Ben,${BEN}`),
		rows: ['(tooManyValues)', BEN],
	},
	{
		title: 'links of a spreadsheet',
		file: lines('email', `"=HYPERLINK(""mailto:${ADA}"",""${BEN}"")"`, CLEO),
		rows: ['(severalAddresses)', CLEO],
	},
	{
		title: 'a header of a hundred thousand characters',
		file: lines(`"${'x'.repeat(100_000)}",email`, `Ada,${ADA}`),
		rows: [ADA],
	},
	{ title: 'nothing but a byte order mark', file: '\uFEFF', refused: 'The file is empty.' },
	{ title: 'nothing but line ends', file: '\r\n\n\r', refused: 'The file is empty.' },
	{ title: 'nothing but a header', file: lines('name,email'), rows: [] },
	{
		title: 'UTF-16 that ends in the middle of a letter',
		file: Buffer.from(`\uFEFFemail\n${ADA}\n${BEN}`, 'utf16le').subarray(0, -1),
		rows: [ADA, '(notAnEmail)'],
	},
	{
		title: 'accents of an old DOS code page',
		file: Buffer.concat([Buffer.from('email\nzo'), Buffer.from([0x89]), Buffer.from('@example.com\n')]),
		rows: ['zo‰@example.com'],
	},
	{
		title: 'UTF-8 that was read as windows-1252 and saved as UTF-8 again',
		file: lines('email', 'zoÃ«@example.com', ADA),
		rows: ['zoã«@example.com', ADA],
	},
];

/** Files in which values stand in other columns than those of the first line, for whole lines. */
export const moved: readonly OddFile[] = [
	{
		title: 'two files put together whose columns have another order',
		file: lines('email,backup', `${ADA},${DAN}`, 'backup,email', `${DAN},${BEN}`),
		refused: 'Row 2 of the file names the columns again, in another order',
	},
	{
		title: 'the same with a byte order mark between them',
		file: lines('email,name,backup', `${ADA},Ada,${DAN}`, '\uFEFFbackup,name,email', `${DAN},Ben,${BEN}`),
		refused: 'Row 2 of the file names the columns again',
	},
	{
		title: 'a person whose name is the name of another column',
		file: lines('name,email', `Ada,${ADA}`, 'email,name', `Ben,${BEN}`),
		column: named('name'),
		refused: 'Row 2 of the file names the columns again',
	},
	{
		title: 'values that are names of columns in a line that is none of names',
		file: lines('email,name', `${ADA},email`, `name,${BEN}`, CLEO),
		rows: [ADA, '(notAnEmail)', CLEO],
	},
	{
		title: 'a separator behind the last name only, and a name with a comma',
		file: lines(
			'name,backup,email,',
			`Ben,${DAN},${BEN}`,
			`Cleo,${DAN},${CLEO}`,
			`Lovelace, Ada,${DAN},${ADA}`,
		),
		rows: [BEN, CLEO, '(tooManyValues)'],
	},
	{
		title: 'separators behind all lines, as the first line has them',
		file: lines('name,email,,', `Ada,${ADA},,`, `Ben,${BEN},,`, `Cleo,${CLEO}`),
		rows: ALL,
	},
	{
		title: 'one separator lost and another gained, so that no address stands in the column',
		file: lines('name,email,city', `Ada ${ADA},Oslo,Norway`, `Ben,${BEN},Rome`),
		rows: ['(notAnEmail)', BEN],
	},
];

/** Texts of other programs that somebody takes for a CSV file. */
export const strangers: readonly OddFile[] = [
	{
		title: 'a table of a web page saved as a workbook',
		file: lines('<table>', `<tr><td>${ADA}</td></tr>`, `<tr><td>${BEN}</td></tr>`, '</table>'),
		column: numbered(1, false),
		rows: ['(notAnEmail)', '(notAnEmail)', '(notAnEmail)', '(notAnEmail)'],
	},
	{
		title: 'a workbook in XML',
		file: lines('<?xml version="1.0"?>', '<Workbook><Cell><Data>email</Data></Cell></Workbook>'),
		refused: 'no column "email"',
	},
	{
		title: 'a table in Markdown',
		file: lines('| name | email |', '| --- | --- |', `| Ada | ${ADA} |`, `| Ben | ${BEN} |`),
		rows: ['(notAnEmail)', ADA, BEN],
	},
	{
		title: 'a table drawn by a database client',
		file: lines('+-----+------+', '| name | email |', '+-----+------+', `| Ada | ${ADA} |`),
		refused: 'no column "email"',
	},
	{
		title: 'one object a line',
		file: lines(`{"name":"Ada","email":"${ADA}"}`, `{"name":"Ben","email":"${BEN}"}`),
		refused: 'no column "email"',
	},
	{
		title: 'a directory export, an attribute a line',
		file: lines('dn: cn=Ada', `mail: ${ADA}`, '', 'dn: cn=Ben', `mail: ${BEN}`),
		column: numbered(1, false),
		rows: ['(notAnEmail)', '(notAnEmail)', '(notAnEmail)', '(notAnEmail)'],
	},
	{
		title: 'a card of an address book',
		file: lines('BEGIN:VCARD', `EMAIL;TYPE=WORK:${ADA}`, 'END:VCARD'),
		refused: 'no column "email"',
	},
	{
		title: 'statements that insert rows',
		file: lines(`INSERT INTO c (email) VALUES ('${ADA}');`, `INSERT INTO c (email) VALUES ('${BEN}');`),
		column: numbered(1, false),
		rows: ['(notAnEmail)', '(notAnEmail)'],
	},
	{
		title: 'carets between the columns',
		file: lines('name^email', `Ada^${ADA}`),
		refused: 'no column "email"',
	},
	{
		title: 'carets that are told',
		file: lines('name^email', `Ada^${ADA}`, `Ben^^${BEN}`),
		column: { ...named('email'), delimiter: '^' },
		rows: [ADA, '(tooManyValues)'],
	},
	{
		title: 'unit separators between the columns',
		file: lines('name\x1Femail', `Ada\x1F${ADA}`),
		refused: 'no column "email"',
	},
	{
		title: 'a separator line with a tab in words',
		file: lines('sep=\\t', 'name\temail', `Ada\t${ADA}`),
		refused: 'no column "email"',
	},
	{
		title: 'units in a line below the names',
		file: lines('name;email', 'text;address', `Ada;${ADA}`),
		rows: ['(notAnEmail)', ADA],
	},
	{
		title: 'page breaks at the beginning of lines',
		file: `email\n\f${ADA}\n\f\n\v${BEN}\n`,
		rows: [ADA, '(noValue)', BEN],
	},
	{
		title: 'a line end inside a cell without quotes',
		file: `name,email\nAda\rLovelace,${ADA}\nBen,${BEN}\n`,
		refused: 'Line 2 does not end like the rows before it',
	},
	{
		title: 'a carriage return that cuts a line where another column is taken for the wanted one',
		file: lines('id\tname\tbackup\temail\tnote', `\t0\tAda\t${DAN}\t\r${ADA}\t`),
		refused: 'Line 2 does not end like the rows before it',
	},
	{
		title: 'a line feed in a file of carriage returns',
		file: `name,email\rAda,${ADA}\r\rBen\nX,${BEN}\r`,
		refused: 'Line 4 does not end like the rows before it',
	},
	{
		title: 'a line end written twice by a program that translates line ends',
		file: `name,email\r\r\nAda,${ADA}\r\r\nBen,${BEN}\r\r\n`,
		rows: [ADA, BEN],
	},
	{
		title: 'lines of Windows and of other systems put together, and a carriage return at the end',
		file: `name,email\r\nAda,${ADA}\r\nBen,${BEN}\nCleo,${CLEO}\r`,
		rows: ALL,
	},
];

/** Cells that hold more or less than an address. */
export const cells: readonly OddFile[] = [
	{
		title: 'a link with somebody in copy',
		file: lines('email', `mailto:${ADA}?cc=${BEN}`),
		rows: ['(severalAddresses)'],
	},
	{
		title: 'a link to two',
		file: lines('to;x', `mailto:${ADA},${BEN};`, `mailto:?to=${CLEO};`),
		column: named('to'),
		rows: ['(severalAddresses)', CLEO],
	},
	{
		title: 'a link with a subject',
		file: lines('email', `mailto:${ADA}?subject=To%20${BEN}&body=x`),
		rows: [ADA],
	},
	{ title: 'a link encoded as a whole', file: lines('email', 'mailto:ada%40example.com'), rows: [ADA] },
	{
		title: 'an address encoded as a whole',
		file: lines('email', 'ada%40example.com'),
		rows: ['(notAnEmail)'],
	},
	{
		title: 'the same address twice in a cell',
		file: lines('email', `"${ADA}; ${ADA}"`),
		rows: ['(severalAddresses)'],
	},
	{ title: 'a remark in brackets', file: lines('email', `${ADA} (work)`), rows: ['(notAnEmail)'] },
	{ title: 'a soft hyphen in the domain', file: lines('email', 'ada@exam\u00ADple.com'), rows: [ADA] },
	{
		title: 'a line break in the domain',
		file: lines('email', '"ada@exam\nple.com"'),
		rows: ['(notAnEmail)'],
	},
	{ title: 'a small commercial at', file: lines('email', 'ada\uFE6Bexample.com'), rows: ['(notAnEmail)'] },
	{
		title: 'a Cyrillic letter that looks like a',
		file: lines('email', '\u0430da@example.com'),
		rows: ['\u0430da@example.com'],
	},
	{
		title: 'words for at and dot',
		file: lines('email', 'ada (at) example (dot) com'),
		rows: ['(notAnEmail)'],
	},
	{
		title: 'an encoded name of a mail header',
		file: lines('email', `=?utf-8?Q?Ada?= <${ADA}>`),
		rows: [ADA],
	},
	{
		title: 'nothing in the words of programs',
		file: lines('email', 'null', 'N/A', '#N/A', 'undefined', '-'),
		rows: Array.from({ length: 5 }, () => '(notAnEmail)'),
	},
	{
		title: 'an empty address in brackets',
		file: lines('email', 'Ada <>', `<${BEN}>`),
		rows: ['(notAnEmail)', BEN],
	},
];
