const { jest: tests } = require('@jest/globals');

/** The time-out of the project that a test belongs to; see jest.config.cjs. */
tests.setTimeout(global.TEST_TIMEOUT_MS);

/**
 * On a build machine a test that fails is tried once more: servers, browsers and clocks share its two cores with
 * whatever else runs there. The first failure is printed, and `resultsReporter.cjs` names the test at the end.
 */
if (process.env.CI) tests.retryTimes(1, { logErrorsBeforeRetry: true });

/** Properties try values of jest's seed, so that `--seed` brings them back; `TEST_SEED` stands for it in `.ci/run`. */
tests.mock('fast-check', () => {
	const fastCheck = tests.requireActual('fast-check');
	fastCheck.configureGlobal({ seed: Number(process.env.TEST_SEED ?? tests.getSeed()) });
	return fastCheck;
});
