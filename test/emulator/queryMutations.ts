/** Known queries, and the same with slips in them; one seed gives one series. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const TOKEN = /'[^']*'|"[^"]*"|[A-Za-z_]\w*|\d+(?:\.\d+)?|==|!=|>=|<=|&&|\|\||\s+|[^]/g;
const CHARACTERS = [...'()[]\'".,=<>&|!+-*/\\ \n\u00a0_;aE09😀'];
const WORDS = [
	...['PROFILE(contact)', 'SEGMENT(a)', 'INTERACTION(a, b)', 'UNION', 'INTERSECT', 'EXCEPT', 'MINUS'],
	...['.FILTER(a == 1)', '.TRAVERSE(r)', '.RELATE(r, a)', '.RELATEOPTIONAL(r, a.b)', ', RELATE(r, b)'],
	...['.HAVING(COUNT() > 1)', '.HAVING(SUM(a.b) != -1.5, UTCHOURS(2))', ', UTCWEEKS(1)', 'UTCDAYS(3)'],
	...['.ORDERBY(a DESC)', '.SKIP(1)', '.TAKE(2)', '.SELECT(a, b.c)', ' && ', ' || ', ' AND ', ' OR '],
	...['NOT(a == 1)', 'ISNULL(a)', 'ISNOTNULL(a.b)', "a IN [1, 'x', true]", "a CONTAINS 'x'", ' STARTSWITH '],
	...['==', '!=', '>=', '=', '<>', '+', '-', '*', '/', '-1', '1.5', '1e5', "'x'", '"x"', "'x''y'", "'x\\'y'"],
	...[
		'TRUE',
		'false',
		'NULL',
		'NOT',
		'IN',
		'a.b',
		'a.b.c',
		'a.b.c.d',
		'DATETIMEUTCNOW()',
		'DATE(2020, 1, 2)',
	],
	...[
		'DATEDIFF(DAY, a, b)',
		'DATEADD(month, -2, a)',
		'LOWER(a)',
		'NOW()',
		'DATEDIF(a)',
		'(',
		')',
		'((',
		'))',
	],
];

/** Words that stand in the same place in one dialect or the other, or nearly. */
const EXCHANGES: readonly (readonly [RegExp, readonly string[]])[] = [
	[/TRAVERSE|RELATEOPTIONAL|RELATE/i, ['TRAVERSE', 'RELATE', 'RELATEOPTIONAL', 'FILTER', 'HAVING']],
	[/PROFILE|SEGMENT|INTERACTION/i, ['PROFILE', 'SEGMENT', 'INTERACTION', 'profile']],
	[/UNION|INTERSECT|EXCEPT/i, ['UNION', 'INTERSECT', 'EXCEPT', 'union', '&&']],
	[/&&|\|\||\bAND\b|\bOR\b/i, ['&&', '||', 'AND', 'or', ',']],
	[/CONTAINS|STARTSWITH|ENDSWITH|==|\bIN\b/i, ['CONTAINS', 'ENDSWITH', '==', 'IN', '>', '!=']],
	[/UTC(?:DAYS|MONTHS|YEARS)/i, ['UTCHOURS', 'UTCMINUTES', 'UTCWEEKS', 'UTCYEARS', 'utcdays']],
	[/ISNOTNULL|ISNULL|NOT/i, ['ISNULL', 'NOT', 'ISNOTNULL', 'isempty']],
	[/COUNT|SUM|AVG/i, ['COUNT', 'SUM', 'MAX', 'min']],
];

type Random = (below: number) => number;

/** Whole numbers that look random and are the same for the same seed (mulberry32). */
function randomNumbers(seed: number): Random {
	let state = seed;
	return (below) => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
	};
}

const pick = <T>(random: Random, list: readonly T[]): T => list[random(list.length)] as T;

/** What stands between two places of a text, put in another's place. */
const splice = (text: string, from: number, to: number, put: string) =>
	text.slice(0, from) + put + text.slice(to);

type Mutation = (text: string, random: Random) => string;

const onTokens =
	(change: (tokens: string[], random: Random) => void): Mutation =>
	(text, random) => {
		const tokens = text.match(TOKEN) ?? [];
		if (tokens.length > 0) change(tokens, random);
		return tokens.join('');
	};

const onOneToken = (change: (token: string, random: Random) => string): Mutation =>
	onTokens((tokens, random) => {
		const at = random(tokens.length);
		tokens[at] = change(tokens[at] ?? '', random);
	});

const mutations: readonly Mutation[] = [
	(text, random) => {
		const at = random(text.length + 1);
		return splice(text, at, at + 1, '');
	},
	(text, random) => {
		const at = random(text.length + 1);
		return splice(text, at, at, pick(random, CHARACTERS));
	},
	(text, random) => {
		const at = random(text.length + 1);
		return splice(text, at, at + 2, [...text.slice(at, at + 2)].reverse().join(''));
	},
	onOneToken(() => ''),
	onOneToken((token) => token + token),
	onOneToken((token, random) => token + pick(random, WORDS)),
	onOneToken((_, random) => pick(random, WORDS)),
	onOneToken((token) => `(${token})`),
	onOneToken((token) => ` ${token} `),
	onOneToken((token, random) => (random(2) === 0 ? token.toLowerCase() : token.toUpperCase())),
	onTokens((tokens, random) => {
		const [one, two] = [random(tokens.length), random(tokens.length)];
		[tokens[one], tokens[two]] = [tokens[two] ?? '', tokens[one] ?? ''];
	}),
	(text, random) => text.replaceAll("'", random(2) === 0 ? '"' : "''"),
	(text, random) => {
		const known = EXCHANGES.filter(([word]) => word.test(text));
		if (known.length === 0) return text;
		const [word, others] = pick(random, known);
		return text.replace(word, pick(random, others));
	},
	(text, random) => {
		const tokens = text.match(TOKEN) ?? [];
		return tokens.slice(0, random(tokens.length + 1)).join('');
	},
];

/** @returns `count` texts, each a known query with one to three slips */
export function mutate(bases: readonly string[], count: number, seed: number): readonly string[] {
	const random = randomNumbers(seed);
	return Array.from({ length: count }, () => {
		let text = pick(random, bases);
		for (let slips = 1 + (random(2) && random(3)); slips > 0; slips--)
			text = pick(random, mutations)(text, random);
		return text;
	});
}

const LITERAL = /(["'`])(\(*(?:PROFILE|SEGMENT|INTERACTION)\s*\((?:\\[^]|(?!\1)[^\\])*)\1/gi;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

/** Every query that stands whole in a source file under a folder. */
export function queriesInSources(folder: string): readonly string[] {
	const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
		name.endsWith('.ts'),
	);
	return files.flatMap((name) =>
		[...readFileSync(join(folder, name), 'utf8').matchAll(LITERAL)]
			.map(([, , query = '']) => query)
			.filter((query) => !query.includes('${'))
			.map((query) => query.replace(/\\([^])/g, (_, letter: string) => ESCAPES[letter] ?? letter)),
	);
}
