/** Looks over dist/ as n8n will: what is named has to be there, has to load, and has to be all there is. */
const { existsSync, readFileSync, readdirSync } = require('node:fs');
const path = require('node:path');

const IMPORTS_ALLOWED = new Set(['n8n-workflow', 'node:crypto']);
const SCHEMA_FILE = /^dist\/nodes\/\w+\/__schema__\/v\d+\.\d+\.\d+\/\w+\/\w+\.json$/;
const MAY_BE_PUBLISHED = /\.(js|svg|node\.json)$/;
const TEST_FILE = /(^|\/)(test|tests|__tests__)\/|\.(test|spec)\.[cm]?js$/;

/**
 * @param {string} root folder that holds package.json and dist/
 * @returns {string[]} one sentence for each fault, naming its file
 */
function checkDist(root) {
	const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
	const dist = path.join(root, 'dist');
	if (!existsSync(dist)) return ['dist/ does not exist, build first'];

	const files = readdirSync(dist, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
	return [
		...files.flatMap((file) => faultsOfFile(path.relative(root, file).replaceAll(path.sep, '/'), file)),
		...manifest.n8n.nodes.flatMap((file) => faultsOfNode(root, file, manifest.name)),
		...manifest.n8n.credentials.flatMap((file) => faultsOfCredential(root, file)),
	];
}

function faultsOfFile(name, file) {
	if (TEST_FILE.test(name)) return [`${name} is a test`];
	if (SCHEMA_FILE.test(name)) return schemaFaults(name, file);
	if (!MAY_BE_PUBLISHED.test(name)) return [`${name} is of a kind that is not published`];
	if (!name.endsWith('.js')) return [];
	return importsOf(readFileSync(file, 'utf8'))
		.filter((imported) => !imported.startsWith('.') && !IMPORTS_ALLOWED.has(imported))
		.map((imported) => `${name} imports "${imported}", which is not there once the package is installed`);
}

/** The editor shows nothing of a schema without a type and fields. */
function schemaFaults(name, file) {
	try {
		const { type, properties } = JSON.parse(readFileSync(file, 'utf8'));
		const isShown = type === 'object' && Object.keys(properties ?? {}).length > 0;
		return isShown ? [] : [`${name} has no fields that the editor could show`];
	} catch (error) {
		return [`${name} is not JSON: ${error.message}`];
	}
}

/** What compiled code asks for by require() or import(). */
const importsOf = (code) =>
	[...code.matchAll(/\b(?:require|import)\(\s*(["'`])(.+?)\1\s*\)/g)].map(([, , imported]) => imported);

function faultsOfNode(root, file, packageName) {
	const { instance, faults } = loadClass(root, file, '.node.js');
	if (!instance) return faults;
	const { name, icon } = instance.description;
	return [...iconFaults(root, file, icon), ...codexFaults(root, file, `${packageName}.${name}`)];
}

function faultsOfCredential(root, file) {
	const { instance, faults } = loadClass(root, file, '.credentials.js');
	return instance ? iconFaults(root, file, instance.icon) : faults;
}

/** n8n derives the class from the file name, and makes one instance of it without arguments. */
function loadClass(root, file, suffix) {
	const className = path.basename(file, suffix);
	const located = path.join(root, file);
	if (!existsSync(located)) return { faults: [`${file} is named in package.json and does not exist`] };
	try {
		const exported = require(located)[className];
		if (typeof exported !== 'function') return { faults: [`${file} does not export a class ${className}`] };
		return { instance: new exported(), faults: [] };
	} catch (error) {
		return { faults: [`${file} does not load: ${error.message}`] };
	}
}

function iconFaults(root, file, icon) {
	if (!icon) return [`${file} has no icon`];
	const themes = typeof icon === 'string' ? [icon] : [icon.light, icon.dark];
	return themes.flatMap((reference) => {
		if (!reference?.startsWith('file:')) return [`${file} needs a light and a dark icon, each as "file:…"`];
		const located = path.join(root, path.dirname(file), reference.slice('file:'.length));
		return existsSync(located) ? [] : [`${file} names the icon ${reference}, which does not exist`];
	});
}

function codexFaults(root, file, nodeType) {
	const codexFile = file.replace(/\.js$/, '.json');
	const located = path.join(root, codexFile);
	if (!existsSync(located)) return [`${file} has no codex beside it (${codexFile})`];
	try {
		const { node } = JSON.parse(readFileSync(located, 'utf8'));
		return node === nodeType ? [] : [`${codexFile} is about "${node}" instead of "${nodeType}"`];
	} catch (error) {
		return [`${codexFile} is not JSON: ${error.message}`];
	}
}

module.exports = { checkDist };
