const { rmSync } = require('node:fs');
const path = require('node:path');

/** Forgets which operations earlier test runs of the nodes have tried; see engineRuns.ts. */
module.exports = () =>
	rmSync(path.join(__dirname, '../../.results/engine-runs'), { recursive: true, force: true });
