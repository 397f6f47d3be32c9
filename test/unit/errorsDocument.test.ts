import { readFileSync } from 'node:fs';
import path from 'node:path';

import { printCatalogue } from '../../core/dataverse/errors/catalogue';
import { ERRORS_INTRODUCTION } from '../../scripts/errorsIntroduction';

test('docs/ERRORS.md lists what the nodes say; npx tsx scripts/printErrors.ts prints it again', () => {
	const document = readFileSync(path.join(__dirname, '../../docs/ERRORS.md'), 'utf8');

	expect(document).toBe(`${ERRORS_INTRODUCTION}\n${printCatalogue()}`);
});
