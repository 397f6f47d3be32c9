/** What reading and checking a query costs. Run with `npx tsx bench/query.bench.ts`. */
import {
	type ColumnFacts,
	checkQuery,
	parseQuery,
	printQuery,
	type QueryFacts,
	type TableFacts,
} from '../core/query';

const MEGABYTE = 1_000_000;
const dialect = 'outbound' as const;

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
const tree = parseQuery(query, { dialect });
const hostile: Readonly<Record<string, string>> = {
	'1 MB of (': '('.repeat(MEGABYTE),
	'1 MB of an open quote': `PROFILE(contact).FILTER(name == '${'x'.repeat(MEGABYTE)}`,
	'1 MB of quotes': `PROFILE(contact).FILTER(name == ${"'".repeat(MEGABYTE + 1)}`,
	'1 MB of NOT(': `PROFILE(contact).FILTER(${'NOT('.repeat(MEGABYTE / 4)}`,
	'1 MB of conditions, the last one broken': `${conditions(MEGABYTE).slice(0, -1)} &&`,
};

async function main(): Promise<void> {
	// tinybench ships an ES module only.
	const { Bench } = await import('tinybench');
	const bench = new Bench({ time: 500 });
	bench.add(`parse and check ${query.length} characters`, () => {
		checkQuery(parseQuery(query, { dialect }), facts);
	});
	bench.add(`print ${query.length} characters`, () => {
		printQuery(tree);
	});
	for (const [name, text] of Object.entries(hostile)) {
		bench.add(name, () => {
			try {
				parseQuery(text, { dialect });
			} catch {
				return;
			}
			throw new Error(`${name} was read as a query.`);
		});
	}
	await bench.run();
	console.table(bench.table());
}

void main();
