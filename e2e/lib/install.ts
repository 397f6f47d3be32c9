/** Installing the n8n server into the cache folder, and the package under test into a user folder of n8n. */

import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { n8nProgram, projectFolder, resultsFolder, serverFolder, serverNode } from './paths';
import { run } from './processes';

/** Where the tarball of the package is left; `E2E_TARBALL` tells the tests. */
const packFolder = path.join(resultsFolder, 'package');

/**
 * Installs n8n, its Node.js and the browser driver once; a second call finds them there. The folder gets its name last,
 * so that an installation that was broken off is never taken for a whole one.
 * @param tell is told what takes so long
 */
export async function installServer(tell: (line: string) => void): Promise<void> {
	const folder = serverFolder();
	if (!existsSync(folder)) {
		const unfinished = `${folder}.${process.pid}`;
		tell('Installing the n8n server into the cache folder; this takes some minutes, once.');
		await rm(unfinished, { recursive: true, force: true });
		await mkdir(unfinished, { recursive: true });
		for (const file of ['package.json', 'package-lock.json']) {
			await copyFile(path.join(projectFolder, 'e2e', file), path.join(unfinished, file));
		}
		// Install scripts stay off, because one of them fetches sources; the two that are needed are run by name.
		await npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], unfinished);
		await npm(['rebuild', 'node', 'sqlite3', '--ignore-scripts=false', '--loglevel=error'], unfinished);
		await rename(unfinished, folder);
	}
	await linkDependencies(folder);
	for (const file of [serverNode(), n8nProgram()]) {
		if (!existsSync(file)) throw new Error(`${file} is missing. Remove ${folder} and run again.`);
	}
}

/** Packs the project as it would be published. @returns the path of the tarball. */
export async function packProject(): Promise<string> {
	await rm(packFolder, { recursive: true, force: true });
	await mkdir(packFolder, { recursive: true });
	await npm(['run', '--silent', 'build'], projectFolder);
	await npm(['pack', '--ignore-scripts', '--silent', '--pack-destination', packFolder], projectFolder);
	const [tarball] = (await readdir(packFolder)).filter((name) => name.endsWith('.tgz'));
	if (tarball === undefined) throw new Error('npm pack left no tarball');
	return path.join(packFolder, tarball);
}

/** Installs the tarball as n8n's own installer of community packages does, into `<userFolder>/.n8n/nodes`. */
export async function installPackage(tarball: string, userFolder: string): Promise<void> {
	const folder = path.join(userFolder, '.n8n/nodes');
	await mkdir(folder, { recursive: true });
	const manifest = { name: 'installed-nodes', private: true, dependencies: {} };
	await writeFile(path.join(folder, 'package.json'), JSON.stringify(manifest));
	const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
	await npm(['install', '--legacy-peer-deps', '--omit=peer', '--ignore-scripts', ...quiet, tarball], folder);
}

/** The tests import the browser driver by its name. */
async function linkDependencies(folder: string): Promise<void> {
	const link = path.join(projectFolder, 'e2e/node_modules');
	await rm(link, { force: true });
	await symlink(path.join(folder, 'node_modules'), link);
}

const npm = async (args: readonly string[], cwd: string): Promise<string> =>
	await run({ program: 'npm', args, cwd });
