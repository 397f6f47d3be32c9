const { jest: tests } = require('@jest/globals');

/** The time-out of the project that a test belongs to; see jest.config.cjs. */
tests.setTimeout(global.TEST_TIMEOUT_MS);
