const { existsSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');

/**
 * Leaves the totals of a run in `.results/tests.json`, where the last line of `.ci/run` takes them from.
 * With `append` they are added to those of the run before.
 */
module.exports = class ResultsReporter {
	constructor({ rootDir }, { append = false } = {}) {
		this.file = path.join(rootDir, '.results/tests.json');
		this.append = append;
	}

	onRunComplete(_contexts, { numPassedTests, numFailedTests, numRuntimeErrorTestSuites }) {
		const before = this.append && existsSync(this.file) ? JSON.parse(readFileSync(this.file, 'utf8')) : {};
		// A file that does not even load has no tests to fail, and counts as one.
		const totals = {
			passed: (before.passed ?? 0) + numPassedTests,
			failed: (before.failed ?? 0) + numFailedTests + numRuntimeErrorTestSuites,
		};
		mkdirSync(path.dirname(this.file), { recursive: true });
		writeFileSync(this.file, `${JSON.stringify(totals)}\n`);
	}
};
