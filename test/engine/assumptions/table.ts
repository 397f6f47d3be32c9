/** The table of emulator/ASSUMPTIONS.md, read. */

import { readFileSync } from 'node:fs';
import path from 'node:path';

export interface AssumptionRow {
	readonly id: string;
	readonly value: string;
	readonly isDefault: boolean;
	/** `works`, `refuses: words` (the node ends with them), `says: words` (a hint above the output) or `not yet: what is wrong`. */
	readonly nodes: string;
}

export function readAssumptions(): readonly AssumptionRow[] {
	const text = readFileSync(path.join(__dirname, '../../../emulator/ASSUMPTIONS.md'), 'utf8');
	return text
		.split('\n')
		.filter((line) => line.startsWith('| `'))
		.map((line) => {
			const cells = line.split('|').map((cell) => cell.trim());
			return {
				id: unquote(cells[1]),
				value: unquote(cells[2]),
				isDefault: cells[3] === 'yes',
				nodes: cells[6] ?? '',
			};
		});
}

const unquote = (cell = '') => cell.replace(/`/g, '');
