/**
 * `npm run bench`: what the package costs beside a bare loop, measured in one run. `-- --json` prints one JSON array and
 * nothing else on stdout; `-- --markdown` a table for the docs; `-- --only <name>` runs the cases whose name begins so;
 * `-- --people <n>` tries the comparisons with so many people at most, which shows that they work and measures nothing.
 * Ends with 1 when a case misses its budget.
 */

import { parseArgs } from 'node:util';

import { CASES } from './cases';
import type { CaseResult } from './cases/case';
import { startStubProcess } from './measure';
import { note, noteResult, printMarkdown, printResults } from './print';

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			json: { type: 'boolean', default: false },
			markdown: { type: 'boolean', default: false },
			only: { type: 'string', default: '' },
			people: { type: 'string' },
		},
	});
	const cases = CASES.filter(({ name }) => name.startsWith(values.only));
	if (cases.length === 0) throw new Error(`No case begins with "${values.only}"`);
	const mostPeople = values.people === undefined ? undefined : Number(values.people);
	const stub = await startStubProcess();
	const results: CaseResult[] = [];
	try {
		for (const aCase of cases) {
			const start = performance.now();
			const result = await aCase.run({ stub, note, mostPeople });
			results.push({ ...result, tookSeconds: Math.round((performance.now() - start) / 1_000) });
			noteResult(result);
		}
	} finally {
		stub.stop();
	}
	if (values.json) process.stdout.write(`${JSON.stringify(results, null, '\t')}\n`);
	else if (values.markdown) printMarkdown(results);
	else printResults(results);
	process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
}

main().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
	process.exitCode = 1;
});
