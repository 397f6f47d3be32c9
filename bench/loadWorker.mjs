/** A fresh process without any loader between: how long the package takes to load beside n8n-workflow. */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { performance } from 'node:perf_hooks';

const root = path.join(import.meta.dirname, '..');
const requireFromDist = createRequire(path.join(root, 'dist/package.js'));
const { n8n } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

/** Milliseconds of wall and of processor time. */
function timesOf(load) {
	const [start, processor] = [performance.now(), process.cpuUsage()];
	load();
	const { system, user } = process.cpuUsage(processor);
	return { ms: performance.now() - start, cpuMs: (system + user) / 1_000 };
}

const workflow = timesOf(() => requireFromDist('n8n-workflow'));
// n8n makes an instance of each class, whose description it reads.
const ours = timesOf(() => {
	for (const file of [...n8n.credentials, ...n8n.nodes]) {
		for (const Class of Object.values(requireFromDist(path.join(root, file)))) new Class();
	}
});
const times = {
	workflowMs: workflow.ms,
	workflowCpuMs: workflow.cpuMs,
	packageMs: ours.ms,
	packageCpuMs: ours.cpuMs,
};
process.send(times, () => process.exit(0));
