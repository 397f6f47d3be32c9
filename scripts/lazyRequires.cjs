/**
 * Has the modules in dist/ load each other where they first need each other, instead of all at once: n8n loads every node
 * of every package when it starts, and needs no more of a node than its description. It is what Babel's CommonJS plugin
 * calls `lazy`, for what the TypeScript compiler writes.
 *
 * The compiler writes `const words_1 = require("./words")` and `words_1.isName`. Here the first becomes a function that
 * loads the module once, and the second uses what it returns. Lines keep their numbers. What Node.js and n8n-workflow offer
 * is loaded as before, and so is what is written otherwise, such as `export *`.
 */
const { readdir, readFile, writeFile } = require('node:fs/promises');
const path = require('node:path');
const ts = require('typescript');

/** @returns what the compiled module is after the change */
function withLazyRequires(text) {
	const file = ts.createSourceFile('module.js', text, ts.ScriptTarget.ES2022, true, ts.ScriptKind.JS);
	const required = file.statements.flatMap(requireOf);
	const names = new Set(required.map(({ name }) => name));
	const edits = [...required, ...usesOf(names, file)].sort((one, other) => other.from - one.from);
	return edits.reduce((changed, { from, to, by }) => changed.slice(0, from) + by + changed.slice(to), text);
}

/** The edit of a statement that is nothing but `const name = require("./module")`. */
function requireOf(statement) {
	if (!ts.isVariableStatement(statement) || statement.declarationList.declarations.length !== 1) return [];
	const [{ name, initializer }] = statement.declarationList.declarations;
	const isRequire =
		ts.isIdentifier(name) &&
		initializer !== undefined &&
		ts.isCallExpression(initializer) &&
		initializer.expression.getText() === 'require' &&
		initializer.arguments[0]?.text?.startsWith('.');
	if (!isRequire) return [];
	const loaded = `${name.text}_module`;
	const by = `let ${loaded}; const ${name.text} = () => (${loaded} ??= ${initializer.getText()});`;
	return [{ name: name.text, from: statement.getStart(), to: statement.end, by }];
}

/** The edits where the modules are used. */
function usesOf(names, node) {
	if (ts.isVariableStatement(node) && requireOf(node).length > 0) return [];
	const isUse = ts.isIdentifier(node) && names.has(node.text) && !isPropertyName(node);
	if (isUse) {
		const isClass = ts.isPropertyAccessExpression(node.parent) && ts.isNewExpression(node.parent.parent);
		// `new words_1().Name` would make an instance of the function.
		const by = isClass ? `(${node.text}())` : `${node.text}()`;
		return [{ from: node.getStart(), to: node.end, by }];
	}
	return node.getChildren().flatMap((child) => usesOf(names, child));
}

/** Whether the identifier names a property instead of the module; the compiler writes no shorthand of it. */
function isPropertyName(node) {
	const { parent } = node;
	return (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent)) && parent.name === node;
}

/** Changes every module in the folder. */
async function makeRequiresLazy(folder) {
	const entries = await readdir(folder, { recursive: true });
	for (const entry of entries.filter((name) => name.endsWith('.js'))) {
		const file = path.join(folder, entry);
		await writeFile(file, withLazyRequires(await readFile(file, 'utf8')));
	}
}

module.exports = { makeRequiresLazy, withLazyRequires };
