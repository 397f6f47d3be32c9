/**
 * `npm run e2e`: the packed package in the real n8n server. Installs n8n once into a cache folder, packs the project, runs
 * the chosen parts (all of them by default) and ends whatever it started; `-- --browser firstSteps` runs the files of that
 * name only. Logs and screenshots stay in `.results/e2e`.
 */

import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { installServer, packProject } from './lib/install';
import { projectFolder, resultsFolder } from './lib/paths';
import { endLeftovers } from './lib/processes';
import { missingRequirements, PARTS } from './lib/requirements';

const tell = (line: string): void => void process.stderr.write(`${line}\n`);

async function main(): Promise<number> {
	const { values, positionals: files } = parseArgs({
		options: Object.fromEntries(PARTS.map((part) => [part, { type: 'boolean' as const }])),
		allowPositionals: true,
	});
	const chosen = PARTS.filter((part) => values[part]);
	const parts = chosen.length > 0 ? chosen : PARTS;
	const missing = missingRequirements(parts);
	if (missing.length > 0) {
		for (const line of missing) tell(line);
		return 1;
	}
	endLeftovers();
	await rm(resultsFolder, { recursive: true, force: true });
	await installServer(tell);
	const tarball = await packProject();
	tell(`Running: ${parts.join(', ')}. Logs: ${path.relative(projectFolder, resultsFolder)}`);
	try {
		return await runJest(parts, files, { E2E_TARBALL: tarball });
	} finally {
		endLeftovers();
	}
}

async function runJest(
	parts: readonly string[],
	files: readonly string[],
	env: Readonly<Record<string, string>>,
): Promise<number> {
	const jest = path.join(projectFolder, 'node_modules/jest/bin/jest.js');
	const chosen = files.length > 0 ? ['--testPathPatterns', ...files] : [];
	const args = [jest, '--runInBand', '--selectProjects', ...parts, ...chosen];
	const child = spawn(process.execPath, args, {
		cwd: projectFolder,
		env: { ...process.env, ...env },
		stdio: 'inherit',
	});
	// Both get Ctrl-C from the terminal; this process waits, so that it can end what is left.
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void child.kill(signal));
	return await new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
}

main()
	.then((code) => process.exit(code))
	.catch((error: unknown) => {
		tell(error instanceof Error ? error.message : String(error));
		process.exit(1);
	});
