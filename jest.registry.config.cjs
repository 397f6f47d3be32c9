const { project } = require('./jest.project.cjs');

/** Runs after the engine tests: compares what they ran with what the nodes offer. @type {import('jest').Config} */
module.exports = {
	...project('registry'),
	reporters: ['default', ['<rootDir>/test/support/resultsReporter.cjs', { append: true }]],
};
