import { readdirSync } from 'node:fs';
import path from 'node:path';

import { filesOf, partOf } from '../support/together';

const TESTS = path.join(__dirname, '..');
const parts = readdirSync(path.join(TESTS, 'together')).map(partOf);

test.each(['emulator', 'engine', 'hostile', 'unit'])('npm test runs every file of test/%s once', (folder) => {
	const all = readdirSync(path.join(TESTS, folder), { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.test.ts'))
		.map((file) => path.join(folder, file));

	expect(
		parts
			.filter((part) => part.folder === folder)
			.flatMap(filesOf)
			.sort(),
	).toEqual(all.sort());
});
