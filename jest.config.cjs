const { project } = require('./jest.project.cjs');

/** @type {import('jest').Config} */
module.exports = {
	// By default jest leaves one core idle, which is half of them on a small machine.
	maxWorkers: '100%',
	projects: [
		project('unit'),
		project('emulator'),
		project('hostile'),
		{ ...project('engine'), globalSetup: '<rootDir>/test/support/clearEngineRuns.cjs' },
	],
	reporters: ['default', '<rootDir>/test/support/resultsReporter.cjs'],
};
