const { project } = require('./jest.project.cjs');

/** Every operation with every fault, and random schedules of them. @type {import('jest').Config} */
module.exports = {
	...project('faults'),
	maxWorkers: '100%',
	testTimeout: 60_000,
	reporters: [
		'default',
		['<rootDir>/test/support/resultsReporter.cjs', { append: true }],
		'<rootDir>/test/faults/reporter.cjs',
	],
};
