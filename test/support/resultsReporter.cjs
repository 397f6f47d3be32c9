const { existsSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');

/**
 * Adds the totals of a run to `.results/tests.json`, where the last line of `.ci/run` takes them from; it removes the
 * file before the first run.
 */
module.exports = class ResultsReporter {
	constructor({ rootDir }) {
		this.file = path.join(rootDir, '.results/tests.json');
	}

	/** Names the tests that held at the second try only. */
	onTestFileResult(_test, { testResults }) {
		for (const { fullName, invocations, status } of testResults) {
			if (status === 'passed' && invocations > 1) console.error(`Failed once, then passed: ${fullName}`);
		}
	}

	onRunComplete(_contexts, { numPassedTests, numFailedTests, numRuntimeErrorTestSuites }) {
		const before = existsSync(this.file) ? JSON.parse(readFileSync(this.file, 'utf8')) : {};
		// A file that does not even load has no tests to fail, and counts as one.
		const totals = {
			passed: (before.passed ?? 0) + numPassedTests,
			failed: (before.failed ?? 0) + numFailedTests + numRuntimeErrorTestSuites,
		};
		mkdirSync(path.dirname(this.file), { recursive: true });
		writeFileSync(this.file, `${JSON.stringify(totals)}\n`);
	}
};
