/**
 * `npm run test:floor`: the engine tests and the built nodes in the oldest n8n that the nodes run in (test/floor). It is
 * installed once into the cache folder, under a name made from its lock file; further arguments go to jest. `TEST_CACHE`
 * names another cache folder.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const pinned = path.join(root, 'test/floor');
const manifests = ['package.json', 'package-lock.json'];

const folder = install();
const { dependencies } = JSON.parse(readFileSync(path.join(pinned, 'package.json'), 'utf8'));
process.stdout.write(`Oldest n8n: n8n-core ${dependencies['n8n-core']}, in ${folder}\n`);
process.exitCode = run(
	'npx',
	['jest', '--selectProjects', 'floor', '--forceExit', ...process.argv.slice(2)],
	root,
	{
		FLOOR_FOLDER: folder,
	},
);

/** An install that is broken off leaves only a folder that nobody looks at. */
function install() {
	const hash = createHash('sha256');
	for (const name of manifests) hash.update(readFileSync(path.join(pinned, name)));
	const cache = process.env.TEST_CACHE ?? path.join(homedir(), '.cache/n8n-nodes-dataverse-segments');
	const installed = path.join(cache, `floor-${hash.digest('hex').slice(0, 12)}`);
	if (existsSync(installed)) return installed;
	mkdirSync(cache, { recursive: true });
	const unfinished = mkdtempSync(path.join(cache, 'unfinished-'));
	try {
		for (const name of manifests) copyFileSync(path.join(pinned, name), path.join(unfinished, name));
		// The engine needs no scripts: its native modules are optional here.
		if (run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], unfinished) !== 0) {
			throw new Error('The oldest n8n could not be installed.');
		}
		renameSync(unfinished, installed);
	} finally {
		rmSync(unfinished, { recursive: true, force: true });
	}
	return installed;
}

function run(command, args, cwd, environment = {}) {
	const env = { ...process.env, ...environment };
	return spawnSync(command, args, { cwd, env, stdio: 'inherit' }).status ?? 1;
}
