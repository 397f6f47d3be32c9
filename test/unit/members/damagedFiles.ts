/** Files that were right until somebody edited them: what is lost has to be seen, and nobody else may be taken. */

import fc from 'fast-check';

import { DataverseError } from '../../../core/dataverse/errors/errors';
import { rowsOf } from './readRows';
import { written } from './csvTables';

const HEADER = ['id', 'name', 'backup', 'email', 'note'];

interface Edit {
	/** Part of the text, from 0 to 1, behind the header. */
	readonly at: number;
	readonly kind: 'insert' | 'remove';
	readonly character: string;
}

const name = fc.constantFrom('Ada', 'Lovelace, Ada', 'Ben "B" X', '', 'Zoë', 'a;b', "O'Brien");
const note = fc.constantFrom(
	'',
	'hello',
	'one\ntwo',
	'one, two\nthree, four',
	'see other9@example.org',
	'x;y',
	'"quoted"',
);
const person = fc.record({ name, note });
const edit: fc.Arbitrary<Edit> = fc.record({
	at: fc.double({ min: 0, max: 1, noNaN: true }),
	kind: fc.constantFrom('insert', 'insert', 'remove'),
	character: fc.constantFrom('"', '"', '"', '\n', '\r', ',', ';', '\t', '\u200B', '\0', ' '),
});

function edited(text: string, from: number, { at, kind, character }: Edit): string {
	const place = from + Math.floor(at * (text.length - from));
	if (kind === 'insert') return text.slice(0, place) + character + text.slice(place);
	const next = text.indexOf(character, place);
	return next === -1 ? text : text.slice(0, next) + text.slice(next + 1);
}

/** Whatever is inserted into a file or cut out of it: the file is refused, or each lost person has a row that tells so. */
export async function losesNobodySilently(numRuns: number, edits: number): Promise<void> {
	await fc.assert(
		fc.asyncProperty(
			fc.array(person, { minLength: 1, maxLength: 6 }),
			fc.constantFrom(',', ';', '\t'),
			fc.constantFrom('\n', '\r\n'),
			fc.boolean(),
			fc.array(edit, { minLength: 1, maxLength: edits }),
			async (people, delimiter, lineEnd, quoteAll, changes) => {
				const emails = people.map((_, n) => `person${n}@example.com`);
				const rows = people.map((one, n) => [
					String(n),
					one.name,
					`backup${n}@example.org`,
					emails[n] ?? '',
					one.note,
				]);
				const head = written([HEADER], delimiter, lineEnd, quoteAll) + lineEnd;
				const whole = head + written(rows, delimiter, lineEnd, quoteAll) + lineEnd;
				const text = changes.reduce((before, change) => edited(before, head.length, change), whole);
				let read: readonly string[];
				try {
					read = await rowsOf(Buffer.from(text), { name: 'email', hasHeader: true }, 65_536);
				} catch (error) {
					if (error instanceof DataverseError) return;
					throw error;
				}
				const lost = emails.filter((email) => !read.includes(email));
				const told = read.filter((row) => !emails.includes(row));
				// Two lines without the end between them are one row.
				const joined = changes.filter(({ kind, character }) => kind === 'remove' && /[\r\n]/.test(character));
				const context = JSON.stringify({ text, read });
				expect({ context, taken: read.filter((row) => row.endsWith('.org')) }).toEqual({
					context,
					taken: [],
				});
				expect({ context, silent: lost.length > told.length + joined.length }).toEqual({
					context,
					silent: false,
				});
			},
		),
		{ numRuns },
	);
}
