/**
 * Two readers that share no code judge the same texts: the emulator's grammar, made from the documented rules, and the
 * package's parser. Neither is the other's witness unless both say the same, or the difference is listed with its reason.
 */
import { join } from 'node:path';
import { parseQuery, QuerySyntaxError } from '../../core/query';
import { QueryRefusal, type SyntaxRules } from '../../emulator/segments/query/ast';
import { outboundDialect, realTimeDialect } from '../../emulator/segments/query/dialects';
import { parseQuery as readAsService } from '../../emulator/segments/query/parse';
import { mistakes } from '../unit/query/mistakes';
import known from '../unit/query/queries.json';
import { disagreements, type DialectName, type Disagreement } from './queryDisagreements';
import { mutate, queriesInSources } from './queryMutations';

const DIALECTS: readonly DialectName[] = ['outbound', 'realTime'];
/** `npm run test:deep` judges more of them; see jest.config.cjs. */
const { MUTATED_QUERIES: MUTATED = 6_000 } = globalThis as { MUTATED_QUERIES?: number };
const SEED = 20_260_517;

/** The switches at their most tolerant value: the parser reads whatever one of the sources has. */
const rules: Readonly<Record<DialectName, SyntaxRules>> = {
	outbound: tolerant({ dialect: outboundDialect, doubleQuotes: false }),
	realTime: tolerant({ dialect: realTimeDialect, doubleQuotes: true }),
};

function tolerant(own: Pick<SyntaxRules, 'dialect' | 'doubleQuotes'>): SyntaxRules {
	const order = { leftToRightLogic: false, intersectFirst: false } as const;
	return { ...own, ...order, logicWords: true, escape: 'either', integersOnly: false };
}

function isReadByService(text: string, chosen: SyntaxRules): boolean {
	try {
		readAsService(text, chosen);
		return true;
	} catch (error) {
		if (error instanceof QueryRefusal && error.reason === 'syntax') return false;
		throw error;
	}
}

function isReadByParser(text: string, dialect: DialectName): boolean {
	try {
		parseQuery(text, { dialect });
		return true;
	} catch (error) {
		if (error instanceof QuerySyntaxError) return false;
		throw error;
	}
}

interface Difference {
	readonly dialect: DialectName;
	readonly text: string;
	readonly parser: 'reads' | 'refuses';
	/** Ids of the rows that account for it together; none: unlisted. */
	readonly listed: readonly string[];
}

/** What the two are asked. */
interface Question {
	readonly dialect: DialectName;
	readonly forParser: string;
	readonly forService: string;
	readonly rules: SyntaxRules;
}

function answersAgree({ dialect, forParser, forService, rules: chosen }: Question): boolean {
	return isReadByParser(forParser, dialect) === isReadByService(forService, chosen);
}

/** @returns nothing, or the one difference */
function compare(text: string, dialect: DialectName): readonly Difference[] {
	const question: Question = { dialect, forParser: text, forService: text, rules: rules[dialect] };
	if (answersAgree(question)) return [];
	const rows = disagreements.filter(({ dialects }) => dialects.includes(dialect));
	const reasons = combinations(rows).find((chosen) => answersAgree(chosen.reduce(allowFor, question)));
	const parser = isReadByParser(text, dialect) ? 'reads' : 'refuses';
	return [{ dialect, text, parser, listed: reasons?.map(({ id }) => id) ?? [] }];
}

function allowFor(question: Question, row: Disagreement): Question {
	const { forParser, forService, rules: chosen } = question;
	switch (row.kind) {
		case 'dialect':
			return { ...question, rules: { ...chosen, dialect: { ...chosen.dialect, ...row.change } } };
		case 'rule':
			return { ...question, rules: { ...chosen, ...row.change } };
		case 'text':
			return { ...question, forService: row.rewrite(forService) };
		case 'name':
			return { ...question, forParser: row.rename(forParser) };
	}
}

/** The rows one by one, then by twos, then by threes. */
function combinations(rows: readonly Disagreement[]): readonly (readonly Disagreement[])[] {
	const ones = rows.map((row) => [row]);
	const twos = longer(ones, rows);
	return [...ones, ...twos, ...longer(twos, rows)];
}

function longer(
	chosen: readonly (readonly Disagreement[])[],
	rows: readonly Disagreement[],
): readonly (readonly Disagreement[])[] {
	return chosen.flatMap((list) =>
		rows.slice(rows.indexOf(list[list.length - 1] as Disagreement) + 1).map((row) => [...list, row]),
	);
}

const inSources = queriesInSources(join(__dirname, '..'));
const bases = [
	...new Set([...known.map(({ query }) => query), ...mistakes.map(({ text }) => text), ...inSources]),
];
const mutated = mutate(bases, MUTATED, SEED);

const found: Difference[] = [];
/** Of the mutated queries, those that both read. */
let agreed = 0;

const { stackTraceLimit } = Error;
beforeAll(() => {
	// Refusals are counted, not looked at; their stack traces would take half of the time.
	Error.stackTraceLimit = 0;
	for (const text of bases) for (const dialect of DIALECTS) found.push(...compare(text, dialect));
	for (const [index, text] of mutated.entries()) {
		const dialect = index % 2 === 0 ? 'outbound' : 'realTime';
		const different = compare(text, dialect);
		found.push(...different);
		if (different.length === 0 && isReadByService(text, rules[dialect])) agreed++;
	}
});
afterAll(() => {
	Error.stackTraceLimit = stackTraceLimit;
});

const unlisted = ({ listed }: Difference) => listed.length === 0;

it('the queries of the other tests are found', () => {
	expect(inSources).toContain('PROFILE(UnknownEntity)');
	expect(inSources.length).toBeGreaterThan(100);
});

it.each(known)(
	'the emulator gives a known query its verdict $expect: $query',
	({ query, dialect, expect: verdict }) => {
		const isRead = isReadByService(query, rules[dialect === 'outbound' ? 'outbound' : 'realTime']);
		expect(verdict === 'either' ? ['ok', 'syntaxError'] : [verdict]).toContain(isRead ? 'ok' : 'syntaxError');
	},
);

it('on known queries the emulator and the parser differ only where a reason is listed', () => {
	expect(found.filter(({ text }) => bases.includes(text)).filter(unlisted)).toEqual([]);
});

it('on mutated queries the emulator and the parser differ only where a reason is listed', () => {
	expect(found.filter(unlisted).slice(0, 20)).toEqual([]);
});

describe('each listed reason accounts for its example by itself', () => {
	it.each(disagreements)('$id: $example', ({ id, dialects, example }) => {
		for (const dialect of dialects) {
			expect(compare(example, dialect)).toEqual([expect.objectContaining({ listed: [id] })]);
		}
	});
});

it('the mutated queries are worth judging: many are read, many are not', () => {
	expect(agreed).toBeGreaterThan(MUTATED * 0.15);
	expect(MUTATED - agreed - found.length).toBeGreaterThan(MUTATED * 0.15);
	expect(new Set(mutated).size).toBeGreaterThan(MUTATED * 0.8);
});
