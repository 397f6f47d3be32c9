/** `node scripts/sideBySide.mjs typecheck lint`: npm scripts that need one core each, at the same time. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';

const codes = await Promise.all(
	process.argv.slice(2).map(async (script) => {
		const child = spawn('npm', ['run', '--silent', script], { stdio: 'inherit' });
		const [code] = await once(child, 'exit');
		if (code !== 0) console.error(`npm run ${script} ended with ${code}`);
		return code;
	}),
);
process.exit(codes.every((code) => code === 0) ? 0 : 1);
