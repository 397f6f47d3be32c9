import { readFileSync } from 'node:fs';
import path from 'node:path';

import { printPermissions } from '../../scripts/permissionsDocument';

test('docs/PERMISSIONS.md lists the rights that Check asks for; npx tsx scripts/printPermissions.ts prints it', () => {
	const document = readFileSync(path.join(__dirname, '../../docs/PERMISSIONS.md'), 'utf8');

	expect(document).toBe(printPermissions());
});
