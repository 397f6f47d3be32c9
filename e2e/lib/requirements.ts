/** What a run needs from the machine beside Node.js; whatever is missing is named with the command that installs it. */

import { existsSync } from 'node:fs';
import { readdirSync } from 'node:fs';
import path from 'node:path';

import { serverNode } from './paths';

export type Part = 'browser' | 'flows' | 'queue';

export const PARTS: readonly Part[] = ['flows', 'browser', 'queue'];

interface Requirement {
	readonly name: string;
	readonly neededFor: string;
	/** Package of Debian that holds it. */
	readonly debianPackage: string;
	readonly isNeeded: (parts: readonly Part[]) => boolean;
	readonly isThere: () => boolean;
}

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const POSTGRES = '/usr/lib/postgresql';

const REQUIREMENTS: readonly Requirement[] = [
	{
		name: 'Chromium',
		neededFor: 'the browser part',
		debianPackage: 'chromium',
		isNeeded: (parts) => parts.includes('browser'),
		isThere: () => findChromium() !== undefined,
	},
	{
		name: 'redis-server',
		neededFor: 'the queue part',
		debianPackage: 'redis-server',
		isNeeded: (parts) => parts.includes('queue'),
		isThere: () => isOnPath('redis-server'),
	},
	{
		name: 'PostgreSQL (server programs)',
		neededFor: 'the queue part',
		debianPackage: 'postgresql',
		isNeeded: (parts) => parts.includes('queue'),
		isThere: () => findPostgres() !== undefined,
	},
	...(['python3', 'make', 'g++'] as const).map((program) => ({
		name: program,
		neededFor: 'building the database driver of n8n once',
		debianPackage: program,
		isNeeded: () => !existsSync(serverNode()),
		isThere: () => isOnPath(program),
	})),
];

/** What these parts need and this machine lacks, a line each; empty when all is there. */
export function missingRequirements(parts: readonly Part[]): readonly string[] {
	const missing = REQUIREMENTS.filter((each) => each.isNeeded(parts) && !each.isThere());
	return missing.map(
		({ name, neededFor, debianPackage }) =>
			`${name} is missing; it is needed for ${neededFor}. Install it with: apt-get install --no-install-recommends ${debianPackage}`,
	);
}

/** The browser's program; `CHROMIUM` in the environment names another one. */
export function findChromium(): string | undefined {
	const named = process.env.CHROMIUM;
	return (named === undefined ? CHROMIUM : [named]).find((file) => existsSync(file));
}

/** The folder of initdb and postgres, of the newest version that is installed. */
export function findPostgres(): string | undefined {
	if (!existsSync(POSTGRES)) return undefined;
	const versions = readdirSync(POSTGRES).sort((a, b) => Number(b) - Number(a));
	return versions
		.map((version) => path.join(POSTGRES, version, 'bin'))
		.find((folder) => existsSync(path.join(folder, 'initdb')));
}

function isOnPath(program: string): boolean {
	const folders = (process.env.PATH ?? '').split(path.delimiter);
	return folders.some((folder) => existsSync(path.join(folder, program)));
}
