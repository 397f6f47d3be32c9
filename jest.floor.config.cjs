const { createRequire } = require('node:module');
const path = require('node:path');

const { project } = require('./jest.project.cjs');

const folder = process.env.FLOOR_FOLDER;
if (!folder) throw new Error('Start this by npm run test:floor, which installs the oldest n8n.');
const floor = createRequire(path.join(folder, 'package.json'));

/** The engine tests in the oldest n8n, and the built nodes once. One copy of n8n for tests and nodes alike. @type {import('jest').Config} */
module.exports = {
	...project('engine', ['p-retry', 'is-network-error']),
	displayName: 'floor',
	testMatch: ['<rootDir>/test/{engine,floor}/**/*.test.ts'],
	moduleNameMapper: {
		...Object.fromEntries(
			['n8n-core', 'n8n-workflow', 'reflect-metadata'].map((name) => [`^${name}$`, floor.resolve(name)]),
		),
		'^n8n-core/package.json$': path.join(folder, 'node_modules/n8n-core/package.json'),
	},
	maxWorkers: '100%',
	// The old engine leaves timers behind.
	forceExit: true,
	testTimeout: 30_000,
	reporters: ['default', ['<rootDir>/test/support/resultsReporter.cjs', { append: true }]],
};
