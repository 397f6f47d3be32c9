/** A process that measures the query language with tinybench. */

import {
	type ColumnFacts,
	checkQuery,
	parseQuery,
	printQuery,
	type QueryFacts,
	type TableFacts,
} from '../core/query';

export interface QueryTimes {
	readonly characters: number;
	/** Medians in milliseconds. */
	readonly checkMs: number;
	readonly printMs: number;
	readonly hostileMs: Readonly<Record<string, number>>;
}

const MEGABYTE = 1_000_000;
const MEASURED_MS = 1_000;
const dialect = 'outbound' as const;
const CHECK = 'parse and check';
const PRINT = 'print';

const columns = new Map<string, ColumnFacts>(
	Array.from({ length: 400 }, (_, index) => [
		`column${index}`,
		{ type: index % 2 === 0 ? 'number' : 'string' },
	]),
);
const contact: TableFacts = { logicalName: 'contact', columns, relationships: new Map() };
const facts: QueryFacts = {
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

const query = conditions(4000);

const hostile = (): Readonly<Record<string, string>> => ({
	'1 MB of (': '('.repeat(MEGABYTE),
	'1 MB of an open quote': `PROFILE(contact).FILTER(name == '${'x'.repeat(MEGABYTE)}`,
	'1 MB of quotes': `PROFILE(contact).FILTER(name == ${"'".repeat(MEGABYTE + 1)}`,
	'1 MB of NOT(': `PROFILE(contact).FILTER(${'NOT('.repeat(MEGABYTE / 4)}`,
	'1 MB of conditions, the last one broken': `${conditions(MEGABYTE).slice(0, -1)} &&`,
});

async function measure(kind: 'hostile' | 'query'): Promise<QueryTimes> {
	// tinybench ships an ES module only.
	const { Bench } = await import('tinybench');
	const few = { iterations: 10, warmupIterations: 2 };
	const bench = new Bench({ time: MEASURED_MS, ...(kind === 'hostile' ? few : {}) });
	const texts = kind === 'hostile' ? hostile() : {};
	if (kind === 'query') {
		const tree = parseQuery(query, { dialect });
		bench.add(CHECK, () => void checkQuery(parseQuery(query, { dialect }), facts));
		bench.add(PRINT, () => void printQuery(tree));
	}
	for (const [name, text] of Object.entries(texts)) bench.add(name, () => refuse(name, text));
	await bench.run();
	const medianOf = (name: string) => {
		const result = bench.getTask(name)?.result;
		if (result === undefined) return 0;
		if (!('latency' in result)) throw new Error(`"${name}" could not be measured (${result.state})`);
		return result.latency.p50;
	};
	return {
		characters: query.length,
		checkMs: medianOf(CHECK),
		printMs: medianOf(PRINT),
		hostileMs: Object.fromEntries(Object.keys(texts).map((name) => [name, medianOf(name)])),
	};
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
	void measure(kind).then((times) => process.send?.(times, () => process.exit(0)));
});
