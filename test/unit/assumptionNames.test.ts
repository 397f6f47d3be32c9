import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readAssumptions } from '../engine/assumptions/table';

const root = resolve(__dirname, '../..');
const NAMES = /Assumption: ((?:[a-z]\w*)(?:,\s*(?:\*\s*|\/\/\s*)?[a-z]\w*)*)/g;

/** The assumptions that comments of a text name. */
function namesIn(text: string): string[] {
	return [...text.matchAll(NAMES)].flatMap(([, names = '']) => names.match(/[a-z]\w*/gi) ?? []);
}

const named = new Map<string, string[]>();
for (const folder of ['core', 'nodes', 'credentials'])
	for (const file of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
		if (!file.endsWith('.ts')) continue;
		for (const name of namesIn(readFileSync(join(root, folder, file), 'utf8')))
			named.set(name, [...(named.get(name) ?? []), `${folder}/${file}`]);
	}

const ids = [...new Set(readAssumptions().map(({ id }) => id))];
const document = readFileSync(join(root, 'emulator/ASSUMPTIONS.md'), 'utf8');
const [, section = ''] = document.split('## Assumptions that the nodes do not depend on');
const independent = [...(section.split('\n## ')[0] ?? '').matchAll(/^- `(\w+)`: /gm)].map(([, id]) => id);

describe('the line that rests on an assumption is found by its name', () => {
	it.each(ids.filter((id) => !independent.includes(id)))('%s is named at the code that rests on it', (id) => {
		expect(named.get(id) ?? []).not.toHaveLength(0);
	});

	it('every name in a comment is an assumption of the table', () => {
		const unknown = [...named].filter(([name]) => !ids.includes(name));
		expect(unknown).toEqual([]);
	});

	it('what the nodes do not depend on is in the table and named nowhere', () => {
		expect(independent.filter((id = '') => !ids.includes(id) || named.has(id))).toEqual([]);
	});

	it('an assumption under which the nodes refuse or say something is one that they depend on', () => {
		const heard = readAssumptions().filter(({ nodes }) => nodes !== 'works');
		expect(heard.filter(({ id }) => independent.includes(id)).map(({ id }) => id)).toEqual([]);
	});

	it('several names after one word are all read, across lines too', () => {
		expect(namesIn('* Assumption: one, two\n')).toEqual(['one', 'two']);
		expect(namesIn(' * Assumption: one,\n * two\n')).toEqual(['one', 'two']);
		expect(namesIn('// Assumption: one\nconst a = 1')).toEqual(['one']);
	});
});
