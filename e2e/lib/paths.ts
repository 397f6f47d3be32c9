/** Where things are, for a run of the end-to-end tests. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

export const projectFolder = path.resolve(__dirname, '../..');

/**
 * Logs and screenshots of the last run; ignored by git. The studio has a folder of its own (`E2E_RESULTS`), so that a run
 * of the tests beside it neither ends it nor takes its logs away.
 */
export const resultsFolder = path.join(projectFolder, '.results', process.env.E2E_RESULTS ?? 'e2e');

const lock = path.join(projectFolder, 'e2e/package-lock.json');

/**
 * The folder of the installed n8n server, its Node.js and the browser driver. It outlives the checkout, because installing
 * takes minutes; another set of versions gets another folder. `TEST_CACHE` names another place for all of them.
 */
export function serverFolder(): string {
	const versions = createHash('sha256').update(readFileSync(lock)).digest('hex').slice(0, 12);
	const cache = process.env.TEST_CACHE ?? path.join(homedir(), '.cache/n8n-nodes-dataverse-segments');
	return path.join(cache, `n8n-${versions}`);
}

/** Node.js as n8n 2.41 wants it, whichever one runs the tests. */
export const serverNode = (): string => path.join(serverFolder(), 'node_modules/node/bin/node');

export const n8nProgram = (): string => path.join(serverFolder(), 'node_modules/n8n/bin/n8n');
