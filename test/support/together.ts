/**
 * Runs many test files as one for jest, which loads every module again for each file: n8n's engine alone has 1,700.
 * `npm test` runs the parts in test/together, `npx jest <file>` a file by itself.
 */

import { readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const TESTS = path.join(__dirname, '..');
const requireHere = createRequire(__filename);

/** The longest time-out that one of the files asks for: jest has one for all that it takes for a file. */
const TIMEOUT_MS = 180_000;

/** What the name of a file in test/together says: `engine-2-of-6.test.ts`. */
export interface Part {
	readonly folder: string;
	readonly number: number;
	readonly of: number;
}

/** @throws when the name of the file does not say which part it runs. */
export function partOf(file: string): Part {
	const [, folder, number, of] = /^(\w+)-(\d+)-of-(\d+)\.test\.ts$/.exec(path.basename(file)) ?? [];
	if (folder === undefined) throw new Error(`"${file}" has to be named like engine-2-of-6.test.ts`);
	return { folder, number: Number(number), of: Number(of) };
}

/** Files of that part, relative to test/. They are dealt out by size, so that the parts take about the same time. */
export function filesOf({ folder, number, of }: Part): readonly string[] {
	const files = readdirSync(path.join(TESTS, folder), { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.test.ts'))
		.map((file) => path.join(folder, file));
	const sizes = new Map(files.map((file) => [file, statSync(path.join(TESTS, file)).size]));
	return files
		.sort((a, b) => (sizes.get(b) ?? 0) - (sizes.get(a) ?? 0) || (a < b ? -1 : 1))
		.filter((_, place) => place % of === number - 1);
}

/** Declares the tests of a part, those of each file under its path, with its own hooks. */
export function runPart(file: string): void {
	for (const tests of filesOf(partOf(file))) {
		describe(`test/${tests}`, () => {
			requireHere(path.join(TESTS, tests));
			// A clock that one file makes faster is right again for the next.
			afterAll(() => jest.restoreAllMocks());
		});
	}
	jest.setTimeout(TIMEOUT_MS);
}
