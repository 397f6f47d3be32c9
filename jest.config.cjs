const { project } = require('./jest.project.cjs');

/** @type {import('jest').Config} */
module.exports = {
	projects: [
		project('unit'),
		project('emulator'),
		{ ...project('engine'), globalSetup: '<rootDir>/test/support/clearEngineRuns.cjs' },
	],
	reporters: ['default', '<rootDir>/test/support/resultsReporter.cjs'],
};
