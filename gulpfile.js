/**
 * Builds what is published: `gulp build` cleans, compiles, copies what the compiler does not, and checks the result.
 * Each task can be run by itself.
 */
const { spawn } = require('node:child_process');
const { rm } = require('node:fs/promises');
const { dest, parallel, series, src } = require('gulp');

const { checkDist } = require('./scripts/checkDist.cjs');
const { makeRequiresLazy } = require('./scripts/lazyRequires.cjs');

const clean = async () => await rm('dist', { recursive: true, force: true });
clean.description = 'Removes dist/';

/** Runs the compiler; its findings go to stderr, where nobody's `--silent` hides them. */
const compile = () =>
	new Promise((resolve, reject) => {
		const compiler = spawn(
			process.execPath,
			[require.resolve('typescript/bin/tsc'), '--project', 'tsconfig.build.json'],
			{ stdio: ['ignore', 'pipe', 'inherit'] },
		);
		compiler.stdout.pipe(process.stderr, { end: false });
		compiler.on('error', reject);
		compiler.on('close', (code) => {
			if (code === 0) resolve();
			else reject(new Error(`The compiler found faults, see above (exit code ${code})`));
		});
	});
compile.description = 'Compiles core, nodes and credentials into dist/';

const loadLater = async () => await makeRequiresLazy('dist');
loadLater.description = 'Has the compiled modules load each other where they first need each other';

// Without `encoding: false` gulp decodes every file as UTF-8 and breaks the binary ones.
const copy = (files, folder, base) => src(files, { base, encoding: false }).pipe(dest(folder));

const icons = () => copy('icons/*.svg', 'dist/icons', 'icons');
const codexFiles = () => copy('nodes/**/*.node.json', 'dist/nodes', 'nodes');
const schemas = () => copy('nodes/**/__schema__/**/*.json', 'dist/nodes', 'nodes');

const assets = parallel(icons, codexFiles, schemas);
assets.description = 'Copies icons, codex files and the schemas of outputs into dist/';

const check = async () => {
	const faults = checkDist(__dirname);
	if (faults.length > 0) throw new Error(`dist/ is not fit to publish:\n  - ${faults.join('\n  - ')}`);
};
check.description =
	'Checks that dist/ holds everything that package.json and the nodes name, and nothing else';

const build = series(clean, compile, loadLater, assets, check);
build.description = 'Does all of the above';

module.exports = { clean, compile, loadLater, assets, check, build, default: build };
