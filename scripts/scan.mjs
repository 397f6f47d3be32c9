/**
 * n8n's scan of community packages, offline: the same rules over the same files, inline disables ignored. The
 * artefact leg looks at what `npm pack` would publish, so build first; the source leg looks at this checkout.
 * Errors fail the scan, warnings are printed.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const workFolder = mkdtempSync(path.join(tmpdir(), 'package-scan-'));
// The scanner makes a temporary folder when it loads and leaves it behind; this one is removed at the end.
process.env.TMPDIR = workFolder;

/** Runs a program and gives its output. Throws with its own words when it fails. */
function run(command, args, cwd) {
	const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
	if (status !== 0) {
		throw new Error(`"${command} ${args.join(' ')}" failed: ${error?.message ?? stderr.trim()}`);
	}
	return stdout;
}

/** Packs the project as it would be published, and unpacks it again. */
function unpackTarball() {
	run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', workFolder], root);
	const tarball = readdirSync(workFolder).find((name) => name.endsWith('.tgz'));
	const unpacked = path.join(workFolder, 'unpacked');
	mkdirSync(unpacked);
	run('tar', ['-xzf', path.join(workFolder, tarball), '-C', unpacked, '--strip-components=1'], root);
	return unpacked;
}

/** The scanner's rules, and eslint and the file search as the scanner itself resolves them. */
async function loadScanner() {
	const requireHere = createRequire(import.meta.url);
	const manifest = requireHere.resolve('@n8n/scan-community-package/package.json');
	const scannerFile = path.join(path.dirname(manifest), 'scanner', 'scanner.mjs');
	const { buildScanConfig, SOURCE_FILE_PATTERNS } = await import(pathToFileURL(scannerFile).href);
	const requireAsScanner = createRequire(scannerFile);
	return {
		ESLint: requireAsScanner('eslint').ESLint,
		findFiles: requireAsScanner('fast-glob').sync,
		config: await buildScanConfig(),
		sourcePatterns: SOURCE_FILE_PATTERNS,
	};
}

/** Lints one leg, prints what it found, and gives the number of errors. */
async function scanLeg(name, folder, patterns, { ESLint, findFiles, config }) {
	const files = findFiles(patterns, {
		cwd: folder,
		absolute: true,
		ignore: ['node_modules/**', '**/package-lock.json'],
	});
	// An empty leg passes n8n's scan, and means here that something was not built.
	if (files.length < 2) throw new Error(`The ${name} leg found ${files.length} files in ${folder}`);
	const eslint = new ESLint({
		cwd: folder,
		allowInlineConfig: false,
		overrideConfigFile: true,
		overrideConfig: config,
	});
	const results = await eslint.lintFiles(files);
	const findings = results.flatMap(({ filePath, messages }) =>
		messages.map(({ line, message, ruleId, severity }) => ({
			kind: severity === 2 ? 'error' : 'warning',
			rule: ruleId ?? 'parser',
			where: `${path.relative(folder, filePath)}:${line ?? 1}`,
			message,
		})),
	);
	const errors = findings.filter(({ kind }) => kind === 'error').length;
	console.log(`${name}: ${files.length} files, ${errors} errors, ${findings.length - errors} warnings`);
	for (const { kind, rule, where, message } of findings)
		console.log(`  ${kind} ${where} ${message} (${rule})`);
	for (const [rule, count] of countByRule(findings)) console.log(`  ${count} x ${rule}`);
	return errors;
}

function countByRule(findings) {
	const counts = new Map();
	for (const { rule } of findings) counts.set(rule, (counts.get(rule) ?? 0) + 1);
	return [...counts].sort(([one], [other]) => one.localeCompare(other));
}

let errors = 0;
try {
	const scanner = await loadScanner();
	errors += await scanLeg('source', root, scanner.sourcePatterns, scanner);
	errors += await scanLeg('artefact', unpackTarball(), ['**/*.js', 'package.json'], scanner);
	console.log(errors === 0 ? 'The scan is clean in both legs.' : `The scan found ${errors} errors.`);
} catch (error) {
	errors += 1;
	console.error(`The scan did not finish: ${error.message}`);
} finally {
	rmSync(workFolder, { recursive: true, force: true });
}
process.exitCode = errors === 0 ? 0 : 1;
