/** A process that measures the query language with tinybench, and graphql-js beside it. */

import { createRequire } from 'node:module';
import path from 'node:path';

import { parse } from 'graphql';

import type * as Query from '../core/query';
import { median } from './measure';

// What is published: the loader of the benchmark turns every name of another module into a call.
const requireFromDist = createRequire(path.join(__dirname, '../dist/package.js'));
const { checkQuery, parseQuery, printQuery } = requireFromDist('./core/query/index.js') as typeof Query;

/** Medians in milliseconds. */
export interface QueryTimes {
	readonly characters: number;
	readonly checkMs: number;
	readonly printMs: number;
	/** graphql-js parsing a document of as many characters. */
	readonly graphqlMs: number;
}

/** Medians in milliseconds. */
export interface HostileTimes {
	readonly hostileMs: Readonly<Record<string, number>>;
	/** graphql-js parsing a document of a megabyte. */
	readonly graphqlMs: number;
}

const MEGABYTE = 1_000_000;
/** The tasks take turns, so that a machine that is busy for a while is unfair to none of them. */
const ROUNDS = 5;
const ROUND_MS = 200;
const dialect = 'outbound' as const;
const CHECK = 'parse and check';
const PRINT = 'print';
const GRAPHQL = 'graphql-js';

const columns = new Map<string, Query.ColumnFacts>(
	Array.from({ length: 400 }, (_, index) => [
		`column${index}`,
		{ type: index % 2 === 0 ? 'number' : 'string' },
	]),
);
const contact: Query.TableFacts = { logicalName: 'contact', columns, relationships: new Map() };
const facts: Query.QueryFacts = {
	dialect,
	table: (name) => (name.toLowerCase() === 'contact' ? contact : 'unknown'),
};

function conditions(length: number): string {
	let text = 'PROFILE(contact).FILTER(column0 == 0';
	for (let index = 1; text.length < length - 40; index++) {
		const value = index % 2 === 0 ? index : `'run ${index}'`;
		text += ` ${index % 3 === 0 ? '||' : '&&'} column${index % 400} == ${value}`;
	}
	return `${text})`;
}

/** A document that asks for rows by columns and values, as GraphQL is written: neither dense nor full of white space. */
function graphqlDocument(length: number): string {
	let text = '{';
	for (let index = 0; text.length < length - 80; index++) {
		const value = index % 2 === 0 ? index : `"run ${index}"`;
		text += `\n  rows${index}: contacts(column${index % 400}: ${value}) { contactid fullname }`;
	}
	return `${text}\n}`.padEnd(length, ' ');
}

const query = conditions(4000);

const hostile = (): Readonly<Record<string, string>> => ({
	'1 MB of (': '('.repeat(MEGABYTE),
	'1 MB of an open quote': `PROFILE(contact).FILTER(name == '${'x'.repeat(MEGABYTE)}`,
	'1 MB of quotes': `PROFILE(contact).FILTER(name == ${"'".repeat(MEGABYTE + 1)}`,
	'1 MB of NOT(': `PROFILE(contact).FILTER(${'NOT('.repeat(MEGABYTE / 4)}`,
	'1 MB of conditions, the last one broken': `${conditions(MEGABYTE).slice(0, -1)} &&`,
});

async function measureQuery(): Promise<QueryTimes> {
	const tree = parseQuery(query, { dialect });
	const document = graphqlDocument(query.length);
	const medians = await measure({
		[CHECK]: () => void checkQuery(parseQuery(query, { dialect }), facts),
		[PRINT]: () => void printQuery(tree),
		[GRAPHQL]: () => void parse(document),
	});
	return {
		characters: query.length,
		checkMs: medians(CHECK),
		printMs: medians(PRINT),
		graphqlMs: medians(GRAPHQL),
	};
}

async function measureHostile(): Promise<HostileTimes> {
	const texts = hostile();
	const document = graphqlDocument(MEGABYTE);
	const medians = await measure(
		{
			[GRAPHQL]: () => void parse(document),
			...Object.fromEntries(
				Object.entries(texts).map(([name, text]) => [name, () => refuse(name, text)] as const),
			),
		},
		{ iterations: 3, warmupIterations: 1 },
	);
	return {
		graphqlMs: medians(GRAPHQL),
		hostileMs: Object.fromEntries(Object.keys(texts).map((name) => [name, medians(name)])),
	};
}

/** @returns the median of a task by its name, in milliseconds */
async function measure(
	tasks: Readonly<Record<string, () => void>>,
	few: { readonly iterations?: number; readonly warmupIterations?: number } = {},
): Promise<(name: string) => number> {
	// tinybench ships an ES module only.
	const { Bench } = await import('tinybench');
	const medians = new Map(Object.keys(tasks).map((name) => [name, [] as number[]]));
	for (let round = 0; round < ROUNDS; round += 1) {
		const bench = new Bench({ time: ROUND_MS, ...few });
		for (const [name, task] of Object.entries(tasks)) bench.add(name, task);
		await bench.run();
		for (const [name, list] of medians) {
			const result = bench.getTask(name)?.result;
			if (result === undefined || !('latency' in result)) {
				throw new Error(`"${name}" could not be measured (${result?.state ?? 'it did not run'})`);
			}
			list.push(result.latency.p50);
		}
	}
	return (name) => median(medians.get(name) ?? []);
}

function refuse(name: string, text: string): void {
	try {
		parseQuery(text, { dialect });
	} catch {
		return;
	}
	throw new Error(`${name} was read as a query.`);
}

process.once('message', ({ kind }: { readonly kind: 'hostile' | 'query' }) => {
	void (kind === 'query' ? measureQuery() : measureHostile()).then((times) =>
		process.send?.(times, () => process.exit(0)),
	);
});
