/** A fresh process without any loader between: how long the package takes to load beside n8n-workflow. */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { performance } from 'node:perf_hooks';

const root = path.join(import.meta.dirname, '..');
const requireFromDist = createRequire(path.join(root, 'dist/package.js'));
const { n8n } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

const start = performance.now();
requireFromDist('n8n-workflow');
const workflowMs = performance.now() - start;
for (const file of [...n8n.credentials, ...n8n.nodes]) requireFromDist(path.join(root, file));
process.send({ workflowMs, packageMs: performance.now() - start - workflowMs }, () => process.exit(0));
