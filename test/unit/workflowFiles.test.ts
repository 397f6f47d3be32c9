import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const folder = path.resolve(__dirname, '../../.github/workflows');
const files = readdirSync(folder).map(
	(name) => [name, readFileSync(path.join(folder, name), 'utf8')] as const,
);

it.each(files)('%s uses every action by the commit that was looked at', (_, text) => {
	const used = [...text.matchAll(/uses: (\S+)/g)].map(([, action]) => action);
	expect(used.length).toBeGreaterThan(0);
	for (const action of used) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
});

it('the job that may publish runs nothing of the project, and publishes what the tested job packed', () => {
	const text = readFileSync(path.join(folder, 'publish.yml'), 'utf8');
	const [before, publishing] = text.split('\n  publish:\n');
	expect(before).not.toContain('id-token');
	expect(publishing).toContain('needs: check');
	expect(publishing).not.toMatch(/npm (?:ci|install|run|test)|checkout|bash /);
	expect(publishing).toContain('--ignore-scripts');
});
