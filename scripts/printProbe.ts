import { readFileSync, writeFileSync } from 'node:fs';

import { printAssumptions } from '../probe/document';

/** Prints the table of docs/PROBE.md: tsx scripts/printProbe.ts */
const file = 'docs/PROBE.md';
const [before = ''] = readFileSync(file, 'utf8').split('| assumption |');
writeFileSync(file, `${before}${printAssumptions()}\n`);
