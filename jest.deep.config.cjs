const { project } = require('./jest.project.cjs');

/** Long properties and sweeps, kept out of `npm test`. @type {import('jest').Config} */
module.exports = { ...project('deep'), testTimeout: 25 * 60_000, maxWorkers: 1 };
