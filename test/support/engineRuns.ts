/** Which operations the engine tests have really run: written at run time, compared with the registry afterwards. */

import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const FOLDER = path.join(__dirname, '../../.results/engine-runs');

export interface EngineRun {
	readonly node: string;
	readonly resource: string;
	readonly operation: string;
	readonly outcome: 'failure' | 'success';
}

/** Notes a run that reached the service; one that sent nothing proves nothing about the operation. */
export function noteEngineRun(run: EngineRun, requests: number): void {
	if (requests === 0) return;
	mkdirSync(FOLDER, { recursive: true });
	appendFileSync(path.join(FOLDER, `${process.pid}.jsonl`), `${JSON.stringify(run)}\n`);
}

export function notedEngineRuns(): readonly EngineRun[] {
	if (!existsSync(FOLDER)) return [];
	return readdirSync(FOLDER).flatMap((file) =>
		readFileSync(path.join(FOLDER, file), 'utf8')
			.split('\n')
			.filter((line) => line !== '')
			.map((line) => JSON.parse(line) as EngineRun),
	);
}
