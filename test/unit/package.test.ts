import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const root = resolve(__dirname, '../..');
const read = (file: string): string => readFileSync(resolve(root, file), 'utf8');
const readJson = (file: string): Record<string, unknown> => JSON.parse(read(file)) as Record<string, unknown>;

const manifest = readJson('package.json');

describe('the published package', () => {
	it('brings no packages of its own and takes n8n-workflow from the n8n it is installed in', () => {
		const { dependencies, optionalDependencies, bundledDependencies, bundleDependencies } = manifest;
		expect([dependencies, optionalDependencies, bundledDependencies, bundleDependencies]).toEqual(
			Array(4).fill(undefined),
		);
		expect(manifest.peerDependencies).toEqual({ 'n8n-workflow': '*' });
	});

	it('holds the built files and nothing else', () => {
		expect(manifest.files).toEqual(['dist']);
		expect(manifest.main).toBeUndefined();
	});

	it('is found by n8n and says which nodes and credentials to load', () => {
		expect(manifest.keywords).toContain('n8n-community-node-package');
		expect(manifest.n8n).toMatchObject({
			n8nNodesApiVersion: 1,
			credentials: [expect.stringMatching(/^dist\/credentials\/.+\.credentials\.js$/)],
			nodes: Array(3).fill(expect.stringMatching(/^dist\/nodes\/(\w+)\/\1\.node\.js$/)),
		});
	});

	it('runs no code when it is installed', () => {
		const atInstall = ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish'];
		expect(Object.keys(manifest.scripts as object).filter((name) => atInstall.includes(name))).toEqual([]);
	});

	it('is free to use, and its licence is in the repository', () => {
		expect(manifest.license).toBe('MIT');
		expect(read('LICENSE.md')).toContain('Permission is hereby granted, free of charge');
	});
});

describe('a fresh clone', () => {
	it('installs exactly the versions that were tried together', () => {
		const versions = Object.values(manifest.devDependencies as Record<string, string>);
		expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
		expect(manifest).not.toHaveProperty('overrides');
		expect(manifest).not.toHaveProperty('resolutions');
	});

	it('installs from whichever registry its owner uses', () => {
		const { packages } = readJson('package-lock.json') as { packages: Record<string, { resolved?: string }> };
		const named = Object.entries(packages).filter(([, { resolved }]) => resolved !== undefined);
		expect(Object.keys(packages).length).toBeGreaterThan(100);
		expect(named).toEqual([]);
	});

	it.each(['package-lock.json', 'e2e/package-lock.json', 'test/floor/package-lock.json'])(
		'installs from %s nothing whose content is not the one that was tried',
		(file) => {
			const { packages } = readJson(file) as { packages: Record<string, { integrity?: string }> };
			const unchecked = Object.entries(packages).filter(
				([name, { integrity }]) => name !== '' && !/^sha512-/.test(integrity ?? ''),
			);
			expect(unchecked).toEqual([]);
		},
	);

	it('runs no scripts of foreign packages', () => {
		expect(read('.npmrc').trim().split('\n').sort()).toEqual([
			'ignore-scripts=true',
			'omit-lockfile-registry-resolved=true',
		]);
	});

	it('does without scripts that npm would call by itself, since those are silenced', () => {
		const names = Object.keys(manifest.scripts as object);
		const hooks = names.filter(
			(name) => names.includes(name.replace(/^(pre|post)/, '')) && /^(pre|post)/.test(name),
		);
		expect(hooks).toEqual([]);
	});
});
