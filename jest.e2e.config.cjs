const { project } = require('./jest.project.cjs');

const part = (name) => ({
	...project(name),
	testMatch: [`<rootDir>/e2e/${name}/**/*.test.ts`],
});

/** The real n8n server; started by `npm run e2e`, which installs it and packs the project. @type {import('jest').Config} */
module.exports = {
	projects: [part('flows'), part('browser'), part('queue')],
	testTimeout: 5 * 60_000,
	reporters: ['default', ['<rootDir>/test/support/resultsReporter.cjs', { append: true }]],
};
