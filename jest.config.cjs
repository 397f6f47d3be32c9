const transform = {
	'^.+\\.[tj]s$': [
		'@swc/jest',
		{ jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
	],
};

// These packages ship ES modules only and jest runs CommonJS.
const transformIgnorePatterns = ['/node_modules/(?!(jose|fast-check|pure-rand|tinybench)/)'];

const project = (name) => ({
	displayName: name,
	testEnvironment: 'node',
	testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
	transform,
	transformIgnorePatterns,
});

/** @type {import('jest').Config} */
module.exports = {
	projects: ['unit', 'emulator', 'engine'].map(project),
	project,
};
