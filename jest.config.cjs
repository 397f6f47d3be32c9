const { project } = require('./jest.project.cjs');

/** @type {import('jest').Config} */
module.exports = {
	projects: ['unit', 'emulator', 'engine'].map(project),
	reporters: ['default', '<rootDir>/test/support/resultsReporter.cjs'],
};
