const { createRequire } = require('node:module');
const { availableParallelism } = require('node:os');
const path = require('node:path');

const transform = {
	'^.+\\.[tj]s$': [
		'@swc/jest',
		{ jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
	],
};

const esModulesOnly = ['jose', 'fast-check', 'pure-rand', 'tinybench'].map((name) => `${name}/`);

// The isolated expression engines are loaded with import(), which jest leaves to the transform in CommonJS.
const importsAtRunTime = [
	'n8n-workflow/dist/cjs/expression\\.js',
	'@n8n/expression-runtime/dist/cjs/bridge/',
	'quickjs-emscripten',
	'@jitl/quickjs',
];

const transformed = [...esModulesOnly, ...importsAtRunTime];

/** Servers and engines are started for many tests, and a busy machine is not a fault. */
const TIMEOUT_MS = 30_000;

/**
 * One folder of tests as a project; `esModules` are further packages that have to be transformed. Jest takes a time-out
 * for all projects only, so each has its own by a file that is run first.
 */
const project = (name, { esModules = [], timeoutMs = TIMEOUT_MS, globals = {}, ...more } = {}) => ({
	displayName: name,
	testEnvironment: 'node',
	testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
	transform,
	setupFilesAfterEnv: ['<rootDir>/test/support/everyTest.cjs'],
	globals: { TEST_TIMEOUT_MS: timeoutMs, ...globals },
	transformIgnorePatterns: [
		`/node_modules/(?!(${[...transformed, ...esModules.map((module) => `${module}/`)].join('|')}))`,
	],
	...more,
});

/** Libraries that the engine loads and no test needs. */
const moduleNameMapper = { '^(@langchain/core/tools|ssh2)$': '<rootDir>/test/support/notNeeded.cjs' };

const engine = { globalSetup: '<rootDir>/test/support/clearEngineRuns.cjs', moduleNameMapper };

/** What `jest` runs by itself, file by file. */
const everyDay = () => [project('unit'), project('emulator'), project('hostile'), project('engine', engine)];

/** The engine tests in the oldest n8n, and the built nodes once. One copy of n8n for tests and nodes alike. */
function floor(folder) {
	const { resolve } = createRequire(path.join(folder, 'package.json'));
	const modules = ['n8n-core', 'n8n-workflow', 'reflect-metadata'];
	return project('floor', {
		esModules: ['p-retry', 'is-network-error'],
		testMatch: ['<rootDir>/test/{engine,floor}/**/*.test.ts'],
		moduleNameMapper: {
			...Object.fromEntries(modules.map((name) => [`^${name}$`, resolve(name)])),
			'^n8n-core/package.json$': path.join(folder, 'node_modules/n8n-core/package.json'),
		},
	});
}

/** A part of the end-to-end tests, in the real n8n server. */
const endToEnd = (name) =>
	project(name, { testMatch: [`<rootDir>/e2e/${name}/**/*.test.ts`], timeoutMs: 5 * 60_000 });

/** What is run by name only: `npx jest --selectProjects faults`. */
const byName = () => [
	// The same files in a few parts, so that n8n's engine is loaded six times and not for each of them: `npm test`.
	project('together', engine),
	// Compares what the engine tests ran with what the nodes offer, so it runs after them.
	project('registry'),
	// Every operation with every fault, and random schedules of them.
	project('faults', { timeoutMs: 60_000, moduleNameMapper }),
	// Long properties and sweeps, and more queries for both readers.
	project('deep', {
		timeoutMs: 25 * 60_000,
		testMatch: ['<rootDir>/test/deep/**/*.test.ts', '<rootDir>/test/emulator/queryVerdicts.test.ts'],
		globals: { MUTATED_QUERIES: 20_000 },
	}),
	// `npm run test:floor` installs the oldest n8n, and `npm run e2e` the server, before they start jest.
	...(process.env.FLOOR_FOLDER ? [floor(process.env.FLOOR_FOLDER)] : []),
	...['flows', 'browser', 'queue'].map(endToEnd),
];

const isChosen = process.argv.some((argument) => argument.startsWith('--selectProjects'));

/** @type {import('jest').Config} */
module.exports = {
	// A third of the time of a test that talks to a service goes by in waiting, so there are more workers than cores.
	maxWorkers: Math.ceil(availableParallelism() * 1.5),
	projects: isChosen ? [...everyDay(), ...byName()] : everyDay(),
	reporters: ['default', '<rootDir>/test/support/resultsReporter.cjs', '<rootDir>/test/faults/reporter.cjs'],
};
