/**
 * `npm run bench:server`: 200,000 rows of a webhook's CSV file into a segment in the real n8n server, by the node and by
 * n8n's own nodes. `-- --json` prints one JSON array and nothing else on stdout; `-- --rows <n>` tries it with so many rows,
 * once, which shows that it works and measures nothing. Ends with 1 when a figure misses its budget.
 */

import './server/folder';

import { parseArgs } from 'node:util';

import { installServer, packProject } from '../e2e/lib/install';
import { endLeftovers } from '../e2e/lib/processes';
import { missingRequirements } from '../e2e/lib/requirements';
import { startStubProcess } from './measure';
import { note, printResults } from './print';
import { compareInServer } from './server/compare';
import { prepareServer } from './server/measure';

const ROWS = 200_000;
const ROUNDS = 3;
const LATENCY_MS = 20;

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: { json: { type: 'boolean', default: false }, rows: { type: 'string' } },
	});
	const missing = missingRequirements([]);
	if (missing.length > 0) throw new Error(missing.join('\n'));
	endLeftovers();
	await installServer(note);
	const tarball = await packProject();
	const stub = await startStubProcess();
	try {
		const server = await prepareServer(stub.url, tarball);
		const [rows, rounds] = values.rows === undefined ? [ROWS, ROUNDS] : [Number(values.rows), 1];
		const results = await compareInServer(server, { rows, rounds, latencyMs: LATENCY_MS, note });
		if (values.json) process.stdout.write(`${JSON.stringify(results, null, '\t')}\n`);
		else printResults(results);
		process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
	} finally {
		stub.stop();
		endLeftovers();
	}
}

main().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
	process.exitCode = 1;
});
