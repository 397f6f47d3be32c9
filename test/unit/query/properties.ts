/** What holds for all queries and all texts; run with few cases by `npm test` and with many by `npm run test:deep`. */
import fc from 'fast-check';
import { type Dialect, parseQuery, printQuery, QuerySyntaxError, stripSpans } from '../../../core/query';
import { hostileText, query } from './arbitraries';
import known from './queries.json';

const dialect = fc.constantFrom<Dialect>('outbound', 'realTime');

/** Printing a query and reading it again gives the same query, and printing that the same text. */
export function roundTrip(numRuns: number): void {
	fc.assert(
		fc.property(query, (original) => {
			const text = printQuery(original);
			const read = parseQuery(text, { dialect: original.dialect });
			expect(stripSpans(read)).toEqual(stripSpans(original));
			expect(printQuery(read)).toBe(text);
		}),
		{ numRuns },
	);
}

/** A value put into a condition comes back as that value, and as one condition. */
export function valuesSurvive(numRuns: number): void {
	const long = fc.string({
		unit: fc.constantFrom("'", '\\', 'x', '"', '\n'),
		minLength: 3900,
		maxLength: 4000,
	});
	const value = fc.oneof({ weight: 50, arbitrary: hostileText }, { weight: 1, arbitrary: long });
	fc.assert(
		fc.property(dialect, value, (chosen, text) => {
			const left = { kind: 'column', name: 'name' } as const;
			const condition = {
				kind: 'comparison',
				operator: '==',
				left,
				right: { kind: 'string', value: text },
			} as const;
			const steps = [{ kind: 'filter', condition }] as const;
			const original = {
				kind: 'query',
				dialect: chosen,
				body: { kind: 'profile', table: 'contact', steps },
			} as const;
			const read = stripSpans(parseQuery(printQuery(original), { dialect: chosen }));
			expect(read).toEqual(original);
		}),
		{ numRuns },
	);
}

const PIECES = [
	...[
		'PROFILE(',
		'contact',
		')',
		'.FILTER(',
		'name',
		' == ',
		"'run'",
		' && ',
		' || ',
		'NOT(',
		'ISNULL(',
		'1',
	],
	...[
		' UNION ',
		'SEGMENT(',
		'.TRAVERSE(',
		'.RELATE(',
		', ',
		' IN [',
		']',
		'"',
		"'",
		'\\',
		'\n',
		'DATEDIFF(DAY, ',
	],
	...[
		'INTERACTION(',
		'.HAVING(',
		'COUNT()',
		'>',
		'-',
		'.',
		'.ORDERBY(',
		'.TAKE(',
		'DATE(',
		'\u00a0',
		'😀',
		'TRUE',
	],
];

const anyText = fc.oneof(
	fc.string({ unit: 'binary', maxLength: 60 }),
	fc.array(fc.constantFrom(...PIECES), { maxLength: 25 }).map((pieces) => pieces.join('')),
	mutated(),
);

/** A known query with a few characters changed, taken out or put in. */
function mutated(): fc.Arbitrary<string> {
	const change = fc.record({
		at: fc.nat(600),
		remove: fc.nat(3),
		insert: fc.oneof(fc.constantFrom(...PIECES, ''), fc.string({ maxLength: 3 })),
	});
	return fc
		.record({ base: fc.constantFrom(...known), changes: fc.array(change, { minLength: 1, maxLength: 3 }) })
		.map(({ base, changes }) =>
			changes.reduce((text, { at, remove, insert }) => {
				const offset = at % (text.length + 1);
				return text.slice(0, offset) + insert + text.slice(offset + remove);
			}, base.query),
		);
}

/** Every text gives a query that can be printed, or an error whose position lies in the text; nothing else happens. */
export function everyTextIsAnswered(numRuns: number): void {
	fc.assert(
		fc.property(dialect, anyText, (chosen, text) => {
			const answer = read(text, chosen);
			if (!(answer instanceof QuerySyntaxError)) {
				const again = parseQuery(printQuery(answer), { dialect: chosen });
				expect(stripSpans(again)).toEqual(stripSpans(answer));
				return;
			}
			expect(answer.offset).toBeGreaterThanOrEqual(0);
			expect(answer.offset).toBeLessThanOrEqual(text.length);
			expect(answer.message).toMatch(/^Line \d+, column \d+: found .+ where .+ was expected\./s);
		}),
		{ numRuns },
	);
}

function read(text: string, chosen: Dialect) {
	try {
		return parseQuery(text, { dialect: chosen });
	} catch (error) {
		if (error instanceof QuerySyntaxError) return error;
		throw error;
	}
}

/**
 * Puts one character into a good query; of those that break it, how many are reported at a place where taking out one
 * character mends it.
 *
 * @returns between 0 and 1
 */
export function shareOfInsertionsLocated(numRuns: number, seed: number): number {
	const good = known.filter(({ expect: verdict }) => verdict === 'ok');
	const inserted = fc.oneof(
		fc.constantFrom(...'()[]\'".,=<>&|!+-*/\\ \n'),
		fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 1 }),
	);
	const cases = fc.sample(
		fc.tuple(fc.constantFrom(...good), fc.double({ min: 0, max: 1, noNaN: true }), inserted),
		{
			numRuns,
			seed,
		},
	);
	let broken = 0;
	let located = 0;
	for (const [{ query: base, dialect: name }, where, character] of cases) {
		const chosen = name === 'outbound' ? 'outbound' : 'realTime';
		const at = Math.floor(where * base.length);
		const text = base.slice(0, at) + character + base.slice(at);
		const answer = read(text, chosen);
		if (!(answer instanceof QuerySyntaxError)) continue;
		broken++;
		const mended = text.slice(0, answer.offset) + text.slice(answer.offset + 1);
		if (!(read(mended, chosen) instanceof QuerySyntaxError)) located++;
	}
	expect(broken).toBeGreaterThan(numRuns / 5);
	return located / broken;
}
